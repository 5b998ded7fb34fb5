//! `onramp check patch --fix` as a whole: what it shows, what it writes, what it never touches, and
//! the way back.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::support::cloudstack::java;
use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

const PROJECT: &str = "https://github.com/apache/cloudstack.git";
const MORE: &str = "api/src/main/java/More.java";
const SERVER: &str = "server/src/main/java/Server.java";

/// A clone with a topic branch whose one commit has these files.
fn branch(world: &TestWorld, files: &[(&str, String)]) -> PathBuf {
    let tree = world.cloudstack();
    world.git(&tree, &["remote", "add", "upstream", PROJECT]);
    world.git(&tree, &["update-ref", "refs/remotes/upstream/main", "HEAD"]);
    world.git(&tree, &["switch", "-q", "-c", "topic"]);
    files.iter().for_each(|(file, text)| write(&tree.join(file), text));
    world.commit(&tree, "api: fix a class");
    tree
}

/// A class without a blank at the end of any line.
fn class(name: &str) -> String {
    java(name).replace(" \n", "\n")
}

fn untidy() -> String {
    class("More").replace("{\n", "{   \n\tint a;\n") + "\n\n"
}

fn tidy() -> String {
    untidy().replace("{   \n\t", "{\n    ").trim_end().to_owned() + "\n"
}

fn fix(world: &TestWorld, tree: &Path, more: &[&str]) -> Output {
    let checks = ["trailing-blanks", "final-newline", "java-lines", "java-unused-imports"];
    let checks = [&checks[..], &["script-mode", "mixed-endings"]].concat();
    world.onramp(tree, &[&["--offline", "check"], &checks[..], &["--fix"], more].concat())
}

#[track_caller]
fn is(tree: &Path, file: &str, text: &str) {
    assert_eq!(fs::read_to_string(tree.join(file)).unwrap(), text, "{file}");
}

#[test]
fn a_file_is_mended_committed_and_clean_then() {
    let world = TestWorld::new();
    let tree = branch(&world, &[(MORE, untidy())]);
    let shown = fix(&world, &tree, &["--dry-run"]);
    assert_eq!(shown.code, Some(1), "{}", shown.stderr());
    let plan = shown.stdout();
    assert!(plan.contains("-public class More {···\n-→   int a;\n"), "{plan}");
    assert!(plan.contains("+public class More {\n+    int a;\n"), "{plan}");
    is(&tree, MORE, &untidy());

    let unasked = fix(&world, &tree, &[]);
    assert!(unasked.stderr().contains("nothing was done"), "{}", unasked.stderr());
    is(&tree, MORE, &untidy());

    let done = fix(&world, &tree, &["--yes"]);
    assert_eq!(done.code, Some(0), "{}{}", done.stdout(), done.stderr());
    is(&tree, MORE, &tidy());
    let said = done.stderr();
    assert!(said.contains("as if the mended files were committed"), "{said}");
    assert!(said.contains(&format!("\n  git commit --amend --no-edit -- {MORE}\n")), "{said}");

    // The commits are as they were, and nothing is left to mend.
    let again = fix(&world, &tree, &["--yes"]);
    assert_eq!(again.code, Some(1), "{}", again.stdout());
    assert!(again.stdout().contains("commit that"), "{}", again.stdout());
    is(&tree, MORE, &tidy());
    world.git(&tree, &["commit", "--amend", "--no-edit", "--", MORE]);
    let clean = fix(&world, &tree, &["--yes"]);
    assert_eq!(clean.code, Some(0), "{}", clean.stdout());
    assert!(clean.stdout().contains("there is nothing to fix"), "{}", clean.stdout());
}

#[test]
fn it_is_taken_back_byte_for_byte() {
    let world = TestWorld::new();
    let script = "#!/bin/sh\n# http://www.apache.org/licenses/LICENSE-2.0\necho a\n";
    let tree = branch(&world, &[(MORE, untidy()), ("scripts/run.sh", script.to_owned())]);
    let mode = |file: &str| fs::metadata(tree.join(file)).unwrap().permissions().mode() & 0o777;
    fs::set_permissions(tree.join(MORE), fs::Permissions::from_mode(0o640)).unwrap();
    let before = mode("scripts/run.sh");
    let done = fix(&world, &tree, &["--yes"]);
    assert_eq!(done.code, Some(0), "{}{}", done.stdout(), done.stderr());
    assert_eq!((mode(MORE), mode("scripts/run.sh") & 0o100), (0o640, 0o100));
    let undone = world.onramp(&tree, &["fix", "--undo", "--yes"]);
    assert_eq!(undone.code, Some(0), "{}", undone.stderr());
    is(&tree, MORE, &untidy());
    assert_eq!((mode(MORE), mode("scripts/run.sh")), (0o640, before));
    assert_eq!(world.git(&tree, &["status", "--porcelain"]), "");
}

#[test]
fn what_was_changed_since_is_not_taken_back() {
    let world = TestWorld::new();
    let tree = branch(&world, &[(MORE, untidy())]);
    fix(&world, &tree, &["--yes"]);
    write(&tree.join(MORE), tidy() + "// mine\n");
    let undone = world.onramp(&tree, &["fix", "--undo", "--yes"]);
    assert_eq!(undone.code, Some(1), "{}", undone.stderr());
    assert!(undone.stderr().contains("was changed since"), "{}", undone.stderr());
    is(&tree, MORE, &(tidy() + "// mine\n"));
}

