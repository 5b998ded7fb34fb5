//! The project's own licence text at the top of new files, word for word.

use std::sync::Arc;

use onramp::probe;
use onramp::sys::Real;
use serde_json::{Value, json};

use crate::support::repository::Ground;

const TEXT: &str = "A licence\n\n  and where to find it\n";
const DOUBTED: &str = "This license is not consistent with the license used in the project.";
const HASHED: &str = "# A licence\n#\n#   and where to find it\n";

fn look(tree: &std::path::Path) -> Value {
    let arguments = json!({
        "change": { "tree": tree, "base": "main", "branches": [] },
        "template": "LICENCE.txt",
        "styles": [
            { "paths": ["\\.sh$"], "except": ["^left/"], "prefix": "#" },
            { "paths": ["\\.md$"], "start": "<!--", "end": "-->" },
        ],
    });
    let machine = probe::Machine::live(Arc::new(Real::default()));
    (probe::find("header").unwrap().observe)(machine.world(), arguments).expect("an observation")
}

#[test]
fn the_text_stands_at_the_top_word_for_word() {
    let ground = Ground::new();
    let tree = ground.repository("tree");
    let write = |path: &str, text: String| {
        let path = tree.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("LICENCE.txt", TEXT.to_owned());
    write("had.sh", format!("{HASHED}true\n"));
    write("bare.sh", "true\n".to_owned());
    ground.commit(&tree, "x", "x\n", "first");
    ground.git(&tree, &["checkout", "-q", "-b", "work"]);
    for (path, text) in [
        ("with.sh", format!("{HASHED}true\n")),
        ("script.sh", format!("#!/bin/sh\n{HASHED}true\n")),
        ("crlf.sh", HASHED.replace('\n', "\r\n")),
        ("cr.sh", HASHED.replace('\n', "\r")),
        ("doubted.sh", format!("# {DOUBTED}\n{HASHED}")),
        ("spared.sh", "# SKIP LICENSE INSERTION\n".to_owned()),
        ("left/out.sh", "true\n".to_owned()),
        ("with.md", format!("<!--\n{TEXT}-->\n# Title\n")),
        ("had.sh", "true\n".to_owned()),
        ("bare.sh", "false\n".to_owned()),
        ("empty.sh", String::new()),
        ("low.sh", "\n".repeat(5) + HASHED),
        ("short.sh", HASHED.replace("#\n", "")),
        ("cut.sh", HASHED.replace("#   and where to find it\n", "")),
        ("text.md", format!("{TEXT}# Title\n")),
    ] {
        write(path, text);
    }
    ground.commit(&tree, "x", "x\n", "second");
    let found = look(&tree);
    let files = found["files"].as_array().unwrap().iter().map(|file| file["file"].clone());
    let lacking = ["cut.sh", "doubted.sh", "empty.sh", "had.sh", "low.sh", "short.sh", "text.md"];
    assert_eq!(files.collect::<Vec<_>>(), lacking);
    assert_eq!((&found["present"], &found["looked"]), (&json!(true), &json!(14)));
}

#[test]
fn a_tree_without_the_text_asks_for_nothing() {
    let ground = Ground::new();
    let tree = ground.repository("tree");
    ground.commit(&tree, "x", "x\n", "first");
    ground.git(&tree, &["checkout", "-q", "-b", "work"]);
    ground.commit(&tree, "new.sh", "true\n", "second");
    assert_eq!(look(&tree)["present"], json!(false));
}
