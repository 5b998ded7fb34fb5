//! The files of a work tree that say what its CI does, as they lie on disk. Follows no link out of
//! the tree and reads no more than a bounded amount in all.

use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};

use crate::ci::Sources;
use crate::sys::{System, is_of_tree};
use crate::text::size;

/// The folder of the workflows.
const WORKFLOWS: &str = ".github/workflows";
/// A workflow may be this long.
const FILE: u64 = 1 << 20;
/// All that is read may be this long together.
const ALL: u64 = 64 << 20;

/// The files of one tree.
pub(super) struct TreeFiles<'a> {
    system: &'a dyn System,
    /// Links resolved.
    root: PathBuf,
    read: Cell<u64>,
}

impl<'a> TreeFiles<'a> {
    pub(super) fn of(system: &'a dyn System, root: &Path) -> Self {
        let root = system.real_path(root).unwrap_or_else(|_| root.to_owned());
        Self { system, root, read: Cell::new(0) }
    }
}

impl Sources for TreeFiles<'_> {
    fn workflows(&self) -> Vec<String> {
        let names = self.system.list(&self.root.join(WORKFLOWS)).unwrap_or_default();
        // A name that is no text stays in the list, so that the plan says it could not be read.
        let names = names.iter().map(|name| name.to_string_lossy().into_owned());
        let yaml = |name: &String| {
            let extension = Path::new(name).extension();
            extension.is_some_and(|extension| extension == "yml" || extension == "yaml")
        };
        names.filter(yaml).map(|name| format!("{WORKFLOWS}/{name}")).collect()
    }

    fn text(&self, path: &str) -> Result<Option<String>, String> {
        let file = match self.system.real_path(&self.root.join(path)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.to_string()),
        };
        if !is_of_tree(&self.root, &file) {
            return Err("a link leads out of the tree, and is not followed".to_owned());
        }
        if self.read.get() >= ALL {
            return Err(format!("it is not read: there are more than {} of such files", size(ALL)));
        }
        let bytes = self.system.read(&file, FILE).map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => format!("it is larger than {}", size(FILE)),
            io::ErrorKind::InvalidInput => "it is no regular file".to_owned(),
            _ => error.to_string(),
        })?;
        self.read.set(self.read.get() + bytes.len() as u64);
        String::from_utf8(bytes).map(Some).map_err(|_| "it is not UTF-8 text".to_owned())
    }
}
