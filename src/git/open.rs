//! Opens a repository and tells its states apart. Sets nothing, `safe.directory` least of all.

use std::path::Path;

use git2::{Oid, Repository, RepositoryOpenFlags, RepositoryState};
use schemars::JsonSchema;
use serde::Serialize;

use super::Unreadable;

/// Where a head stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HeadState {
    /// On a branch.
    Branch,
    /// On a commit, no branch.
    Detached,
    /// On a branch without a commit.
    Unborn,
}

/// The current commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Head {
    /// Name of the branch, foreign bytes replaced; none when detached.
    pub name: Option<String>,
    /// Full id of the commit; none when unborn.
    pub id: Option<String>,
    /// On a branch, detached or unborn.
    pub state: HeadState,
    /// When the commit was made, in seconds since the epoch, by its committer's clock.
    pub time: Option<i64>,
}

/// What kind of repository it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct State {
    /// Root of the work tree; none when bare.
    pub root: Option<String>,
    /// git's own folder.
    pub git_folder: String,
    /// Without a work tree.
    pub bare: bool,
    /// One of several work trees of one repository.
    pub linked: bool,
    /// Its history is cut.
    pub shallow: bool,
    /// The remote that promised the objects a partial clone left out.
    pub promisor: Option<String>,
    /// The current commit.
    pub head: Head,
    /// Work that git has begun and not ended: `merge`, `rebase`, `cherry-pick`, `revert`,
    /// `bisect` or `am`.
    pub operation: Option<String>,
}

/// Opens the repository that `tree` lies in.
pub(super) fn open(tree: &Path) -> Result<Repository, Unreadable> {
    let none: [&str; 0] = [];
    Repository::open_ext(tree, RepositoryOpenFlags::empty(), none)
        .map_err(|error| Unreadable::opening(&error, tree))
}

/// Describes an open repository.
pub(super) fn state(repository: &Repository) -> Result<State, Unreadable> {
    Ok(State {
        root: repository.workdir().map(text).transpose()?,
        git_folder: text(repository.path())?,
        bare: repository.is_bare(),
        linked: repository.is_worktree(),
        shallow: repository.is_shallow(),
        promisor: promisor(repository),
        head: head(repository)?,
        operation: operation(repository.state()).map(str::to_owned),
    })
}

/// A path as text. One that is not UTF-8 is refused: with bytes replaced it is another path, where
/// something else may lie or be written.
fn text(path: &Path) -> Result<String, Unreadable> {
    path.to_str().map(ToOwned::to_owned).ok_or_else(|| Unreadable::Name(path.to_owned()))
}

/// The current commit and branch.
pub(super) fn head(repository: &Repository) -> Result<Head, Unreadable> {
    let reference = match repository.head() {
        Ok(reference) => reference,
        Err(error) if error.code() == git2::ErrorCode::UnbornBranch => return unborn(repository),
        // A bare or hostile repository without HEAD would not have opened.
        Err(error) => return Err(error.into()),
    };
    let id = reference.target().map(|id| id.to_string());
    let state = if reference.is_branch() { HeadState::Branch } else { HeadState::Detached };
    let name = reference
        .is_branch()
        .then(|| String::from_utf8_lossy(reference.shorthand_bytes()).into_owned());
    let time = reference.peel_to_commit().ok().map(|commit| commit.time().seconds());
    Ok(Head { name, id, state, time })
}

fn unborn(repository: &Repository) -> Result<Head, Unreadable> {
    let reference = repository.find_reference("HEAD")?;
    let name = reference.symbolic_target_bytes().map(|name| {
        let name = String::from_utf8_lossy(name);
        name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned()
    });
    Ok(Head { name, id: None, state: HeadState::Unborn, time: None })
}

/// The commit that is meant: the named one, else the current one.
pub(super) fn head_id(repository: &Repository, wanted: Option<&str>) -> Result<Oid, Unreadable> {
    if let Some(name) = wanted {
        return revision(repository, name);
    }
    let head = head(repository)?;
    let reference = repository.head().map_err(|error| match error.code() {
        git2::ErrorCode::UnbornBranch => Unreadable::Unborn(head.name.unwrap_or_default()),
        _ => error.into(),
    })?;
    Ok(reference.peel_to_commit()?.id())
}

/// The commit a revision names.
pub(super) fn revision(repository: &Repository, name: &str) -> Result<Oid, Unreadable> {
    repository
        .revparse_single(name)
        .and_then(|object| object.peel_to_commit())
        .map(|commit| commit.id())
        .map_err(|error| Unreadable::naming(&error, name))
}

/// The remote a partial clone got its promises from.
pub(super) fn promisor(repository: &Repository) -> Option<String> {
    let config = repository.config().ok()?;
    let mut entries = config.entries(Some("^remote\\..*\\.promisor$")).ok()?;
    while let Some(Ok(entry)) = entries.next() {
        let name = String::from_utf8_lossy(entry.name_bytes()).into_owned();
        let value = entry.value().unwrap_or("true");
        if git2::Config::parse_bool(value).unwrap_or(false) {
            let name = name.trim_start_matches("remote.").trim_end_matches(".promisor");
            return Some(name.to_owned());
        }
    }
    None
}

fn operation(state: RepositoryState) -> Option<&'static str> {
    Some(match state {
        RepositoryState::Clean => return None,
        RepositoryState::Merge => "merge",
        RepositoryState::Revert | RepositoryState::RevertSequence => "revert",
        RepositoryState::CherryPick | RepositoryState::CherryPickSequence => "cherry-pick",
        RepositoryState::Bisect => "bisect",
        RepositoryState::Rebase
        | RepositoryState::RebaseInteractive
        | RepositoryState::RebaseMerge => "rebase",
        RepositoryState::ApplyMailbox | RepositoryState::ApplyMailboxOrRebase => "am",
    })
}
