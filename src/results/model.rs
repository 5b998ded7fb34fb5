//! The shape of a recorded result: on what it was made, when, and what it came to. Values only.
//! Fields that a newer version adds are passed over.

use serde::{Deserialize, Serialize};

/// Version of the shape: raised when a field changes its meaning or goes.
pub(super) const SHAPE: u32 = 1;

/// What one real run came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded<D> {
    /// Version of this shape.
    pub shape: u32,
    /// What it was about.
    #[serde(flatten)]
    pub on: Here,
    /// When it ended, seconds since the epoch.
    pub finished: i64,
    /// How long it took, in seconds.
    pub seconds: i64,
    /// The exit code.
    pub exit: u8,
    /// How many of its parts ended in which way.
    pub counts: Counts,
    /// All of it in one line for people.
    pub line: String,
    /// What only runs of this kind have.
    #[serde(flatten)]
    pub details: D,
}

/// What a run is about, or would be about if it were made now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Here {
    /// Version of onramp.
    pub onramp: String,
    /// Full id of the commit that is checked out.
    #[serde(rename = "head")]
    pub commit: Option<String>,
    /// Whether anything differs from that commit; none where that could not be told.
    pub tree: Option<Tree>,
    /// What the commits are held against; none where there is none, or the run needs none.
    pub base: Option<BasePoint>,
    /// Name of the policy, where the run has one.
    pub policy: Option<String>,
    /// [`digest`](super::digest) of the checks and values it was judged by, where it was.
    pub digest: Option<String>,
}

/// How a work tree differs from its commit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tree {
    /// Files that git knows are changed and not committed, or an operation is under way.
    pub changed: bool,
    /// There are files that git neither knows nor ignores.
    pub untracked: bool,
}

impl Here {
    /// The same with every difference from its commit, at the beginning or at the end.
    #[must_use]
    pub fn until(self, after: &Self) -> Self {
        let moved = after.commit != self.commit;
        let tree = self.tree.zip(after.tree).map(|(before, after)| Tree {
            changed: before.changed || after.changed || moved,
            untracked: before.untracked || after.untracked,
        });
        Self { tree, ..self }
    }
}

/// The base that commits are held against, as it was known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasePoint {
    /// Its name, such as `main`.
    pub name: String,
    /// Full id of its newest commit.
    pub tip: String,
    /// Full id of the last commit in common.
    pub parting: Option<String>,
}

/// How many parts of a run ended in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All was well.
    pub ok: usize,
    /// Failed.
    pub failed: usize,
    /// Something is to be looked at.
    pub warned: usize,
    /// Could not be told.
    pub unknown: usize,
    /// Did not apply, or was not run.
    pub skipped: usize,
}

impl<D> Recorded<D> {
    /// A result about `on`; when it was made and what it came to is for the caller to fill in.
    #[must_use]
    pub fn new(on: Here, details: D) -> Self {
        let (finished, seconds, exit) = (0, 0, 0);
        let (counts, line) = (Counts::default(), String::new());
        Self { shape: SHAPE, on, finished, seconds, exit, counts, line, details }
    }

    /// Whether it came to nothing bad.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.exit == 0
    }
}
