//! What runs of each kind have beyond what all have, and what their results depend on. Values
//! only.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The kinds of runs that are remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `onramp build`.
    Build,
    /// `onramp ci`.
    Ci,
    /// `onramp check patch`, alone or as a part of `onramp check`.
    PatchCheck,
    /// `onramp pr --open` or `--create`.
    HandOver,
}

impl Kind {
    /// The command that makes such a result.
    #[must_use]
    pub fn command(self) -> &'static str {
        match self {
            Self::Build => "onramp build",
            Self::Ci => "onramp ci",
            Self::PatchCheck => "onramp check patch",
            Self::HandOver => "onramp pr",
        }
    }

    /// Name of its file in the git folder's `onramp` folder.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Build => "build.json",
            Self::Ci => "ci.json",
            Self::PatchCheck => "check-patch.json",
            Self::HandOver => "handed-over.json",
        }
    }

    /// Whether files that git does not know take part: they do where the tree's own tools run.
    pub(super) fn reads_untracked(self) -> bool {
        matches!(self, Self::Build | Self::Ci)
    }

    /// Whether onramp itself judges, so that its version, policy and checks count.
    pub(super) fn is_judged(self) -> bool {
        matches!(self, Self::Ci | Self::PatchCheck)
    }

    /// Whether it counts that the base has moved on: whether commits still merge depends on it,
    /// what they change does not.
    pub(super) fn asks_base(self) -> bool {
        self == Self::PatchCheck
    }
}

/// What runs of one kind have beyond the others, under names that none of [`Recorded`]'s fields has:
/// both lie side by side in the file.
///
/// [`Recorded`]: super::Recorded
pub trait Details: Serialize + DeserializeOwned {
    /// The kind.
    const KIND: Kind;
    /// The result in a file of a version before there were shapes, where such files exist.
    #[must_use]
    fn before(_bytes: &[u8]) -> Option<super::Recorded<Self>> {
        None
    }
}

/// A build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// Whether Maven reported success.
    pub passed: bool,
    /// Modules in it.
    pub modules: Option<usize>,
    /// Goals and options of the project.
    pub goals: String,
    /// Feature release of the JDK.
    pub jdk: Option<u64>,
    /// Version of Maven.
    pub maven: Option<String>,
    /// It did not build everything from the start: it was resumed, or had arguments of its own.
    pub partial: bool,
}

impl Details for Build {
    const KIND: Kind = Kind::Build;

    fn before(bytes: &[u8]) -> Option<super::Recorded<Self>> {
        super::before::build(bytes)
    }
}

/// A run of the project's own CI steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ci {
    /// The steps that it was about, in order.
    pub steps: Vec<Ran>,
    /// Steps that could have run here were left out by choice.
    pub partial: bool,
}

impl Details for Ci {
    const KIND: Kind = Kind::Ci;
}

/// One step of the project's CI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ran {
    /// What the project calls it.
    pub name: String,
    /// What ran in its place.
    pub command: Option<String>,
    /// How near that is to the project's own.
    pub how: How,
    /// How it ended.
    pub ended: Ended,
    /// How long it took, in seconds.
    pub seconds: i64,
}

/// How near a run is to the step that the project's CI runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// The same command over the same files.
    Exact,
    /// The same tool, narrowed or in another version.
    Approximate,
    /// A check of onramp's in the place of the tool.
    StandIn,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// All was well.
    Ok,
    /// Failed.
    Failed,
    /// Something is to be looked at.
    Warned,
    /// Could not be told.
    Unknown,
    /// Was not run.
    Skipped,
}

/// A check of the whole patch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchCheck {
    /// The lowest severity that failed the run.
    pub fail_on: String,
    /// Ids of the checks that stand in the way: failed, or could not be told.
    pub open: Vec<String>,
    /// Findings that stand but were decided not to count.
    pub excused: usize,
}

impl Details for PatchCheck {
    const KIND: Kind = Kind::PatchCheck;
}

/// A request that was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// The branch it is about.
    pub branch: String,
    /// Its address, where it was made; none where its page was opened in a browser, for whether
    /// anybody pressed the button there is not known.
    pub address: Option<String>,
}

impl Details for HandOver {
    const KIND: Kind = Kind::HandOver;
}
