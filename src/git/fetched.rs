//! Whether what is checked out is somebody's pull request: fetched from a forge to be looked at,
//! and so nobody's work to trust by habit. Reads references and FETCH_HEAD; asks no forge.

use std::collections::HashSet;

use git2::{ErrorCode, Oid, Repository};

use super::Unreadable;

/// What forges call the folder of a request's references, and people the branches they fetch it to.
const REQUESTS: [&str; 8] =
    ["pull", "pulls", "pr", "prs", "merge-requests", "merge_requests", "mr", "pull-requests"];

/// Most commits of one's own that are compared with requests.
const LIMIT: usize = 10_000;

/// A phrase that says which request is checked out; `None` where none is.
pub(super) fn request(repository: &Repository) -> Result<Option<String>, Unreadable> {
    let head = match repository.head() {
        Ok(head) => head,
        Err(error) if error.code() == ErrorCode::UnbornBranch => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let name = String::from_utf8_lossy(head.name_bytes()).into_owned();
    if is_request(&name) {
        return Ok(Some(format!("{name} is checked out, a pull request")));
    }
    if let Some(branch) = name.strip_prefix("refs/heads/")
        && let Some(reason) = followed(repository, branch)?
    {
        return Ok(Some(reason));
    }
    let tip = head.peel_to_commit()?.id();
    held(repository, tip)
}

/// Whether a reference is a request's: `refs/pull/12/head`, `refs/remotes/origin/pr/12`.
fn is_request(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    let numbered =
        |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_ascii_digit());
    name.starts_with("refs/changes/")
        || parts.windows(2).any(|pair| REQUESTS.contains(&pair[0]) && numbered(pair[1]))
}

/// What the branch follows, where that is a request or a repository that is no remote here: tools
/// of forges note a request's author so.
fn followed(repository: &Repository, branch: &str) -> Result<Option<String>, Unreadable> {
    let config = repository.config()?.snapshot()?;
    let merge = values(&config, &format!("branch.{branch}.merge"))?;
    if let Some(request) = merge.iter().find(|name| is_request(name)) {
        return Ok(Some(format!("the branch {branch} follows {request}, a pull request")));
    }
    let remotes = values(&config, &format!("branch.{branch}.remote"))?;
    let mut elsewhere = remotes.iter().filter(|name| *name != ".");
    let stranger = elsewhere.find(|name| repository.find_remote(name).is_err());
    Ok(stranger.map(|_| {
        format!("the branch {branch} follows a repository that is no remote of this clone")
    }))
}

fn values(config: &git2::Config, name: &str) -> Result<Vec<String>, Unreadable> {
    let mut found = Vec::new();
    let mut entries = match config.multivar(name, None) {
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(found),
        entries => entries?,
    };
    while let Some(entry) = entries.next() {
        found.push(String::from_utf8_lossy(entry?.value_bytes()).into_owned());
    }
    Ok(found)
}

/// The request whose newest commit is among those that are here and on no branch of a remote.
fn held(repository: &Repository, tip: Oid) -> Result<Option<String>, Unreadable> {
    let mut requests: Vec<(String, Oid)> = Vec::new();
    let mut walk = repository.revwalk()?;
    walk.push(tip)?;
    for reference in repository.references()? {
        let reference = reference?;
        let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
        let Ok(commit) = reference.peel_to_commit() else { continue };
        if is_request(&name) {
            requests.push((name, commit.id()));
        } else if name.starts_with("refs/remotes/") {
            walk.hide(commit.id())?;
        }
    }
    requests.extend(last_fetched(repository)?);
    if requests.is_empty() {
        return Ok(None);
    }
    let own = walk.take(LIMIT).collect::<Result<HashSet<Oid>, _>>()?;
    let held = requests.into_iter().find(|(_, commit)| own.contains(commit));
    Ok(held.map(|(name, _)| format!("what is checked out holds {name}, a pull request")))
}

/// The requests that the last `git fetch` brought.
fn last_fetched(repository: &Repository) -> Result<Vec<(String, Oid)>, Unreadable> {
    let mut fetched = Vec::new();
    let read = repository.fetchhead_foreach(|name, _, commit, _| {
        if is_request(name) {
            fetched.push((name.to_owned(), *commit));
        }
        true
    });
    match read {
        Err(error) if error.code() != ErrorCode::NotFound => Err(error.into()),
        _ => Ok(fetched),
    }
}
