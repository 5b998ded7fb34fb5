//! Files as they would stand in one more commit, so that it can be judged before anyone makes it.
//! Lives in memory only: nothing is written to the repository.

use git2::build::TreeUpdateBuilder;
use git2::{FileMode, Oid, Repository, Signature, Time};

use super::{Unreadable, Wanted};

/// Before every other store of objects.
const FIRST: i32 = 1000;

/// A file as it would be committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// Path from the root of the tree.
    pub file: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Whether it may be run.
    pub runnable: bool,
}

/// The id of a commit on top of the head with these files in it, known to this open repository
/// alone.
pub(super) fn commit(
    repository: &Repository,
    wanted: &Wanted,
    files: &[Rewritten],
) -> Result<Oid, Unreadable> {
    repository.odb()?.add_new_mempack_backend(FIRST)?;
    let head = repository.revparse_single(wanted.head.as_deref().unwrap_or("HEAD"))?;
    let head = head.peel_to_commit()?;
    let mut update = TreeUpdateBuilder::new();
    for file in files {
        let mode = if file.runnable { FileMode::BlobExecutable } else { FileMode::Blob };
        update.upsert(file.file.as_str(), repository.blob(&file.bytes)?, mode);
    }
    let tree = repository.find_tree(update.create_updated(repository, &head.tree()?)?)?;
    let nobody = Signature::new("onramp", "onramp@localhost", &Time::new(0, 0))?;
    Ok(repository.commit(None, &nobody, &nobody, "as if", &tree, &[&head])?)
}
