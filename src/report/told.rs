//! What every format is handed: a report with the verdict on it, or the reason why there is none.
//! Settles what a finding counts for, so that no two formats can disagree. Writes nothing.

use schemars::JsonSchema;
use serde::Serialize;

use crate::exit::Exit;
use crate::finding::{Excuse, Finding, Outcome, Severity};
use crate::text::Line;

use super::human::Style;
use super::{Report, VERSION};

/// A report as it is to be told.
pub struct Told<'a> {
    /// What was found.
    pub report: &'a Report,
    /// The lowest severity that counts.
    pub fail_on: Severity,
    /// How the run ends.
    pub exit: Exit,
    /// How to say it to people.
    pub style: Style,
}

/// What a finding amounts to in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Holds.
    Holds,
    /// Does not apply.
    Skipped,
    /// Does not hold or could not be told, and the exit code says so.
    Counts,
    /// Does not hold or could not be told, and does not count: too mild, or excused.
    Minor,
}

impl Standing {
    /// Of one finding where `fail_on` is the lowest severity that counts.
    #[must_use]
    pub fn of(finding: &Finding, fail_on: Severity) -> Self {
        match finding.outcome {
            Outcome::Pass => Self::Holds,
            Outcome::Skip => Self::Skipped,
            _ if finding.excused.is_none() && finding.severity >= fail_on => Self::Counts,
            _ => Self::Minor,
        }
    }
}

/// How many findings ended in a way, without those that are excused.
#[must_use]
pub fn count(findings: &[Finding], outcome: Outcome) -> usize {
    findings.iter().filter(|one| one.outcome == outcome && one.excused.is_none()).count()
}

/// How many findings are excused.
#[must_use]
pub fn excused(findings: &[Finding]) -> usize {
    findings.iter().filter(|finding| finding.excused.is_some()).count()
}

/// Why a finding does not count, as a fragment of a sentence.
#[must_use]
pub fn excuse(excuse: &Excuse) -> String {
    match excuse {
        Excuse::Waiver { reason, until } => format!("waived until {until}: {reason}"),
        Excuse::Baseline => "it was there before this change".to_owned(),
    }
}

/// What a format turns a report into.
pub enum Body {
    /// For people at a screen.
    Lines(Vec<Line>),
    /// For programs, as it is.
    Text(String),
}

/// A run that ended before anything was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stopped {
    /// Version of the report's shape.
    pub version: u32,
    /// Version of onramp.
    pub onramp: String,
    /// When, seconds since the epoch.
    pub created: i64,
    /// The exit code.
    pub exit: u8,
    /// What went wrong.
    pub stopped: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

impl Stopped {
    /// A run of this onramp.
    #[must_use]
    pub fn new(created: i64, exit: Exit, stopped: String, remedy: Option<String>) -> Self {
        let onramp = env!("CARGO_PKG_VERSION").to_owned();
        Self { version: VERSION, onramp, created, exit: exit.code(), stopped, remedy }
    }

    /// What went wrong and what to do, line by line.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.remedy {
            Some(remedy) => format!("{}\n{remedy}", self.stopped),
            None => self.stopped.clone(),
        }
    }
}

/// Whether a check's source is one web address and nothing else.
#[must_use]
pub fn is_address(source: &str) -> bool {
    let after = source.strip_prefix("https://").or_else(|| source.strip_prefix("http://"));
    let of_address = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=".contains(c);
    after.is_some_and(|rest| !rest.is_empty() && rest.chars().all(of_address))
}

/// A moment in UTC; empty for a number that is none.
#[must_use]
pub fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |time| time.to_string())
}
