//! Looks at the work tree: what is changed, untracked, in conflict or under way.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{named, unknown};
use super::{Given, Kind, World};
use crate::git::Status;
use crate::observation::Unknown;

/// The probe.
pub struct WorkTree;

/// Which tree is meant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// A folder in the work tree.
    pub tree: Option<String>,
}

/// The work tree.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true: a folder outside any clone is an unknown.
    pub present: bool,
    /// What was seen.
    #[serde(flatten)]
    pub status: Status,
}

impl Kind for WorkTree {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "work_tree";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[("tree", super::THIS_TREE)]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let tree = named(arguments.tree)?;
        let status = world.git.status(Path::new(&tree)).map_err(unknown)?;
        Ok(Found { present: true, status })
    }
}
