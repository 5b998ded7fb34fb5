//! Everything in one folder of a work tree, read at once without following a link: what is hashed,
//! shown and used are then the same bytes, whatever happens to the folder meanwhile. Opens neither
//! pipes nor devices, and gives up at its bounds.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat, fstat, open, openat, statat};
use rustix::io::Errno;

use super::recorded::Recorded;
use super::{Kind, System};

/// How much is read before giving up.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Most files and folders.
    pub items: usize,
    /// Bytes of one file.
    pub file: u64,
    /// Bytes of all files.
    pub total: u64,
    /// Folders below one another.
    pub depth: usize,
}

/// Something in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its path below the folder; empty for the folder itself.
    pub path: PathBuf,
    /// Number of the user it belongs to.
    pub owner: u32,
    /// Somebody may run it.
    pub executable: bool,
    /// What it is.
    pub content: Content,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A regular file and what is in it.
    File(Vec<u8>),
    /// A folder.
    Folder,
    /// A link, wherever it leads.
    Link,
    /// A pipe, socket or device.
    Other,
}

const FOLDER: OFlags = OFlags::DIRECTORY.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
/// Without blocking, lest a file that became a pipe a moment ago waits for its writer.
const FILE: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

struct Gathering {
    bounds: Bounds,
    room: u64,
    items: Vec<Item>,
}

/// The folder `name` in `above`, itself first, then what is in it by path.
pub(super) fn gather(above: &Path, name: &str, bounds: Bounds) -> io::Result<Vec<Item>> {
    let above = open(above, OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let mut gathering = Gathering { bounds, room: bounds.total, items: Vec::new() };
    gathering.take(&above, name.as_bytes(), Path::new(""), 0)?;
    gathering.items.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(gathering.items)
}

impl Gathering {
    fn take(&mut self, above: &OwnedFd, name: &[u8], path: &Path, depth: usize) -> io::Result<()> {
        if self.items.len() >= self.bounds.items || depth > self.bounds.depth {
            return Err(too_large("too many files or folders"));
        }
        let seen = statat(above, name, AtFlags::SYMLINK_NOFOLLOW)?;
        match FileType::from_raw_mode(seen.st_mode) {
            FileType::Directory => {
                self.folder(openat(above, name, FOLDER, Mode::empty())?, path, depth)
            }
            FileType::RegularFile => match openat(above, name, FILE, Mode::empty()) {
                Ok(file) => self.file(file, path),
                Err(Errno::LOOP) => self.add(path, &seen, Content::Link),
                Err(error) => Err(error.into()),
            },
            FileType::Symlink => self.add(path, &seen, Content::Link),
            _ => self.add(path, &seen, Content::Other),
        }
    }

    fn folder(&mut self, folder: OwnedFd, path: &Path, depth: usize) -> io::Result<()> {
        self.add(path, &fstat(&folder)?, Content::Folder)?;
        for entry in Dir::read_from(&folder)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                let below = path.join(std::ffi::OsStr::from_bytes(name));
                self.take(&folder, name, &below, depth + 1)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, file: OwnedFd, path: &Path) -> io::Result<()> {
        let seen = fstat(&file)?;
        if FileType::from_raw_mode(seen.st_mode) != FileType::RegularFile {
            return self.add(path, &seen, Content::Other);
        }
        let limit = self.bounds.file.min(self.room);
        let mut content = Vec::new();
        File::from(file).take(limit.saturating_add(1)).read_to_end(&mut content)?;
        if content.len() as u64 > limit {
            return Err(too_large("larger than a pack may be"));
        }
        self.room -= content.len() as u64;
        self.add(path, &seen, Content::File(content))
    }

    #[expect(clippy::unnecessary_wraps, reason = "the shape every arm of `take` has")]
    fn add(&mut self, path: &Path, seen: &Stat, content: Content) -> io::Result<()> {
        let executable = seen.st_mode & 0o111 != 0 && !matches!(content, Content::Folder);
        let path = path.to_owned();
        self.items.push(Item { path, owner: seen.st_uid, executable, content });
        Ok(())
    }
}

fn too_large(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, what)
}

/// The same of a recorded machine, where a script says so itself with its first two bytes.
pub(super) fn recorded(
    machine: &Recorded,
    above: &Path,
    name: &str,
    bounds: Bounds,
) -> io::Result<Vec<Item>> {
    let root = above.join(name);
    let item = |path: PathBuf, content: Content| {
        let executable = matches!(&content, Content::File(text) if text.starts_with(b"#!"));
        let owner = machine.owner(&root.join(&path)).unwrap_or(machine.user);
        Item { path, owner, executable, content }
    };
    if machine.links.contains_key(&*root.to_string_lossy()) {
        return Ok(vec![item(PathBuf::new(), Content::Link)]);
    }
    if machine.kind(&root) != Some(Kind::Folder) {
        return Err(io::ErrorKind::NotFound.into());
    }
    let inside = |path: &String| Path::new(path).strip_prefix(&root).ok().map(Path::to_owned);
    let mut items = vec![item(PathBuf::new(), Content::Folder)];
    for (path, text) in &machine.files {
        let Some(path) = inside(path) else { continue };
        if text.len() as u64 > bounds.file || items.len() >= bounds.items {
            return Err(too_large("larger than a pack may be"));
        }
        items.push(item(path, Content::File(text.clone().into_bytes())));
    }
    let links = machine.links.keys().filter_map(inside);
    items.extend(links.map(|path| item(path, Content::Link)));
    items.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(items)
}
