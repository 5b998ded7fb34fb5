//! What differs between two trees, by names and ids alone. Reads no file, and gives up on trees
//! that were made to have no end.

use std::collections::BTreeMap;

use git2::{ObjectType, Oid, Repository, Tree, TreeEntry};

use super::commit::absent;
use super::{Change, Unreadable};

/// Changed files listed; a whole project has fewer.
const MOST: usize = 200_000;
/// Entries compared on the way to them.
const STEPS: usize = 4_000_000;
/// Entries that a whole tree may have before it counts as endless.
const WHOLE: usize = 1_000_000;
/// Longest path followed, in bytes: no system lets a longer one be made.
const LONGEST: usize = 4096;

/// An entry as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry {
    id: Oid,
    mode: i32,
}

impl Entry {
    fn of(entry: &TreeEntry<'_>) -> Self {
        Self { id: entry.id(), mode: entry.filemode() }
    }

    fn is_tree(self) -> bool {
        self.mode == 0o040_000
    }

    fn kind(self) -> &'static str {
        match self.mode {
            0o100_755 => "executable",
            0o120_000 => "link",
            0o160_000 => "submodule",
            _ => "file",
        }
    }

    /// Files that may be run and files that may not are of one sort.
    fn sort(self) -> &'static str {
        if self.kind() == "executable" { "file" } else { self.kind() }
    }
}

/// The files that differ, by path.
pub(super) fn differing(
    repository: &Repository,
    old: Option<&Tree<'_>>,
    new: &Tree<'_>,
) -> Result<Vec<Change>, Unreadable> {
    let mut found: Vec<(Vec<u8>, Change)> = Vec::new();
    let mut open = vec![(Vec::new(), old.map(Tree::id), Some(new.id()))];
    let mut steps = 0;
    while let Some((folder, old, new)) = open.pop() {
        for (name, (old, new)) in entries(repository, old, new)? {
            steps += 1;
            let mut path = folder.clone();
            path.extend_from_slice(&name);
            if found.len() >= MOST || steps >= STEPS || path.len() > LONGEST {
                return Err(Unreadable::Endless(MOST));
            }
            let inner = |entry: Option<Entry>| entry.filter(|e| e.is_tree()).map(|e| e.id);
            let leaf = |entry: Option<Entry>| entry.filter(|e| !e.is_tree());
            found.extend(change(&path, leaf(old), leaf(new)).map(|change| (path.clone(), change)));
            if (inner(old), inner(new)) != (None, None) {
                path.push(b'/');
                open.push((path, inner(old), inner(new)));
            }
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found.into_iter().map(|(_, change)| change).collect())
}

/// Makes sure that a tree has an end before libgit2 goes through all of it, which it does in memory.
pub(super) fn finite(repository: &Repository, root: &Tree<'_>) -> Result<(), Unreadable> {
    let (mut open, mut count) = (vec![root.id()], 0);
    while let Some(id) = open.pop() {
        let tree = repository.find_tree(id).map_err(|error| absent(repository, id, &error))?;
        count += tree.len();
        if count > WHOLE || open.len() > WHOLE {
            return Err(Unreadable::Endless(WHOLE));
        }
        open.extend(tree.iter().filter(|entry| Entry::of(entry).is_tree()).map(|entry| entry.id()));
    }
    Ok(())
}

type Pair = (Option<Entry>, Option<Entry>);

/// The entries of two folders that differ, by name.
fn entries(
    repository: &Repository,
    old: Option<Oid>,
    new: Option<Oid>,
) -> Result<BTreeMap<Vec<u8>, Pair>, Unreadable> {
    let read = |id: Oid| repository.find_tree(id).map_err(|error| absent(repository, id, &error));
    let mut pairs: BTreeMap<Vec<u8>, Pair> = BTreeMap::new();
    if let Some(tree) = old.map(read).transpose()? {
        for entry in tree.iter().filter(known) {
            pairs.entry(entry.name_bytes().to_vec()).or_default().0 = Some(Entry::of(&entry));
        }
    }
    if let Some(tree) = new.map(read).transpose()? {
        for entry in tree.iter().filter(known) {
            pairs.entry(entry.name_bytes().to_vec()).or_default().1 = Some(Entry::of(&entry));
        }
    }
    pairs.retain(|_, (old, new)| old != new);
    Ok(pairs)
}

fn known(entry: &TreeEntry<'_>) -> bool {
    matches!(entry.kind(), Some(ObjectType::Blob | ObjectType::Tree | ObjectType::Commit))
}

fn change(path: &[u8], old: Option<Entry>, new: Option<Entry>) -> Option<Change> {
    let status = match (old, new) {
        (None, None) => return None,
        (None, Some(_)) => "added",
        (Some(_), None) => "deleted",
        (Some(old), Some(new)) if old.sort() != new.sort() => "type",
        (Some(_), Some(_)) => "modified",
    };
    Some(Change {
        file: String::from_utf8_lossy(path).into_owned(),
        status: status.to_owned(),
        kind: new.map_or("none", Entry::kind).to_owned(),
        size: None,
        object: new.map(|new| new.id.to_string()),
        old_object: old.map(|old| old.id.to_string()),
        commit: None,
    })
}
