//! Looks at the commits since the base: authors, messages, parents, kinds of signature. Whether a
//! signature is good is another probe's question.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{Change, unknown};
use super::{Given, Kind, World};
use crate::git::{Base, Commit};
use crate::observation::Unknown;

/// The probe.
pub struct Commits;

/// Which commits are meant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Which change.
    pub change: Change,
    /// Most commits listed.
    #[serde(default = "thousand")]
    pub limit: usize,
}

fn thousand() -> usize {
    10_000
}

/// The commits.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true: where there is no base, the answer is unknown.
    pub present: bool,
    /// What they are compared with.
    pub base: Base,
    /// Full id of the newest.
    pub head: String,
    /// The commits, newest first.
    pub commits: Vec<Commit>,
    /// Number of all commits since the base.
    pub total: u64,
    /// There are more than are listed.
    pub cut: bool,
    /// The machine's clock, in seconds since the epoch.
    pub now: i64,
}

impl Kind for Commits {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "commits";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(super::HISTORY);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let (tree, wanted) = arguments.change.wanted()?;
        let found = world.git.commits(&tree, &wanted, arguments.limit).map_err(unknown)?;
        Ok(Found {
            present: true,
            now: world.system.now(),
            cut: found.total > found.commits.len() as u64,
            base: found.base,
            head: found.head,
            commits: found.commits,
            total: found.total,
        })
    }
}
