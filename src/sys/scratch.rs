//! The private folder of one command: made before it starts, gone when it has ended. Outside of
//! the user's files, and nothing but what the command names is put there.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::command::Command;

/// How many folders this process has made, so that no two share a name.
static MADE: AtomicU64 = AtomicU64::new(0);

/// Removes the folder when dropped.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// Makes the folder with the command's files; `None` for a command without any.
    pub(super) fn make(command: &Command) -> io::Result<Option<Self>> {
        if command.scratch.is_empty() {
            return Ok(None);
        }
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let moment = jiff::Timestamp::now().as_nanosecond();
        let name = format!("onramp-{}-{number}-{moment}", std::process::id());
        // A compiler needs a file; this folder is private, new and removed at once.
        let folder = std::env::temp_dir().join(name);
        // Not `create_dir_all`: a folder or link that is already there belongs to someone else.
        DirBuilder::new().mode(0o700).create(&folder)?;
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
        // What cannot be removed is a few lines in the system's folder for temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}
