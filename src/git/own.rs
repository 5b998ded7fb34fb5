//! The commits that are a branch's own: in its history and in none of the project's branches. Says
//! whether they stand in one row, which is what can be moved. Reads only.

use std::collections::HashSet;

use git2::{Oid, Repository, Sort};

use super::base::tips;
use super::commit::{absent, subject};
use super::open::{head_id, revision};
use super::signed::{SignatureKind, split};
use super::store::Opened;
use super::{Unreadable, Wanted, changes, remotes};

/// Most commits of one's own that are moved.
const MOST: usize = 2_000;

/// One commit of a branch's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Full id.
    pub id: String,
    /// Full id of the tree it leaves.
    pub tree: String,
    /// First line of the message, foreign bytes replaced.
    pub subject: String,
    /// It carries a signature, good or bad.
    pub signed: bool,
    /// It has several parents.
    pub merge: bool,
}

/// The commits of a branch's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// They, newest first.
    pub links: Vec<Link>,
    /// Full id of the commit they stand on, where they stand in one row.
    pub past: Option<String>,
}

/// Finds them: what no branch of the project has, nor the base that was asked for.
pub(super) fn own(repository: &Repository, wanted: &Wanted) -> Result<Own, Unreadable> {
    let head = head_id(repository, wanted.head.as_deref())?;
    let remotes = remotes::list(repository, &wanted.repository)?;
    let mut walk = repository.revwalk()?;
    walk.set_sorting(Sort::TOPOLOGICAL)?;
    walk.push(head)?;
    let tips = tips(repository, wanted, &remotes)?;
    if tips.is_empty() && wanted.base.is_none() {
        return Err(Unreadable::NoBase(wanted.branches.clone()));
    }
    for tip in &tips {
        walk.hide(tip.id)?;
    }
    if let Some(base) = &wanted.base {
        walk.hide(revision(repository, base)?)?;
    }
    let mut links = Vec::new();
    for id in walk {
        if links.len() == MOST {
            return Err(Unreadable::Endless(MOST));
        }
        links.push(link(repository, id?)?);
    }
    let past = past(repository, head, &links)?;
    Ok(Own { links, past })
}

/// The commits from behind `from` up to `to`, oldest first, along first parents.
pub(super) fn chain(
    repository: &Repository,
    from: &str,
    to: &str,
) -> Result<Vec<Link>, Unreadable> {
    let from = revision(repository, from)?;
    let mut walk = repository.revwalk()?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE)?;
    walk.push(revision(repository, to)?)?;
    walk.hide(from)?;
    walk.take(MOST).map(|id| link(repository, id?)).collect()
}

fn link(repository: &Repository, id: Oid) -> Result<Link, Unreadable> {
    let commit = repository.find_commit(id).map_err(|error| absent(repository, id, &error))?;
    let database = repository.odb()?;
    let object = database.read(id)?;
    Ok(Link {
        id: id.to_string(),
        tree: commit.tree_id().to_string(),
        subject: subject(&commit),
        signed: split(id.to_string(), object.data()).kind != SignatureKind::None,
        merge: commit.parent_count() > 1,
    })
}

/// The commit below the last of a row that begins at `head` and holds all of them.
fn past(repository: &Repository, head: Oid, links: &[Link]) -> Result<Option<String>, Unreadable> {
    let own: HashSet<&str> = links.iter().map(|link| link.id.as_str()).collect();
    let (mut at, mut seen) = (head, 0);
    while own.contains(at.to_string().as_str()) {
        let commit = repository.find_commit(at)?;
        if commit.parent_count() > 1 {
            return Ok(None);
        }
        seen += 1;
        at = match commit.parent_id(0) {
            Ok(parent) => parent,
            Err(_) if repository.is_shallow() => return Err(Unreadable::Shallow),
            Err(_) => return Ok(None),
        };
    }
    Ok((seen == links.len()).then(|| at.to_string()))
}

/// The contents that git would need to bring the files of `from` to those of `to`, and that are not
/// here: their full ids.
pub(super) fn lacking(
    repository: &Opened,
    from: &str,
    to: &str,
) -> Result<Vec<String>, Unreadable> {
    let root = |id: &str| changes::root(repository, revision(repository, id)?);
    let differing = super::trees::differing(repository, Some(root(from)?), root(to)?)?;
    let database = repository.odb()?;
    let contents = differing.into_iter().filter(|change| change.kind != "submodule");
    let ids = contents.filter_map(|change| change.object);
    let mut lacking: Vec<String> =
        ids.filter(|id| Oid::from_str(id).is_ok_and(|id| !database.exists(id))).collect();
    lacking.sort();
    lacking.dedup();
    Ok(lacking)
}
