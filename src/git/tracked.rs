//! The project's branches as this clone last saw them: names, newest commits and their dates. Reads
//! references and commits only; connects to nothing.

use git2::{ErrorCode, Repository};

use super::{Unreadable, remotes};

/// Most branches looked at; a project with more keeps its releases elsewhere.
const MOST: usize = 5_000;

/// A branch of the project's repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracked {
    /// Its name at the project, such as `4.22`.
    pub name: String,
    /// Where it is known here, such as `upstream/4.22`.
    pub reference: String,
    /// Full id of its newest commit.
    pub id: String,
    /// When that was committed, in seconds since the epoch.
    pub time: i64,
}

/// The branches of the surest remote whose branches were ever fetched.
pub(super) fn tracked(repository: &Repository, project: &str) -> Result<Vec<Tracked>, Unreadable> {
    let remotes = remotes::list(repository, project)?;
    for remote in remotes.by_trust() {
        let found = of(repository, &remote.name)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

fn of(repository: &Repository, remote: &str) -> Result<Vec<Tracked>, Unreadable> {
    let prefix = format!("refs/remotes/{remote}/");
    let references = match repository.references_glob(&format!("{prefix}*")) {
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(Vec::new()),
        references => references?,
    };
    let mut found = Vec::new();
    for reference in references.take(MOST) {
        let reference = reference?;
        // A name that is not UTF-8 is none of a release, and `HEAD` only points at another.
        let Ok(full) = std::str::from_utf8(reference.name_bytes()) else { continue };
        let Some(name) = full.strip_prefix(&prefix).filter(|name| *name != "HEAD") else {
            continue;
        };
        let Ok(commit) = reference.peel_to_commit() else { continue };
        found.push(Tracked {
            name: name.to_owned(),
            reference: format!("{remote}/{name}"),
            id: commit.id().to_string(),
            time: commit.time().seconds(),
        });
    }
    Ok(found)
}
