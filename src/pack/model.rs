//! The shapes of a check's YAML, strict: an unknown key is an error. Text that holds an expression
//! or a template keeps its place in the file, so that a mistake in it can be pointed at.
//! Nothing here is checked yet; `valid` does that.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_saphyr::{Location, Spanned};

use crate::finding::Severity;

use super::repair::RawRepair;

/// Text with its place.
pub type Text = Spanned<String>;

/// One check, as written. Its path is its id, so it names neither itself nor its stage.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCheck {
    /// The sentence that should be true.
    pub title: Spanned<String>,
    /// What a condition that does not hold amounts to.
    pub severity: Severity,
    /// The probe and its arguments, as `{ name: arguments }`; a bare name takes none. A string
    /// argument that is one `{{ expression }}` becomes the expression's value.
    pub probe: Spanned<BTreeMap<String, Value>>,
    /// Expressions over `project`, `run` and `platform` that must hold for the check to apply,
    /// each with the reason for skipping it otherwise. One that looks at `found` is asked after
    /// the probe.
    #[serde(default)]
    pub when: Vec<RawCondition>,
    /// A list in what was found; the check is judged once per item, which is then `it`.
    #[serde(default)]
    pub each: Option<Text>,
    /// Why there is nothing to judge when the list is empty.
    #[serde(default)]
    pub empty: Option<Text>,
    /// What was seen where the list is empty and that is as it should be: the check passes. With
    /// `pass: false`, the list holds what is wrong.
    #[serde(default)]
    pub clear: Option<Text>,
    /// Says why a thing that is not `present` fails.
    #[serde(default)]
    pub missing: Option<Text>,
    /// Expressions over what was found that make the answer unknown, with the reason.
    #[serde(default)]
    pub unsure: Vec<RawCondition>,
    /// The condition, or a plain true or false.
    pub pass: Text,
    /// What was seen.
    pub say: Text,
    /// What was seen, where the condition holds and deserves other words.
    #[serde(default)]
    pub ok: Option<Text>,
    /// Why the check exists.
    pub why: Text,
    /// What to do, per platform.
    #[serde(default)]
    pub fix: RawFix,
    /// What `onramp fix` may do, in order; without it the remedy is done by hand.
    #[serde(default)]
    pub repair: Vec<Spanned<RawRepair>>,
    /// What the upstream project makes of it, where that differs.
    #[serde(default)]
    pub upstream: Option<Text>,
    /// Where the rule comes from.
    pub source: String,
    /// Longest the probe may take, in seconds.
    #[serde(default = "five")]
    pub deadline: Spanned<u64>,
    /// Id of an inherited check this one stands in for.
    #[serde(default)]
    pub replaces: Option<Text>,
}

/// A condition and what to say where it decides.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCondition {
    /// The expression.
    #[serde(rename = "if")]
    pub condition: Text,
    /// The reason, a template.
    pub say: Text,
}

/// What to do, by package family or system; `any` where no other fits.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawFix {
    /// Everywhere else.
    pub any: Option<Text>,
    /// Debian, Ubuntu and their children.
    pub debian: Option<Text>,
    /// Fedora, RHEL and their children.
    pub fedora: Option<Text>,
    /// SUSE and its children.
    pub suse: Option<Text>,
    /// Arch Linux.
    pub arch: Option<Text>,
    /// Alpine Linux.
    pub alpine: Option<Text>,
    /// macOS.
    pub macos: Option<Text>,
}

fn five() -> Spanned<u64> {
    Spanned::new(5, Location::UNKNOWN, Location::UNKNOWN)
}
