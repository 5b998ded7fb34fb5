//! Who may run a file: the one thing about its mode that git keeps. Follows no link.

use std::fs::{OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::OFlags;

/// Lets a regular file be run by whoever may read it, or by nobody.
pub(super) fn set(path: &Path, may_run: bool) -> io::Result<()> {
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits());
    let flags = flags.map_err(|_| io::ErrorKind::Unsupported)?;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mode = metadata.permissions().mode() & 0o7777;
    let readers = (mode & 0o444) >> 2;
    let mode = if may_run { mode | readers } else { mode & !0o111 };
    file.set_permissions(Permissions::from_mode(mode))
}
