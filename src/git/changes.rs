//! The files that differ between two commits, and their content. Renames are not looked for: that
//! would read old content, which a partial clone may not have.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use git2::{Oid, Repository, Tree};
use schemars::JsonSchema;
use serde::Serialize;

use super::commit::absent;
use super::memory::{Key, Memory};
use super::odb::hold;
use super::range::{Range, find};
use super::store::{Opened, ROOM};
use super::trees::differing;
use super::{Base, Unreadable, Wanted};

/// Commits searched for the one that last touched a file.
pub(super) const COMMITS: usize = 500;

/// One changed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// Path from the root of the tree, foreign bytes replaced.
    pub file: String,
    /// `added`, `modified`, `deleted` or `type` (a file became a link, or the like).
    pub status: &'static str,
    /// `file`, `executable`, `link`, `submodule` or `none` (deleted).
    pub kind: &'static str,
    /// Size in bytes; none where the content is not here.
    pub size: Option<u64>,
    /// Full id of the new content; none where deleted.
    pub object: Option<String>,
    /// Full id of the old content; none where added.
    pub old_object: Option<String>,
    /// Full id of the last commit since the base that touched it.
    pub commit: Option<String>,
}

/// All changed files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// What the head is compared with.
    pub base: Base,
    /// Full id of the commit compared from: the merge base.
    pub from: String,
    /// Full id of the head.
    pub head: String,
    /// The files, by path.
    pub files: Arc<Vec<Change>>,
}

/// Some content to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// By its full id.
    Id(String),
    /// A file in a commit, by full id and path.
    At(String, String),
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The whole of it.
    Bytes(Arc<[u8]>),
    /// It is larger than asked for; its size.
    Large(u64),
    /// There is no such file.
    NoSuchFile,
    /// It is not here, and why.
    Absent(Unreadable),
}

/// Lists the files that differ between the merge base and the head.
pub(super) fn changes(
    repository: &Opened,
    wanted: &Wanted,
    memory: &Memory<Vec<Change>>,
) -> Result<Changes, Unreadable> {
    listed(repository, wanted, find(repository, wanted, COMMITS)?, memory)
}

/// Lists the files that differ over a range.
pub(super) fn listed(
    repository: &Opened,
    wanted: &Wanted,
    range: Range,
    memory: &Memory<Vec<Change>>,
) -> Result<Changes, Unreadable> {
    let from =
        range.base.merge_base.clone().ok_or_else(|| Unreadable::NoBase(wanted.branches.clone()))?;
    let read = || differing_over(repository, Oid::from_str(&from)?, &range);
    let files = memory.of(Key::of(repository, &range), read)?;
    Ok(Changes { base: range.base, from, head: range.head.to_string(), files })
}

fn differing_over(
    repository: &Opened,
    from: Oid,
    range: &Range,
) -> Result<Vec<Change>, Unreadable> {
    let (old, new) = (root(repository, from)?, root(repository, range.head)?);
    let database = repository.odb()?;
    let mut files = differing(repository, Some(old), new)?;
    let only = only_commit(repository, from, &range.ids)?;
    let touched = match only {
        Some(_) => HashMap::new(),
        None => last_touch(repository, &range.ids, &files)?,
    };
    let noted = |id: Oid| database.read_header(id).ok().map(|(size, _)| size as u64);
    for file in &mut files {
        file.commit = only.as_ref().or_else(|| touched.get(&file.file)).map(Oid::to_string);
        let id = file.object.as_ref().and_then(|id| Oid::from_str(id).ok());
        file.size = id.and_then(|id| repository.size(id).or_else(|| noted(id)));
    }
    Ok(files)
}

/// The id of a commit's tree.
pub(super) fn root(repository: &Repository, commit: Oid) -> Result<Oid, Unreadable> {
    let commit = repository.find_commit(commit).map_err(|e| absent(repository, commit, &e))?;
    Ok(commit.tree_id())
}

/// The tree of a commit.
pub(super) fn tree(repository: &Repository, commit: Oid) -> Result<Tree<'_>, Unreadable> {
    let commit = repository.find_commit(commit).map_err(|e| absent(repository, commit, &e))?;
    commit.tree().map_err(|error| absent(repository, commit.tree_id(), &error))
}

