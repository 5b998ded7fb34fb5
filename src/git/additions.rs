//! The lines that each commit brings, one run at a time, as `git log -p -U0` would list them: what
//! a later commit takes out again is still in the history. Merges bring nothing of their own.
//! Reads a bounded amount of each file, and fetches nothing.

use std::collections::HashMap;
use std::sync::Arc;

use git2::{Delta, DiffFindOptions, Oid};

use super::changes::{self, Change, Content};
use super::commit::absent;
use super::difference::{added, parts};
use super::range::find;
use super::store::Opened;
use super::trees::differing;
use super::{Base, Unreadable, Wanted};

/// Largest file that is read; git takes larger ones for text, but nobody writes one.
const LARGEST: u64 = 32 << 20;
/// Files of which renames are looked for at most, as git does.
const RENAMES: usize = 1000;

/// Lines that a commit brings to a file, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addition<'a> {
    /// Full id of the commit.
    pub commit: &'a str,
    /// Path of the file in it.
    pub file: &'a str,
    /// Number of the first of them, one-based.
    pub line: u64,
    /// The lines with their line breaks.
    pub text: &'a [u8],
}

/// What was gone through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Additions {
    /// What the head is compared with.
    pub base: Base,
    /// Number of commits since then.
    pub commits: u64,
    /// Number of them that are beyond the limit; they were not read.
    pub left: u64,
    /// Files that could not be read: commit, path and reason.
    pub unread: Vec<(String, String, String)>,
}

/// Hands the added lines of the newest `limit` commits since the base to `read`, oldest first.
pub(super) fn additions(
    repository: &Opened,
    wanted: &Wanted,
    limit: usize,
    read: &mut dyn FnMut(Addition<'_>),
) -> Result<Additions, Unreadable> {
    let range = find(repository, wanted, limit)?;
    let mut unread = Vec::new();
    for id in range.ids.iter().rev() {
        of_commit(repository, *id, read, &mut unread)?;
    }
    let left = range.total.saturating_sub(range.ids.len() as u64);
    Ok(Additions { base: range.base, commits: range.total, left, unread })
}

fn of_commit(
    repository: &Opened,
    id: Oid,
    read: &mut dyn FnMut(Addition<'_>),
    unread: &mut Vec<(String, String, String)>,
) -> Result<(), Unreadable> {
    let commit = repository.find_commit(id).map_err(|error| absent(repository, id, &error))?;
    if commit.parent_count() > 1 {
        return Ok(());
    }
    let parent = commit.parent_id(0).ok().map(|id| changes::root(repository, id)).transpose()?;
    let files = differing(repository, parent, commit.tree_id())?;
    let renamed = renamed(repository, parent, commit.tree_id(), &files);
    let name = id.to_string();
    for file in files.iter().filter(|file| ["file", "executable"].contains(&file.kind)) {
        let old = file.old_object.as_ref().filter(|_| file.status == "modified");
        let old = old.or_else(|| renamed.get(&file.file));
        if let Err(reason) = of_file(repository, &name, file, old, read) {
            unread.push((name.clone(), file.file.clone(), reason));
        }
    }
    Ok(())
}

fn of_file(
    repository: &Opened,
    commit: &str,
    file: &Change,
    old: Option<&String>,
    read: &mut dyn FnMut(Addition<'_>),
) -> Result<(), String> {
    let Some(object) = file.object.as_ref().filter(|object| old != Some(*object)) else {
        return Ok(());
    };
    let new = load(repository, object)?;
    if is_binary(&new) || new.is_empty() {
        return Ok(());
    }
    let mut hand = |line, text| read(Addition { commit, file: &file.file, line, text });
    let old = old.map(|old| load(repository, old)).transpose()?.filter(|old| !is_binary(old));
    let Some(old) = old else {
        hand(1, &new);
        return Ok(());
    };
    parts(&new, &added(&old, &new)).for_each(|(first, text)| hand(first, text));
    Ok(())
}

fn load(repository: &Opened, object: &str) -> Result<Arc<[u8]>, String> {
    changes::load(repository, object, LARGEST).map_err(|instead| match instead {
        Content::Large(size) => format!("too large to be read ({})", crate::text::size(size)),
        Content::Absent(reason) => reason.to_string(),
        Content::Bytes(_) | Content::NoSuchFile => "git gave no answer".to_owned(),
    })
}

/// As git tells text, and no attribute of the tree's own.
fn is_binary(bytes: &[u8]) -> bool {
    memchr::memchr(0, &bytes[..bytes.len().min(8000)]).is_some()
}

/// For each file that was there before under another name, what it was: so that moving a file
/// brings nothing. What cannot be told counts as new.
fn renamed(
    repository: &Opened,
    old: Option<Oid>,
    new: Oid,
    files: &[Change],
) -> HashMap<String, String> {
    let of = |status: &str| files.iter().filter(|file| file.status == status).count();
    let both = of("added") > 0 && of("deleted") > 0;
    let pairs = || -> Result<HashMap<String, String>, git2::Error> {
        let old = old.map(|id| repository.find_tree(id)).transpose()?;
        let new = repository.find_tree(new)?;
        let mut difference = repository.diff_tree_to_tree(old.as_ref(), Some(&new), None)?;
        let mut options = DiffFindOptions::new();
        difference.find_similar(Some(options.renames(true).rename_limit(RENAMES)))?;
        let renamed = difference.deltas().filter(|delta| delta.status() == Delta::Renamed);
        let pair = |delta: git2::DiffDelta<'_>| {
            let path = String::from_utf8_lossy(delta.new_file().path_bytes()?).into_owned();
            Some((path, delta.old_file().id().to_string()))
        };
        Ok(renamed.filter_map(pair).collect())
    };
    if both { pairs().unwrap_or_default() } else { HashMap::new() }
}
