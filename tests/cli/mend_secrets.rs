//! Secrets and licence headers over a real branch: every commit is looked at, nothing of a secret is
//! told, and no configuration of the tree excuses one.

use std::path::{Path, PathBuf};

use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

const PROJECT: &str = "https://github.com/apache/cloudstack.git";

fn clone(world: &TestWorld) -> PathBuf {
    let tree = world.cloudstack();
    world.git(&tree, &["remote", "add", "upstream", PROJECT]);
    tree
}

/// Begins the topic branch at what was committed so far.
fn begin(world: &TestWorld, tree: &Path) {
    world.git(tree, &["update-ref", "refs/remotes/upstream/main", "HEAD"]);
    world.git(tree, &["switch", "-q", "-c", "topic"]);
}

/// A token, put together only here.
fn token() -> String {
    format!("ghp_{}", "q7Rk2LxV9bTz4HnWc8Ym1PdGs6JfE3uA5toK")
}

fn check(world: &TestWorld, tree: &Path, more: &[&str]) -> Output {
    world.onramp(tree, &[&["--offline", "check"], more].concat())
}

#[test]
fn a_secret_is_told_by_rule_commit_file_and_line_and_never_shown() {
    let world = TestWorld::new();
    let tree = clone(&world);
    begin(&world, &tree);
    write(&tree.join("a.py"), format!("one\ntwo\nkey = '{}'\n", token()));
    let first = world.commit(&tree, "api: add a script");
    write(&tree.join("a.py"), "one\ntwo\n");
    write(&tree.join("b.py"), format!("x = '{}' # gitleaks:allow\n", token()));
    write(&tree.join(".gitleaks.toml"), "[allowlist]\npaths = ['''.*''']\n");
    world.commit(&tree, "api: take it out again");
    for more in [&["secrets"][..], &["secrets", "--report", "json"], &["secrets", "--verbose"]] {
        let output = check(&world, &tree, more);
        assert_eq!(output.code, Some(1), "{}", output.stderr());
        let said = output.stdout() + &output.stderr();
        assert!(!said.contains(&token()[4..16]), "{said}");
    }
    let said = check(&world, &tree, &["secrets"]).stdout();
    let words: Vec<&str> = said.split_whitespace().collect();
    let said = words.join(" ");
    assert!(
        said.contains(&format!("{}: a.py:3 holds what looks like a secret", &first[..10])),
        "{said}"
    );
    assert!(said.contains("(github-pat; a later commit takes it out"), "{said}");
    assert!(
        said.contains("b.py:1 holds what looks like a secret (github-pat; its gitleaks:allow"),
        "{said}"
    );
}

#[test]
fn moving_a_file_brings_no_secret_and_neither_does_a_line_beside_one() {
    let world = TestWorld::new();
    let tree = clone(&world);
    let text = format!("{}key = '{}'\n{}", "line\n".repeat(30), token(), "more\n".repeat(30));
    write(&tree.join("old.py"), &text);
    write(&tree.join("stays.py"), &text);
    world.commit(&tree, "api: an old script");
    begin(&world, &tree);
    world.git(&tree, &["mv", "old.py", "new.py"]);
    write(&tree.join("new.py"), text.replace("line\nkey", "other\nkey"));
    write(&tree.join("stays.py"), text.replace("line\nkey", "other\nkey"));
    world.commit(&tree, "api: move it");
    let output = check(&world, &tree, &["secrets"]);
    assert_eq!(output.code, Some(0), "{}", output.stdout());
}

#[test]
fn the_licence_text_is_that_of_the_base() {
    let world = TestWorld::new();
    let tree = clone(&world);
    begin(&world, &tree);
    write(&tree.join("scripts/a.sh"), "#!/bin/sh\n# http://www.apache.org/licenses/LICENSE-2.0\n");
    world.commit(&tree, "scripts: add one");
    let skipped = check(&world, &tree, &["licence-text"]);
    assert_eq!(skipped.code, Some(2), "{}", skipped.stdout());
    assert!(skipped.stderr().contains("has no licence text to insert"), "{}", skipped.stderr());

    world.git(&tree, &["switch", "-q", "main"]);
    let words = "Licensed to somebody\n\n  with a link\nand an end\n";
    let template = ".github/workflows/license-templates/LICENSE.txt";
    write(&tree.join(template), words);
    world.commit(&tree, "add a template");
    world.git(&tree, &["update-ref", "refs/remotes/upstream/main", "HEAD"]);
    world.git(&tree, &["switch", "-q", "-c", "other"]);
    let hashed = "# Licensed to somebody\n#\n#   with a link\n# and an end\n";
    write(&tree.join("good.sh"), format!("#!/bin/sh\n{hashed}echo\n"));
    write(&tree.join("good.md"), format!("<!--\n{words}-->\n# Title\n"));
    write(&tree.join("good.sql"), hashed.replace('#', "--"));
    write(&tree.join("skip.vue"), "<!-- SKIP LICENSE INSERTION -->\n");
    write(&tree.join("CHANGES.md"), "no licence\n");
    write(&tree.join("late.sh"), format!("{}{hashed}", "#\n".repeat(5)));
    write(&tree.join("odd.yml"), hashed.replace("an end", "no end"));
    write(&tree.join(template), "");
    world.commit(&tree, "add files");
    let output = check(&world, &tree, &["licence-text", "--report", "json"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    let report: serde_json::Value = serde_json::from_str(&output.stdout()).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let failed: Vec<&str> = findings
        .iter()
        .filter(|finding| finding["outcome"] == "fail")
        .map(|finding| finding["place"]["file"].as_str().unwrap())
        .collect();
    assert_eq!(failed, ["late.sh", "odd.yml"]);
}
