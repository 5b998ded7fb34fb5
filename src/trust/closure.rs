//! Everything in a tree's `.onramp`, read once, and the hash that stands for it: paths, contents
//! and what may be run. Any change to any file is another hash. Refuses whole what holds a link, a
//! pipe or a device, or is larger than a pack needs to be.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{FOLDER, PROBE, PROBES};
use crate::sys::System;
use crate::sys::gather::{Bounds, Content, Item};

/// Far more than packs need, and far less than would be felt.
const BOUNDS: Bounds = Bounds { items: 1024, file: 1 << 20, total: 4 << 20, depth: 6 };

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path below the folder, `/` between parts.
    pub path: String,
    /// Somebody may run it.
    pub executable: bool,
    /// What is in it.
    pub content: Vec<u8>,
}

/// The folder as it was when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    /// Its files by path.
    pub files: Vec<File>,
    /// SHA-256 over all of them.
    pub hash: String,
    /// The users that any part of it belongs to.
    pub owners: Vec<u32>,
}

/// Reads the folder of a work tree; `None` where the tree has none.
///
/// # Errors
/// A sentence that names what cannot be taken, and nothing of the folder is.
pub fn read(system: &dyn System, tree: &Path) -> Result<Option<Closure>, String> {
    read_folder(system, tree, FOLDER)
}

/// Reads any such folder.
///
/// # Errors
/// As `read`.
pub fn read_folder(
    system: &dyn System,
    above: &Path,
    name: &str,
) -> Result<Option<Closure>, String> {
    match system.gather(above, name, BOUNDS) {
        Ok(items) => closure(name, items).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{name} cannot be read: {error}")),
    }
}

fn closure(name: &str, items: Vec<Item>) -> Result<Closure, String> {
    let mut owners: Vec<u32> = items.iter().map(|item| item.owner).collect();
    owners.sort_unstable();
    owners.dedup();
    let mut files = Vec::new();
    for item in items {
        let parts = [Path::new(name), &item.path];
        let shown: PathBuf = parts.iter().flat_map(|part| part.components()).collect();
        let is = |what: &str| format!("{} is {what}", shown.display());
        match item.content {
            Content::Folder => {}
            Content::Link => return Err(is("a link, and none is followed here")),
            Content::Other => return Err(is("a pipe or a device, and none is opened")),
            Content::File(_) if item.path.as_os_str().is_empty() => {
                return Err(is("a file, not a folder"));
            }
            Content::File(content) => {
                let path = item.path.to_str().ok_or_else(|| is("named in bytes, not in UTF-8"))?;
                let executable = item.executable;
                files.push(File { path: path.to_owned(), executable, content });
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(Closure { hash: hash(&files), files, owners })
}

/// Lengths stand before what varies in length, so that no two folders read alike.
fn hash(files: &[File]) -> String {
    let mut hasher = Sha256::new_with_prefix(b"onramp folder 1\n");
    for file in files {
        hasher.update((file.path.len() as u64).to_le_bytes());
        hasher.update(&file.path);
        hasher.update([u8::from(file.executable)]);
        hasher.update((file.content.len() as u64).to_le_bytes());
        hasher.update(&file.content);
    }
    hexadecimal(&hasher.finalize())
}

/// SHA-256 of some bytes.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Closure {
    /// A file by its path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The files below a folder, by the rest of their paths.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a File)> {
        self.files.iter().filter_map(move |file| Some((file.path.strip_prefix(folder)?, file)))
    }

    /// The names of the probes whose programs it brings.
    #[must_use]
    pub fn probes(&self) -> Vec<&str> {
        let named = self.below(PROBES).filter(|(_, file)| file.executable);
        named.filter_map(|(name, _)| name.strip_prefix(PROBE)).collect()
    }

    /// Whether it brings anything that could be run.
    #[must_use]
    pub fn has_programs(&self) -> bool {
        self.below(PROBES).next().is_some()
    }
}
