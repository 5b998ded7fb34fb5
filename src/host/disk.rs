//! Room on the disk where something will lie. Looks only; makes no folder.

use std::io;
use std::path::{Path, PathBuf};

use crate::sys::{DiskSpace, System};

/// Where a path will lie and how much room is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// The path asked about, made absolute.
    pub path: PathBuf,
    /// Bytes free for an ordinary user, and in all.
    pub space: DiskSpace,
}

/// The room where `path` lies or will lie; a relative one starts at the current folder, and
/// without one it is the current folder itself.
///
/// # Errors
/// Those of asking for the current folder or the file system.
pub fn room(system: &dyn System, path: Option<&Path>) -> io::Result<Room> {
    let path = match path {
        Some(path) if path.is_absolute() => path.to_owned(),
        Some(path) => system.current_dir()?.join(path),
        None => system.current_dir()?,
    };
    let space = system.disk_space(&path)?;
    Ok(Room { path, space })
}
