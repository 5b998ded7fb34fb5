//! The remotes of a clone: which one is the project's, which one a fork. Connects to none.

use git2::{Config, Repository};
use schemars::JsonSchema;
use serde::Serialize;

use super::Unreadable;
use super::address::{Rewrite, is_fork, same_place, shown};

/// One remote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Remote {
    /// Its name.
    pub name: String,
    /// Its address, without password or token.
    pub url: String,
    /// It points at the project's own repository.
    pub project: bool,
    /// It points at another owner's repository on the project's host.
    pub fork: bool,
}

/// All remotes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Remotes {
    /// In git's order.
    pub all: Vec<Remote>,
    /// The one called `origin`.
    pub origin: Option<Remote>,
    /// The one called `upstream`.
    pub upstream: Option<Remote>,
    /// Name of the one that points at the project's repository.
    pub project: Option<String>,
}

impl Remotes {
    /// Those whose branches may count as the project's, the surest first: those that lead to it,
    /// then `upstream`, then `origin`. One may come twice.
    pub(super) fn by_trust(&self) -> impl Iterator<Item = &Remote> {
        let named = || self.upstream.iter().chain(&self.origin);
        let project = named().chain(&self.all).filter(|remote| remote.project);
        project.chain(named())
    }
}

/// Lists the remotes of `repository`, held against the project's address.
pub(super) fn list(repository: &Repository, project: &str) -> Result<Remotes, Unreadable> {
    let rules = rewrites(&repository.config()?);
    let mut all = Vec::new();
    for name in repository.remotes()?.iter_bytes() {
        let Ok(name) = std::str::from_utf8(name) else { continue };
        let Some(url) = url(repository, name) else { continue };
        all.push(Remote {
            name: name.to_owned(),
            project: same_place(&url, project, &rules),
            fork: is_fork(&url, project, &rules),
            url: shown(&url),
        });
    }
    let called = |name: &str| all.iter().find(|remote| remote.name == name).cloned();
    let (origin, upstream) = (called("origin"), called("upstream"));
    let project = upstream
        .iter()
        .chain(&origin)
        .chain(&all)
        .find(|remote| remote.project)
        .map(|remote| remote.name.clone());
    Ok(Remotes { all, origin, upstream, project })
}

/// The address as written: libgit2's own remote has rewritten it already.
fn url(repository: &Repository, name: &str) -> Option<String> {
    repository.config().ok()?.get_string(&format!("remote.{name}.url")).ok()
}

/// The user's `url.*.insteadOf` rules.
pub(super) fn rewrites(config: &Config) -> Vec<Rewrite> {
    let mut rules = Vec::new();
    let Ok(mut entries) = config.entries(Some("^url\\..*\\.insteadof$")) else { return rules };
    while let Some(Ok(entry)) = entries.next() {
        let name = String::from_utf8_lossy(entry.name_bytes());
        let to = name.trim_start_matches("url.").trim_end_matches(".insteadof").to_owned();
        if let Ok(from) = entry.value() {
            rules.push(Rewrite { from: from.to_owned(), to });
        }
    }
    rules
}
