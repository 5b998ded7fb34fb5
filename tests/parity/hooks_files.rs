//! The files that a branch adds for the hooks to judge: what each hook minds, what it lets pass,
//! and the odd shapes in between. Says nothing of who minds what.

use super::made::Mode::{self, Executable, Link, Plain, Submodule};

/// On `main` before the branch.
pub(crate) const BASE: &[(&str, &str)] = &[
    ("Docs/Guide.md", "# Guide\n"),
    ("src/Old.java", "class Old {}\n"),
    ("old/target.txt", "kept\n"),
];

/// Links on `main` that the branch replaces: path and target.
pub(crate) const LINKS: &[(&str, &str)] =
    &[("link/kept", "../old/target.txt"), ("link/lost", "../old/target.txt")];

/// Path, content and kind of every file that the branch adds.
pub(crate) const MADE: &[(&str, &[u8], Mode)] = &[
    // Blanks at the end of lines.
    ("blanks/None.java", b"class None {}\n", Plain),
    ("blanks/Some.java", b"class Some { \n}\n", Plain),
    ("blanks/tab.py", b"x = 1\t\n", Plain),
    ("blanks/form.sql", b"SELECT 1;\x0c\n", Plain),
    ("blanks/vertical.sh", b"true\x0b\n", Plain),
    ("blanks/crlf.bat", b"rem one \r\nrem two\r\n", Plain),
    ("blanks/return.cfg", b"a=1\r\r\n", Plain),
    ("blanks/last.xml", b"<a/>\n<!-- --> ", Plain),
    ("blanks/hard.space.yml", b"a: 1\xc2\xa0\n", Plain),
    ("blanks/page.html", b"<p> \n", Plain),
    ("blanks/README", b"Read me \n", Plain),
    ("blanks/README.txt.orig", b"Read me \n", Plain),
    // Markdown, where two blanks break a line.
    ("markdown/break.md", b"one  \ntwo\n", Plain),
    ("markdown/one.md", b"one \ntwo\n", Plain),
    ("markdown/three.md", b"one   \ntwo\n", Plain),
    ("markdown/blank.md", b"one\n  \ntwo\n", Plain),
    ("markdown/tab.md", b"one\t  \ntwo\n", Plain),
    ("markdown/form.md", b"one\x0c\ntwo\n", Plain),
    ("markdown/crlf.md", b"one  \r\ntwo\r\n", Plain),
    // Ends of files.
    ("ends/one.properties", b"a=1\n", Plain),
    ("ends/none.properties", b"a=1", Plain),
    ("ends/several.properties", b"a=1\n\n\n", Plain),
    ("ends/empty.properties", b"", Plain),
    ("ends/breaks.properties", b"\n\n", Plain),
    ("ends/break.properties", b"\n", Plain),
    ("ends/crlf.properties", b"a=1\r\n\r\n", Plain),
    ("ends/drawing.svg", b"<svg/>", Plain),
    ("ends/disk.vhd", b"text", Plain),
    ("ends/no-extension", b"text", Plain),
    // Line ends.
    ("lines/windows.txt", b"a\r\nb\r\n", Plain),
    ("lines/mixed.txt", b"a\r\nb\n", Plain),
    ("lines/mac.dat.conf", b"a\rb\r", Plain),
    ("lines/mac-and-more.conf", b"a\rb\n", Plain),
    // Byte-order marks.
    ("marks/utf8.css", b"\xef\xbb\xbfa {}\n", Plain),
    ("marks/inside.css", b"a {}\n\xef\xbb\xbf\n", Plain),
    ("marks/alone.less", b"\xef\xbb\xbf", Plain),
    // What is no text.
    ("binary/nul.conf", b"a\0b ", Plain),
    ("binary/control.conf", b"a\x01b", Plain),
    ("binary/escape.conf", b"a\x1b[1mb\n", Plain),
    ("binary/picture.PNG", b"no picture", Plain),
    ("binary/paper.pdf", b"-----BEGIN RSA PRIVATE KEY-----", Plain),
    ("binary/.zip", b"a name without an extension", Plain),
    // Conflicts.
    ("conflict/all.txt", b"<<<<<<< HEAD\na\n=======\nb\n>>>>>>> work\n", Plain),
    ("conflict/quoted.txt", b" <<<<<<< HEAD\n>>>>>>>> eight\n", Plain),
    ("conflict/heading.rst", b"Heading\n=======\n", Plain),
    ("conflict/base.txt", b"||||||| 1234567\n", Plain),
    // Scripts.
    ("scripts/runs.sh", b"#!/bin/sh\ntrue\n", Executable),
    ("scripts/stays.sh", b"#!/bin/sh\ntrue\n", Plain),
    ("scripts/library.sh", b"true\n", Plain),
    ("scripts/stays.py", b"#!/usr/bin/python3\n", Plain),
    // Links to lines.
    ("links/branch.txt", b"https://github.com/apache/x/blob/main/a.c#L1\n", Plain),
    ("links/commit.txt", b"https://github.com/apache/x/blob/0123abcd/a.c#L1\n", Plain),
    ("links/both.txt", b"https://github.com/a/x/blob/dead/a.c#L1 https://github.com/a/x/blob/deaf/a.c#L2 https://github.com/a/x/blob/topic/a.c#L3\n", Plain),
    ("links/short.txt", b"https://github.com/apache/x/blob/abc/a.c#L1\n", Plain),
    ("links/file.txt", b"https://github.com/apache/x/blob/main/a.c\n", Plain),
    ("links/version.txt", b"https://github.com/apache/x/blob/4.22/a.c#L1\n", Plain),
    // Keys.
    ("keys/rsa.txt", b"-----BEGIN RSA PRIVATE KEY-----\n", Plain),
    ("keys/pgp.txt", b"a -----BEGIN PGP PRIVATE KEY BLOCK-----\n", Plain),
    ("keys/public.txt", b"-----BEGIN PUBLIC KEY-----\n", Plain),
    ("keys/putty3.txt", b"PuTTY-User-Key-File-3: ssh-ed25519\n", Plain),
    ("systemvm/agent/certs/localhost.key", b"-----BEGIN PRIVATE KEY-----\n", Plain),
    // Names.
    ("names/aux.txt", b"a\n", Plain),
    ("names/com¹", b"a\n", Plain),
    ("names/console", b"a\n", Plain),
    ("names/what?", b"a\n", Plain),
    ("names/dot.", b"a\n", Plain),
    ("names/folder /a", b"a\n", Plain),
    ("root./a", b"a\n", Plain),
    // Names that differ in case only.
    ("docs/other.md", b"# Other\n", Plain),
    ("src/old.java", b"class Old {}\n", Plain),
    ("case/New.txt", b"a\n", Plain),
    ("case/new.txt", b"a\n", Plain),
    // Links and other repositories.
    ("link/good", b"../old", Link),
    ("link/broken", b"../nothing", Link),
    ("link/lost", b"../old/target.txt\n", Plain),
    ("link/kept", b"no longer a link, and longer than it was\n", Plain),
    ("parts/other", b"", Submodule),
];
