//! Private folders that do not last: that of one command, made before it starts and gone when it
//! has ended, and that of one piece of work. Outside of the user's files, and gone as well where a
//! signal ends onramp.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::command::Command;
use super::interrupt;

/// How many folders this process has made, so that no two share a name.
static MADE: AtomicU64 = AtomicU64::new(0);

/// The folders of work that is going on. Process-wide because signals are.
static LASTING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A private folder (0700) that is removed with everything in it when this is dropped, or when a
/// signal ends onramp.
#[derive(Debug)]
pub struct Temporary(PathBuf);

impl Temporary {
    pub(super) fn make() -> io::Result<Self> {
        interrupt::ready()?;
        // Noted before it is there, so that no signal can come between.
        let folder = new_path();
        lasting().push(folder.clone());
        if let Err(error) = create(&folder) {
            forget(&folder);
            return Err(error);
        }
        Ok(Self(folder))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        remove(&self.0);
        forget(&self.0);
    }
}

/// Removes every folder of work that is going on: for the end of onramp by a signal.
pub(super) fn remove_all() {
    lasting().iter().for_each(|folder| remove(folder));
}

fn forget(folder: &Path) {
    lasting().retain(|other| other != folder);
}

fn lasting() -> MutexGuard<'static, Vec<PathBuf>> {
    // A panic while holding the list cannot leave it half changed.
    LASTING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn remove(folder: &Path) {
    // What cannot be removed stays in the system's folder for temporary files, private.
    let _ = fs::remove_dir_all(folder);
}

/// A path in the system's folder for temporary files that nobody else chooses.
fn new_path() -> PathBuf {
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let moment = jiff::Timestamp::now().as_nanosecond();
    std::env::temp_dir().join(format!("onramp-{}-{number}-{moment}", std::process::id()))
}

/// Not `create_dir_all`: a folder or link that is already there belongs to someone else.
fn create(folder: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(folder)
}

/// Removes the folder when dropped.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// Makes the folder with the command's files; `None` for a command without any.
    pub(super) fn make(command: &Command) -> io::Result<Option<Self>> {
        if command.scratch.is_empty() {
            return Ok(None);
        }
        // A compiler needs a file; this folder is private, new and removed at once.
        let folder = new_path();
        create(&folder)?;
        let scratch = Self(folder);
        for (name, content) in &command.scratch {
            fs::write(scratch.0.join(name), content)?;
        }
        Ok(Some(scratch))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        remove(&self.0);
    }
}
