//! The house rules, held by the machine so that reviews can be about ideas. Each complaint names
//! file and line, and what to do. The rules are pure functions in the files below; here they meet
//! the repository, and `broken` shows that each notices when it is broken.

mod broken;
mod doors;
mod guides;
mod layers;
mod modules;
mod packs;
mod paths;
mod shape;
mod source;

use std::fs;
use std::path::Path;

use source::Source;

/// Where test programs begin.
const TEST_ROOTS: [&str; 2] = ["tests/main.rs", "tests/bench/main.rs"];

#[test]
fn modules_import_only_what_stands_above_them() {
    nothing_wrong(rust("src/").iter().flat_map(layers::complaints));
}

#[test]
fn only_the_door_and_the_adapters_touch_the_machine() {
    nothing_wrong(rust("src/").iter().flat_map(doors::complaints));
}

#[test]
fn files_say_what_they_are_for_and_stay_small() {
    nothing_wrong(rust("src/").iter().chain(&rust("tests/")).flat_map(shape::complaints));
}

#[test]
fn no_test_file_is_forgotten() {
    nothing_wrong(modules::complaints(&rust("tests/"), &TEST_ROOTS));
}

#[test]
fn every_check_has_cases_and_every_case_a_check() {
    nothing_wrong(packs::pairs(&checks_below("checks/"), &checks_below("tests/checks/")));
}

#[test]
fn checks_read_alike() {
    let checks = checks_below("checks/").into_iter().map(|check| format!("checks/{check}"));
    nothing_wrong(checks.flat_map(|path| packs::complaints(&path, &read(&path))));
}

#[test]
fn paths_that_guides_name_are_there() {
    let files = files();
    let guides = files.iter().filter(|path| path.ends_with(".md"));
    let in_guides = guides.flat_map(|path| guides::complaints(path, &read(path), &files));
    let sources = rust("src/");
    let in_comments = sources
        .iter()
        .flat_map(|source| guides::complaints(&source.path, &source.comments, &files));
    nothing_wrong(in_guides.chain(in_comments));
}

#[track_caller]
fn nothing_wrong(complaints: impl IntoIterator<Item = String>) {
    let complaints: Vec<_> = complaints.into_iter().collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

fn rust(folder: &str) -> Vec<Source> {
    let paths = files().into_iter().filter(|path| path.starts_with(folder));
    let rust = paths.filter(|path| path.ends_with(".rs"));
    let sources: Vec<_> = rust.map(|path| Source::new(&path, &read(&path))).collect();
    assert!(!sources.is_empty(), "{folder} holds no Rust, so nothing would be looked at");
    sources
}

/// Paths of checks, or of their cases, below a folder and relative to it.
fn checks_below(folder: &str) -> Vec<String> {
    let files = files();
    let inside = files.iter().filter_map(|path| path.strip_prefix(folder));
    inside.filter(|path| packs::is_check(path)).map(str::to_owned).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect(path)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of the repository, committed or not, with `/`, sorted.
fn files() -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![root().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the repository") {
            let path = entry.expect("an entry of the repository").path();
            let name = path.strip_prefix(root()).expect("below the root");
            let name = name.to_str().expect("our file names are UTF-8").to_owned();
            if name == "target" || name == ".git" {
                continue;
            } else if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else {
                files.push(name);
            }
        }
    }
    files.sort();
    files
}
