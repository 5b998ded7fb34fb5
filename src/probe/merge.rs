//! Looks whether the change still merges into its base, as that was last fetched. Fetches nothing
//! and leaves nothing behind.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{Change, unknown};
use super::{Given, Kind, World};
use crate::git;
use crate::observation::Unknown;

/// The probe.
pub struct Merge;

/// Which change is meant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Which change.
    pub change: Change,
}

/// How the two go together.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true: where there is no base, the answer is unknown.
    pub present: bool,
    /// What was seen.
    #[serde(flatten)]
    pub merge: git::Merge,
}

impl Kind for Merge {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "merge";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(super::HISTORY);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let (tree, wanted) = arguments.change.wanted()?;
        Ok(Found { present: true, merge: world.git.merge(&tree, &wanted).map_err(unknown)? })
    }
}
