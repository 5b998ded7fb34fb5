//! The change a probe is asked about: which tree, from where to where. Checks hand it on whole, as
//! `{{ change }}`. Looks at nothing itself.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::git::{self, Wanted};
use crate::observation::Unknown;

/// Which change is meant.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Change {
    /// A folder in the work tree.
    pub tree: Option<String>,
    /// The revision to compare with, where the user named one.
    pub base: Option<String>,
    /// The revision to look at, where the user named one.
    pub head: Option<String>,
    /// Address of the project's repository; none for a pack that fits many.
    pub repository: Option<String>,
    /// The maintained branches, the default branch first.
    pub branches: Vec<String>,
}

impl Change {
    /// The tree and the range in the words of `git`.
    ///
    /// # Errors
    /// There is no tree to look at.
    pub fn wanted(self) -> Result<(PathBuf, Wanted), Unknown> {
        let tree = named(self.tree)?;
        let repository = self.repository.unwrap_or_default();
        let wanted =
            Wanted { head: self.head, base: self.base, repository, branches: self.branches };
        Ok((PathBuf::from(tree), wanted))
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
