//! Decides which type of change a request is, and says why: from the files each commit touches and
//! from the words of its subject. A guess is always named as one; the author has the last word.

use super::change::Commit;
use super::touched::{self, Use};

/// The types of change that templates of this family offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Existing users must do something.
    Breaking,
    /// Something new.
    Feature,
    /// Something mended.
    Bug,
    /// Something existing made better.
    Enhancement,
    /// The same behaviour in better code.
    Cleanup,
    /// How the project is built and checked.
    Build,
    /// Tests alone.
    Test,
    /// Documentation alone.
    Docs,
}

impl Kind {
    /// All of them, in the order templates list them.
    pub const ALL: [Self; 8] = [
        Self::Breaking,
        Self::Feature,
        Self::Bug,
        Self::Enhancement,
        Self::Cleanup,
        Self::Build,
        Self::Test,
        Self::Docs,
    ];

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaking => "Breaking change",
            Self::Feature => "New feature",
            Self::Bug => "Bug fix",
            Self::Enhancement => "Enhancement",
            Self::Cleanup => "Cleanup",
            Self::Build => "Build/CI",
            Self::Test => "Test",
            Self::Docs => "Documentation",
        }
    }

    /// The kind a box's label or an author's word stands for.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let word = text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        Some(match word {
            "breaking" => Self::Breaking,
            "new" | "feature" => Self::Feature,
            "bug" | "bugfix" | "fix" => Self::Bug,
            "enhancement" | "improvement" => Self::Enhancement,
            "cleanup" | "refactor" | "refactoring" => Self::Cleanup,
            "build" | "ci" => Self::Build,
            "test" | "tests" => Self::Test,
            "documentation" | "doc" | "docs" => Self::Docs,
            _ => return None,
        })
    }

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

/// A kind and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The kind.
    pub kind: Kind,
    /// A sentence fragment that stands after a dash.
    pub reason: String,
    /// Whether it is no more than a guess.
    pub unsure: bool,
}

/// Words that speak for a kind, as they start a word of a subject.
const WORDS: [(Kind, &[&str]); 4] = [
    (
        Kind::Bug,
        &["fix", "fixes", "fixed", "fixing", "fixup", "bug", "bugfix", "hotfix", "regression"],
    ),
    (
        Kind::Feature,
        &[
            "add",
            "adds",
            "added",
            "adding",
            "feature",
            "support",
            "supports",
            "introduce",
            "introduces",
            "implement",
            "implements",
        ],
    ),
    (
        Kind::Cleanup,
        &[
            "refactor",
            "refactors",
            "refactored",
            "refactoring",
            "cleanup",
            "clean",
            "rename",
            "renames",
            "renamed",
            "simplify",
            "reformat",
        ],
    ),
    (
        Kind::Enhancement,
        &[
            "improve",
            "improves",
            "improved",
            "enhance",
            "enhances",
            "enhancement",
            "optimize",
            "optimise",
        ],
    ),
];

/// What one commit speaks for, and how it says so.
struct Vote {
    kind: Kind,
    reason: String,
    /// "add" stands in front of features and of null checks alike.
    weak: bool,
}

/// Decides. `files` are all the files of the change.
#[must_use]
pub fn decide(commits: &[Commit], files: &[String]) -> Decision {
    let sure = |kind, reason| Decision { kind, reason, unsure: false };
    if let Some(commit) = commits.iter().find(|commit| announces_break(commit)) {
        return sure(Kind::Breaking, format!("{} announces a breaking change", commit.label()));
    }
    if let Some((kind, reason)) = only(files) {
        return sure(kind, reason.to_owned());
    }
    let votes: Vec<Vote> = commits.iter().filter_map(vote).collect();
    // Tests, build files and documents that come along do not make the change.
    let main = |vote: &&Vote| !matches!(vote.kind, Kind::Test | Kind::Build | Kind::Docs);
    let Some(first) = votes.iter().find(main).or(votes.first()) else {
        return Decision {
            kind: Kind::Enhancement,
            reason: "neither the commit messages nor the files tell, so this is a guess".to_owned(),
            unsure: true,
        };
    };
    match votes.iter().filter(main).find(|vote| vote.kind != first.kind) {
        None => Decision { kind: first.kind, reason: first.reason.clone(), unsure: first.weak },
        Some(other) => Decision {
            kind: first.kind,
            reason: format!("{}, and comes first; {}", first.reason, other.reason),
            unsure: true,
        },
    }
}

fn announces_break(commit: &Commit) -> bool {
    let footer =
        |line: &str| line.starts_with("BREAKING CHANGE:") || line.starts_with("BREAKING-CHANGE:");
    let head = commit.subject.split_once(": ").map_or("", |(head, _)| head);
    commit.body.lines().any(footer) || head.ends_with('!') && !head.contains(' ')
}

/// A kind that follows from the files alone.
fn only(files: &[String]) -> Option<(Kind, &'static str)> {
    match touched::only(files)? {
        Use::Test => Some((Kind::Test, "only tests changed")),
        Use::Build => Some((Kind::Build, "only build and CI files changed")),
        Use::Docs => Some((Kind::Docs, "only documentation changed")),
        Use::Product => None,
    }
}

fn vote(commit: &Commit) -> Option<Vote> {
    let label = commit.label();
    if let Some((kind, reason)) = only(&commit.files) {
        return Some(Vote { kind, reason: format!("in {label} {reason}"), weak: false });
    }
    if commit.stated().next().is_some() {
        return Some(Vote {
            kind: Kind::Bug,
            reason: format!("{label} names the issue it fixes"),
            weak: false,
        });
    }
    let subject = commit.subject.to_lowercase();
    let mut words = subject.split(|c: char| !c.is_alphanumeric());
    words.find_map(|word| {
        let (kind, _) = WORDS.iter().find(|(_, words)| words.contains(&word))?;
        let reason = format!("{label} says \"{word}\"");
        Some(Vote { kind: *kind, reason, weak: word.starts_with("add") })
    })
}
