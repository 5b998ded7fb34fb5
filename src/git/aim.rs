//! What somebody's words name in a repository: a range of commits, one commit, or a tag. Says what
//! else they could have meant. Fetches nothing.

use std::fmt;

use git2::{ErrorCode, Object, ObjectType, OdbObject, Oid, Repository, Sort};

use super::open::{head_id, promisor};
use super::signable::signable;
use super::walk::walk;
use super::{Signable, Unreadable};

/// The id of a commit or tag, small enough to keep many of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectId(pub(super) Oid);

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AimKind {
    /// The commits between two revisions.
    Range,
    /// One commit.
    Commit,
    /// One annotated tag.
    Tag,
}

/// Where words lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aim {
    /// What they name.
    pub kind: AimKind,
    /// The commits, newest first, or the one tag.
    pub ids: Vec<ObjectId>,
    /// Full id of the commit that a range begins behind, which is not part of it.
    pub behind: Option<String>,
    /// The tag's name, where the words are one.
    pub tag: Option<String>,
    /// What else they could have meant, as sentences.
    pub notes: Vec<String>,
    /// Why the range is not whole.
    pub cut: Option<Unreadable>,
}

/// Most names handed on.
const NAMES: usize = 5_000;

/// Finds out; what is read on the way goes to `read`.
pub(super) fn aim(
    repository: &Repository,
    words: &str,
    read: &mut dyn FnMut(Signable),
) -> Result<Aim, Unreadable> {
    let end = |name: &str| head_id(repository, Some(name).filter(|name| !name.is_empty()));
    if let Some((left, right)) = words.split_once("...") {
        let (left, right) = (end(left)?, end(right)?);
        let bases: Vec<_> = match repository.merge_bases(left, right) {
            Ok(bases) => bases.iter().copied().collect(),
            Err(error) if error.code() == ErrorCode::NotFound => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        return range(repository, &[left, right], &bases, read);
    }
    if let Some((left, right)) = words.split_once("..") {
        return range(repository, &[end(right)?], &[end(left)?], read);
    }
    single(repository, words)
}

/// The commits that `tips` have and `hidden` have not, newest first.
fn range(
    repository: &Repository,
    tips: &[Oid],
    hidden: &[Oid],
    read: &mut dyn FnMut(Signable),
) -> Result<Aim, Unreadable> {
    let (ids, cut) = if repository.is_shallow() {
        between_cuts(repository, tips, hidden)?
    } else {
        let mut visit = |id: Oid, object: &OdbObject<'_>| {
            // What cannot be parted is read again, and reported, where it is judged.
            if let Ok(signable) = signable(id, object.kind(), object.data()) {
                read(signable);
            }
        };
        let found = walk(repository, tips, hidden, &mut visit)?;
        (found.into_iter().map(ObjectId).collect(), None)
    };
    let behind = hidden.first().map(Oid::to_string);
    Ok(Aim { kind: AimKind::Range, ids, behind, tag: None, notes: Vec::new(), cut })
}

/// The same in a shallow clone: only libgit2 knows where that was cut.
fn between_cuts(
    repository: &Repository,
    tips: &[Oid],
    hidden: &[Oid],
) -> Result<(Vec<ObjectId>, Option<Unreadable>), Unreadable> {
    let lost = |error: git2::Error| lost(repository, &error);
    let mut walk = repository.revwalk()?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME)?;
    for tip in tips {
        walk.push(*tip).map_err(lost)?;
    }
    for base in hidden {
        walk.hide(*base).map_err(lost)?;
    }
    let (mut ids, mut cut) = (Vec::new(), None);
    for id in walk {
        let id = id.map_err(lost)?;
        if is_border(repository, id)? {
            cut = Some(Unreadable::Shallow);
        }
        ids.push(ObjectId(id));
    }
    Ok((ids, cut))
}

/// Whether a commit names parents that the cut of a shallow clone took away.
fn is_border(repository: &Repository, id: Oid) -> Result<bool, Unreadable> {
    let commit = repository.find_commit(id)?;
    Ok(commit.parent_count() == 0
        && commit
            .raw_header_bytes()
            .split(|byte| *byte == b'\n')
            .any(|line| line.starts_with(b"parent ")))
}

/// A walk that met an object which is not here names it in its message.
fn lost(repository: &Repository, error: &git2::Error) -> Unreadable {
    let mut words = error.message().split(|c: char| !c.is_ascii_hexdigit());
    match words.find(|word| word.len() == 40) {
        Some(id) if error.code() == ErrorCode::NotFound => {
            Unreadable::Missing(id.to_owned(), promisor(repository).is_some())
        }
        _ => error.into(),
    }
}

fn single(repository: &Repository, words: &str) -> Result<Aim, Unreadable> {
    let (object, reference) =
        repository.revparse_ext(words).map_err(|error| match error.code() {
            ErrorCode::Ambiguous => Unreadable::Ambiguous(words.to_owned()),
            _ => Unreadable::naming(&error, words),
        })?;
    let name =
        reference.map(|reference| String::from_utf8_lossy(reference.name_bytes()).into_owned());
    let tag = name.as_deref().and_then(|name| name.strip_prefix("refs/tags/")).map(str::to_owned);
    let mut notes = Vec::new();
    if let Some(tag) = &tag {
        if repository.find_reference(&format!("refs/heads/{tag}")).is_ok() {
            notes.push(format!(
                "{tag} is a tag and a branch: the tag is meant, `heads/{tag}` names the branch"
            ));
        }
        if object.kind() == Some(ObjectType::Commit) {
            notes.push(format!("{tag} is a lightweight tag, which carries no signature: the commit it points to is judged"));
        }
    }
    let kind = kind(&object, words)?;
    if kind == AimKind::Tag {
        notes.extend(points_to(&object));
    }
    let ids = vec![ObjectId(object.id())];
    Ok(Aim { kind, ids, behind: None, tag, notes, cut: None })
}

fn kind(object: &Object<'_>, words: &str) -> Result<AimKind, Unreadable> {
    let what = match object.kind() {
        Some(ObjectType::Commit) => return Ok(AimKind::Commit),
        Some(ObjectType::Tag) => return Ok(AimKind::Tag),
        Some(ObjectType::Tree) => "a folder's content",
        _ => "a file's content",
    };
    Err(Unreadable::Unsigned(words.to_owned(), what))
}

/// What a tag names, where that is no commit.
fn points_to(object: &Object<'_>) -> Option<String> {
    let tag = object.as_tag()?;
    let what = match tag.target_type() {
        Some(ObjectType::Commit) => return None,
        Some(ObjectType::Tag) => "another tag",
        Some(ObjectType::Tree) => "a folder's content, not a commit",
        _ => "a file's content, not a commit",
    };
    Some(format!("the tag points to {what} ({})", tag.target_id()))
}

/// Short names of branches and tags.
pub(super) fn names(repository: &Repository) -> Result<Vec<String>, Unreadable> {
    let mut names = Vec::new();
    for reference in repository.references()?.take(NAMES) {
        let reference = reference?;
        names.push(String::from_utf8_lossy(reference.shorthand_bytes()).into_owned());
    }
    Ok(names)
}
