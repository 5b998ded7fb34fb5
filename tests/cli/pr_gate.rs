//! The gate before a request: a check of the patch that passed and still stands, told by
//! `onramp pr` and by the journey.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::cloudstack::java;
use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

const FILE: &str = "api/src/main/java/org/example/Volume.java";
const PROJECT: &str = "https://github.com/apache/cloudstack.git";

/// A clone with one commit on a pushed branch that upstream would take.
pub(super) fn clone(world: &TestWorld) -> PathBuf {
    let tree = world.cloudstack();
    world.git(&tree, &["config", "user.email", "ada@lovelace.dev"]);
    world.git(&tree, &["remote", "add", "upstream", PROJECT]);
    world.git(&tree, &["update-ref", "refs/remotes/upstream/main", "HEAD"]);
    world.git(&tree, &["remote", "add", "origin", "https://github.com/ada/cloudstack.git"]);
    world.git(&tree, &["switch", "--quiet", "-c", "my-change"]);
    write(&tree.join(FILE), class());
    world.commit(&tree, "server: Add a note about volumes");
    pushed(world, &tree);
    tree
}

/// A class without a blank at the end of a line.
fn class() -> String {
    java("Volume").replace(" \n", "\n")
}

pub(super) fn pushed(world: &TestWorld, tree: &Path) {
    world.git(tree, &["update-ref", "refs/remotes/origin/my-change", "HEAD"]);
}

pub(super) fn onramp(world: &TestWorld, tree: &Path, arguments: &[&str]) -> Output {
    world.onramp(tree, &[arguments, &["--offline", "--policy", "upstream"]].concat())
}

/// The summary's rows about the gate, and what the journey says of the request.
fn told(world: &TestWorld, tree: &Path) -> (String, String) {
    let pr = onramp(world, tree, &["pr"]);
    assert_eq!(pr.code, Some(0), "{}", pr.stderr());
    let said = pr.stderr();
    let rows = said.lines().find(|line| line.contains("patch")).unwrap_or_default().to_owned();
    let road = onramp(world, tree, &[]).stdout();
    let road = road.split_whitespace().collect::<Vec<_>>().join(" ");
    let request = road.split_once("○ request ").map_or("", |(_, rest)| rest);
    (rows, request.to_owned())
}

fn record(tree: &Path) -> PathBuf {
    tree.join(".git/onramp/check-patch.json")
}

#[test]
fn a_check_of_the_patch_opens_the_gate_until_something_changes() {
    let world = TestWorld::new();
    let tree = clone(&world);
    let (rows, road) = told(&world, &tree);
    assert_eq!(rows, "for you   the patch was not checked yet: onramp check patch");
    assert!(road.starts_with("ready: onramp pr"), "it has just looked itself: {road}");
    fs::remove_file(record(&tree)).unwrap();

    let check = onramp(&world, &tree, &["check", "patch"]);
    assert_eq!(check.code, Some(0), "{}{}", check.stdout(), check.stderr());
    let mode = fs::metadata(record(&tree)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let (rows, road) = told(&world, &tree);
    assert!(rows.starts_with("patch     ") && rows.contains(" checks hold"), "{rows}");
    assert!(road.starts_with("ready: onramp pr"), "{road}");

    world.git(&tree, &["commit", "-q", "--allow-empty", "-m", "server: Say more about volumes"]);
    pushed(&world, &tree);
    let (rows, road) = told(&world, &tree);
    let stale = "the check of the patch is stale: it was about";
    assert!(rows.contains(stale) && rows.ends_with(": onramp check patch"), "{rows}");
    assert!(road.starts_with("ready: onramp pr"), "{road}");
    assert!(told(&world, &tree).0.contains(" checks hold"), "what the road saw counts");
}

#[test]
fn another_base_and_another_policy_are_named_in_the_command() {
    let world = TestWorld::new();
    let tree = clone(&world);
    assert_eq!(onramp(&world, &tree, &["check", "patch"]).code, Some(0));
    world.git(&tree, &["update-ref", "refs/remotes/upstream/4.20", "upstream/main"]);
    let said = onramp(&world, &tree, &["pr", "--base", "4.20"]).stderr();
    let wanted = "it was held against main, and the base is 4.20: onramp check patch --base 4.20";
    assert!(said.contains(wanted), "{said}");
    let said = world.onramp(&tree, &["pr", "--offline"]).stderr();
    let wanted = "the policy was upstream then and is guide now: onramp check patch --policy guide";
    assert!(said.contains(wanted), "{said}");
}

#[test]
fn a_patch_that_fails_shuts_the_gate() {
    let world = TestWorld::new();
    let tree = clone(&world);
    let conflict = "<<<<<<< HEAD\n// one\n=======\n// other\n>>>>>>> other\n";
    write(&tree.join(FILE), class() + conflict);
    world.commit(&tree, "server: Leave a conflict");
    assert_eq!(onramp(&world, &tree, &["check", "patch"]).code, Some(1));
    let (rows, _) = told(&world, &tree);
    assert!(rows.starts_with("for you   1 check of the patch fails: onramp check patch"), "{rows}");
    let read: Value = serde_json::from_slice(&fs::read(record(&tree)).unwrap()).unwrap();
    assert_eq!(read["open"], serde_json::json!(["apache/patch/conflict-markers"]));
    assert_eq!(read["exit"], 1);
}

#[test]
fn only_a_check_of_the_whole_patch_as_it_is_here_counts() {
    let world = TestWorld::new();
    let tree = clone(&world);
    let report = world.path("report.json");
    let file = format!("json:{}", report.display());
    for arguments in [
        &["check", "machine"][..],
        &["check", "no-merges"],
        &["check", "patch", "--head", "HEAD"],
        &["pr"],
        &["list"],
    ] {
        onramp(&world, &tree, arguments);
        assert!(!tree.join(".git/onramp").exists(), "{arguments:?}");
    }
    onramp(&world, &tree, &["check", "--report", &file]);
    assert!(record(&tree).exists(), "a whole check has the patch in it");
    fs::remove_file(record(&tree)).unwrap();
    for option in ["--replay", "--baseline"] {
        let output = onramp(&world, &tree, &["check", "patch", option, report.to_str().unwrap()]);
        assert_eq!(output.code, Some(0), "{}", output.stderr());
        assert!(!record(&tree).exists(), "{option}");
    }
}

#[test]
fn a_git_folder_that_cannot_be_written_spoils_no_check() {
    let world = TestWorld::new();
    let tree = clone(&world);
    let elsewhere = world.path("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, tree.join(".git/onramp")).unwrap();
    let check = onramp(&world, &tree, &["check", "patch"]);
    assert_eq!(check.code, Some(0), "{}", check.stderr());
    assert!(check.stderr().contains("`onramp pr` will not know of this check: "));
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);

    fs::remove_file(tree.join(".git/onramp")).unwrap();
    write(&tree.join(".git/onramp"), "a file in the way\n");
    let check = onramp(&world, &tree, &["check", "patch"]);
    assert_eq!(check.code, Some(0), "{}", check.stderr());
    assert!(check.stderr().contains("`onramp pr` will not know of this check: "));
}
