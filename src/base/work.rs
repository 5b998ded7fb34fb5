//! What kind of change it is, as far as the choice of a base needs it, and what shows it. A kind
//! that is not sure is told as such.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::kind::{Decision, Kind, Message, decide};
use crate::git::{self, Repositories, Unreadable, Wanted};

/// A change of more commits is never one fix for sure.
const COMMITS: usize = 50;

/// The kind of change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase", tag = "kind", content = "because")]
pub enum Work {
    /// It mends something, and what says so.
    Fix(String),
    /// It adds something, and what says so.
    Feature(String),
    /// It does something else, as a sentence.
    Other(String),
    /// It may be this or that, as a sentence.
    Unsure(String),
}

/// The kind of the commits since the base.
///
/// # Errors
/// The reason they cannot be told.
pub fn work(git: &dyn Repositories, tree: &Path, wanted: &Wanted) -> Result<Work, Unreadable> {
    let messages = git.messages(tree, wanted, COMMITS + 1)?;
    if messages.len() > COMMITS {
        let text = format!("it has more than {COMMITS} commits, so what it is was not looked at");
        return Ok(Work::Unsure(text));
    }
    Ok(work_of(&messages))
}

/// The kind of commits, the newest first.
#[must_use]
pub fn work_of(messages: &[git::Message]) -> Work {
    let told = |message: &git::Message| !message.subject.is_empty();
    let all: Vec<Message<'_>> = messages.iter().rev().filter(|one| told(one)).map(read).collect();
    let speaking: Vec<Message<'_>> = all.iter().filter(|one| one.speaks()).copied().collect();
    let speaking = if speaking.is_empty() { all } else { speaking };
    let mut files: Vec<String> = speaking.iter().flat_map(|one| one.files.to_vec()).collect();
    files.sort();
    files.dedup();
    of_decision(decide(&speaking, &files))
}

fn read(message: &git::Message) -> Message<'_> {
    Message {
        short: message.commit.get(..10).unwrap_or(&message.commit),
        subject: &message.subject,
        body: &message.body,
        files: &message.files,
        merge: message.merge,
    }
}

fn of_decision(Decision { kind, reason, unsure }: Decision) -> Work {
    match (kind, unsure) {
        (Kind::Bug, false) => Work::Fix(reason),
        (Kind::Feature, false) => Work::Feature(reason),
        (_, false) => Work::Other(format!("it is no bug fix but {}: {reason}", phrase(kind))),
        (_, true) => Work::Unsure(format!("it may be {}: {reason}", phrase(kind))),
    }
}

/// The kind in a sentence.
fn phrase(kind: Kind) -> &'static str {
    match kind {
        Kind::Breaking => "a breaking change",
        Kind::Feature => "a feature",
        Kind::Bug => "a bug fix",
        Kind::Enhancement => "an enhancement",
        Kind::Cleanup => "a cleanup",
        Kind::Build => "about the build",
        Kind::Test => "about tests",
        Kind::Docs => "about documentation",
    }
}
