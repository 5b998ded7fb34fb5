//! Puts commits onto another one in memory, to find the first that does not fit. Writes nothing and
//! fetches nothing; what git itself makes of renames may differ, so a real move tries again.

use git2::{Oid, Repository};

use super::fit::options;
use super::merge::{conflicts, missing};
use super::open::revision;
use super::{Link, Unreadable, changes};

/// The first commit that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// The commit.
    pub link: Link,
    /// The files that a person would have to settle.
    pub files: Vec<String>,
}

/// Replays `links`, oldest first, onto the commit `onto`; merges are passed over.
pub(super) fn replay(
    repository: &Repository,
    onto: &str,
    links: &[Link],
) -> Result<Option<Stop>, Unreadable> {
    // New trees and contents go to memory instead of the repository's own store.
    repository.odb()?.add_new_mempack_backend(1000)?;
    // What a partial clone left at the server need not be here to stand in a tree.
    git2::opts::strict_object_creation(false);
    let mut current = changes::tree(repository, revision(repository, onto)?)?;
    let options = options(repository);
    for link in links.iter().filter(|link| !link.merge) {
        let commit = repository.find_commit(Oid::from_str(&link.id)?)?;
        let parent = commit.parent_id(0).map(|id| changes::tree(repository, id));
        // A first commit is all new: git compares it with the empty tree.
        let Ok(parent) = parent else { return Ok(None) };
        let theirs = changes::tree(repository, commit.id())?;
        let mut index = repository
            .merge_trees(&parent?, &current, &theirs, Some(&options))
            .map_err(|error| missing(repository, &error))?;
        let files = conflicts(&index)?;
        if !files.is_empty() {
            let files = files.into_iter().map(|conflict| conflict.file).collect();
            return Ok(Some(Stop { link: link.clone(), files }));
        }
        let made = index.write_tree_to(repository)?;
        current = repository.find_tree(made)?;
    }
    Ok(None)
}
