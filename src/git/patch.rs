//! A change with its text: what each file holds now, which of its lines are new, and its traits.
//! Reads a bounded amount and says what it left out; fetches nothing.

use std::io::Read;
use std::ops::RangeInclusive;
use std::sync::Arc;

use git2::{Oid, Repository};

use super::changes::{self, Change, Changes, Content};
use super::difference::{added, parts};
use super::memory::{Key, Memory};
use super::names::Names;
use super::range::find;
use super::store::Opened;
use super::traits::{self, Traits, is_binary};
use super::{Base, Unreadable, Wanted};

/// Largest text that is looked through; beyond it nobody writes one by hand.
const LARGEST: usize = 4 << 20;
/// Largest file that is read for its traits.
const READ: u64 = 32 << 20;
/// Text kept of a whole change.
const KEPT: usize = 128 << 20;

/// A change with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// What the head is compared with.
    pub base: Base,
    /// Full id of the commit compared from: the merge base.
    pub from: String,
    /// Full id of the head.
    pub head: String,
    /// The files that are there after the change, by path; those deleted are left out.
    pub files: Vec<Patched>,
}

/// A changed file with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patched {
    /// What changed.
    pub change: Change,
    /// What it is like.
    pub traits: Traits,
    /// Its text; none for what is no text or could not be read.
    pub text: Option<Text>,
}

/// The text of a changed file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// All of it.
    pub bytes: Arc<[u8]>,
    /// The one-based lines that are new, or why that cannot be told.
    pub added: Result<Vec<RangeInclusive<u64>>, String>,
}

impl Text {
    /// The new lines of it with their one-based numbers, their line breaks left out; none where
    /// that cannot be told.
    pub fn added_lines(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let added = self.added.as_deref().unwrap_or_default();
        parts(&self.bytes, added).flat_map(|(first, text)| (first..).zip(lines(text)))
    }
}

/// Every line, its line break left out.
fn lines(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let (line, after) = rest.split_at(end);
        rest = after;
        Some(bare(line))
    })
}

/// A line without its line break; a carriage return is a part of that only before its other half.
fn bare(line: &[u8]) -> &[u8] {
    match line.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None => line,
    }
}

/// Reads a change, or remembers it: its files, and all of it.
pub(super) fn patch(
    repository: &Opened,
    wanted: &Wanted,
    (files, patches): (&Memory<Vec<Change>>, &Memory<Patch>),
) -> Result<Arc<Patch>, Unreadable> {
    let range = find(repository, wanted, changes::COMMITS)?;
    patches.of(Key::of(repository, &range), || {
        read(repository, changes::listed(repository, wanted, range, files)?)
    })
}

fn read(repository: &Opened, changes: Changes) -> Result<Patch, Unreadable> {
    let Changes { base, from, head, files } = changes;
    let files: Vec<_> = files.iter().filter(|file| file.status != "deleted").collect();
    let odd_names = |file: &Change| file.kind == "link" || file.status == "added";
    let names = if files.iter().any(|file| odd_names(file)) {
        Some(Names::of(repository, changes::root(repository, Oid::from_str(&head)?)?)?)
    } else {
        None
    };
    let mut room = KEPT;
    let files = files.into_iter().map(|change| {
        let (mut traits, text) = content(repository, change, room);
        room -= text.as_ref().map_or(0, |text| text.bytes.len());
        if let Some(names) = names.as_ref().filter(|_| odd_names(change)) {
            traits.collides_with = names.collision(&change.file);
            let target = traits.link_target.as_deref();
            traits.link_broken = target.and_then(|target| names.broken(&change.file, target));
        }
        Patched { change: change.clone(), traits, text }
    });
    Ok(Patch { files: files.collect(), base, from, head })
}

fn content(repository: &Opened, change: &Change, room: usize) -> (Traits, Option<Text>) {
    let Some(object) = change.object.as_ref().filter(|_| change.kind != "submodule") else {
        return (Traits::default(), None);
    };
    let was_link = Some(false).filter(|_| change.status != "type");
    let bytes = match changes::load(repository, object, READ) {
        Ok(bytes) => bytes,
        // Of damaged content libgit2 never gets to the beginning.
        Err(Content::Large(_)) if begins_binary(repository, object) => {
            return (Traits { was_link, binary: Some(true), ..Traits::default() }, None);
        }
        Err(instead) => {
            let unread = Some(reason(instead));
            return (Traits { was_link, unread, ..Traits::default() }, None);
        }
    };
    if change.kind == "link" {
        let link_target = Some(String::from_utf8_lossy(&bytes).into_owned());
        return (Traits { link_target, ..Traits::default() }, None);
    }
    let mut traits = traits::of(&change.file, &bytes);
    traits.was_link = was_link.or_else(|| Some(was_target(repository, change, &bytes)));
    if traits.binary == Some(true) {
        return (traits, None);
    }
    if bytes.len() > LARGEST {
        traits.unread = Some(too_large(bytes.len() as u64));
        return (traits, None);
    }
    if bytes.len() > room {
        let most = crate::text::size(KEPT as u64);
        let reason = format!("left out, as the whole change holds more than {most} of text");
        traits.unread = Some(reason);
        return (traits, None);
    }
    let (added, old_endings) = compare(repository, change, &bytes);
    traits.old_endings = old_endings;
    (traits, Some(Text { bytes, added }))
}

/// Some content, or why it cannot be had.
fn load(repository: &Opened, object: &str) -> Result<Arc<[u8]>, String> {
    changes::load(repository, object, READ).map_err(reason)
}

/// Why content cannot be had.
fn reason(instead: Content) -> String {
    match instead {
        Content::Large(size) => too_large(size),
        Content::Absent(reason) => reason.to_string(),
        Content::Bytes(_) | Content::NoSuchFile => "git gave no answer".to_owned(),
    }
}

fn too_large(size: u64) -> String {
    format!("too large to be looked through ({})", crate::text::size(size))
}

/// Whether content that is not read whole begins like no text; false where its beginning cannot be
/// had by itself, as in a pack.
fn begins_binary(repository: &Repository, object: &str) -> bool {
    let Ok(id) = Oid::from_str(object) else { return false };
    let Ok(database) = repository.odb() else { return false };
    let Ok((reader, _, _)) = database.reader(id) else { return false };
    let mut beginning = Vec::new();
    reader.take(8000).read_to_end(&mut beginning).is_ok() && is_binary(&beginning)
}

/// Whether a file holds what a link in its place led to, as systems without links leave it.
fn was_target(repository: &Opened, change: &Change, bytes: &[u8]) -> bool {
    let old = change.old_object.as_ref().and_then(|old| load(repository, old).ok());
    old.is_some_and(|old| !old.is_empty() && old.trim_ascii_end() == bytes.trim_ascii_end())
}

type Added = Result<Vec<RangeInclusive<u64>>, String>;

/// The new lines, and what the old ones ended in.
fn compare(repository: &Opened, change: &Change, new: &[u8]) -> (Added, Option<String>) {
    let Some(old) = change.old_object.as_ref().filter(|_| change.status == "modified") else {
        return (Ok(vec![1..=u64::MAX]), None);
    };
    match load(repository, old) {
        Err(reason) => (Err(format!("what is new in it cannot be told: {reason}")), None),
        Ok(old) if is_binary(&old) => (Ok(vec![1..=u64::MAX]), None),
        Ok(old) => (Ok(added(&old, new)), Some(traits::endings(&old).to_owned())),
    }
}
