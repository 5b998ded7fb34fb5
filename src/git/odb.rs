//! Reads objects whole and holds their content against their id. libgit2 does so too, and looks for
//! crafted collisions besides, as git does when it takes objects in: that costs more than all the
//! rest of a signature that was judged before. Here the processor's own instructions do it.

use git2::{ErrorClass, ErrorCode, ObjectType, Odb, OdbObject, Oid, Repository};
use sha1::{Digest, Sha1};

/// The objects of a repository.
pub(super) struct Objects<'r>(Odb<'r>);

impl<'r> Objects<'r> {
    /// Of a long history, each read once: libgit2 keeps none of them in memory from here on.
    pub(super) fn once(repository: &'r Repository) -> Result<Self, git2::Error> {
        // What it would keep of a long history is as large as it.
        git2::opts::enable_caching(false);
        Self::of(repository)
    }

    pub(super) fn of(repository: &'r Repository) -> Result<Self, git2::Error> {
        git2::opts::strict_hash_verification(false);
        repository.odb().map(Self)
    }

    /// # Errors
    /// The object is not here, cannot be read, or is not what its id says.
    pub(super) fn read(&self, id: Oid) -> Result<OdbObject<'_>, git2::Error> {
        let object = self.0.read(id)?;
        hold(id, &object)?;
        Ok(object)
    }
}

/// Holds what libgit2 read against its id: it was told once not to.
pub(super) fn hold(id: Oid, object: &OdbObject<'_>) -> Result<(), git2::Error> {
    if hash(object.kind(), object.data()) == id.as_bytes() {
        return Ok(());
    }
    let what = format!("the object {id} holds something else");
    Err(git2::Error::new(ErrorCode::GenericError, ErrorClass::Odb, what))
}

/// The id that git gives such an object.
pub(super) fn hash(kind: ObjectType, data: &[u8]) -> [u8; 20] {
    let mut hash = Sha1::new();
    hash.update(kind.str());
    hash.update(b" ");
    hash.update(data.len().to_string());
    hash.update(b"\0");
    hash.update(data);
    hash.finalize().into()
}
