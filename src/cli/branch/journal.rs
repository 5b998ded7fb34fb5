//! The note that a branch is being moved: written before the first file changes, removed after the
//! last. Whoever finds one knows what was meant, and which two states are whole.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::sys::{Access, Kind, System, Workbench};

/// Name of the file in the git folder's `onramp` folder.
const FILE: &str = "moving.json";
/// It is small; anything larger is not ours.
const LIMIT: u64 = 64 << 10;

/// A move under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Moving {
    /// Full name of the branch, such as `refs/heads/my-change`.
    pub reference: String,
    /// Full id of the commit it leaves.
    pub from: String,
    /// Full id of the commit it goes to.
    pub to: String,
}

fn file(git_folder: &Path) -> PathBuf {
    git_folder.join("onramp").join(FILE)
}

/// Whether a move was begun and not ended.
pub(super) fn present(system: &dyn System, git_folder: &Path) -> bool {
    system.kind(&file(git_folder)) == Some(Kind::File)
}

impl Moving {
    /// The move that was begun and not ended.
    ///
    /// # Errors
    /// A note that cannot be read.
    pub(super) fn read(system: &dyn System, git_folder: &Path) -> io::Result<Option<Self>> {
        match system.read(&file(git_folder), LIMIT) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        }
    }

    /// Writes the note.
    ///
    /// # Errors
    /// Those of the file system.
    pub(super) fn write(&self, bench: &dyn Workbench, git_folder: &Path) -> io::Result<()> {
        bench.write(&file(git_folder), &serde_json::to_vec_pretty(self)?, Access::Private)
    }

    /// Takes the note away.
    ///
    /// # Errors
    /// Those of the file system.
    pub(super) fn remove(bench: &dyn Workbench, git_folder: &Path) -> io::Result<()> {
        bench.remove_file(&file(git_folder))
    }
}
