//! Whether a change fits onto other branches than its own: a merge tried in memory for each.
//! Writes nothing and fetches nothing.

use git2::{MergeOptions, Oid, Repository, Tree};
use schemars::JsonSchema;
use serde::Serialize;

use super::changes;
use super::merge::{conflicts, missing};
use super::open::{promisor, revision};
use super::range::find;
use super::store::Opened;
use super::trees::differing;
use super::{Unreadable, Wanted};

/// How a change fits onto a branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Fitting {
    /// Without a conflict.
    Applies,
    /// The branch has all of it already.
    There,
    /// These files stand in the way: the branch lacks them, or has other text in the same place.
    Conflicts(Vec<String>),
    /// It could not be tried, and why.
    Unknown(String),
}

/// Tries the whole change, since its base, on each of `references`, in order.
pub(super) fn fits(
    repository: &Opened,
    wanted: &Wanted,
    references: &[String],
) -> Result<Vec<Fitting>, Unreadable> {
    let range = find(repository, wanted, 0)?;
    let parting = range.base.merge_base.as_deref().map(Oid::from_str).transpose()?;
    let parting = parting.unwrap_or(range.base.oid()?);
    let (old, new) = (changes::tree(repository, parting)?, changes::tree(repository, range.head)?);
    differing(repository, Some(old.id()), new.id())?;
    // Merging makes new contents; they go to memory instead of the repository's own store.
    repository.odb()?.add_new_mempack_backend(1000)?;
    let tried = references
        .iter()
        .map(|reference| fit(repository, &old, &new, reference))
        .map(|tried| tried.unwrap_or_else(|reason| Fitting::Unknown(reason.to_string())));
    Ok(tried.collect())
}

fn fit(
    repository: &Repository,
    old: &Tree<'_>,
    new: &Tree<'_>,
    reference: &str,
) -> Result<Fitting, Unreadable> {
    let there = changes::tree(repository, revision(repository, reference)?)?;
    let mut index = repository
        .merge_trees(old, &there, new, Some(&options(repository)))
        .map_err(|error| missing(repository, &error))?;
    let files = conflicts(&index)?;
    if !files.is_empty() {
        return Ok(Fitting::Conflicts(files.into_iter().map(|conflict| conflict.file).collect()));
    }
    let made = index.write_tree_to(repository)?;
    Ok(if made == there.id() { Fitting::There } else { Fitting::Applies })
}

/// Following renames reads contents that a partial clone may not have.
pub(super) fn options(repository: &Repository) -> MergeOptions {
    let mut options = MergeOptions::new();
    options.find_renames(promisor(repository).is_none());
    options
}
