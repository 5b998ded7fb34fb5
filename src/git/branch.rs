//! One branch as a reviewer meets it: its base, what does not belong to it, and
//! whether it was pushed. Facts only; the checks judge.

use git2::{Oid, Repository};
use schemars::JsonSchema;
use serde::Serialize;

use super::base::{base, candidates};
use super::commit::subject;
use super::history::contained;
use super::open::{head, head_id};
use super::store::Opened;
use super::{Base, Candidate, Head, Remotes, Unreadable, Wanted, remotes};
use crate::text::shell_word;

/// Commits looked at for foreign ones.
const COMMITS: usize = 1000;
/// Foreign commits listed.
const FOREIGN: usize = 20;

/// The branch, its base and its copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Branch {
    /// The current commit.
    pub head: Head,
    /// What it is based on; none where it has nothing in common with any maintained branch.
    pub base: Option<Base>,
    /// The maintained branches known here.
    pub candidates: Vec<Candidate>,
    /// The current branch is itself named like a maintained one.
    pub on_base: bool,
    /// Commits since the base that another maintained branch has already, at most 20.
    pub foreign_commits: Vec<Foreign>,
    /// Number of all of them.
    pub foreign_total: u64,
    /// Where the clone came from and pushes to.
    pub remotes: Remotes,
    /// The pushed copy of the branch, as last seen from here; none where there is none.
    pub pushed: Option<Pushed>,
}

/// A commit that came along from another maintained branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Foreign {
    /// Full id.
    pub commit: String,
    /// First line of its message.
    pub subject: String,
    /// The maintained branch that has it.
    pub branch: String,
}

/// The branch at a remote, as last seen from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Pushed {
    /// Such as `origin/my-change`.
    pub reference: String,
    /// Name of the remote.
    pub remote: String,
    /// Full id of its commit.
    pub id: String,
    /// It is the local commit.
    pub equal: bool,
    /// It has commits that the local branch has not, as after an amended commit.
    pub diverged: bool,
}

impl Pushed {
    /// The command that brings the branch there as it is here. Only what was seen from here is
    /// replaced, nobody else's later work.
    #[must_use]
    pub fn push(&self, branch: &str) -> String {
        let (remote, name) = (shell_word(&self.remote), shell_word(branch));
        if !self.diverged {
            return format!("git push {remote} {name}");
        }
        let lease = shell_word(&format!("--force-with-lease={branch}:{}", self.id));
        format!("git push {lease} {remote} {name}")
    }
}

/// Looks at the branch.
pub(super) fn branch(repository: &Opened, wanted: &Wanted) -> Result<Branch, Unreadable> {
    let remotes = remotes::list(repository, &wanted.repository)?;
    let here = head(repository)?;
    let tip = head_id(repository, wanted.head.as_deref())?;
    let candidates = candidates(repository, tip, wanted, &remotes)?;
    let base = match base(repository, tip, wanted, &remotes) {
        Err(Unreadable::NoBase(_)) => None,
        base => base?,
    };
    let ids = match &base {
        Some(base) => repository.between(base.oid()?, tip, COMMITS)?.0,
        None => Vec::new(),
    };
    let foreign = match &base {
        // Compared with a commit somebody picked, every maintained branch would be another.
        Some(base) if base.maintained => foreign(repository, base, tip, &candidates, &ids)?,
        _ => Vec::new(),
    };
    let on_base = wanted.head.is_none()
        && here.name.as_ref().is_some_and(|name| wanted.branches.contains(name));
    Ok(Branch {
        on_base,
        foreign_total: foreign.len() as u64,
        foreign_commits: foreign.into_iter().take(FOREIGN).collect(),
        pushed: pushed(repository, here.name.as_deref(), tip),
        head: here,
        base,
        candidates,
        remotes,
    })
}

fn foreign(
    repository: &Repository,
    base: &Base,
    tip: Oid,
    candidates: &[Candidate],
    ids: &[Oid],
) -> Result<Vec<Foreign>, Unreadable> {
    let mut found: Vec<Foreign> = Vec::new();
    for other in candidates.iter().filter(|other| other.name != base.name) {
        let other_tip = Oid::from_str(&other.id)?;
        for id in contained(repository, base.oid()?, tip, other_tip, ids)? {
            let commit = id.to_string();
            if !found.iter().any(|seen| seen.commit == commit) {
                let subject = subject(&repository.find_commit(id)?);
                found.push(Foreign { commit, subject, branch: other.name.clone() });
            }
        }
    }
    Ok(found)
}

/// The copy of the branch at the remote that a plain push would go to, else at `origin`.
fn pushed(repository: &Repository, branch: Option<&str>, tip: Oid) -> Option<Pushed> {
    let branch = branch?;
    let config = repository.config().ok()?;
    let setting = |name: String| config.get_string(&name).ok();
    let remotes = [
        setting(format!("branch.{branch}.pushremote")),
        setting("remote.pushdefault".to_owned()),
        Some("origin".to_owned()),
        setting(format!("branch.{branch}.remote")),
    ];
    remotes.into_iter().flatten().find_map(|remote| {
        let reference = format!("{remote}/{branch}");
        let found = repository.find_reference(&format!("refs/remotes/{reference}")).ok()?;
        let id = found.peel_to_commit().ok()?.id();
        let equal = id == tip;
        let diverged = !equal && !repository.graph_descendant_of(tip, id).unwrap_or(false);
        Some(Pushed { reference, remote, id: id.to_string(), equal, diverged })
    })
}

/// Whether the current commit is that one or descends from it.
pub(super) fn contains(repository: &Repository, commit: &str) -> Result<bool, Unreadable> {
    let (head, commit) = (head_id(repository, None)?, Oid::from_str(commit)?);
    let known = repository.odb()?.exists(commit);
    Ok(head == commit || (known && repository.graph_descendant_of(head, commit)?))
}
