//! Looking a little closer through [`System`]: one entry of an archive, one file of a work tree.
//! Runs nothing, unpacks nothing to disk, and follows no link out of the tree.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Kind, Seekable, System, archive};

/// The largest archive looked into.
const ARCHIVE_LIMIT: u64 = 16 << 20;

/// One entry of a zip archive such as a jar, of at most `limit` bytes unpacked.
///
/// # Errors
/// Those of reading the file, `InvalidData` where it is no archive, `NotFound` without the entry,
/// `FileTooLarge` beyond a limit.
pub fn read_archive_entry(
    system: &dyn System,
    file: &Path,
    entry: &str,
    limit: u64,
) -> io::Result<Vec<u8>> {
    let mut whole = system.open(file, ARCHIVE_LIMIT)?;
    let part: Box<dyn Seekable> = match archive::cut(&mut *whole, entry)? {
        Some(part) => Box::new(io::Cursor::new(part)),
        None => whole,
    };
    let mut archive = zip::ZipArchive::new(part)?;
    let mut content = Vec::new();
    // The size an archive claims is not believed: a few bytes may unpack to gigabytes.
    archive.by_name(entry)?.take(limit.saturating_add(1)).read_to_end(&mut content)?;
    if content.len() as u64 > limit {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(content)
}

/// A file of a work tree by its path inside it; `None` where there is none, it is larger than
/// `limit`, or a link leads out of the tree.
pub fn read_in_tree(system: &dyn System, tree: &Path, inside: &str, limit: u64) -> Option<Vec<u8>> {
    let root = system.real_path(tree).ok()?;
    let file = system.real_path(&root.join(inside)).ok()?;
    if !is_of_tree(&root, &file) {
        return None;
    }
    system.read(&file, limit).ok()
}

/// Whether a path, links resolved like those of the root, is one of the work tree's files: it lies
/// inside, and not in git's own folder, whose settings may hold passwords.
pub fn is_of_tree(root: &Path, real: &Path) -> bool {
    let inside = real.strip_prefix(root).ok();
    inside.is_some_and(|inside| inside.iter().all(|name| !name.eq_ignore_ascii_case(".git")))
}

/// Whether writing to `inside` stays below `root`: the nearest part of it that exists leads nowhere
/// else by a link.
pub fn stays_inside(system: &dyn System, root: &Path, inside: &Path) -> bool {
    let Ok(real_root) = system.real_path(root) else { return false };
    let mut parts = inside.ancestors();
    let existing = parts.find_map(|part| system.real_path(part).ok());
    existing.is_some_and(|real| real.starts_with(&real_root))
}

/// A path with `~/` at its beginning opened out, as git and shells do; `None` where that needs a home
/// folder and there is none.
pub fn opened_out(system: &dyn System, path: &str) -> Option<PathBuf> {
    match path.strip_prefix("~/") {
        Some(rest) => Some(system.home()?.join(rest)),
        None => Some(PathBuf::from(path)),
    }
}

/// The first program of that name in an absolute folder of PATH other than `passed_over`: what a
/// version manager's shim leaves to the system.
pub fn find_program_elsewhere(
    system: &dyn System,
    name: &str,
    passed_over: &Path,
) -> Option<PathBuf> {
    let path = system.env("PATH")?;
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute() && folder != passed_over)
        .map(|folder| folder.join(name))
        .find(|program| system.kind(program) == Some(Kind::File))
}
