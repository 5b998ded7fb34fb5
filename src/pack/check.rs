//! A check that has been read and held against its probe: what plan and judge work with.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::finding::{NOT_TRUSTED, Severity};

use super::repair::{Act, Repair};

/// The stages in the order of the road.
pub const STAGES: [&str; 4] = ["machine", "identity", "patch", "host"];

/// Where a pack came from; later ones override earlier ones by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Part of onramp.
    Embedded,
    /// A folder of the user's.
    Folder(String),
    /// The work tree's own `.onramp`.
    Tree {
        /// Somebody vouched for it; otherwise it is nothing but data: nothing that it names is run,
        /// connected to or read, and its remedies are words.
        trusted: bool,
    },
}

impl Origin {
    /// Where a check was read, in words; `None` for one that is part of onramp.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        match self {
            Self::Embedded => None,
            Self::Folder(folder) => Some(folder.clone()),
            Self::Tree { trusted: true } => Some("this work tree's .onramp".to_owned()),
            Self::Tree { trusted: false } => Some(NOT_TRUSTED.to_owned()),
        }
    }

    /// A file of it as people find it.
    #[must_use]
    pub fn shown(&self, path: &str) -> String {
        match self {
            Self::Embedded => format!("checks/{path}"),
            Self::Folder(root) => format!("{root}/{path}"),
            Self::Tree { .. } => format!(".onramp/checks/{path}"),
        }
    }

    /// Whether onramp or the user stands behind it, so that what it names may be done.
    #[must_use]
    pub fn vouched_for(&self) -> bool {
        *self != Self::Tree { trusted: false }
    }

    /// Whether `onramp fix` may do what its checks offer. Trusting a work tree lets it look, not
    /// change the machine.
    #[must_use]
    pub fn may_repair(&self) -> bool {
        !matches!(self, Self::Tree { .. })
    }
}

/// A condition and what to say where it decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The expression.
    pub expression: String,
    /// The reason, a template.
    pub say: String,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// `pack/stage/name`.
    pub id: String,
    /// Where it was read.
    pub origin: Origin,
    /// Its file, relative to the checks folder.
    pub file: String,
    /// The sentence that should be true.
    pub title: String,
    /// What a condition that does not hold amounts to.
    pub severity: Severity,
    /// The probe's name.
    pub probe: String,
    /// The probe's arguments; strings may be templates.
    pub arguments: Value,
    /// Must hold for the check to apply.
    pub when: Vec<Condition>,
    /// A list in what was found.
    pub each: Option<String>,
    /// Why there is nothing to judge when that list is empty.
    pub empty: Option<String>,
    /// What was seen where that list is empty and the check passes for it.
    pub clear: Option<String>,
    /// Says why a thing that is not present fails.
    pub missing: Option<String>,
    /// Makes the answer unknown.
    pub unsure: Vec<Condition>,
    /// The condition.
    pub pass: String,
    /// What was seen.
    pub say: String,
    /// What was seen, where the condition holds.
    pub ok: Option<String>,
    /// Why the check exists.
    pub why: String,
    /// What to do, by package family.
    pub fix: BTreeMap<&'static str, String>,
    /// What `onramp fix` may do, in order.
    pub repair: Vec<Repair>,
    /// What upstream makes of it, where that differs.
    pub upstream: Option<String>,
    /// Where the rule comes from.
    pub source: String,
    /// Longest the probe may take.
    pub deadline: Duration,
    /// Id of an inherited check this one stands in for.
    pub replaces: Option<String>,
}

impl Check {
    /// The pack, first part of the id.
    #[must_use]
    pub fn pack(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }

    /// The stage, second part of the id.
    #[must_use]
    pub fn stage(&self) -> &str {
        self.id.split('/').nth(1).unwrap_or_default()
    }

    /// Whether `name` is the id or the end of it: `git` for `apache/machine/git`.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        called(&self.id, name)
    }

    /// The name, last part of the id.
    #[must_use]
    pub fn name(&self) -> &str {
        self.id.rsplit('/').next().unwrap_or(&self.id)
    }

    /// Whether `onramp fix` may offer a step of it on a machine of this family.
    #[must_use]
    pub fn may_repair_on(&self, family: &str) -> bool {
        let step = |repair: &Repair| match &repair.act {
            Act::Install(packages) => packages.contains_key(family),
            Act::ByHand(_) => false,
            Act::Set(..) | Act::MakeKey { .. } | Act::AddAddress(_) | Act::Mend { .. } => true,
        };
        self.origin.may_repair() && self.repair.iter().any(step)
    }

    /// What to do on a machine of this family.
    #[must_use]
    pub fn fix_for(&self, family: &str) -> Option<&str> {
        self.fix.get(family).or_else(|| self.fix.get("any")).map(String::as_str)
    }
}

/// Whether `name` is the id of a check or the end of it.
#[must_use]
pub fn called(id: &str, name: &str) -> bool {
    let before = id.strip_suffix(name);
    before.is_some_and(|before| !name.is_empty() && (before.is_empty() || before.ends_with('/')))
}
