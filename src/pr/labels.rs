//! Which labels a project's bot will give a request for the paths it touches, read as the bots
//! themselves read their files. Pure; gives no label itself.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::patterns::{Dialect, Patterns};
use crate::pack::yaml;

/// Boring Cyborg compares by the npm package `ignore`: as `.gitignore`, whatever the case.
const CYBORG: Dialect = Dialect { star_is_deep: true, any_case: true, exact: false };
/// It asks GitHub for the files of a request once, and gets this many (kaxil/boring-cyborg,
/// `lib/labeler.js`, seen 2026-11-23).
const CYBORG_FILES: usize = 30;
/// actions/labeler compares by minimatch.
const LABELER: Dialect = Dialect { star_is_deep: false, any_case: false, exact: true };

/// What a bot makes of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// Labels that it will give, by name.
    pub given: Vec<String>,
    /// Labels that depend on something else than paths, or on a rule that is not known here.
    pub unsure: Vec<String>,
    /// It greets whoever opens a first request.
    pub greets: bool,
}

/// The configuration of Boring Cyborg, as far as it matters here.
#[derive(Deserialize)]
struct Cyborg {
    #[serde(default, rename = "labelPRBasedOnFilePath")]
    labels: BTreeMap<String, OneOrMany>,
    #[serde(default, rename = "firstPRWelcomeComment")]
    welcome: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// Reads the file of Boring Cyborg. `None` where it cannot be read.
#[must_use]
pub fn boring_cyborg(config: &str, files: &[String]) -> Option<Labels> {
    let config: Cyborg = yaml::read(config).ok()?;
    let files = &files[..files.len().min(CYBORG_FILES)];
    let given = |patterns: &[String]| {
        let words = patterns.iter().map(|pattern| pattern.strip_prefix('!').unwrap_or(pattern));
        let all = Patterns::read(words, CYBORG)?;
        // The last pattern that fits says whether the file counts.
        let counts =
            |file: &String| all.last(file).is_some_and(|at| !patterns[at].starts_with('!'));
        Some(files.iter().any(counts))
    };
    let mut labels = Labels { greets: config.welcome.is_some(), ..Labels::default() };
    for (label, patterns) in config.labels {
        match given(patterns.as_slice()) {
            Some(true) => labels.given.push(label),
            Some(false) => {}
            None => labels.unsure.push(label),
        }
    }
    Some(labels)
}

/// What a label of actions/labeler depends on: globs, or conditions of several kinds.
#[derive(Deserialize)]
#[serde(untagged)]
enum Condition {
    Glob(String),
    Files {
        #[serde(rename = "changed-files")]
        files: Vec<Matcher>,
    },
    Other(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Matcher {
    Any {
        #[serde(rename = "any-glob-to-any-file")]
        globs: OneOrMany,
    },
    Other(serde::de::IgnoredAny),
}

/// Reads the file of actions/labeler, of its versions before 5 and since. `None` where it cannot be read.
#[must_use]
pub fn labeler(config: &str, files: &[String]) -> Option<Labels> {
    let config: BTreeMap<String, Vec<Condition>> = yaml::read(config).ok()?;
    let mut labels = Labels::default();
    for (label, conditions) in config {
        let holds: Vec<Option<bool>> =
            conditions.iter().map(|condition| holds(condition, files)).collect();
        if holds.contains(&Some(true)) {
            labels.given.push(label);
        } else if holds.contains(&None) {
            labels.unsure.push(label);
        }
    }
    Some(labels)
}

/// Whether a condition holds; `None` where that does not lie in the paths, or is not known here.
fn holds(condition: &Condition, files: &[String]) -> Option<bool> {
    let touched = |globs: &[String]| {
        let set = Patterns::read(globs.iter().map(String::as_str), LABELER)?;
        Some(files.iter().any(|file| set.last(file).is_some()))
    };
    match condition {
        Condition::Glob(glob) if !glob.starts_with('!') => touched(std::slice::from_ref(glob)),
        Condition::Files { files: matchers } => {
            let each = matchers.iter().map(|matcher| match matcher {
                Matcher::Any { globs } => touched(globs.as_slice()),
                Matcher::Other(_) => None,
            });
            let each: Vec<Option<bool>> = each.collect();
            match each.contains(&Some(true)) {
                true => Some(true),
                false if each.contains(&None) => None,
                false => Some(false),
            }
        }
        Condition::Glob(_) | Condition::Other(_) => None,
    }
}
