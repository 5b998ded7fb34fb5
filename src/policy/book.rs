//! The policies that a project may be judged by: definitions of one name add up, those of the
//! pack that a project extends first, then its own, then those of packs for every project; within
//! a pack onramp's first, then the user's. Pure; every mistake is told with its place.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use serde_saphyr::Spanned;

use crate::finding::Severity;
use crate::pack::check::called;
use crate::pack::load::{self, File};
use crate::pack::problem::Problem;
use crate::pack::suggest::{near_check, suggestion};
use crate::pack::{Check, Packs};
use crate::profile::{Open, RawProject};

use super::DEFAULT;
use super::model::{RawPolicy, Weight};

/// Every policy of a project.
#[derive(Debug, Default)]
pub struct Book {
    policies: BTreeMap<String, Vec<Layer>>,
}

/// What one file says of one policy.
#[derive(Debug, Clone)]
struct Layer {
    file: String,
    content: Cow<'static, str>,
    raw: RawPolicy,
}

/// One policy with all that it starts from.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// What it is, in a phrase.
    pub title: Option<String>,
    /// What it starts from first.
    layers: Vec<Layer>,
}

/// What a policy makes of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Treatment<'a> {
    /// What it amounts to where it does not hold.
    pub severity: Severity,
    /// The policy's reason.
    pub because: Option<&'a str>,
}

impl Book {
    /// Reads the policies of a project whose packs are `chain`, its own first. `ids` are those of
    /// every check there is, whatever project it is for.
    ///
    /// # Errors
    /// Every mistake.
    pub fn read(
        packs: &Packs,
        chain: &[String],
        ids: &BTreeSet<String>,
    ) -> Result<Self, Vec<Problem>> {
        let mut book = Self::default();
        let mut problems = Vec::new();
        for file in in_order(packs, chain) {
            match load::parsed(file) {
                Ok(policies) => book.add(file, policies),
                Err(problem) => problems.push(problem),
            }
        }
        let layers = book.policies.values().flatten();
        problems.extend(layers.flat_map(|layer| layer.unknown_checks(ids)));
        problems.extend(book.policies.keys().filter_map(|name| book.baseless(name)));
        if problems.is_empty() { Ok(book) } else { Err(problems) }
    }

    fn add(&mut self, file: &File, policies: BTreeMap<String, RawPolicy>) {
        for (name, raw) in policies {
            let layer = Layer { file: file.shown(), content: file.content.clone(), raw };
            self.policies.entry(name).or_default().push(layer);
        }
    }

    /// The names, the default's first.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let others = self.policies.keys().map(String::as_str).filter(|name| *name != DEFAULT);
        std::iter::once(DEFAULT).chain(others).collect()
    }

    /// The policy of that name.
    ///
    /// # Errors
    /// A sentence where there is none.
    pub fn policy(&self, name: &str) -> Result<Policy, String> {
        if !self.names().contains(&name) {
            let hint = suggestion(name, self.names().into_iter());
            return Err(format!("there is no policy `{name}`{hint}"));
        }
        let line = self.line(name);
        let layers = line.iter().rev().filter_map(|name| self.policies.get(*name)).flatten();
        let own = self.policies.get(name).into_iter().flatten();
        Ok(Policy {
            name: name.to_owned(),
            title: own.filter_map(|layer| layer.raw.title.clone()).next_back(),
            layers: layers.cloned().collect(),
        })
    }

    /// Where a policy says what it starts from; the last to say so counts.
    fn base(&self, name: &str) -> Option<(&Layer, &Spanned<String>)> {
        let layers = self.policies.get(name)?.iter();
        layers.filter_map(|layer| Some((layer, layer.raw.extends.as_ref()?))).next_back()
    }

    /// The policy and what it starts from, one after the other, ending before any comes again.
    fn line<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        let mut line = vec![name];
        let mut last = name;
        while let Some((_, base)) = self.base(last)
            && !line.contains(&base.value.as_str())
        {
            last = &base.value;
            line.push(last);
        }
        line
    }

    /// What is wrong with what a policy starts from.
    fn baseless(&self, name: &str) -> Option<Problem> {
        let (layer, base) = self.base(name)?;
        let to = base.value.as_str();
        let line = self.line(to);
        let what = if !self.names().contains(&to) {
            let hint = suggestion(to, self.names().into_iter().filter(|other| *other != name));
            format!("there is no policy `{to}`{hint}")
        } else if line.contains(&name) {
            match line.iter().position(|other| *other == name) {
                Some(0) => format!("policy `{name}` extends itself"),
                _ => format!("policy `{name}` extends itself through `{to}`"),
            }
        } else {
            return None;
        };
        Some(Problem::within(&layer.file, &layer.content, base.referenced, to, &what))
    }
}

