//! Fits an existing clone for work on the project: a remote called `upstream` and a topic branch.
//! The one part of this layer that writes, and nothing but these two; it runs nothing, checks
//! nothing out and fetches nothing.

use std::fmt;
use std::path::Path;

use git2::{BranchType, Repository};

use super::address::shown;
use super::open::{head, head_id, open};
use super::{Unreadable, remotes};

/// What the clone is wanted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Address of the project's repository.
    pub repository: String,
    /// The maintained branches.
    pub branches: Vec<String>,
    /// The one to branch off.
    pub base: String,
    /// Name of the topic branch.
    pub topic: String,
}

/// What is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// `upstream` is missing.
    pub remote: bool,
    /// The topic branch to make, and where it starts: a name and a full id.
    pub branch: Option<(String, String, String)>,
    /// The topic branch there is already.
    pub topic: Option<String>,
}

/// Why a clone is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be read.
    Unreadable(Unreadable),
    /// None of its remotes, listed, leads to the project or to a repository of that name.
    OtherProject(Vec<String>),
    /// Its `upstream` leads elsewhere.
    OtherUpstream(String),
    /// The name cannot be a branch.
    BadName(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(reason) => reason.fmt(f),
            Self::OtherProject(remotes) if remotes.is_empty() => {
                f.write_str("this clone has no remote, so nothing tells what it is a clone of")
            }
            Self::OtherProject(remotes) => {
                write!(f, "this is a clone of something else: {}", remotes.join(", "))
            }
            Self::OtherUpstream(url) => write!(f, "upstream leads to {url} already"),
            Self::BadName(name) => write!(f, "{name} cannot be the name of a branch"),
        }
    }
}

impl std::error::Error for Refusal {}

impl<E: Into<Unreadable>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Unreadable(error.into())
    }
}

/// Looks at what the clone around `tree` lacks. Changes nothing.
///
/// # Errors
/// Where it is not a clone of the project, or cannot be one.
pub fn consider(tree: &Path, request: &Request) -> Result<Adoption, Refusal> {
    if !is_branch_name(&request.topic) {
        return Err(Refusal::BadName(request.topic.clone()));
    }
    let repository = open(tree)?;
    if repository.is_bare() {
        return Err(Unreadable::Bare(tree.to_owned()).into());
    }
    let remotes = remotes::list(&repository, &request.repository)?;
    if let Some(upstream) = remotes.upstream.as_ref().filter(|remote| !remote.project) {
        return Err(Refusal::OtherUpstream(upstream.url.clone()));
    }
    if !remotes.all.iter().any(|remote| remote.project || remote.fork) {
        return Err(Refusal::OtherProject(remotes.all.into_iter().map(|r| r.url).collect()));
    }
    let here = head(&repository)?.name.filter(|name| !request.branches.contains(name));
    let exists = repository.find_branch(&request.topic, BranchType::Local).is_ok();
    let topic = here.or_else(|| exists.then(|| request.topic.clone()));
    let branch = match topic {
        Some(_) => None,
        None => {
            let (name, id) = start(&repository, request, remotes.project.as_deref())?;
            Some((request.topic.clone(), name, id))
        }
    };
    Ok(Adoption { remote: remotes.upstream.is_none(), branch, topic })
}

/// The base as the project's remote has it, else a local branch of that name, else the head.
fn start(
    repository: &Repository,
    request: &Request,
    remote: Option<&str>,
) -> Result<(String, String), Refusal> {
    let base = &request.base;
    let tracked = remote.map(|remote| format!("{remote}/{base}"));
    for (name, kind) in tracked
        .map(|name| (name, BranchType::Remote))
        .into_iter()
        .chain([(base.clone(), BranchType::Local)])
    {
        if let Ok(branch) = repository.find_branch(&name, kind) {
            let id = branch.get().peel_to_commit()?.id();
            return Ok((name, id.to_string()));
        }
    }
    Ok(("the current commit".to_owned(), head_id(repository, None)?.to_string()))
}

/// Adds what is missing.
///
/// # Errors
/// Where git2 cannot write; what was added before stays, and doing it again completes it.
pub fn apply(tree: &Path, request: &Request, adoption: &Adoption) -> Result<(), Refusal> {
    let repository = open(tree)?;
    if adoption.remote {
        repository.remote("upstream", &request.repository)?;
    }
    if let Some((topic, _, id)) = &adoption.branch {
        let commit = repository.find_commit(git2::Oid::from_str(id)?)?;
        repository.branch(topic, &commit, false)?;
    }
    Ok(())
}

/// What a folder that is in the way is, when it is a clone: its remotes' addresses and whether one
/// leads to the project. `None` where it is none.
#[must_use]
pub fn recognise(folder: &Path, project: &str) -> Option<(Vec<String>, bool)> {
    let repository = Repository::open(folder).ok()?;
    let remotes = remotes::list(&repository, project).ok()?;
    let ours = remotes.all.iter().any(|remote| remote.project);
    Some((remotes.all.iter().map(|remote| shown(&remote.url)).collect(), ours))
}

/// Whether git takes this for the name of a branch.
#[must_use]
pub fn is_branch_name(name: &str) -> bool {
    git2::Branch::name_is_valid(name).unwrap_or(false)
}
