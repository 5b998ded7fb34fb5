//! Decides what kind of change a change is, and says why: from the files each commit touches and
//! from the words of its subject. The one place that does: the choice of a base and the type of a
//! request follow from it. A guess is always named as one.

use super::closing::{states, states_a_fix};
use super::subject::{Lean, lean};
use super::touched::{self, Use};
use crate::text::clean_line;

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

    /// What people call it, as templates do.
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
}

/// What a commit says and touches.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// The id as people write it.
    pub short: &'a str,
    /// First line.
    pub subject: &'a str,
    /// The rest.
    pub body: &'a str,
    /// Paths it touches; empty where that was not looked up.
    pub files: &'a [String],
    /// Whether it has several parents.
    pub merge: bool,
}

impl Message<'_> {
    /// How a sentence names the commit.
    #[must_use]
    pub fn label(&self) -> String {
        format!("\"{}\" ({})", clean_line(self.subject), clean_line(self.short))
    }

    /// Whether the commit stands for itself: no merge, and nothing to be squashed into another.
    #[must_use]
    pub fn speaks(&self) -> bool {
        const SILENT: [&str; 4] = ["fixup! ", "squash! ", "amend! ", "Merge "];
        !self.merge && !SILENT.iter().any(|start| self.subject.starts_with(start))
    }

    /// Whether it says, by its subject or a line that begins so, that it fixes an issue.
    fn fixes_an_issue(&self) -> bool {
        let mut lines = self.subject.split('(').chain(self.body.lines());
        lines.any(|line| states(line) && states_a_fix(line))
    }

    fn announces_break(&self) -> bool {
        let footer = |line: &str| {
            line.starts_with("BREAKING CHANGE:") || line.starts_with("BREAKING-CHANGE:")
        };
        let head = self.subject.split_once(": ").map_or("", |(head, _)| head);
        self.body.lines().any(footer) || head.ends_with('!') && !head.contains(' ')
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

/// What one commit speaks for, and how it says so.
struct Vote {
    kind: Kind,
    reason: String,
    sure: bool,
}

impl Vote {
    /// Tests, build files and documents that come along do not make the change.
    fn is_main(&self) -> bool {
        !matches!(self.kind, Kind::Test | Kind::Build | Kind::Docs)
    }
}

/// Decides. `messages` are the commits that stand for themselves, oldest first, `files` all the files
/// of the change.
#[must_use]
pub fn decide(messages: &[Message<'_>], files: &[String]) -> Decision {
    let sure = |kind, reason| Decision { kind, reason, unsure: false };
    if let Some(message) = messages.iter().find(|message| message.announces_break()) {
        return sure(Kind::Breaking, format!("{} announces a breaking change", message.label()));
    }
    if let Some((kind, reason)) = only(files) {
        return sure(kind, reason.to_owned());
    }
    let all: Vec<Option<Vote>> = messages.iter().map(vote).collect();
    // What the first commit does not say, later ones may only mend.
    let silent = all.iter().take_while(|vote| !vote.as_ref().is_some_and(Vote::is_main));
    let silent = silent.filter(|vote| vote.is_none()).count() > 0;
    let votes: Vec<&Vote> = all.iter().flatten().collect();
    let Some(first) = votes.iter().find(|vote| vote.is_main()).or(votes.first()) else {
        return Decision {
            kind: Kind::Enhancement,
            reason: "neither the commit messages nor the files tell, so this is a guess".to_owned(),
            unsure: true,
        };
    };
    let other = |vote: &&&Vote| vote.is_main() && vote.kind != first.kind;
    let mut others = votes.iter().filter(|vote| vote.sure || !first.sure);
    match others.find(other).filter(|_| first.is_main()) {
        Some(other) => Decision {
            kind: first.kind,
            reason: format!("{}, and comes first; {}", first.reason, other.reason),
            unsure: true,
        },
        None => Decision {
            kind: first.kind,
            reason: first.reason.clone(),
            unsure: !first.sure || silent,
        },
    }
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

fn vote(message: &Message<'_>) -> Option<Vote> {
    let label = message.label();
    if let Some((kind, reason)) = only(message.files) {
        return Some(Vote { kind, reason: format!("in {label} {reason}"), sure: true });
    }
    let said = lean(message.subject);
    if message.fixes_an_issue() && said.as_ref().is_none_or(|lean| lean.is_fix() || !lean.sure) {
        // Features close issues as well: only the words of the subject make it sure.
        let sure = said.is_some_and(|lean| lean.is_fix());
        let reason = format!("{label} names the issue it fixes");
        return Some(Vote { kind: Kind::Bug, reason, sure });
    }
    let Lean { kind, word, sure } = said?;
    // Files of the product speak against a commit that is about nothing but tests or documents.
    let sure = sure && (message.files.is_empty() || !is_aside(kind));
    Some(Vote { kind, reason: format!("{label} says \"{word}\""), sure })
}

/// Whether a kind stays out of the product.
fn is_aside(kind: Kind) -> bool {
    matches!(kind, Kind::Test | Kind::Docs)
}
