//! Looks at the current branch: its base, its copies, what came along by mistake.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::git::{self, Wanted};
use crate::observation::Unknown;

/// The probe.
pub struct Branch;

/// Which work is meant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// A folder in the work tree.
    pub tree: Option<String>,
    /// The revision to compare with, where the user named one.
    #[serde(default)]
    pub base: Option<String>,
    /// The revision to look at, where the user named one.
    #[serde(default)]
    pub head: Option<String>,
    /// Address of the project's repository; none for a pack that fits many.
    #[serde(default)]
    pub repository: Option<String>,
    /// The maintained branches, the default branch first.
    pub branches: Vec<String>,
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
        let Arguments { tree, base, head, repository, branches } = arguments;
        let tree = named(tree)?;
        let repository = repository.unwrap_or_default();
        let wanted = Wanted { head, base, repository, branches };
        let branch = world.git.branch(Path::new(&tree), &wanted).map_err(unknown)?;
        Ok(Found { present: true, branch })
    }
}

/// The tree's folder, or the reason there is nothing to look at.
pub(super) fn named(tree: Option<String>) -> Result<String, Unknown> {
    tree.ok_or_else(|| Unknown::because("there is no work tree here"))
}

/// A repository that cannot be read is an unknown.
#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
pub(super) fn unknown(reason: git::Unreadable) -> Unknown {
    Unknown(reason.to_string())
}