/// The commit that is all of the change, where it is only one.
fn only_commit(repository: &Opened, from: Oid, ids: &[Oid]) -> Result<Option<Oid>, Unreadable> {
    let [only] = ids else { return Ok(None) };
    let commit = repository.find_commit(*only).map_err(|e| absent(repository, *only, &e))?;
    Ok(commit.parent_ids().eq([from]).then_some(*only))
}

/// For each file the newest commit that touched it. Merges count against their first parent only,
/// and only where nothing else did.
fn last_touch(
    repository: &Opened,
    ids: &[Oid],
    files: &[Change],
) -> Result<HashMap<String, Oid>, Unreadable> {
    let mut open: HashSet<&str> = files.iter().map(|file| file.file.as_str()).collect();
    let mut found = HashMap::new();
    for merges in [false, true] {
        for id in ids {
            if open.is_empty() {
                return Ok(found);
            }
            let commit = repository.find_commit(*id).map_err(|e| absent(repository, *id, &e))?;
            if (commit.parent_count() > 1) != merges {
                continue;
            }
            for file in touched(repository, *id)? {
                if open.remove(file.as_str()) {
                    found.insert(file, *id);
                }
            }
        }
    }
    Ok(found)
}

/// The files in which a commit differs from its first parent.
pub(super) fn touched(repository: &Opened, id: Oid) -> Result<Vec<String>, Unreadable> {
    let commit = repository.find_commit(id).map_err(|error| absent(repository, id, &error))?;
    let parent = commit.parent_id(0).ok().map(|id| root(repository, id)).transpose()?;
    let changes = differing(repository, parent, commit.tree_id())?;
    Ok(changes.into_iter().map(|change| change.file).collect())
}

/// Reads some content; without a look at its size first where there is no limit.
pub(super) fn content(repository: &Opened, object: &Object, limit: u64) -> Content {
    let read = match locate(repository, object) {
        Ok(Some(id)) => read(repository, id, limit),
        Ok(None) => Err(Content::NoSuchFile),
        Err(reason) => Err(Content::Absent(reason)),
    };
    read.map_or_else(|instead| instead, Content::Bytes)
}

/// Content by its full id.
///
/// # Errors
/// What there is instead.
pub(super) fn load(repository: &Opened, id: &str, limit: u64) -> Result<Arc<[u8]>, Content> {
    let id = Oid::from_str(id).map_err(|error| Content::Absent(error.into()))?;
    read(repository, id, limit)
}

fn locate(repository: &Repository, object: &Object) -> Result<Option<Oid>, Unreadable> {
    match object {
        Object::Id(id) => Ok(Some(Oid::from_str(id)?)),
        Object::At(commit, path) => {
            let tree = tree(repository, Oid::from_str(commit)?)?;
            match tree.get_path(path.as_ref()) {
                Ok(entry) => Ok(Some(entry.id())),
                Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
                Err(error) => Err(error.into()),
            }
        }
    }
}

fn read(repository: &Opened, id: Oid, limit: u64) -> Result<Arc<[u8]>, Content> {
    // What is larger than asked for is not unpacked first, unless that is soon done.
    let noted = if limit < ROOM as u64 / 2 { repository.size(id) } else { None };
    if let Some(size) = noted.filter(|size| *size > limit) {
        return Err(Content::Large(size));
    }
    if let Some(object) = repository.object(id) {
        let size = object.data.len() as u64;
        return if size > limit { Err(Content::Large(size)) } else { Ok(object.data) };
    }
    let absent = |error: git2::Error| Content::Absent(absent(repository, id, &error));
    let database = repository.odb().map_err(|error| Content::Absent(error.into()))?;
    // In a pack, the size alone costs half of what the content does.
    if limit < u64::MAX {
        let (size, _) = database.read_header(id).map_err(absent)?;
        if size as u64 > limit {
            return Err(Content::Large(size as u64));
        }
    }
    let object = database.read(id).map_err(absent)?;
    hold(id, &object).map_err(absent)?;
    Ok(Arc::from(object.data()))
}
