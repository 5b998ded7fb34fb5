//! `key rehearse` in a work tree that would choose the program, the key and the file of signers:
//! nothing of it is run or believed, and what it would change is told.

use std::fs;
use std::path::PathBuf;

use super::{ADA, says};
use crate::support::signing::Signing;
use crate::support::world::{write, write_script};

/// A program that says that it ran.
fn canary(signing: &Signing) -> (PathBuf, PathBuf) {
    let sign = signing.world.path("ran");
    let program = signing.world.tree().join("canary");
    write_script(&program, &format!("#!/bin/sh\n: >'{}'\nexit 1\n", sign.display()));
    (program, sign)
}

fn tree(signing: &Signing) -> PathBuf {
    let tree = signing.world.tree();
    fs::create_dir(&tree).unwrap();
    signing.world.git(&tree, &["init", "--quiet"]);
    tree
}

#[test]
fn what_the_tree_sets_is_told_and_not_used() {
    let signing = Signing::new();
    let key = signing.key(ADA, "", &[]);
    let tree = tree(&signing);
    let (program, ran) = canary(&signing);
    let program = program.to_str().unwrap();
    for (name, value) in [
        ("gpg.program", program),
        ("gpg.ssh.program", program),
        ("gpg.ssh.defaultKeyCommand", program),
        ("core.hooksPath", "."),
        ("core.fsmonitor", program),
        ("user.signingkey", "DEADBEEFDEADBEEF"),
        ("gpg.format", "ssh"),
        ("commit.gpgsign", "true"),
    ] {
        signing.world.git(&tree, &["config", "--local", name, value]);
    }
    let before = fs::read(tree.join(".git/config")).unwrap();
    let output = signing.rehearse_in(&tree, &[]);
    let what = [
        "the signature holds",
        &key,
        "gpg.program = ",
        "git starts this program",
        "user.signingkey = DEADBEEFDEADBEEF",
        "gpg.format = ssh",
        "every commit in this tree is signed",
    ];
    says(&output, 0, &what);
    assert!(!ran.exists());
    assert_eq!(fs::read(tree.join(".git/config")).unwrap(), before);
    assert!(!tree.join(".git/logs").exists());
    assert!(signing.left().is_empty(), "{:?}", signing.left());
}

#[test]
fn a_file_of_the_tree_that_the_user_includes_is_the_trees() {
    let signing = Signing::new();
    signing.key(ADA, "", &[]);
    let tree = tree(&signing);
    let (program, ran) = canary(&signing);
    let text = format!("[gpg]\n\tprogram = {}\n", program.display());
    write(&tree.join("settings"), text);
    signing.set("include.path", tree.join("settings").to_str().unwrap());
    says(&signing.rehearse_in(&tree, &[]), 0, &["the signature holds", "gpg.program = "]);
    assert!(!ran.exists());
}

#[test]
fn a_program_in_the_tree_is_not_run_whoever_names_it() {
    let signing = Signing::new();
    signing.key(ADA, "", &[]);
    let tree = tree(&signing);
    let (program, ran) = canary(&signing);
    let link = signing.world.path("link");
    std::os::unix::fs::symlink(&program, &link).unwrap();
    for named in [&program, &link] {
        signing.set("gpg.program", named.to_str().unwrap());
        says(&signing.rehearse_in(&tree, &[]), 1, &["belongs to the work tree", "it was not run"]);
    }
    assert!(!ran.exists());
}

#[test]
fn the_users_own_conditions_count_where_the_tree_lies() {
    let signing = Signing::new();
    signing.key(ADA, "", &[]);
    let tree = tree(&signing);
    let work = "Ada Lovelace <ada@work.example>";
    let key = signing.key(work, "", &[]);
    let own = signing.world.home().join("work-settings");
    write(&own, format!("[user]\n\temail = ada@work.example\n\tsigningkey = {key}\n"));
    let condition = format!("includeIf.gitdir:{}/.path", tree.display());
    signing.set(&condition, own.to_str().unwrap());
    says(&signing.rehearse_in(&tree, &[]), 0, &[work, &key, "the signature holds"]);
    says(&signing.rehearse(&[]), 0, &[ADA, "the signature holds"]);
}

#[test]
fn a_folder_for_temporary_files_in_the_tree_is_refused() {
    let signing = Signing::new();
    signing.key(ADA, "", &[]);
    let tree = tree(&signing);
    fs::create_dir(tree.join("tmp")).unwrap();
    let onramp = std::path::Path::new(env!("CARGO_BIN_EXE_onramp"));
    let mut command = signing.world.command(&tree, onramp, &["key", "rehearse"]);
    command.env("TMPDIR", tree.join("tmp"));
    let output = crate::support::process::finish(command, b"", crate::support::world::LIMIT);
    assert_eq!(output.code, Some(2), "{}", output.stderr());
    assert!(output.stderr().contains("TMPDIR lies in the work tree"), "{}", output.stderr());
}
