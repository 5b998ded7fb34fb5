//! What differs between two trees, by names and ids alone. Reads no file, and gives up on trees
//! that were made to have no end.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use git2::{ObjectType, Oid, Repository, Tree, TreeEntry};

use super::commit::absent;
use super::store::Opened;
use super::{Change, Unreadable};

/// Changed files listed; a whole project has fewer.
const MOST: usize = 200_000;
/// Entries compared on the way to them.
const STEPS: usize = 4_000_000;
/// Entries that a whole tree may have before it counts as endless.
const WHOLE: usize = 1_000_000;
/// Longest path followed, in bytes: no system lets a longer one be made.
const LONGEST: usize = 4096;
/// Differing entries of two folders that are looked for among the equal ones.
const FEW: usize = 64;

/// An entry as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: Oid,
    mode: i32,
}

impl Entry {
    fn of(entry: &TreeEntry<'_>) -> Self {
        Self { id: entry.id(), mode: entry.filemode() }
    }

    pub(super) fn is_tree(self) -> bool {
        self.mode == 0o040_000
    }

    pub(super) fn is_link(self) -> bool {
        self.mode == 0o120_000
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

/// An entry with its name.
type Named<'f> = (&'f [u8], Entry);

/// What a folder holds.
pub(super) struct Folder {
    /// The names are parts of it.
    text: Arc<[u8]>,
    entries: Vec<(Range<usize>, Entry)>,
}

impl Folder {
    /// Reads a tree by its id.
    pub(super) fn read(repository: &Opened, id: Oid) -> Result<Self, Unreadable> {
        let object = repository.object(id).filter(|object| object.kind == ObjectType::Tree);
        let folder = object.and_then(|object| {
            let entries = parse(&object.data)?;
            Some(Self { text: object.data, entries })
        });
        if let Some(folder) = folder {
            return Ok(folder);
        }
        let tree = repository.find_tree(id).map_err(|error| absent(repository, id, &error))?;
        Ok(Self::of(&tree))
    }

    fn of(tree: &Tree<'_>) -> Self {
        let (mut text, mut entries) = (Vec::new(), Vec::new());
        for entry in tree {
            let start = text.len();
            text.extend_from_slice(entry.name_bytes());
            entries.push((start..text.len(), Entry::of(&entry)));
        }
        Self { text: text.into(), entries }
    }

    /// They, in git's order.
    pub(super) fn entries(&self) -> impl Iterator<Item = Named<'_>> {
        self.entries.iter().map(|(name, entry)| (&self.text[name.clone()], *entry))
    }
}

/// The entries of a tree as git writes them, with the places of their names; none where it is not
/// written so, and libgit2 is to say what it is.
fn parse(tree: &[u8]) -> Option<Vec<(Range<usize>, Entry)>> {
    let (mut at, mut entries) = (0, Vec::new());
    while at < tree.len() {
        let start = at + 1 + memchr::memchr(b' ', &tree[at..])?;
        let mode = mode(&tree[at..start - 1])?;
        let end = start + memchr::memchr(0, &tree[start..])?;
        at = end + 1 + 20;
        let id = Oid::from_bytes(tree.get(end + 1..at)?).ok()?;
        if start == end || end - start > LONGEST {
            return None;
        }
        entries.push((start..end, Entry { id, mode }));
    }
    Some(entries)
}

/// A mode as libgit2 tells it: one of the five that git knows.
fn mode(digits: &[u8]) -> Option<i32> {
    if !(5..=6).contains(&digits.len()) || !digits.iter().all(|digit| (b'0'..b'8').contains(digit))
    {
        return None;
    }
    let mode = digits.iter().fold(0, |mode, digit| mode * 8 + i32::from(digit - b'0'));
    Some(match mode & 0o170_000 {
        _ if mode > i32::from(u16::MAX) => return None,
        0o040_000 => 0o040_000,
        _ if mode & 0o100 != 0 => 0o100_755,
        0o160_000 => 0o160_000,
        0o120_000 => 0o120_000,
        _ => 0o100_644,
    })
}

