//! Everything the road is drawn from, as plain values. Looks at nothing.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::git::HeadState;
use crate::pr::gate::Gate;
use crate::pr::next::Whereabouts;
use crate::results::{Build, HandOver, Recorded};

/// What one run found.
#[derive(Debug, Clone)]
pub struct Facts {
    /// What the checks came to.
    pub findings: Vec<Finding>,
    /// Checks that are about the network, by id, with what for.
    pub network: BTreeMap<String, Network>,
    /// Where the user is.
    pub place: Place,
    /// The network is to be left alone.
    pub offline: bool,
}

/// Whom a check of the network asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// The host of the project's source: a clone needs it.
    Git,
    /// The artifact repositories: a build needs them.
    Maven,
}

/// Where the user is.
#[derive(Debug, Clone)]
pub enum Place {
    /// In a clone of the project.
    Clone(Box<Clone>),
    /// Beside a clone of the project: the folder here, and the clone's name in it.
    Beside(String, String),
    /// Where no clone should be made: why, and a folder outside of it.
    Occupied(String, String),
    /// In a clone that cannot be read, and why.
    Unreadable(String),
    /// In no repository: this folder.
    Outside(String),
}

/// A clone of the project.
#[derive(Debug, Clone)]
pub struct Clone {
    /// Its folder.
    pub folder: String,
    /// The current branch; none when detached.
    pub branch: Option<String>,
    /// Where the head stands.
    pub head: HeadState,
    /// Full id of the current commit.
    pub commit: Option<String>,
    /// The current branch is one of the project's own.
    pub on_base: bool,
    /// A merge, rebase or the like that is begun and not ended.
    pub operation: Option<String>,
    /// The branch the work is based on; none where none is known here.
    pub base: Option<String>,
    /// Commits since the base.
    pub commits: u64,
    /// Remotes.
    pub remotes: Remotes,
    /// The usual topic branch exists.
    pub topic: bool,
    /// Tracked files that are not committed.
    pub changed: Vec<String>,
    /// Files that git does not know.
    pub untracked: Vec<String>,
    /// The last build.
    pub build: Option<Recorded<Build>>,
    /// Whether a check of the patch passed and still stands.
    pub gate: Gate,
    /// How a request was handed over last.
    pub handed: Option<Recorded<HandOver>>,
    /// Where the branch was pushed.
    pub here: Whereabouts,
}

/// The clone's remotes as far as the road needs them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remotes {
    /// Name of the one that leads to the project.
    pub project: Option<String>,
    /// There is one called `upstream`.
    pub upstream: bool,
    /// `onramp clone --adopt` would accept the clone.
    pub adoptable: bool,
}
