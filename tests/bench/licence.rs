//! The rows about licence headers: onramp's check over a whole tree of 10,000 files against Apache
//! RAT's plug-in for Maven and against `git grep -L`, which looks for one phrase and judges nothing,
//! and over a branch of 20 files in that tree. Onramp and RAT must find the same number of files.
//!
//! The tree is the change: it is compared with a first commit that holds the pom alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::alternate::{alternate, alternate_looking};
use super::{Figure, Row, at, found, installed, runs};

pub(crate) const ROWS: &[Row] = &[
    Row {
        name: "onramp check licence-header, 10,000 files / apache-rat-plugin:check",
        goal: Some(1.0 / 40.0),
        measure: tree_against_rat,
    },
    Row {
        name: "onramp check licence-header, 10,000 files / git grep -L",
        goal: Some(1.5),
        measure: tree_against_grep,
    },
    Row {
        name: "onramp check licence-header, 20 of 10,000 files / git diff --name-only",
        goal: Some(3.0),
        measure: branch_against_diff,
    },
];

const FILES: usize = 10_000;
/// One file of so many has no header.
const BARE: usize = 97;

/// Ending and comment of every type.
const TYPES: [(&str, &str); 12] = [
    ("java", "// "),
    ("xml", "    "),
    ("py", "# "),
    ("sh", "# "),
    ("js", "// "),
    ("vue", "// "),
    ("sql", "-- "),
    ("yml", "# "),
    ("properties", "# "),
    ("md", ""),
    ("css", " * "),
    ("json", ""),
];

const HEADER: [&str; 5] = [
    "Licensed to the Apache Software Foundation (ASF) under one",
    "or more contributor license agreements. The ASF licenses this file",
    "to you under the Apache License, Version 2.0; a copy of it is at",
    "",
    "  http://www.apache.org/licenses/LICENSE-2.0",
];
const PHRASE: &str = "http://www.apache.org/licenses/LICENSE-2.0";

fn tree_against_rat(folder: &Path) -> Result<Figure, String> {
    let maven = found("mvn")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let repository = root.join("target/maven");
    if !repository.is_dir() {
        return Err("run `./dev test` once, which fetches the plug-in".to_owned());
    }
    let tree = made(folder)?;
    let program = installed(folder)?;
    let ours = |_| check(&program, &tree);
    let theirs = |_| {
        let mut command = at(&tree, Command::new(&maven));
        command.args(["--batch-mode", "--offline", "org.apache.rat:apache-rat-plugin:0.12:check"]);
        command.arg(format!("-Dmaven.repo.local={}", repository.display()));
        command
    };
    let look = |side, written: &[u8]| {
        let text = String::from_utf8_lossy(written);
        let told = if side == 0 { failed(&text)? } else { unapproved(&text)? };
        let bare = (0..FILES).filter(|number| is_bare(*number)).count();
        if told == bare { Ok(()) } else { Err(format!("{told} files were found, not {bare}")) }
    };
    Ok(alternate_looking([&ours, &theirs], runs(5), 1, &[1], &look)?.into())
}

fn tree_against_grep(folder: &Path) -> Result<Figure, String> {
    let tree = made(folder)?;
    let program = installed(folder)?;
    let ours = |_| check(&program, &tree);
    let theirs = |_| {
        let mut command = at(&tree, Command::new("git"));
        command.args(["grep", "-L", "--fixed-strings", PHRASE]);
        command
    };
    Ok(alternate([&ours, &theirs], runs(11), &[0, 1])?.into())
}

fn branch_against_diff(folder: &Path) -> Result<Figure, String> {
    let tree = made(folder)?;
    for number in FILES..FILES + 20 {
        write(&tree, number)?;
    }
    commit(&tree, "A branch")?;
    let program = installed(folder)?;
    let ours = |_| check(&program, &tree);
    let theirs = |_| {
        let mut command = at(&tree, Command::new("git"));
        command.args(["diff", "--name-only", "HEAD~1", "HEAD"]);
        command
    };
    Ok(alternate([&ours, &theirs], runs(41), &[0, 1])?.into())
}

/// `onramp check` of the headers that the newest commit brings.
fn check(program: &Path, tree: &Path) -> Command {
    let mut command = at(tree, Command::new(program));
    command.args(["check", "patch/licence-header", "--report", "json", "--base", "HEAD~1"]);
    command
}

/// How many files onramp's report names.
fn failed(report: &str) -> Result<usize, String> {
    let report: serde_json::Value =
        serde_json::from_str(report).map_err(|error| format!("onramp's report: {error}"))?;
    let findings = report["findings"].as_array().ok_or("onramp's report has no findings")?;
    Ok(findings.iter().filter(|finding| finding["outcome"] == "fail").count())
}

/// How many files RAT counts.
fn unapproved(said: &str) -> Result<usize, String> {
    let count = said.split_once("Unapproved: ").and_then(|(_, rest)| rest.split(',').next());
    count.and_then(|count| count.parse().ok()).ok_or_else(|| "RAT counted nothing".to_owned())
}

/// A tree of many files above a commit that holds the pom alone.
fn made(folder: &Path) -> Result<PathBuf, String> {
    let tree = folder.join("tree");
    let pom = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/pom.xml");
    let laid = fs::create_dir(&tree)
        .and_then(|()| fs::copy(pom, tree.join("pom.xml")))
        .and_then(|_| fs::write(tree.join(".gitignore"), "target/\n"));
    laid.map_err(|error| error.to_string())?;
    git(&tree, &["init", "--quiet", "--initial-branch", "main"])?;
    commit(&tree, "The pom")?;
    for number in 0..FILES {
        write(&tree, number)?;
    }
    commit(&tree, "The files")?;
    git(&tree, &["gc", "--quiet"])?;
    Ok(tree)
}

fn write(tree: &Path, number: usize) -> Result<(), String> {
    let (ending, comment) = TYPES[number % TYPES.len()];
    let folder = tree.join(format!("module{}/src/part{}", number % 100, number % 7));
    let mut text = String::new();
    if !number.is_multiple_of(BARE) {
        text.extend(HEADER.iter().map(|line| format!("{comment}{line}\n")));
    }
    // Other numbers in every file, so that the pack has something to hold.
    text.extend(
        (0..100).map(|line| format!("{comment}line {line}: {}\n", (number + 1) * (line + 7))),
    );
    let written = fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join(format!("File{number}.{ending}")), text));
    written.map_err(|error| error.to_string())
}

/// Whether a file is minded: it has no header, and the pom does not leave it out.
fn is_bare(number: usize) -> bool {
    number.is_multiple_of(BARE) && TYPES[number % TYPES.len()].0 != "json"
}

fn commit(tree: &Path, message: &str) -> Result<(), String> {
    git(tree, &["add", "--all"])?;
    let who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
    git(tree, &[&who[..], &["commit", "--quiet", "--message", message]].concat())
}

fn git(tree: &Path, words: &[&str]) -> Result<(), String> {
    let mut command = at(tree, Command::new("git"));
    // What git tidies up by itself, in the background, would trouble the measuring.
    command.args(["-c", "gc.auto=0"]).args(words);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let status = command.status().map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("git {} ended with {status}", words[0])) }
}