#[test]
fn lines_of_others_and_work_in_progress_stay() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    let old = class("Server").replace("{\n", "{ \n    int old; \n");
    write(&tree.join(SERVER), &old);
    world.commit(&tree, "server: add blanks");
    world.git(&tree, &["remote", "add", "upstream", PROJECT]);
    world.git(&tree, &["update-ref", "refs/remotes/upstream/main", "HEAD"]);
    world.git(&tree, &["switch", "-q", "-c", "topic"]);
    let committed = old.replace("int old; \n", "int old; \n    int own; \n");
    write(&tree.join(SERVER), &committed);
    world.commit(&tree, "server: add a number");
    let edited = committed.replace("int own; \n", "int own; \n    int draft; \n") + "\n\n";
    write(&tree.join(SERVER), &edited);
    let done = fix(&world, &tree, &["--yes"]);
    assert_eq!(done.code, Some(0), "{}{}", done.stdout(), done.stderr());
    is(&tree, SERVER, &edited.replace("int own; \n", "int own;\n"));
    assert!(done.stderr().contains(&format!("git add --patch -- {SERVER}")), "{}", done.stderr());
}

#[test]
fn links_and_files_that_are_gone_are_refused_with_the_reason() {
    let world = TestWorld::new();
    let tree = branch(&world, &[(MORE, untidy()), ("api/two/Two.java", untidy())]);
    let target = world.path("target.java");
    write(&target, untidy());
    fs::remove_file(tree.join(MORE)).unwrap();
    symlink(&target, tree.join(MORE)).unwrap();
    let outside = world.path("outside");
    fs::rename(tree.join("api/two"), &outside).unwrap();
    symlink(&outside, tree.join("api/two")).unwrap();
    let done = fix(&world, &tree, &["--yes"]);
    assert_eq!(done.code, Some(1), "{}", done.stderr());
    assert_eq!(done.stdout().matches("a link leads to it").count(), 6, "{}", done.stdout());
    assert_eq!(fs::read_to_string(&target).unwrap(), untidy());
    assert_eq!(fs::read_to_string(outside.join("Two.java")).unwrap(), untidy());
    fs::remove_file(tree.join(MORE)).unwrap();
    let done = fix(&world, &tree, &["--yes"]);
    assert!(done.stdout().contains("it is not in the work tree"), "{}", done.stdout());
}

#[test]
fn nothing_is_mended_in_the_middle_of_a_merge_or_for_another_head() {
    let world = TestWorld::new();
    let tree = branch(&world, &[(MORE, untidy())]);
    write(&tree.join(".git/MERGE_HEAD"), world.git(&tree, &["rev-parse", "HEAD"]) + "\n");
    let done = fix(&world, &tree, &["--yes"]);
    assert!(done.stdout().contains("a merge is under way here"), "{}", done.stdout());
    is(&tree, MORE, &untidy());
    let refused = fix(&world, &tree, &["--head", "HEAD"]);
    assert_eq!(refused.code, Some(2), "{}", refused.stdout());
}

#[test]
fn a_hostile_name_neither_colours_the_screen_nor_leads_away() {
    let world = TestWorld::new();
    let name = "api/a\u{1b}[31m\nb.java";
    let tree = branch(&world, &[(name, untidy())]);
    let done = fix(&world, &tree, &["--yes"]);
    assert_eq!(done.code, Some(0), "{}{}", done.stdout(), done.stderr());
    is(&tree, name, &tidy());
    assert!(!(done.stdout() + &done.stderr()).contains('\u{1b}'));
}

#[test]
fn onramp_fix_offers_the_same() {
    let world = TestWorld::new();
    let tree = branch(&world, &[(MORE, untidy())]);
    let done = world.onramp(&tree, &["--offline", "fix", "trailing-blanks", "--yes"]);
    assert_eq!(done.code, Some(0), "{}{}", done.stdout(), done.stderr());
    is(&tree, MORE, &untidy().replace("{   \n", "{\n"));
}

#[test]
fn a_new_file_gets_the_header_that_others_of_its_kind_have() {
    let world = TestWorld::new();
    let naked = "package org.example;\n\npublic class Naked {\n}\n";
    let script = "#!/bin/sh\necho hello\n";
    let files = [
        ("api/src/main/java/deep/Naked.java", naked.to_owned()),
        ("scripts/run.sh", script.to_owned()),
        ("scripts/blank.sh", format!("{script}echo \n")),
    ];
    let tree = branch(&world, &files);
    // What cannot be done to a file keeps nothing else from being done to it.
    let both = ["--offline", "check", "licence-header", "trailing-blanks", "--fix", "--dry-run"];
    let plan = world.onramp(&tree, &both).stdout();
    assert!(plan.contains("scripts/blank.sh: cut blanks at the ends of lines\n"), "{plan}");
    let done = world.onramp(&tree, &["--offline", "check", "licence-header", "--fix", "--yes"]);
    assert_eq!(done.code, Some(1), "{}{}", done.stdout(), done.stderr());
    let name = "api/src/main/java/deep/Naked.java";
    is(&tree, name, &java("Naked"));
    // There is no other script to take one from.
    is(&tree, "scripts/run.sh", script);
    assert!(done.stdout().contains("no file of its kind has a plain header"), "{}", done.stdout());
    let again = world.onramp(&tree, &["--offline", "check", "licence-header", "--fix", "--yes"]);
    assert!(again.stdout().contains("commit that"), "{}", again.stdout());
    is(&tree, name, &java("Naked"));
}
