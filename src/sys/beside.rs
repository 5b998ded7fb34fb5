//! Writes a file beside its place and renames it, so that half a file is never there. What a killed
//! run left beside a private file goes with the next writing; in a work tree nothing is looked for.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

use super::Access;

/// Puts the content in the place of the file.
pub(super) fn write(path: &Path, content: &[u8], access: Access) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default();
    if matches!(access, Access::Private | Access::Program) {
        sweep(folder, name);
    }
    let mut own = beginning(name);
    own.push(std::process::id().to_string());
    let beside = folder.join(own);
    let mode = match access {
        Access::Private => 0o600,
        Access::Program => 0o700,
        Access::Shared => 0o644,
        Access::Kept => fs::metadata(path).map_or(0o600, |file| file.permissions().mode()),
    };
    let written = write_new(&beside, content, mode).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The file that could not be finished is ours and of no use to anyone.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// What names beside a file begin with. The number of the process ends them: two runs of onramp
/// never share one.
fn beginning(name: &OsStr) -> OsString {
    let mut beside = OsString::from(".");
    beside.push(name);
    beside.push(".onramp-");
    beside
}

/// Removes what runs left that were killed. One whose number a new process has stays.
fn sweep(folder: &Path, name: &OsStr) {
    let beginning = beginning(name);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let number = name.as_bytes().strip_prefix(beginning.as_bytes());
        let number = number.and_then(|digits| str::from_utf8(digits).ok()?.parse().ok());
        let ended = |process| test_kill_process(process) == Err(Errno::SRCH);
        if number.and_then(Pid::from_raw).is_some_and(ended) {
            // Where it cannot be removed it harms nobody.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn write_new(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let file = OpenOptions::new().create_new(true).write(true).mode(mode).open(path)?;
    filled(file, content, mode)
}

/// Fills a new file and has it reach the disk.
pub(super) fn filled(mut file: File, content: &[u8], mode: u32) -> io::Result<()> {
    // The umask may have taken bits away that a shared draft needs.
    file.set_permissions(fs::Permissions::from_mode(mode))?;
    file.write_all(content)?;
    file.sync_all()
}
