//! `onramp ci --list`: what a pull request meets, told of a real tree; nothing in the tree is run,
//! and no file outside of it is read.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::Value;

use crate::support::world::{TestWorld, write, write_script};

const RAT: &str = "name: License Check
on:
  pull_request:
    paths: ['**.java']
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - name: Setup Environment
        uses: ./.github/actions/setup
      - name: RAT
        run: mvn -P developer,systemvm -Dsimulator -Dnoredist -pl . org.apache.rat:apache-rat-plugin:0.12:check
      - name: Hooks
        run: pre-commit run --all-files
      - run: ./launch.sh
";
const SETUP: &str = "runs:
  using: composite
  steps:
    - uses: actions/setup-java@v5
";
const HOOKS: &str = "repos:
  - repo: https://example.org/hooks
    hooks:
      - id: trailing-whitespace
      - id: codespell
        name: spelling
";

/// A tree with a few workflows, and programs that tell when they were run.
fn world() -> TestWorld {
    let trap = "#!/bin/sh\n: > \"$HOME/was-run\"\n";
    let world = TestWorld::new().with_script("mvn", trap).with_script("pre-commit", trap);
    let tree = world.cloudstack();
    write(&tree.join(".github/workflows/rat.yml"), RAT);
    write(&tree.join(".github/actions/setup/action.yml"), SETUP);
    write(&tree.join(".pre-commit-config.yaml"), HOOKS);
    write(&tree.join(".asf.yaml"), "github:\n  copilot_code_review: {enabled: true}\n");
    write_script(&tree.join("launch.sh"), trap);
    world.commit(&tree, "Check the licences");
    world.git(&tree, &["checkout", "--quiet", "-b", "topic"]);
    write(&tree.join("api/src/main/java/More.java"), "class More {}\n");
    world.commit(&tree, "api: say more");
    world
}

#[test]
fn every_step_is_listed_and_nothing_is_run() {
    let world = world();
    let output = world.onramp(&world.tree(), &["ci", "--list"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    let told = output.stdout().split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in [
        "License Check .github/workflows/rat.yml this branch starts it",
        "1 exact actions/checkout",
        "2 approximate Setup Environment",
        "2.1 approximate actions/setup-java",
        "3 exact RAT: the same plug-in",
        "4 exact Hooks: the very hooks",
        "4.1 exact trailing-whitespace",
        "4.2 exact codespell (spelling)",
        "5 not reproducible here ./launch.sh: onramp does not know this step",
        "a review by Copilot",
        "2 workflows, 2 of them for pull requests: 1 jobs (1 runs), 6 steps and 2 hooks",
    ] {
        assert!(told.contains(wanted), "{wanted}\n{told}");
    }
    assert!(!world.home().join("was-run").exists());
}

#[test]
fn the_json_is_of_its_schema() {
    let world = world();
    let output = world.onramp(&world.tree(), &["ci", "--list", "--json"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    let told: Value = serde_json::from_str(&output.stdout()).unwrap();
    let schema = world.onramp(&world.work(), &["schema", "ci-list"]).stdout();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let wrong: Vec<String> = schema.iter_errors(&told).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(told["totals"]["steps"], 6);
    assert_eq!(told["workflows"][1]["jobs"][0]["steps"][2]["line"], 12);
}

#[test]
fn without_tools_the_list_says_what_stands_in() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    write(&tree.join(".github/workflows/rat.yml"), RAT);
    write(&tree.join(".pre-commit-config.yaml"), HOOKS);
    world.commit(&tree, "Check the licences");
    let told = world.onramp(&tree, &["ci", "--list"]).stdout();
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in [
        "3 approximate RAT: Maven is not installed here; onramp's own apache/patch/licence-header",
        "4.1 approximate trailing-whitespace: onramp's own cloudstack/patch/trailing-blanks stands in",
        "4.2 not reproducible here codespell (spelling): onramp has no such check",
    ] {
        assert!(told.contains(wanted), "{wanted}\n{told}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_list_incomplete() {
    let world = world();
    let tree = world.tree();
    let folder = tree.join(".github/workflows");
    write(&world.work().join("secret.yml"), "on: pull_request\njobs: {secret: {}}\n");
    symlink(world.work().join("secret.yml"), folder.join("out.yml")).unwrap();
    symlink("nowhere.yml", folder.join("dead.yml")).unwrap();
    write(&folder.join("huge.yml"), " ".repeat(10 << 20));
    write(&folder.join("bytes.yml"), [0xff, 0xfe, 0x00]);
    write(&folder.join("broken.yml"), "on: [pull_request\n");
    write(&folder.join("bell\x07.yml"), "name: \"\\e]0;x\\a\"\non: pull_request\njobs: {}\n");
    fs::create_dir(folder.join("folder.yml")).unwrap();
    let output = world.onramp(&tree, &["ci", "--list"]);
    assert_eq!(output.code, Some(3), "{}{}", output.stdout(), output.stderr());
    let told = output.stdout();
    assert!(!told.contains('\x07') && !told.contains('\x1b'), "{told:?}");
    assert!(!told.contains("secret"), "{told}");
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in [
        "out.yml a link leads out of the tree",
        "dead.yml it could not be read",
        "huge.yml it is larger than 1 MiB",
        "bytes.yml it is not UTF-8 text",
        "folder.yml it is no regular file",
        "broken.yml",
    ] {
        assert!(told.contains(wanted), "{wanted}\n{told}");
    }
}

#[test]
fn wrong_usage_says_what_to_do() {
    let world = TestWorld::new();
    let nowhere = world.onramp(&world.work(), &["ci", "--list"]);
    assert_eq!(nowhere.code, Some(2));
    assert!(nowhere.stderr().contains("onramp clone"), "{}", nowhere.stderr());
    let tree = world.cloudstack();
    let unknown = world.onramp(&tree, &["ci", "--list", "--base", "nothing-such"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr().contains("git fetch upstream"), "{}", unknown.stderr());
    fs::remove_dir_all(tree.join(".github/workflows")).unwrap();
    let none = world.onramp(&tree, &["ci", "--list"]);
    assert_eq!(none.code, Some(2));
    assert!(none.stderr().contains("has no workflows"), "{}", none.stderr());
}
