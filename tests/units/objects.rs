//! Content of every place where git keeps objects: loose, packed, in several packs under one index,
//! borrowed from another clone, packed anew meanwhile. Damaged, it is told and never handed on.

use std::fs;
use std::path::{Path, PathBuf};

use onramp::git::{Live, Patch, Repositories, Unreadable, Wanted};

use crate::support::repository::Ground;

fn wanted() -> Wanted {
    Wanted { base: Some("main".into()), ..Wanted::default() }
}

/// Lines that compress badly, of which one differs from version to version.
fn text(version: usize) -> String {
    let line = |number: usize| match number {
        20 => format!("version {version}\n"),
        _ => format!("line {number} {:x}\n", (number + 7) * 2_654_435_761),
    };
    (0..40).map(line).collect()
}

/// A branch that changes one file several times.
fn versions(ground: &Ground, name: &str) -> PathBuf {
    let tree = ground.repository(name);
    ground.commit(&tree, "src/a.txt", &text(0), "first");
    ground.git(&tree, &["checkout", "-q", "-b", "work"]);
    (1..8).for_each(|version| {
        ground.commit(&tree, "src/a.txt", &text(version), "another");
    });
    tree
}

/// The text of the one changed file and its new lines, or why it was not read.
fn told(patch: &Patch) -> Result<(String, Vec<u64>), String> {
    let [file] = &patch.files[..] else { panic!("{} files", patch.files.len()) };
    let Some(text) = &file.text else {
        return Err(file.traits.unread.clone().unwrap_or_else(|| "no text".to_owned()));
    };
    text.added.clone()?;
    let added = text.added_lines().map(|(number, _)| number).collect();
    Ok((String::from_utf8(text.bytes.to_vec()).unwrap(), added))
}

fn look(git: &Live, tree: &Path) -> Result<(String, Vec<u64>), String> {
    git.patch(tree, &wanted()).map_err(|reason| reason.to_string()).and_then(|it| told(&it))
}

/// What each commit brings.
fn brought(git: &Live, tree: &Path) -> Vec<(u64, String)> {
    let mut all = Vec::new();
    let found = git.additions(tree, &wanted(), 100, &mut |addition| {
        all.push((addition.line, String::from_utf8_lossy(addition.text).into_owned()));
    });
    assert!(found.expect("additions").unread.is_empty());
    all
}

fn assert_whole(git: &Live, tree: &Path) {
    assert_eq!(look(git, tree), Ok((text(7), vec![21])));
    let lines: Vec<_> = (1..8).map(|version| (21, format!("version {version}\n"))).collect();
    assert_eq!(brought(git, tree), lines);
}

#[test]
fn content_is_read_wherever_git_keeps_it() {
    let ground = Ground::new();
    let tree = versions(&ground, "tree");
    assert_whole(&Live::default(), &tree);
    ground.git(&tree, &["repack", "-q", "-d"]);
    let commit = ground.git(&tree, &["rev-parse", "HEAD"]);
    ground.git(&tree, &["checkout", "-q", "-b", "aside"]);
    ground.commit(&tree, "b.txt", "more\n", "aside");
    ground.git(&tree, &["repack", "-q", "-d"]);
    ground.git(&tree, &["checkout", "-q", "work"]);
    assert_eq!(ground.git(&tree, &["rev-parse", "HEAD"]), commit);
    assert_whole(&Live::default(), &tree);
    ground.git(&tree, &["multi-pack-index", "write"]);
    assert_whole(&Live::default(), &tree);
    let words = ["clone", "-q", "--shared", "--branch", "work", "tree", "borrowing"];
    ground.git(&ground.path(""), &words);
    let borrowing = ground.path("borrowing");
    ground.git(&borrowing, &["branch", "main", "origin/main"]);
    assert_whole(&Live::default(), &borrowing);
    ground.git(&tree, &["worktree", "add", "-q", "--detach", "../linked", "work"]);
    assert_whole(&Live::default(), &ground.path("linked"));
}

#[test]
fn packs_may_be_written_anew_while_we_look() {
    let ground = Ground::new();
    let tree = versions(&ground, "tree");
    ground.git(&tree, &["repack", "-q", "-a", "-d"]);
    let git = Live::default();
    assert_whole(&git, &tree);
    ground.commit(&tree, "src/a.txt", &text(8), "one more");
    ground.git(&tree, &["repack", "-q", "-a", "-d", "-f"]);
    assert_eq!(look(&git, &tree), Ok((text(8), vec![21])));
    assert_eq!(brought(&git, &tree).len(), 8);
}

#[test]
fn nothing_stands_in_for_an_object() {
    let ground = Ground::new();
    let tree = versions(&ground, "tree");
    ground.git(&tree, &["replace", "HEAD:src/a.txt", "main:src/a.txt"]);
    ground.git(&tree, &["repack", "-q", "-a", "-d"]);
    assert_whole(&Live::default(), &tree);
}

#[test]
fn damaged_content_is_told_and_never_handed_on() {
    let ground = Ground::new();
    let tree = versions(&ground, "tree");
    ground.git(&tree, &["repack", "-q", "-a", "-d"]);
    let packs = fs::read_dir(tree.join(".git/objects/pack")).unwrap();
    let mut files = packs.map(|file| file.unwrap().path());
    let pack = files.find(|path| path.extension().is_some_and(|ending| ending == "pack")).unwrap();
    let whole = fs::read(&pack).unwrap();
    let beside = pack.with_extension("beside");
    let mut told = 0;
    for at in (0..whole.len()).step_by(13) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        // Written beside and renamed: the old one may still be mapped.
        fs::write(&beside, &damaged).unwrap();
        fs::rename(&beside, &pack).unwrap();
        match look(&Live::default(), &tree) {
            Ok(read) => assert_eq!(read, (text(7), vec![21]), "byte {at}"),
            Err(reason) => {
                told += 1;
                assert!(!reason.is_empty());
            }
        }
    }
    fs::write(&beside, &whole).unwrap();
    fs::rename(&beside, &pack).unwrap();
    assert!(told > 20, "{told}");
    assert_whole(&Live::default(), &tree);
}

#[test]
fn a_lost_object_is_named() {
    let ground = Ground::new();
    let tree = versions(&ground, "tree");
    let id = ground.git(&tree, &["rev-parse", "HEAD:src"]);
    fs::remove_file(tree.join(".git/objects").join(&id[..2]).join(&id[2..])).unwrap();
    let lost = Live::default().patch(&tree, &wanted()).unwrap_err();
    assert_eq!(lost, Unreadable::Missing(id, false));
}

#[test]
fn how_a_file_begins_is_told_where_that_takes_no_reading_of_it_all() {
    let ground = Ground::new();
    let tree = versions(&ground, "tree");
    let ids: Vec<_> = ["HEAD:src/a.txt", "main:src/a.txt", "HEAD:src"]
        .map(|name| ground.git(&tree, &["rev-parse", name]))
        .into_iter()
        .chain(["1".repeat(40), "no id".to_owned()])
        .collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let told = |most: usize| {
        let mut all = Vec::new();
        let tell = &mut |at: usize, bytes: &[u8]| all.push((at, bytes.to_vec()));
        Live::default().beginnings(&tree, &ids, most, tell).unwrap();
        all
    };
    assert!(told(10).is_empty(), "these lie loose");
    ground.git(&tree, &["repack", "-q", "-a", "-d"]);
    let all = text(7).into_bytes();
    // git keeps the newest whole, and what was before by its difference.
    assert_eq!(told(10), [(0, all[..10].to_vec())]);
    assert_eq!(told(1 << 20), [(0, all)]);
}
