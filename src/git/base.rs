//! Finds the maintained branch that work is based on. Looks only at what is here; fetches nothing.

use git2::{ErrorCode, Oid, Repository};
use schemars::JsonSchema;
use serde::Serialize;

use super::history::on_first_parents;
use super::open::revision;
use super::parting::Parting;
use super::store::Opened;
use super::{Remotes, Unreadable, Wanted};

/// A maintained branch that the work could be based on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Candidate {
    /// Name of the branch at the project, such as `4.22`.
    pub name: String,
    /// Where it is known here, such as `upstream/4.22`.
    pub reference: String,
    /// Full id of its tip.
    pub id: String,
    /// Full id of the last commit in common; none where there is none.
    pub merge_base: Option<String>,
    /// Commits in the work that the branch lacks.
    pub ahead: u64,
    /// Commits in the branch that the work lacks.
    pub behind: u64,
}

/// What the work is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Base {
    /// Name of the maintained branch, or the revision that was asked for.
    pub name: String,
    /// Where it is known here.
    pub reference: String,
    /// Full id.
    pub id: String,
    /// Full id of the last commit in common; none where there is none.
    pub merge_base: Option<String>,
    /// Commits in the work that the base lacks.
    pub ahead: u64,
    /// Commits in the base that the work lacks.
    pub behind: u64,
    /// It is one of the maintained branches.
    pub maintained: bool,
    /// How it was found, in words.
    pub chosen_by: String,
}

impl Base {
    fn of(candidate: &Candidate, chosen_by: &str) -> Self {
        let Candidate { name, reference, id, merge_base, ahead, behind } = candidate.clone();
        let chosen_by = chosen_by.to_owned();
        Self { name, reference, id, merge_base, ahead, behind, maintained: true, chosen_by }
    }

    /// Its id as git2 knows it.
    pub(super) fn oid(&self) -> Result<Oid, Unreadable> {
        Ok(Oid::from_str(&self.id)?)
    }
}

/// The base of `head`: what was asked for, else the nearest of the maintained branches. `None` where
/// nothing is in common with any of them.
pub(super) fn base(
    repository: &Opened,
    head: Oid,
    wanted: &Wanted,
    remotes: &Remotes,
) -> Result<Option<Base>, Unreadable> {
    match &wanted.base {
        // To walk to all the others as well takes long where the history does.
        Some(asked) => {
            asked_for(repository, head, asked, tips(repository, wanted, remotes)?).map(Some)
        }
        None => nearest(repository, wanted, &candidates(repository, head, wanted, remotes)?),
    }
}

fn nearest(
    repository: &Repository,
    wanted: &Wanted,
    candidates: &[Candidate],
) -> Result<Option<Base>, Unreadable> {
    if candidates.is_empty() {
        return Err(Unreadable::NoBase(wanted.branches.clone()));
    }
    let related = || candidates.iter().filter(|candidate| candidate.merge_base.is_some());
    let Some(fewest) = related().map(|candidate| candidate.ahead).min() else {
        return if repository.is_shallow() { Err(Unreadable::Shallow) } else { Ok(None) };
    };
    let nearest: Vec<_> = related().filter(|candidate| candidate.ahead == fewest).collect();
    if let [only] = nearest[..] {
        return Ok(Some(Base::of(only, "your commits are nearest to it")));
    }
    // A release branch is merged into the newer ones, so its commits are in all of them; the one
    // that work was cut from has the parting commit on its own line.
    for candidate in &nearest {
        let Some(parting) = &candidate.merge_base else { continue };
        let tip = Oid::from_str(&candidate.id)?;
        if on_first_parents(repository, tip, Oid::from_str(parting)?)? {
            return Ok(Some(Base::of(candidate, "your commits were begun on it")));
        }
    }
    Ok(nearest.first().map(|first| Base::of(first, "the first of several that are as near")))
}

fn asked_for(
    repository: &Opened,
    head: Oid,
    asked: &str,
    tips: Vec<Tip>,
) -> Result<Base, Unreadable> {
    let named = |tip: &Tip| tip.name == asked || tip.reference == asked;
    if let Some(Tip { name, reference, id }) = tips.into_iter().find(named) {
        let candidate = measure(repository, head, name, reference, id)?;
        return Ok(Base::of(&candidate, "asked for"));
    }
    let id = revision(repository, asked)?;
    let candidate = measure(repository, head, asked.to_owned(), asked.to_owned(), id)?;
    Ok(Base { maintained: false, ..Base::of(&candidate, "asked for") })
}

/// The maintained branches known here, in the order of the list.
pub(super) fn candidates(
    repository: &Opened,
    head: Oid,
    wanted: &Wanted,
    remotes: &Remotes,
) -> Result<Vec<Candidate>, Unreadable> {
    let tips = tips(repository, wanted, remotes)?.into_iter();
    tips.map(|Tip { name, reference, id }| measure(repository, head, name, reference, id)).collect()
}

/// A maintained branch: where it is known here, and its newest commit.
pub(super) struct Tip {
    name: String,
    reference: String,
    pub(super) id: Oid,
}

/// The newest commits of the maintained branches known here, in the order of the list.
pub(super) fn tips(
    repository: &Repository,
    wanted: &Wanted,
    remotes: &Remotes,
) -> Result<Vec<Tip>, Unreadable> {
    let remote = tracked(repository, wanted, remotes);
    let mut found = Vec::new();
    for name in &wanted.branches {
        let places = [
            remote.map(|remote| {
                (format!("refs/remotes/{remote}/{name}"), format!("{remote}/{name}"))
            }),
            Some((format!("refs/heads/{name}"), name.clone())),
        ];
        for (full, reference) in places.into_iter().flatten() {
            if let Some(id) = commit_at(repository, &full)? {
                found.push(Tip { name: name.clone(), reference, id });
                break;
            }
        }
    }
    Ok(found)
}

/// The remote whose branches count: the project's, else `upstream`, else `origin`; of those that
/// fit, the first whose branches were ever fetched.
fn tracked<'a>(repository: &Repository, wanted: &Wanted, remotes: &'a Remotes) -> Option<&'a str> {
    let fetched = |remote: &&super::Remote| {
        wanted.branches.iter().any(|branch| {
            repository.find_reference(&format!("refs/remotes/{}/{branch}", remote.name)).is_ok()
        })
    };
    remotes.by_trust().find(fetched).map(|remote| remote.name.as_str())
}

fn commit_at(repository: &Repository, reference: &str) -> Result<Option<Oid>, Unreadable> {
    match repository.find_reference(reference) {
        Ok(reference) => Ok(Some(reference.peel_to_commit()?.id())),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) if error.code() == ErrorCode::InvalidSpec => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn measure(
    repository: &Opened,
    head: Oid,
    name: String,
    reference: String,
    id: Oid,
) -> Result<Candidate, Unreadable> {
    let Parting { merge_base, ahead, behind } = repository.parting(head, id)?;
    let merge_base = merge_base.as_ref().map(Oid::to_string);
    Ok(Candidate { name, reference, id: id.to_string(), merge_base, ahead, behind })
}
