//! The type of change as templates ask for it. Which one a change is gets decided where the choice
//! of its base is, so that a request never says anything else.

use super::change::Commit;
use crate::base::{self, Message};
pub use crate::base::{Decision, Kind};

impl Kind {
    /// Whether templates ask how large such a change is.
    #[must_use]
    pub(super) fn has_scale(self) -> bool {
        matches!(self, Self::Breaking | Self::Feature | Self::Enhancement)
    }

    /// Which kinds take its place where a template has no box for it, best first.
    #[must_use]
    pub(super) fn instead(self) -> &'static [Self] {
        match self {
            Self::Test | Self::Build => &[Self::Cleanup, Self::Enhancement],
            Self::Docs | Self::Cleanup | Self::Feature => &[Self::Enhancement],
            Self::Breaking => &[Self::Feature, Self::Enhancement],
            Self::Bug | Self::Enhancement => &[],
        }
    }
}

/// Decides. `files` are all the files of the change.
#[must_use]
pub fn decide(commits: &[Commit], files: &[String]) -> Decision {
    let messages: Vec<Message<'_>> = commits.iter().map(Commit::message).collect();
    base::decide(&messages, files)
}
