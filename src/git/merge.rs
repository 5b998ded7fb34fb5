//! Whether a change still fits its base: a merge tried in memory. Writes nothing, to the
//! repository least of all.

use git2::{ErrorCode, Index, MergeOptions, Oid, Repository};
use schemars::JsonSchema;
use serde::Serialize;

use super::changes;
use super::commit::absent;
use super::range::find;
use super::store::Opened;
use super::trees::differing;
use super::{Base, Unreadable, Wanted};

/// A file that both sides changed in the same place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Conflict {
    /// Its path, foreign bytes replaced.
    pub file: String,
}

/// How a change and its base go together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Merge {
    /// The base as it is known here.
    pub base: Base,
    /// The files that a person would have to settle.
    pub conflicts: Vec<Conflict>,
}

/// Tries the merge.
pub(super) fn merge(repository: &Opened, wanted: &Wanted) -> Result<Merge, Unreadable> {
    let range = find(repository, wanted, 0)?;
    let base = range.base.oid()?;
    if range.base.behind == 0 {
        return Ok(Merge { base: range.base, conflicts: Vec::new() });
    }
    // Told before libgit2 sets out on a change without end.
    let parting = range.base.merge_base.as_deref().map(Oid::from_str).transpose()?;
    let old = parting.map(|id| changes::root(repository, id)).transpose()?;
    differing(repository, old, changes::root(repository, range.head)?)?;
    // Merging makes new contents; they go to memory instead of the repository's own store.
    repository.odb()?.add_new_mempack_backend(1000)?;
    let commit = |id: Oid| repository.find_commit(id).map_err(|e| absent(repository, id, &e));
    let (ours, theirs) = (commit(base)?, commit(range.head)?);
    let mut options = MergeOptions::new();
    // Following renames would read contents that a partial clone may not have.
    options.find_renames(false);
    let index = repository
        .merge_commits(&ours, &theirs, Some(&options))
        .map_err(|error| missing(repository, &error))?;
    Ok(Merge { base: range.base, conflicts: conflicts(&index)? })
}

/// The files of a merge that a person would have to settle.
pub(super) fn conflicts(index: &Index) -> Result<Vec<Conflict>, Unreadable> {
    let mut found = Vec::new();
    for conflict in index.conflicts()? {
        let conflict = conflict?;
        let entry = conflict.our.or(conflict.their).or(conflict.ancestor);
        let path = entry.map(|entry| String::from_utf8_lossy(&entry.path).into_owned());
        found.extend(path.map(|file| Conflict { file }));
    }
    Ok(found)
}

/// libgit2 names an object that is not here only in its message.
pub(super) fn missing(repository: &Repository, error: &git2::Error) -> Unreadable {
    let mut words = error.message().split(|c: char| !c.is_ascii_hexdigit());
    let id = words.find(|word| word.len() == 40).and_then(|word| Oid::from_str(word).ok());
    match id.filter(|_| error.code() == ErrorCode::NotFound) {
        Some(id) => absent(repository, id, error),
        None => error.into(),
    }
}
