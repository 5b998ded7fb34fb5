//! Packs that cannot be read, or should not be: each ends in one sentence that names the file, and
//! none hangs, crashes or passes.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

const GOOD: &str =
    "title: t\nseverity: warn\nprobe: { cores: {} }\npass: true\nsay: s\nwhy: w\nsource: s\n";

fn packs(world: &TestWorld) -> PathBuf {
    world.path("packs")
}

fn list(world: &TestWorld) -> Output {
    world.onramp(&world.work(), &["list", "--checks", packs(world).to_str().unwrap()])
}

#[track_caller]
fn refused(world: &TestWorld, says: &str) {
    let output = list(world);
    let said = output.stderr();
    assert_eq!(output.code, Some(2), "{said}");
    assert!(said.contains(says), "{said}");
    assert!(said.contains(packs(world).to_str().unwrap()), "names no file: {said}");
}

fn alone(path: impl AsRef<std::path::Path>, content: impl AsRef<[u8]>, says: &str) {
    let world = TestWorld::new();
    write(&packs(&world).join(path), content);
    refused(&world, says);
}

#[test]
fn names_that_are_no_ids_are_refused() {
    for name in ["Mine", "my_pack", "a..b", "m\u{ef}ne", "-mine", "a b", "_mine"] {
        alone(
            format!("{name}/machine/try.yaml"),
            GOOD,
            "which has only small letters, digits and `-`",
        );
        alone(
            format!("mine/machine/{name}.yaml"),
            GOOD,
            "which has only small letters, digits and `-`",
        );
    }
    alone("mine/machin/try.yaml", GOOD, "there is no stage `machin`; did you mean `machine`?");
    alone("mine/try/machine/again.yaml", GOOD, "too deep for a check");
}

#[test]
fn two_ids_that_differ_in_capitals_alone_cannot_both_be() {
    let world = TestWorld::new();
    write(&packs(&world).join("mine/machine/try.yaml"), GOOD);
    write(&packs(&world).join("mine/machine/TRY.yaml"), GOOD);
    refused(&world, "the name `TRY` is part of an id");
}

#[test]
fn files_that_hold_no_check_are_refused() {
    let file = "mine/machine/try.yaml";
    alone(file, "", "the file is empty");
    alone(file, "# nothing but a remark\n", "the file is empty");
    alone(file, b"title: caf\xe9\n", "not UTF-8 text");
    alone(file, format!("schema: 2\n{GOOD}"), "unknown field `schema`");
    alone(file, format!("{GOOD}---\n{GOOD}"), "try.yaml");
    alone(file, format!("{GOOD}pass: false\n"), "duplicate");
    alone(file, "[", "try.yaml");
    alone(file, "\0", "try.yaml");
}

#[test]
fn a_link_to_a_pack_is_followed_and_a_loop_ends() {
    let world = TestWorld::new();
    write(&world.path("shared/machine/try.yaml"), GOOD);
    fs::create_dir(packs(&world)).unwrap();
    symlink(world.path("shared"), packs(&world).join("mine")).unwrap();
    assert!(list(&world).stdout().contains("mine/machine\n  try "), "{}", list(&world).stderr());
    symlink("..", world.path("shared/machine/again")).unwrap();
    refused(&world, "too deep for a check");
    fs::remove_file(world.path("shared/machine/again")).unwrap();
    symlink("nowhere.yaml", world.path("shared/machine/lost.yaml")).unwrap();
    refused(&world, "lost.yaml");
    fs::remove_file(world.path("shared/machine/lost.yaml")).unwrap();
    symlink("self.yaml", world.path("shared/machine/self.yaml")).unwrap();
    refused(&world, "self.yaml");
}

#[test]
fn a_folder_that_cannot_be_read_is_named() {
    let world = TestWorld::new();
    refused(&world, "packs: No such file");
    write(&packs(&world), "a file");
    refused(&world, "packs: Not a directory");
}

#[test]
fn a_name_of_bytes_is_shown_clean() {
    let world = TestWorld::new();
    let folder = packs(&world).join(OsStr::from_bytes(b"\x1b[2J\xff"));
    write(&folder.join("machine/try.yaml"), GOOD);
    let output = list(&world);
    assert_eq!(output.code, Some(2));
    assert!(!output.err.contains(&0x1b), "{}", output.stderr());
}

#[test]
fn checks_that_replace_one_another_in_a_circle_are_refused() {
    let world = TestWorld::new();
    let next = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")];
    for (name, replaced) in next {
        let check = format!("{GOOD}replaces: mine/machine/{replaced}\n");
        write(&packs(&world).join(format!("mine/machine/{name}.yaml")), check);
    }
    refused(&world, "it replaces `mine/machine/b`, which in the end replaces it");
    assert!(list(&world).stderr().contains("packs have 3 mistakes"), "{}", list(&world).stderr());
}

#[test]
fn projects_that_extend_one_another_are_refused() {
    let world = TestWorld::new();
    for (name, parent) in [("one", "two"), ("two", "one")] {
        let project = format!("title: {name}\nextends: {parent}\n");
        write(&packs(&world).join(format!("{name}/_project.yaml")), project);
    }
    write(&packs(&world).join("one/machine/try.yaml"), GOOD);
    let arguments = ["list", "--project", "one", "--checks"];
    let packs = packs(&world);
    let output =
        world.onramp(&world.work(), &[&arguments[..], &[packs.to_str().unwrap()]].concat());
    assert_eq!(output.code, Some(2));
    assert!(output.stderr().contains("extends itself through"), "{}", output.stderr());
}

#[test]
fn of_very_many_mistakes_the_first_are_shown() {
    let world = TestWorld::new();
    for number in 0..500 {
        let check = format!("{GOOD}replaces: mine/machine/gone-{number}\n");
        write(&packs(&world).join(format!("mine/machine/c{number}.yaml")), check);
    }
    refused(&world, "packs have 500 mistakes; the first 20 of them");
}
