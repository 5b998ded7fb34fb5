//! Looks at the current branch: its base, its copies, what came along by mistake.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{Change, unknown};
use super::{Given, Kind, World};
use crate::git;
use crate::observation::Unknown;

/// The probe.
pub struct Branch;

/// Which work is meant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Which change.
    pub change: Change,
}

/// The branch.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true: a folder outside any clone is an unknown.
    pub present: bool,
    /// What was seen.
    #[serde(flatten)]
    pub branch: git::Branch,
}

impl Kind for Branch {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "branch";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(super::HISTORY);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let (tree, wanted) = arguments.change.wanted()?;
        let branch = world.git.branch(&tree, &wanted).map_err(unknown)?;
        Ok(Found { present: true, branch })
    }
}
