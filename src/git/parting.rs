//! Where two commits' histories part, and how far each has gone on since. Walks what is here; fetches
//! nothing.

use git2::{ErrorCode, Oid, Repository};

use super::Unreadable;

/// Where a tip left the history of a base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parting {
    /// The last commit in common; none where there is none.
    pub(super) merge_base: Option<Oid>,
    /// Commits that the base lacks.
    pub(super) ahead: u64,
    /// Commits that the tip lacks.
    pub(super) behind: u64,
}

/// Walks both histories.
pub(super) fn find(repository: &Repository, tip: Oid, base: Oid) -> Result<Parting, Unreadable> {
    let merge_base = match repository.merge_base(tip, base) {
        Ok(merge_base) => Some(merge_base),
        Err(error) if error.code() == ErrorCode::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    let (ahead, behind) = repository.graph_ahead_behind(tip, base)?;
    Ok(Parting { merge_base, ahead: ahead as u64, behind: behind as u64 })
}
