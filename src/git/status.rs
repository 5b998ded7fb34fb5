//! What differs between head, index and files. Runs no filter and no monitor, refreshes nothing.

use std::collections::HashSet;

use git2::{IndexEntryExtendedFlag, Repository, StatusOptions, Statuses};
use schemars::JsonSchema;
use serde::Serialize;

use super::Unreadable;
use super::open::{State, state};
use super::trees::finite;

/// Most entries listed.
const LISTED: usize = 50;

/// One file that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Entry {
    /// Path from the root of the tree, foreign bytes replaced.
    pub file: String,
    /// `changed`, `added`, `deleted`, `untracked` or `conflict`.
    pub status: String,
    /// The change is in the index already.
    pub staged: bool,
}

/// The state of a work tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Status {
    /// The repository.
    pub repository: State,
    /// Nothing differs, nothing is untracked, nothing is under way.
    pub clean: bool,
    /// Tracked files that differ, at most 50.
    pub changed: Vec<Entry>,
    /// Number of all of them.
    pub changed_total: u64,
    /// Files and folders that git neither knows nor ignores, at most 50.
    pub untracked: Vec<Entry>,
    /// Number of all of them.
    pub untracked_total: u64,
    /// Number of files in conflict.
    pub conflicts: u64,
}

/// Looks at the work tree.
pub(super) fn status(repository: &Repository) -> Result<Status, Unreadable> {
    if repository.is_bare() {
        return Err(Unreadable::Bare(repository.path().to_owned()));
    }
    if let Ok(head) = repository.head().and_then(|head| head.peel_to_tree()) {
        finite(repository, &head)?;
    }
    let mut options = StatusOptions::new();
    options.include_untracked(true).exclude_submodules(true).no_refresh(true).update_index(false);
    let statuses = repository.statuses(Some(&mut options))?;
    let left_out = left_out(repository, &statuses)?;
    let there = statuses.iter().filter(|entry| !left_out.contains(entry.path_bytes()));
    let entries = there.filter_map(|entry| read(entry.path_bytes(), entry.status()));
    let (untracked, changed): (Vec<_>, Vec<_>) =
        entries.partition(|entry| entry.status == "untracked");
    let repository = state(repository)?;
    Ok(Status {
        clean: changed.is_empty() && untracked.is_empty() && repository.operation.is_none(),
        conflicts: changed.iter().filter(|entry| entry.status == "conflict").count() as u64,
        changed_total: changed.len() as u64,
        untracked_total: untracked.len() as u64,
        changed: changed.into_iter().take(LISTED).collect(),
        untracked: untracked.into_iter().take(LISTED).collect(),
        repository,
    })
}

/// The files that are not in the work tree because it was told to be sparse. libgit2 takes them for
/// deleted.
fn left_out(
    repository: &Repository,
    statuses: &Statuses<'_>,
) -> Result<HashSet<Vec<u8>>, Unreadable> {
    if !statuses.iter().any(|entry| entry.status() == git2::Status::WT_DELETED) {
        return Ok(HashSet::new());
    }
    let sparse = IndexEntryExtendedFlag::SKIP_WORKTREE.bits();
    let entries = repository.index()?;
    let entries = entries.iter().filter(|entry| entry.flags_extended & sparse != 0);
    Ok(entries.map(|entry| entry.path).collect())
}

fn read(path: &[u8], status: git2::Status) -> Option<Entry> {
    use git2::Status as S;
    let word = if status.contains(S::CONFLICTED) {
        "conflict"
    } else if status.intersects(S::WT_NEW) {
        "untracked"
    } else if status.intersects(S::INDEX_NEW) {
        "added"
    } else if status.intersects(S::INDEX_DELETED | S::WT_DELETED) {
        "deleted"
    } else if status.is_empty() || status == S::IGNORED {
        return None;
    } else {
        "changed"
    };
    let staged = status.intersects(
        S::INDEX_NEW
            | S::INDEX_MODIFIED
            | S::INDEX_DELETED
            | S::INDEX_RENAMED
            | S::INDEX_TYPECHANGE,
    );
    Some(Entry {
        file: String::from_utf8_lossy(path).into_owned(),
        status: word.to_owned(),
        staged,
    })
}
