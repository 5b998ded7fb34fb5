//! The paths of a commit, and what they do to each other: two that differ in case only, and links
//! that lead nowhere. Reads trees, never files.

use std::collections::HashMap;

use git2::Oid;

use super::Unreadable;
use super::store::Opened;
use super::trees::Folder;

/// Paths looked at: more than any project has, and few enough for memory.
const MOST: usize = 500_000;
/// Longest path looked into, in bytes: no system lets a longer one be made.
const LONGEST: usize = 4096;

/// All paths of a commit, folders among them.
pub(super) struct Names {
    links: HashMap<String, bool>,
    colliding: HashMap<String, Vec<String>>,
    cut: bool,
}

impl Names {
    /// Reads them.
    pub(super) fn of(repository: &Opened, root: Oid) -> Result<Self, Unreadable> {
        let mut names = Self { links: HashMap::new(), colliding: HashMap::new(), cut: false };
        let mut by_lower: HashMap<String, String> = HashMap::new();
        let mut open = vec![(String::new(), Folder::read(repository, root)?)];
        while let Some((prefix, folder)) = open.pop() {
            for (name, entry) in folder.entries() {
                let path = format!("{prefix}{}", String::from_utf8_lossy(name));
                if names.links.len() >= MOST || path.len() > LONGEST {
                    names.cut = true;
                    continue;
                }
                if entry.is_tree() {
                    open.push((format!("{path}/"), Folder::read(repository, entry.id)?));
                }
                names.add(path, entry.is_link(), &mut by_lower);
            }
        }
        Ok(names)
    }

    fn add(&mut self, path: String, link: bool, by_lower: &mut HashMap<String, String>) {
        let lower = path.to_lowercase();
        match by_lower.get(&lower) {
            Some(first) if *first != path => {
                let all = self.colliding.entry(lower).or_insert_with(|| vec![first.clone()]);
                all.push(path.clone());
            }
            Some(_) => {}
            None => {
                by_lower.insert(lower, path.clone());
            }
        }
        self.links.insert(path, link);
    }

    /// Another path that is this one, or a folder above it, but for upper and lower case.
    pub(super) fn collision(&self, path: &str) -> Option<String> {
        if self.colliding.is_empty() {
            return None;
        }
        prefixes(path).find_map(|prefix| {
            let others = self.colliding.get(&prefix.to_lowercase())?;
            others.iter().find(|other| other.as_str() != prefix).cloned()
        })
    }

    /// Whether a link leads nowhere in this tree; none where that depends on what lies outside of
    /// it or behind another link.
    pub(super) fn broken(&self, link: &str, target: &str) -> Option<bool> {
        if target.starts_with('/') || self.cut {
            return None;
        }
        let mut path: Vec<&str> = link.split('/').collect();
        path.pop();
        for part in target.split('/').filter(|part| !part.is_empty() && *part != ".") {
            if part == ".." {
                path.pop()?;
                continue;
            }
            path.push(part);
            match self.links.get(&path.join("/")) {
                Some(true) => return None,
                Some(false) => {}
                None => return Some(true),
            }
        }
        Some(false)
    }
}

/// `a/b/c`: `a`, `a/b`, `a/b/c`.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    let cuts = path.char_indices().filter(|(_, c)| *c == '/').map(|(at, _)| at);
    cuts.chain([path.len()]).map(|at| &path[..at])
}
