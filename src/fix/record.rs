//! What was done, so that it can be taken back: the record's shape, and what its files say about
//! the way back. Each step is written down before it runs and again after it, so that a run killed
//! at any moment can be taken back.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Version of the record's shape.
pub const VERSION: u32 = 1;

/// One run of `onramp fix`. Fields that a newer version adds are passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Version of this shape.
    pub version: u32,
    /// When it began, seconds since the epoch.
    pub started: i64,
    /// The steps that were begun, in order.
    pub steps: Vec<Taken>,
}

/// One step that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// What it is, a fragment.
    pub title: String,
    /// The command, as it would be typed.
    pub command: String,
    /// How far it came.
    pub state: State,
    /// What it takes to take it back.
    pub trace: Trace,
}

/// How far a step came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It was about to run; whether it did is not known.
    Begun,
    /// It ended well.
    Done,
    /// It ended badly; part of it may have been done.
    Failed,
    /// It was taken back, or there was nothing to take back.
    Undone,
}

/// What a step leaves behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trace {
    /// Packages.
    Packages {
        /// The family whose program installed them.
        family: String,
        /// Those that were not there before.
        fresh: Vec<String>,
    },
    /// A file of git's settings; its content before and after lies beside the record.
    Settings {
        /// The file, as git names it.
        file: PathBuf,
        /// Whether it was there before.
        existed: bool,
    },
    /// A file of a work tree; its content before and after lies beside the record.
    File {
        /// The file.
        file: PathBuf,
        /// Whether it could be run before, where the step changed that.
        runnable: Option<bool>,
    },
    /// A key.
    Key {
        /// Fingerprints of the keys that were there before.
        before: Vec<String>,
        /// That of the new one, once it is known.
        made: Option<String>,
    },
    /// A name and address on a key.
    Address {
        /// The key's fingerprint.
        key: String,
        /// The name and address.
        user_id: String,
    },
}

impl Record {
    /// A record without steps.
    #[must_use]
    pub fn new(started: i64) -> Self {
        Self { version: VERSION, started, steps: Vec::new() }
    }

    /// Whether nothing is left to take back.
    #[must_use]
    pub fn undone(&self) -> bool {
        self.steps.iter().all(|step| step.state == State::Undone)
    }
}

/// What to do about a file that a step wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayBack {
    /// It is as the step left it: put the old content back, or remove it.
    Restore,
    /// It is as before: nothing to do.
    AsBefore,
    /// Somebody changed it since: leave it alone.
    Changed,
}

/// Decides from the file's content before the step, after it and now.
#[must_use]
pub fn way_back(before: Option<&[u8]>, after: Option<&[u8]>, now: Option<&[u8]>) -> WayBack {
    if now == before {
        WayBack::AsBefore
    } else if now.is_some() && now == after {
        WayBack::Restore
    } else {
        WayBack::Changed
    }
}

/// The lines in which two texts differ, `-` for those of the first and `+` for those of the
/// second; equal lines at both ends are left out.
#[must_use]
pub fn difference(first: &[u8], second: &[u8]) -> Vec<String> {
    let (first, second) = (lines(first), lines(second));
    let same = |pairs: &mut dyn Iterator<Item = (&String, &String)>| {
        pairs.take_while(|(one, other)| one == other).count()
    };
    let head = same(&mut first.iter().zip(&second));
    let (first, second) = (&first[head..], &second[head..]);
    let tail = same(&mut first.iter().rev().zip(second.iter().rev()));
    let (first, second) = (&first[..first.len() - tail], &second[..second.len() - tail]);
    let gone = first.iter().map(|line| format!("- {line}"));
    gone.chain(second.iter().map(|line| format!("+ {line}"))).collect()
}

fn lines(text: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(text).split_inclusive('\n').map(shown).collect()
}

fn shown(line: &str) -> String {
    match line.strip_suffix('\n') {
        Some(line) => line.to_owned(),
        None => format!("{line} (without an end of line)"),
    }
}