/// The files that differ between two trees by their ids, by path.
pub(super) fn differing(
    repository: &Opened,
    old: Option<Oid>,
    new: Oid,
) -> Result<Vec<Change>, Unreadable> {
    let mut found: Vec<(Vec<u8>, Pair)> = Vec::new();
    let mut open = vec![(Vec::new(), old, Some(new))];
    let mut steps = 0;
    while let Some((folder, old, new)) = open.pop() {
        let read = |id: Option<Oid>| id.map(|id| Folder::read(repository, id)).transpose();
        let (old, new) = (read(old)?, read(new)?);
        for (name, (old, new)) in unequal(old.as_ref(), new.as_ref()) {
            steps += 1;
            let mut path = folder.clone();
            path.extend_from_slice(name);
            if found.len() >= MOST || steps >= STEPS || path.len() > LONGEST {
                return Err(Unreadable::Endless(MOST));
            }
            let inner = |entry: Option<Entry>| entry.filter(|e| e.is_tree()).map(|e| e.id);
            let leaf = |entry: Option<Entry>| entry.filter(|e| !e.is_tree());
            if (inner(old), inner(new)) != (None, None) {
                let within = [path.as_slice(), b"/"].concat();
                open.push((within, inner(old), inner(new)));
            }
            if (leaf(old), leaf(new)) != (None, None) {
                found.push((path, (leaf(old), leaf(new))));
            }
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found.into_iter().filter_map(|(path, (old, new))| change(path, old, new)).collect())
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

/// What stood under a name before, and what stands there now.
type Pair = (Option<Entry>, Option<Entry>);

/// The entries of two folders that differ, by name.
fn unequal<'f>(old: Option<&'f Folder>, new: Option<&'f Folder>) -> BTreeMap<&'f [u8], Pair> {
    let list =
        |folder: Option<&'f Folder>| folder.map_or_else(Vec::new, |it| it.entries().collect());
    let (old, new): (Vec<Named<'_>>, Vec<Named<'_>>) = (list(old), list(new));
    let same = |(old, new): &(&Named<'_>, &Named<'_>)| old == new;
    let head = old.iter().zip(&new).take_while(same).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(same).count();
    let (old_rest, _) = old_rest.split_at(old_rest.len() - tail);
    let (new_rest, equal) = new_rest.split_at(new_rest.len() - tail);
    // A broken tree may hold a name twice; then the last one counts, wherever it is.
    let equal = || new[..head].iter().chain(equal);
    let twice = |(name, _): &Named<'_>| equal().any(|(other, _)| other == name);
    let few = old_rest.len() + new_rest.len() <= FEW;
    match few && !old_rest.iter().chain(new_rest).any(twice) {
        true => pairs(old_rest, new_rest),
        false => pairs(&old, &new),
    }
}

fn pairs<'f>(old: &[Named<'f>], new: &[Named<'f>]) -> BTreeMap<&'f [u8], Pair> {
    let mut pairs: BTreeMap<_, Pair> = BTreeMap::new();
    for (name, entry) in old {
        pairs.entry(*name).or_default().0 = Some(*entry);
    }
    for (name, entry) in new {
        pairs.entry(*name).or_default().1 = Some(*entry);
    }
    pairs.retain(|_, (old, new)| old != new);
    pairs
}

fn change(path: Vec<u8>, old: Option<Entry>, new: Option<Entry>) -> Option<Change> {
    let status = match (old, new) {
        (None, None) => return None,
        (None, Some(_)) => "added",
        (Some(_), None) => "deleted",
        (Some(old), Some(new)) if old.sort() != new.sort() => "type",
        (Some(_), Some(_)) => "modified",
    };
    Some(Change {
        file: String::from_utf8(path)
            .unwrap_or_else(|foreign| String::from_utf8_lossy(foreign.as_bytes()).into_owned()),
        status,
        kind: new.map_or("none", Entry::kind),
        size: None,
        object: new.map(|new| new.id.to_string()),
        old_object: old.map(|old| old.id.to_string()),
        commit: None,
    })
}
