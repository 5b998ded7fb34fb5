//! Files of the same kind as another, nearest first: what a new file should look like. Reads names
//! only, and a bounded number of them.

use git2::{ObjectType, Oid, Repository, Tree};

use super::Unreadable;
use super::changes::tree;

/// Names that are looked at.
const NAMES: usize = 20_000;
/// Longest path followed, in bytes.
const LONGEST: usize = 4096;
/// Files that are told.
const TOLD: usize = 20;

/// Paths of files in a commit that have the same ending, those in the nearest folder first.
pub(super) fn alike(
    repository: &Repository,
    commit: &str,
    path: &str,
) -> Result<Vec<String>, Unreadable> {
    let root = tree(repository, Oid::from_str(commit)?)?;
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or(name, |(_, ending)| ending).to_owned();
    let mut search = Search { repository, ending, names: NAMES, found: Vec::new() };
    let mut folder = path;
    while let Some((above, _)) = folder.rsplit_once('/') {
        folder = above;
        let entry =
            root.get_path(folder.as_ref()).ok().filter(|it| it.kind() == Some(ObjectType::Tree));
        if let Some(tree) = entry.and_then(|entry| repository.find_tree(entry.id()).ok()) {
            search.below(&tree, &format!("{folder}/"));
        }
    }
    search.below(&root, "");
    Ok(search.found)
}

struct Search<'a> {
    repository: &'a Repository,
    ending: String,
    names: usize,
    found: Vec<String>,
}

impl Search<'_> {
    /// The folder's own files, then those of the folders in it.
    fn below(&mut self, tree: &Tree<'_>, prefix: &str) {
        let mut folders = Vec::new();
        for entry in tree {
            if self.found.len() >= TOLD || self.names == 0 || prefix.len() > LONGEST {
                return;
            }
            self.names -= 1;
            let Ok(name) = entry.name() else { continue };
            let path = format!("{prefix}{name}");
            let ending = name.rsplit_once('.').map_or(name, |(_, ending)| ending);
            match entry.kind() {
                Some(ObjectType::Tree) => folders.push((entry.id(), path)),
                Some(ObjectType::Blob) if ending == self.ending && !self.found.contains(&path) => {
                    self.found.push(path);
                }
                _ => {}
            }
        }
        for (id, path) in folders {
            if let Ok(tree) = self.repository.find_tree(id) {
                self.below(&tree, &format!("{path}/"));
            }
        }
    }
}
