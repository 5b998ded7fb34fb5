//! The commits since the base: what they are, and what their signatures cover.

use git2::Oid;
use schemars::JsonSchema;
use serde::Serialize;

use super::base::base;
use super::open::head_id;
use super::store::Opened;
use super::{Base, Commit, SignedObject, Unreadable, Wanted, commit, remotes};

/// The commits since the base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Commits {
    /// What they are compared with.
    pub base: Base,
    /// Full id of the newest.
    pub head: String,
    /// The commits, newest first.
    pub commits: Vec<Commit>,
    /// Number of all commits since the base, those beyond the limit included.
    pub total: u64,
}

/// A base, a head, and the ids between.
pub(super) struct Range {
    pub(super) base: Base,
    pub(super) head: Oid,
    pub(super) ids: Vec<Oid>,
    pub(super) total: u64,
}

/// Finds the range that is wanted.
pub(super) fn find(
    repository: &Opened,
    wanted: &Wanted,
    limit: usize,
) -> Result<Range, Unreadable> {
    let head = head_id(repository, wanted.head.as_deref())?;
    let remotes = remotes::list(repository, &wanted.repository)?;
    let base = base(repository, head, wanted, &remotes)?
        .ok_or_else(|| Unreadable::NoBase(wanted.branches.clone()))?;
    let (ids, total) = repository.between(base.oid()?, head, limit)?;
    Ok(Range { base, head, ids, total })
}

/// Reads the commits.
pub(super) fn commits(
    repository: &Opened,
    wanted: &Wanted,
    limit: usize,
) -> Result<Commits, Unreadable> {
    let range = find(repository, wanted, limit)?;
    let commits = range.ids.iter().map(|id| commit::read(repository, *id));
    Ok(Commits {
        commits: commits.collect::<Result<_, _>>()?,
        base: range.base,
        head: range.head.to_string(),
        total: range.total,
    })
}

/// Reads what the commits sign.
pub(super) fn signed(
    repository: &Opened,
    wanted: &Wanted,
    limit: usize,
) -> Result<Vec<SignedObject>, Unreadable> {
    let range = find(repository, wanted, limit)?;
    range.ids.iter().map(|id| commit::signed(repository, *id)).collect()
}
