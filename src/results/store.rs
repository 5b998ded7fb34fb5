//! Keeps results in the `onramp` folder of a clone's git folder, and reads them back. Writes there
//! and nowhere else, only where that folder is the user's own, and believes no file that is not.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::sys::{Access, System, Workbench, stays_inside};
use crate::trust::closure;

use super::kinds::Details;
use super::model::{Recorded, SHAPE};

/// Results are small; anything larger is not ours.
const LIMIT: u64 = 256 << 10;

/// Why a result was not kept; the run counts all the same.
#[derive(Debug)]
pub enum NotKept {
    /// The git folder belongs to somebody else.
    Foreign(PathBuf),
    /// A link leads out of the git folder.
    LeadsOut(PathBuf),
    /// It is too large to be read back.
    TooLarge,
    /// It could not be written.
    Unwritable(PathBuf, io::Error),
}

impl fmt::Display for NotKept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign(folder) => write!(f, "{} belongs to somebody else", folder.display()),
            Self::LeadsOut(file) => {
                write!(f, "{} leads out of the clone by a link", file.display())
            }
            Self::TooLarge => write!(f, "it is larger than {LIMIT} bytes"),
            Self::Unwritable(file, error) => write!(f, "{}: {error}", file.display()),
        }
    }
}

impl<D: Details> Recorded<D> {
    /// Reads the last result of this kind in `git_folder`; one that is absent, broken, of another
    /// shape or somebody else's counts as none.
    #[must_use]
    pub fn read(system: &dyn System, git_folder: &Path) -> Option<Self> {
        let file = file::<D>(git_folder);
        let own = system.owner(&file).ok()? == system.user();
        if !own || !stays_inside(system, git_folder, &file) {
            return None;
        }
        let bytes = system.read(&file, LIMIT).ok()?;
        match shape(&bytes)? {
            0 => D::before(&bytes),
            SHAPE => serde_json::from_slice(&bytes).ok(),
            _ => None,
        }
    }

    /// Keeps it in `git_folder` in place of the last one of its kind.
    ///
    /// # Errors
    /// Why it was not kept. Nobody's work fails for that.
    pub fn keep(&self, bench: &dyn Workbench, git_folder: &Path) -> Result<(), NotKept> {
        let file = file::<D>(git_folder);
        let owner = bench.owner(git_folder);
        if owner.is_ok_and(|owner| owner != bench.user()) {
            return Err(NotKept::Foreign(git_folder.to_owned()));
        }
        if !stays_inside(bench, git_folder, &file) {
            return Err(NotKept::LeadsOut(file));
        }
        let written = serde_json::to_vec_pretty(self).map_err(io::Error::from);
        let written = written.and_then(|bytes| {
            if bytes.len() as u64 > LIMIT {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            bench.write(&file, &bytes, Access::Private)
        });
        written.map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => NotKept::TooLarge,
            _ => NotKept::Unwritable(file, error),
        })
    }
}

fn file<D: Details>(git_folder: &Path) -> PathBuf {
    git_folder.join("onramp").join(D::KIND.file())
}

/// The version of a file's shape; 0 from before there were any.
fn shape(bytes: &[u8]) -> Option<u32> {
    #[derive(Deserialize)]
    struct Shape {
        #[serde(default)]
        shape: u32,
    }
    serde_json::from_slice::<Shape>(bytes).ok().map(|read| read.shape)
}

/// A digest over what a run was judged by. Lengths stand before the parts, so that no two lists of
/// parts read alike.
#[must_use]
pub fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend((part.len() as u64).to_le_bytes());
        bytes.extend(part.as_bytes());
    }
    closure::digest(&bytes)
}