/// The files of policies that count for a project, what is laid over others last.
fn in_order<'a>(packs: &'a Packs, chain: &[String]) -> Vec<&'a File> {
    let rank = |file: &&File| {
        let pack = file.policies_of().unwrap_or_default();
        let depth = chain.iter().rev().position(|name| name == pack);
        depth.or_else(|| (!packs.projects.contains_key(pack)).then_some(chain.len()))
    };
    let mut files: Vec<&File> = packs.policies.iter().filter(|file| rank(file).is_some()).collect();
    files.sort_by_key(rank);
    files
}

impl Layer {
    fn rules(&self) -> impl Iterator<Item = (&String, &Weight)> {
        self.raw.severity.iter().flat_map(|rules| &rules.value)
    }

    fn unknown_checks(&self, ids: &BTreeSet<String>) -> Vec<Problem> {
        let Some(rules) = &self.raw.severity else { return Vec::new() };
        let unknown = rules.value.keys().filter(|name| !ids.iter().any(|id| called(id, name)));
        let problem = |name: &String| {
            let near = near_check(name, ids.iter().map(String::as_str));
            let hint = near.map_or_else(
                || "; `onramp list` shows all".to_owned(),
                |near| format!("; did you mean `{near}`?"),
            );
            let what = format!("there is no check `{name}`{hint}");
            Problem::within(&self.file, &self.content, rules.referenced, name, &what)
        };
        unknown.map(problem).collect()
    }

    /// The rule for a check; where several fit, the one that names it most exactly.
    fn rule(&self, check: &str) -> Option<&Weight> {
        let fitting = self.rules().filter(|(name, _)| called(check, name));
        fitting.max_by_key(|(name, _)| name.len()).map(|(_, weight)| weight)
    }
}

impl Policy {
    /// What it makes of a check; `None` where it leaves it as it is written.
    #[must_use]
    pub fn treatment(&self, check: &Check) -> Option<Treatment<'_>> {
        let weight = self.layers.iter().rev().find_map(|layer| layer.rule(&check.id))?;
        Some(Treatment { severity: weight.severity, because: weight.because.as_deref() })
    }

    /// A project held to the policy's values.
    ///
    /// # Errors
    /// The value that no project has, with its place.
    pub fn hold(&self, project: &Open) -> Result<RawProject, Problem> {
        let (mut open, mut held) = (project.clone(), None);
        for (layer, over) in self.values() {
            let wrong = |what: String| misplaced(layer, over, &what);
            open = self.laid_over(open, over).map_err(wrong)?;
            // Asked of each, so that no later one hides a mistake of an earlier one.
            held = Some(open.closed().map_err(wrong)?);
        }
        let as_written = || {
            project.closed().map_err(|what| Problem::whole(&format!("policy {}", self.name), &what))
        };
        held.map_or_else(as_written, Ok)
    }

    /// What it says of a project's values, what it starts from first.
    fn values(&self) -> impl Iterator<Item = (&Layer, &Spanned<Value>)> {
        self.layers.iter().filter_map(|layer| Some((layer, layer.raw.project.as_ref()?)))
    }

    fn laid_over(&self, project: Open, over: &Spanned<Value>) -> Result<Open, String> {
        if let Some(name) = FIXED.iter().find(|name| over.value.get(name).is_some()) {
            return Err(format!("`{name}` says what the project is, which no policy changes"));
        }
        if !over.value.is_object() {
            let sample = "`maven: { requirement: \">=3.8\" }`";
            return Err(format!("`project` needs values by name, such as {sample}"));
        }
        project.overlay(over.value.clone(), &format!("policy {}", self.name))
    }
}

/// A value that a layer gives and no project has.
fn misplaced(layer: &Layer, over: &Spanned<Value>, what: &str) -> Problem {
    let name = what.split('`').nth(1).unwrap_or_default();
    Problem::within(&layer.file, &layer.content, over.referenced, name, what)
}

/// What a project is stays its own affair.
const FIXED: [&str; 3] = ["extends", "detect", "policy"];
