//! How large the modules of a project are: the number of their source files, from folders alone. No
//! file is opened, no link followed out of a module.

use std::path::{Path, PathBuf};

use super::project::Reactor;
use crate::sys::{Kind, System};

/// Folders looked into; a tree with more tells enough by then.
const MOST_FOLDERS: usize = 20_000;
/// Folders below a module in which sources lie.
const SOURCES: [&str; 2] = ["src/main", "src/test"];

/// Source files of each module, in the order of the reactor.
#[must_use]
pub fn sources(system: &dyn System, root: &Path, reactor: &Reactor) -> Vec<usize> {
    let mut left = MOST_FOLDERS;
    let mut count = |folder: &Path| {
        SOURCES.iter().map(|below| files(system, &root.join(folder).join(below), &mut left)).sum()
    };
    reactor.modules.iter().map(|module| count(&module.folder)).collect()
}

fn files(system: &dyn System, folder: &Path, left: &mut usize) -> usize {
    let mut waiting: Vec<PathBuf> = vec![folder.to_owned()];
    let mut found = 0;
    while let Some(folder) = waiting.pop() {
        if *left == 0 {
            break;
        }
        *left -= 1;
        for name in system.list(&folder).unwrap_or_default() {
            let name = Path::new(&name);
            match name.extension().and_then(|extension| extension.to_str()) {
                Some("java" | "kt" | "groovy" | "scala") => found += 1,
                Some(_) => {}
                // The folders of packages have no dot in their names.
                None if system.kind(&folder.join(name)) == Some(Kind::Folder) => {
                    waiting.push(folder.join(name));
                }
                None => {}
            }
        }
    }
    found
}
