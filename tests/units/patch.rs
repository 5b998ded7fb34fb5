//! A change read from real repositories: traits, new lines, names, and what cannot be read.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use onramp::git::{Live, Patched, Repositories, Wanted};
use onramp::plan::Context;
use onramp::probe;
use onramp::sys::Real;
use serde_json::{Value, json};

use super::machine::{machine, observe};
use crate::support::repository::Ground;

fn wanted() -> Wanted {
    Wanted { base: Some("main".into()), ..Wanted::default() }
}

/// A tree with some files on main and a branch to change them on.
fn started(ground: &Ground) -> std::path::PathBuf {
    let tree = ground.repository("tree");
    fs::write(tree.join("old.txt"), "one\ntwo \nthree\n").unwrap();
    fs::write(tree.join("README.md"), "# Read me\n").unwrap();
    symlink("old.txt", tree.join("link")).unwrap();
    ground.commit(&tree, "other.cfg", "a=1\n", "first");
    ground.git(&tree, &["checkout", "-q", "-b", "work"]);
    tree
}

fn files(tree: &Path) -> Vec<Patched> {
    Live::default().patch(tree, &wanted()).expect("a change").files.clone()
}

fn file(tree: &Path, name: &str) -> Patched {
    files(tree).into_iter().find(|file| file.change.file == name).expect(name)
}

fn added(file: &Patched) -> Vec<(u64, String)> {
    let text = file.text.as_ref().expect("text");
    let lines = text.added_lines();
    lines.map(|(number, line)| (number, String::from_utf8_lossy(line).into_owned())).collect()
}

fn ask(tree: &Path, name: &str, mut arguments: Value) -> Value {
    let change = json!({ "tree": tree, "base": "main", "branches": [] });
    arguments.as_object_mut().unwrap().insert("change".into(), change);
    let machine = probe::Machine::live(std::sync::Arc::new(Real::default()));
    (probe::find(name).unwrap().observe)(machine.world(), arguments).expect("an observation")
}

#[test]
fn only_new_lines_are_new() {
    let ground = Ground::new();
    let tree = started(&ground);
    ground.commit(&tree, "old.txt", "zero\none\ntwo \nthree\r\nfour", "change");
    let file = file(&tree, "old.txt");
    let lines = [(1, "zero"), (4, "three"), (5, "four")];
    assert_eq!(added(&file), lines.map(|(number, line)| (number, line.to_owned())));
    assert_eq!(file.traits.endings.as_deref(), Some("mixed"));
    assert_eq!(file.traits.old_endings.as_deref(), Some("lf"));
    assert_eq!(file.traits.final_newline.as_deref(), Some("none"));
}

