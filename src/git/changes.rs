//! The files that differ between two commits, and their content. Renames are not looked for: that
//! would read old content, which a partial clone may not have.

use std::collections::{HashMap, HashSet};

use git2::{Oid, Repository, Tree};
use schemars::JsonSchema;
use serde::Serialize;

use super::commit::absent;
use super::range::{Range, find};
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
    pub status: String,
    /// `file`, `executable`, `link`, `submodule` or `none` (deleted).
    pub kind: String,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Changes {
    /// What the head is compared with.
    pub base: Base,
    /// Full id of the commit compared from: the merge base.
    pub from: String,
    /// Full id of the head.
    pub head: String,
    /// The files, by path.
    pub files: Vec<Change>,
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
    Bytes(Vec<u8>),
    /// It is larger than asked for; its size.
    Large(u64),
    /// There is no such file.
    NoSuchFile,
    /// It is not here, and why.
    Absent(Unreadable),
}

/// Lists the files that differ between the merge base and the head.
pub(super) fn changes(repository: &Repository, wanted: &Wanted) -> Result<Changes, Unreadable> {
    listed(repository, wanted, find(repository, wanted, COMMITS)?)
}

/// Lists the files that differ over a range.
pub(super) fn listed(
    repository: &Repository,
    wanted: &Wanted,
    range: Range,
) -> Result<Changes, Unreadable> {
    let from =
        range.base.merge_base.clone().ok_or_else(|| Unreadable::NoBase(wanted.branches.clone()))?;
    let old = tree(repository, Oid::from_str(&from)?)?;
    let new = tree(repository, range.head)?;
    let database = repository.odb()?;
    let mut files = differing(repository, Some(&old), &new)?;
    let touched = last_touch(repository, &range.ids, &files)?;
    for file in &mut files {
        file.commit = touched.get(&file.file).map(Oid::to_string);
        let id = file.object.as_ref().and_then(|id| Oid::from_str(id).ok());
        file.size = id.and_then(|id| database.read_header(id).ok()).map(|(size, _)| size as u64);
    }
    Ok(Changes { base: range.base, from, head: range.head.to_string(), files })
}

/// The tree of a commit.
pub(super) fn tree(repository: &Repository, commit: Oid) -> Result<Tree<'_>, Unreadable> {
    let commit = repository.find_commit(commit).map_err(|e| absent(repository, commit, &e))?;
    commit.tree().map_err(|error| absent(repository, commit.tree_id(), &error))
}

/// For each file the newest commit that touched it. Merges count against their first parent only,
/// and only where nothing else did.
fn last_touch(
    repository: &Repository,
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
pub(super) fn touched(repository: &Repository, id: Oid) -> Result<Vec<String>, Unreadable> {
    let commit = repository.find_commit(id).map_err(|error| absent(repository, id, &error))?;
    let parent = commit.parent_id(0).ok().map(|id| tree(repository, id)).transpose()?;
    let changes = differing(repository, parent.as_ref(), &tree(repository, id)?)?;
    Ok(changes.into_iter().map(|change| change.file).collect())
}

/// Reads some content; without a look at its size first where there is no limit.
pub(super) fn content(repository: &Repository, object: &Object, limit: u64) -> Content {
    match locate(repository, object) {
        Ok(Some(id)) => read(repository, id, limit),
        Ok(None) => Content::NoSuchFile,
        Err(reason) => Content::Absent(reason),
    }
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

fn read(repository: &Repository, id: Oid, limit: u64) -> Content {
    let absent = |error: git2::Error| Content::Absent(absent(repository, id, &error));
    let database = match repository.odb() {
        Ok(database) => database,
        Err(error) => return Content::Absent(error.into()),
    };
    // In a pack, the size alone costs half of what the content does.
    if limit < u64::MAX {
        match database.read_header(id) {
            Ok((size, _)) if size as u64 > limit => return Content::Large(size as u64),
            Ok(_) => {}
            Err(error) => return absent(error),
        }
    }
    match database.read(id) {
        Ok(object) => Content::Bytes(object.data().to_vec()),
        Err(error) => absent(error),
    }
}
