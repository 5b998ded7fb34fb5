//! What a download or an installation that was cut short left in the local repository: archives
//! without an end, files without content, files that were being written. Removes and changes nothing.

use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::local;
use crate::sys::{Kind, System};

/// The end of an archive: its record of 22 bytes and a comment of at most 64 KiB.
const TAIL: u64 = 22 + (64 << 10);
/// How that record begins.
const END: &[u8] = b"PK\x05\x06";
/// No archive of an artifact is larger.
const LARGEST: u64 = 4 << 30;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Damage {
    /// Files that Maven would take for whole and are not, as paths inside the repository, at most so
    /// many as were asked for.
    pub broken: Vec<PathBuf>,
    /// How many there are in all.
    pub broken_total: usize,
    /// How many files were being written; Maven does not read these.
    pub unfinished: usize,
    /// How many downloads failed and are not tried again for a while.
    pub remembered: usize,
}

/// Looks through the repository at `root`, naming at most `most` files.
#[must_use]
pub fn look(system: &dyn System, root: &Path, most: usize) -> Damage {
    let mut damage = Damage::default();
    local::walk(system, root, &mut |path, name| {
        if let Some(artifact) = name.strip_suffix(local::LEFTOVER) {
            // Another repository had it all the same.
            let there = system.kind(&path.with_file_name(artifact)) == Some(Kind::File);
            damage.remembered += usize::from(!there);
        } else if name.ends_with(".part") || name.ends_with(".tmp") {
            damage.unfinished += 1;
        } else if is_broken(system, path, name) {
            damage.broken_total += 1;
            if damage.broken.len() < most {
                damage.broken.push(path.strip_prefix(root).unwrap_or(path).to_owned());
            }
        }
    });
    damage.broken.sort();
    damage
}

fn is_broken(system: &dyn System, path: &Path, name: &str) -> bool {
    if name.ends_with(".pom") {
        return system.read(path, 0).is_ok();
    }
    (name.ends_with(".jar") || name.ends_with(".war")) && has_no_end(system, path)
}

/// Whether an archive lacks its end; one that cannot be read is told by Maven itself.
fn has_no_end(system: &dyn System, path: &Path) -> bool {
    let Ok(mut file) = system.open(path, LARGEST) else { return false };
    let Ok(length) = file.seek(SeekFrom::End(0)) else { return false };
    if file.seek(SeekFrom::Start(length.saturating_sub(TAIL))).is_err() {
        return false;
    }
    let mut tail = Vec::new();
    if file.take(TAIL).read_to_end(&mut tail).is_err() {
        return false;
    }
    memchr::memmem::rfind(&tail, END).is_none()
}