#[test]
fn a_file_shows_its_traits() {
    let ground = Ground::new();
    let tree = started(&ground);
    let new: [(&str, &[u8]); 8] = [
        ("one.txt", b"a\n"),
        ("several.txt", b"a\r\n\r\n"),
        ("empty.txt", b""),
        ("breaks.txt", b"\n"),
        ("marked.txt", b"\xef\xbb\xbfa"),
        ("mac.txt", b"a\rb\r"),
        ("thing.bin", b"a\0b\n"),
        ("run.sh", b"#!/bin/sh\r\n"),
    ];
    for (name, content) in new {
        fs::write(tree.join(name), content).unwrap();
    }
    fs::set_permissions(tree.join("run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    ground.commit(&tree, "x", "x\n", "new files");
    let all = files(&tree);
    let of = |name: &str| all.iter().find(|file| file.change.file == name).unwrap().clone();
    let shape = |name: &str| {
        let traits = of(name).traits;
        (traits.final_newline.unwrap_or_default(), traits.endings.unwrap_or_default())
    };
    assert_eq!(shape("one.txt"), ("one".into(), "lf".into()));
    assert_eq!(shape("several.txt"), ("several".into(), "crlf".into()));
    assert_eq!(shape("empty.txt"), ("empty".into(), "none".into()));
    assert_eq!(shape("breaks.txt"), ("several".into(), "lf".into()));
    assert_eq!(shape("mac.txt"), ("one".into(), "cr".into()));
    assert_eq!(of("marked.txt").traits.byte_order_mark, Some(true));
    assert_eq!(of("thing.bin").traits.binary, Some(true));
    assert!(of("thing.bin").text.is_none());
    assert!(added(&of("empty.txt")).is_empty());
    assert_eq!((of("run.sh").traits.script, of("run.sh").change.kind), (Some(true), "executable"));
}

#[test]
fn links_and_names_are_held_against_the_whole_tree() {
    let ground = Ground::new();
    let tree = started(&ground);
    fs::create_dir_all(tree.join("Sub/deep")).unwrap();
    fs::write(tree.join("readme.MD"), "x\n").unwrap();
    symlink("../../old.txt", tree.join("Sub/deep/good")).unwrap();
    symlink("../nothing", tree.join("Sub/deep/bad")).unwrap();
    symlink("/etc/passwd", tree.join("Sub/deep/outside")).unwrap();
    symlink("../../../up", tree.join("Sub/deep/above")).unwrap();
    fs::remove_file(tree.join("link")).unwrap();
    fs::write(tree.join("link"), "old.txt\n").unwrap();
    ground.commit(&tree, "sub", "x\n", "names");
    assert_eq!(file(&tree, "readme.MD").traits.collides_with.as_deref(), Some("README.md"));
    assert_eq!(file(&tree, "sub").traits.collides_with.as_deref(), Some("Sub"));
    assert_eq!(file(&tree, "link").traits.was_link, Some(true));
    let broken = |name: &str| file(&tree, &format!("Sub/deep/{name}")).traits.link_broken;
    assert_eq!(
        ["good", "bad", "outside", "above"].map(broken),
        [Some(false), Some(true), None, None]
    );
}

#[test]
fn odd_names_and_sizes_are_told_and_never_stop_it() {
    let ground = Ground::new();
    let tree = started(&ground);
    let odd = std::ffi::OsStr::from_bytes(b"bad\xff\r\x1b[31m.txt");
    fs::write(tree.join(odd), "x\n").unwrap();
    fs::write(tree.join("long.txt"), "x\n".repeat(3 << 20)).unwrap();
    fs::write(tree.join("image.bin"), vec![0; 40 << 20]).unwrap();
    ground.commit(&tree, "y", "y\n", "odd");
    let long = file(&tree, "long.txt").traits;
    assert_eq!(long.final_newline.as_deref(), Some("one"));
    assert_eq!(long.unread.as_deref(), Some("too large to be looked through (6 MiB)"));
    let image = file(&tree, "image.bin").traits;
    assert_eq!((image.binary, image.unread), (Some(true), None));
    let named = json!({ "named": ["[\\x00-\\x1F]", "\\x{FFFD}"] });
    let found = ask(&tree, "files", named);
    assert_eq!(found["files"].as_array().unwrap().len(), 1, "{found}");
}

#[test]
fn old_content_left_at_the_server_makes_new_lines_unknown_and_names_the_command() {
    let ground = Ground::new();
    let tree = started(&ground);
    ground.commit(&tree, "old.txt", "new\n", "change");
    let old = ground.git(&tree, &["rev-parse", "main:old.txt"]);
    fs::remove_file(tree.join(".git/objects").join(&old[..2]).join(&old[2..])).unwrap();
    ground.git(&tree, &["config", "remote.origin.promisor", "true"]);
    let rule = json!({ "rules": [{ "name": "x", "pattern": "x" }] });
    let found = ask(&tree, "lines", rule);
    let unread = found["files"][0]["unread"].as_str().unwrap();
    assert!(unread.contains(&format!("`git cat-file -e {old}`")), "{unread}");
    assert_eq!(file(&tree, "old.txt").traits.final_newline.as_deref(), Some("one"));
}

#[test]
fn a_secret_is_found_and_stays_out_of_what_is_brought_back() {
    let ground = Ground::new();
    let tree = started(&ground);
    let secret = "AKIA".to_owned() + "ABCDEFGHIJKLMNOP";
    ground.commit(&tree, "new.cfg", &format!("a=1\nkey={secret}\n"), "oops");
    let found = ask(
        &tree,
        "lines",
        json!({ "rules": [{ "name": "an AWS key", "pattern": "AKIA[A-Z]{16}", "unless": "EXAMPLE" }] }),
    );
    assert_eq!(
        (&found["files"][0]["line"], &found["files"][0]["rule"]),
        (&json!(2), &json!("an AWS key"))
    );
    assert!(!found.to_string().contains(&secret));
}

#[test]
fn an_unreadable_pattern_or_trait_is_unknown() {
    let ground = Ground::new();
    let tree = started(&ground);
    ground.commit(&tree, "new.cfg", "a=1\n", "new");
    let machine = probe::Machine::live(std::sync::Arc::new(Real::default()));
    let change = json!({ "tree": tree, "base": "main" });
    for (name, more) in [
        ("lines", json!({ "rules": [{ "name": "x", "pattern": "(" }] })),
        ("lines", json!({ "rules": [{ "name": "x", "pattern": "(a{1000}){1000}" }] })),
        ("files", json!({ "where": { "colour": "red" } })),
    ] {
        let mut arguments = json!({ "change": change });
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = (probe::find(name).unwrap().observe)(machine.world(), arguments);
        assert!(answer.is_err(), "{name} {more}: {answer:?}");
    }
}

#[test]
fn a_conflict_is_foretold_and_the_repository_left_alone() {
    let ground = Ground::new();
    let tree = started(&ground);
    ground.commit(&tree, "old.txt", "mine\n", "mine");
    assert_eq!(ask(&tree, "merge", json!({}))["conflicts"], json!([]));
    ground.git(&tree, &["checkout", "-q", "main"]);
    ground.commit(&tree, "old.txt", "theirs\n", "theirs");
    ground.commit(&tree, "other.cfg", "a=1\n", "more");
    ground.git(&tree, &["checkout", "-q", "work"]);
    ground.commit(&tree, "other.cfg", "a=1\nb=2\n", "both");
    let before = ground.git(&tree, &["count-objects", "-v"]);
    assert_eq!(ask(&tree, "merge", json!({}))["conflicts"], json!([{ "file": "old.txt" }]));
    assert_eq!(ground.git(&tree, &["count-objects", "-v"]), before);
}

#[test]
fn imports_are_judged_by_the_whole_file() {
    let ground = Ground::new();
    let tree = started(&ground);
    let text = "/* import a.b.Old;\nimport a.b.Older; */\npackage org.cloud.thing;\n\
                import java.util.*;\nimport a.b.Used;\nimport a.b.InDoc;\nimport a.b.Gone;\n\
                import static a.b.C.run;\nimport org.cloud.thing.Near;\nimport java.lang.String;\n\
                import a.b.Used;\nimport bad.Strings;\n\n/** {@link InDoc} */\n\
                class X { Used used = run(); Near near; Strings s; }\n";
    ground.commit(&tree, "src/org/cloud/thing/X.java", text, "java");
    ground.commit(
        &tree,
        "src/org/cloud/other/Y.java",
        "package org.cloud.thing;\nclass Y {}\n",
        "java",
    );
    let found = ask(&tree, "java_source", json!({ "illegal": ["bad.Strings"] }));
    let odd = found["oddities"].as_array().unwrap().iter().map(|odd| {
        format!(
            "{} {} {}",
            odd["line"],
            odd["kind"].as_str().unwrap(),
            odd["name"].as_str().unwrap()
        )
    });
    assert_eq!(
        odd.collect::<Vec<_>>(),
        [
            "1 package org.cloud.thing",
            "4 star java.util.*",
            "7 unused a.b.Gone",
            "9 redundant org.cloud.thing.Near",
            "10 redundant java.lang.String",
            "11 redundant a.b.Used",
            "12 illegal bad.Strings",
        ]
    );
}

#[test]
fn the_change_is_named_whole() {
    let project = json!({ "repository": null, "branches": { "maintained": ["main"] } });
    let run = json!({ "tree": "/t", "base": null, "head": "x" });
    let names = Context::new(&project, &run, &json!({})).before();
    let engine = onramp::pack::Engine::default();
    let change = engine.value("change", &names).unwrap();
    let wanted = json!({ "tree": "/t", "base": null, "head": "x", "repository": null, "branches": ["main"] });
    assert_eq!(change, wanted);
}

#[test]
fn a_change_without_end_is_told_at_once() {
    let ground = Ground::new();
    let tree = started(&ground);
    let repository = git2::Repository::open(&tree).unwrap();
    let mut id = repository.blob(b"again\n").unwrap();
    let mut mode = 0o100_644;
    for _ in 0..10 {
        let mut folder = repository.treebuilder(None).unwrap();
        for name in 0..10 {
            folder.insert(format!("{name}"), id, mode).unwrap();
        }
        (id, mode) = (folder.write().unwrap(), 0o040_000);
    }
    let who = git2::Signature::now("Ada", "ada@cloud.test").unwrap();
    let parent = repository.head().unwrap().peel_to_commit().unwrap();
    let root = repository.find_tree(id).unwrap();
    repository.commit(Some("HEAD"), &who, &who, "without end", &root, &[&parent]).unwrap();
    for answer in [
        Live::default().patch(&tree, &wanted()).map(|_| ()),
        Live::default().changes(&tree, &wanted()).map(|_| ()),
    ] {
        let reason = answer.unwrap_err().to_string();
        assert!(reason.contains("more than 200000 files"), "{reason}");
    }
}

#[test]
fn credits_are_read_where_git_reads_them() {
    let ground = Ground::new();
    let tree = started(&ground);
    let grace = "Co-authored-by: Grace <grace@cloud.test>";
    let messages = [
        format!("one\n\ntext\n---\nmore\n\nSigned-off-by: A <a@cloud.test>\n{grace}\n"),
        format!("two\n\n{grace}\n\nand then text\n"),
        format!("three\n\n* part\n\n{grace}\n\n---------\n\nCo-authored-by: Bob <b@cloud.test>\n"),
        "four\nruns on\n\nCo-authored-by: Grace\n".to_owned(),
        grace.to_owned(),
    ];
    for message in &messages {
        ground.commit(&tree, "x", &format!("{message}\n"), message);
    }
    let commits = Live::default().commits(&tree, &wanted(), 10).unwrap().commits;
    let seen = commits.iter().rev().map(|commit| {
        let addresses: Vec<_> = commit.trailers.iter().map(|t| t.address.as_deref()).collect();
        (addresses, commit.lost_trailers.len(), commit.title_runs_on)
    });
    let expected = [
        (vec![Some("a@cloud.test"), Some("grace@cloud.test")], 0, false),
        (vec![], 1, false),
        (vec![Some("b@cloud.test")], 0, false),
        (vec![None], 0, true),
        (vec![], 1, false),
    ];
    assert_eq!(seen.collect::<Vec<_>>(), expected);
}

#[test]
fn rules_that_would_fill_the_memory_are_refused() {
    let look = |rules: Value| {
        let arguments = json!({ "change": { "tree": "/tree", "branches": [] }, "rules": rules });
        observe(&machine("{}"), "lines", arguments).expect_err("nothing to look at")
    };
    let rule = |pattern: &str| json!({ "name": "x", "pattern": pattern });
    assert_eq!(look(vec![rule("x"); 65].into()), "the check has more than 64 rules");
    let large = look(vec![rule(r"(?:\w{200}){200}")].into());
    assert!(large.contains("the check's pattern cannot be read"), "{large}");
    let fits = look(vec![rule("x"); 64].into());
    assert!(!fits.contains("rules") && !fits.contains("pattern"), "{fits}");
}
