//! The note that a branch is being moved: written before the first file changes, removed after the
//! last. Whoever finds one knows what was meant, and which two states are whole.

use std::path::{Path, PathBuf};

use crate::sys::{Kind, System};

/// Name of the file in the git folder's `onramp` folder.
const FILE: &str = "moving.json";

fn file(git_folder: &Path) -> PathBuf {
    git_folder.join("onramp").join(FILE)
}

/// Whether a move was begun and not ended.
pub(super) fn present(system: &dyn System, git_folder: &Path) -> bool {
    system.kind(&file(git_folder)) == Some(Kind::File)
}
