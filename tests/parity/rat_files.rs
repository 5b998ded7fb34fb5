//! The files that a branch adds for the licence check to judge: every type it knows, with a header,
//! an altered one, none, and left out. Says nothing of who minds what.

use crate::support::cloudstack::LICENCE;

const MIT: &str = "Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the \"Software\"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of
the Software, and to permit persons to whom the Software is furnished to do so,
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS
FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.";
const GPL2: &str = "This program is free software; you can redistribute it and/or
modify it under the terms of the GNU General Public License
as published by the Free Software Foundation; either version 2
of the License, or (at your option) any later version.";
const GPL3: &str = "This program is free software: you can redistribute it and/or modify
it under the terms of the GNU General Public License as published by
the Free Software Foundation, either version 3 of the License, or
(at your option) any later version.";
const CDDL: &str = "The contents of this file are subject to the terms of the
Common Development and Distribution License (the \"License\").
You may not use this file except in compliance with the License.";
const OASIS: &str = "Copyright (c) OASIS Open 2009. All Rights Reserved.
This document and translations of it may be copied and furnished to others, and derivative works
that comment on or otherwise explain it or assist in its implementation may be prepared, copied,
published, and distributed";

/// How each type of file comments, before and after every line.
const TYPES: &[(&str, &str, &str)] = &[
    ("A.java", " * ", ""),
    ("a.xml", "<!-- ", " -->"),
    ("a.py", "# ", ""),
    ("a.sh", "# ", ""),
    ("a.js", "// ", ""),
    ("a.vue", "// ", ""),
    ("a.sql", "-- ", ""),
    ("a.yml", "# ", ""),
    ("a.yaml", "# ", ""),
    ("a.properties", "# ", ""),
    ("a.md", "", ""),
    ("a.css", " * ", ""),
    ("a.less", "// ", ""),
    ("a.html", "<!-- ", " -->"),
    ("a.txt", "", ""),
    ("a.cfg", "# ", ""),
    ("a.bat", "rem ", ""),
    ("a.rb", "# ", ""),
    ("a.cs", "// ", ""),
    ("a.groovy", "// ", ""),
    ("a.svg", "<!-- ", " -->"),
    ("a.service", "# ", ""),
    ("Dockerfile", "# ", ""),
    ("Makefile", "# ", ""),
];

/// Types whose content does not matter: the name alone says what they are.
const BY_NAME: &[&str] = &[
    "a.json",
    "a.log",
    "a.png",
    "a.JPG",
    "a.jar",
    "a.tar.gz",
    "a.pem",
    "a.jks",
    "a.ts",
    "a.dat",
    "liba.so.1",
    "a.pyc",
    "NOTICE",
    "README",
    "Readme.txt",
    "README.md",
    "AUTHORS",
    "docs/AUTHORS.txt",
    "AUTHORS.txt",
    "BUILD",
    "BUILD.txt",
    "BUILDING.txt",
    "a.license",
    "META-INF/MANIFEST.MF",
    "java",
    "a.pdf",
    "KEYS.TXT",
    "keys/CHANGES",
];

/// Paths that the pom, the ignored files or RAT itself leave out, or nearly.
const PATHS: &[&str] = &[
    "ui/public/a/b.js",
    "ui/publicity.js",
    "ui/.env",
    "ui/sub/.env",
    "packaging/a.conf",
    "packaging/deep/a.conf",
    "a/fixtures/b.txt",
    "a/fixtures.txt",
    "notes/1.txt",
    "notes/12.txt",
    "rooted.txt",
    "windows/style.txt",
    "a/checkstyle.xml",
    ".mvn/a.txt",
    ".idea/a/b.txt",
    "sub/.idea/a.txt",
    "a.iml",
    "sub/a.iml",
    "release.properties",
    "sub/release.properties",
    "CVS/a.txt",
    "a.txt~",
    "#a.txt#",
    ".gitattributes",
    "sub/.gitignore",
    "target/a.txt",
    "sub/target/a.txt",
    "logs/a.tmp",
    "venv/a.txt",
    "build.number",
    "dist/a.txt",
    "sub/dist/a.txt",
];

/// What may stand in the place of the header: a name, and the text.
fn altered() -> Vec<(&'static str, String)> {
    let secure = LICENCE.replace("http://", "https://");
    let gone = LICENCE.replace("http://www.apache.org/licenses/LICENSE-2.0", "");
    let line = |text: &str| text.to_owned();
    vec![
        ("secure-address", secure),
        ("no-address", gone),
        ("address-alone", line("See http://www.apache.org/licenses/LICENSE-2.0.html")),
        ("phrase", line("Licensed under the Apache License, Version 2.0 (the \"License\");")),
        (
            "phrase-wrapped",
            line("Licensed under the Apache License,\nVersion 2.0 (the \"License\")"),
        ),
        ("phrase-small", line("licensed under the apache license, version 2.0 (the \"license\")")),
        ("spdx", line("SPDX-License-Identifier: Apache-2.0")),
        ("copyright", line("Copyright 2026 Ada Lovelace")),
        ("foundation", line("Licensed to the Apache Software Foundation (ASF)")),
        ("mit", line(MIT)),
        ("mit-cut", MIT.replace("copies or substantial portions", "copies")),
        ("gpl2", line(GPL2)),
        ("gpl3", line(GPL3)),
        ("gpl3-commented", GPL3.replace('\n', "\n  # ")),
        ("gpl3-cut", GPL3.replace("either version 3", "either version 3.1")),
        ("cddl", line(CDDL)),
        ("oasis", line(OASIS)),
        ("oasis-without", OASIS.replace("OASIS Open", "nobody")),
        (
            "mozilla",
            line("This Source Code Form is subject to the Mozilla Public License, v. 2.0."),
        ),
        ("w3c", line("http://www.w3.org/Consortium/Legal/2002/copyright-software-20021231")),
        ("generated", line("This file was automatically generated by a tool.")),
        ("generated-small", line("this file was automatically generated by a tool.")),
        ("javadoc", line("Generated by javadoc (17)")),
        ("thrift", line("Autogenerated by Thrift Compiler")),
        ("late", format!("{}{LICENCE}", "x\n".repeat(400))),
        ("windows", LICENCE.replace('\n', "\r\n")),
        ("mac", LICENCE.replace('\n', "\r")),
    ]
}

/// Path and content of every file that the branch adds.
pub(crate) fn made() -> Vec<(String, Vec<u8>)> {
    let text = |path: String, text: String| (path, text.into_bytes());
    let mut files = Vec::new();
    for (name, before, after) in TYPES {
        let lines = LICENCE.lines().map(|line| format!("{before}{line}{after}\n"));
        files.push(text(format!("with/{name}"), lines.collect::<String>() + "content\n"));
        files.push(text(format!("without/{name}"), format!("{before}content{after}\n")));
    }
    for (name, header) in altered() {
        files.push(text(format!("altered/{name}.py"), header));
    }
    let bare = BY_NAME.iter().map(|name| format!("names/{name}"));
    let root = ["AUTHORS.txt", "MANIFEST.MF", "INSTALL"].map(str::to_owned);
    let paths = PATHS.iter().map(ToString::to_string);
    files.extend(bare.chain(root).chain(paths).map(|path| text(path, "content\n".to_owned())));
    let bytes: &[(&str, &[u8])] = &[
        ("bytes/empty.java", b""),
        ("bytes/nul.java", b"\0\x01\x02\x03"),
        ("bytes/few-controls.java", b"plain text with one \x01 in it\n"),
        ("bytes/latin1.txt", b"caf\xe9\n"),
        ("bytes/utf8.txt", "schöne Grüße\n".as_bytes()),
        ("bytes/chinese.txt", "\u{4e2d}\u{6587}\u{8bf4}\u{660e}\n".as_bytes()),
        ("bytes/utf16.txt", b"\xff\xfea\0b\0\n\0"),
        ("bytes/marked.txt", b"\xef\xbb\xbfcontent\n"),
        ("bytes/latin1-late.txt", &[b'x'; 250]),
    ];
    files.extend(bytes.iter().map(|(path, bytes)| (path.to_string(), bytes.to_vec())));
    let cut = format!("{}é\n", "x".repeat(199));
    files.push(text("bytes/cut-character.txt".to_owned(), cut));
    files
}
