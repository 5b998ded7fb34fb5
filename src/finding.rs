//! What a check concluded: the words every layer above shares.
//! Holds values only; deciding is `judge`'s work and wording is the check's.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The five ways a check can end. `Unknown` is never shown as a pass.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The condition holds.
    Pass,
    /// Does not apply here; the finding says why.
    Skip,
    /// The condition does not hold, at severity `warn` or `advice`.
    Warn,
    /// Could not be told; the finding says why.
    Unknown,
    /// The condition does not hold, at severity `error`.
    Fail,
}

impl Outcome {
    /// The word used in every format.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Skip => "skip",
            Self::Warn => "warn",
            Self::Unknown => "unknown",
            Self::Fail => "fail",
        }
    }
}

/// How much a condition that does not hold matters.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never gates.
    Advice,
    /// Likely to cost time.
    Warn,
    /// Stops the road.
    Error,
}

impl Severity {
    /// The word that packs use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    /// The outcome of a condition that does not hold at this severity.
    #[must_use]
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Error => Outcome::Fail,
            Self::Warn | Self::Advice => Outcome::Warn,
        }
    }
}

/// Where a finding points: a file, a line in it, a commit, or several of these.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Path, relative to the work tree where it lies in one.
    pub file: Option<String>,
    /// One-based line.
    pub line: Option<u64>,
    /// Full commit id.
    pub commit: Option<String>,
}

/// What takes a finding out of the verdict although it stands: it is shown and counted apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", tag = "by", deny_unknown_fields)]
pub enum Excuse {
    /// Somebody decided so, until a day.
    Waiver {
        /// Why.
        reason: String,
        /// The last day it holds, as `2027-01-31`.
        until: String,
    },
    /// It was there before this change.
    Baseline,
}

/// Where a finding comes from whose check a work tree brings and nobody trusts.
pub const NOT_TRUSTED: &str = "this work tree's .onramp, not trusted";

/// One conclusion of one check, about one item where the check looks at several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Id of the check, `pack/stage/name`.
    pub check: String,
    /// The check's title: the sentence that should be true.
    pub title: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The check's severity.
    pub severity: Severity,
    /// What was seen, or why it was skipped or could not be told.
    pub text: String,
    /// Why the check exists.
    pub why: String,
    /// What to do, for this platform; absent where nothing needs doing.
    pub fix: Option<String>,
    /// What the upstream project makes of it, where that differs from the check.
    pub upstream: Option<String>,
    /// Where the rule comes from.
    pub source: String,
    /// Where in the tree or history.
    pub place: Option<Place>,
    /// Where the check was read, for one that is no part of onramp: a folder, or this work tree.
    #[serde(default)]
    pub from: Option<String>,
    /// Why it does not count; absent where it does.
    #[serde(default)]
    pub excused: Option<Excuse>,
}

impl Finding {
    /// The pack, the first part of the check's id.
    #[must_use]
    pub fn pack(&self) -> &str {
        self.check.split('/').next().unwrap_or("")
    }

    /// The stage, the middle part of the check's id.
    #[must_use]
    pub fn stage(&self) -> &str {
        self.check.split('/').nth(1).unwrap_or("")
    }

    /// The name, the last part of the check's id.
    #[must_use]
    pub fn name(&self) -> &str {
        self.check.rsplit('/').next().unwrap_or("")
    }

    /// Whether its words are those of a work tree that nobody trusts: its remedy is never run.
    #[must_use]
    pub fn untrusted(&self) -> bool {
        self.from.as_deref() == Some(NOT_TRUSTED)
    }

    /// Marks words that are a work tree's and that nobody vouches for; else nothing.
    #[must_use]
    pub fn whose(&self) -> String {
        if self.untrusted() { format!(" (from {NOT_TRUSTED})") } else { String::new() }
    }

    /// What was seen, and whose words these are where nobody vouches for them.
    #[must_use]
    pub fn marked_text(&self) -> String {
        self.text.clone() + &self.whose()
    }

    /// The remedy, and whose words these are where nobody vouches for them. What to do about an
    /// unknown is onramp's to say, whoever wrote the check.
    #[must_use]
    pub fn marked_fix(&self) -> Option<String> {
        let whose = if self.outcome == Outcome::Unknown { String::new() } else { self.whose() };
        self.fix.as_ref().map(|fix| fix.clone() + &whose)
    }
}
