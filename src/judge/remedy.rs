//! What a check's `repair` comes to on this machine: its conditions asked and its templates filled
//! in. Values only; whether anything is done about it is the user's decision.

use minijinja::value::Value as Jinja;
use serde_json::Value as Json;

use super::Judge;
use crate::finding::{Finding, Outcome};
use crate::pack::Check;
use crate::pack::expression::{self, Mistake};
use crate::pack::mend::Way;
use crate::pack::repair::{Act, Repair, Value};

/// One step towards a finding that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// Install these packages of the machine's own family; none where the check names none for it.
    Install(Vec<String>),
    /// Set something for the user's git.
    Set(String, Value),
    /// Make an OpenPGP key.
    MakeKey {
        /// As gpg names it.
        algorithm: String,
        /// As gpg reads it.
        expires: String,
    },
    /// Add the user's name and address to the key with this fingerprint.
    AddAddress(String),
    /// Mend a file of the change.
    Mend {
        /// Its path from the root of the work tree.
        file: String,
        /// What is done to it.
        way: Way,
        /// The one-based line of the commit that this is about.
        line: Option<u64>,
    },
    /// Leave it to the user.
    ByHand(String),
}

impl Judge<'_> {
    /// The steps that a check offers against its findings, which come in the order of its items;
    /// each step once. None where it offers none, or one of them cannot be worded: half a remedy
    /// is none.
    #[must_use]
    pub fn remedies(&self, check: &Check, found: &Json, findings: &[&Finding]) -> Vec<Remedy> {
        let data = expression::value(found);
        let names = self.context.after(&data, None);
        let items = check.each.as_ref().and_then(|each| self.engine.value(each, &names).ok());
        let empty = Vec::new();
        let items = items.as_ref().and_then(Json::as_array).unwrap_or(&empty);
        let mut remedies: Vec<Remedy> = Vec::new();
        for (index, finding) in findings.iter().enumerate() {
            let stands = matches!(finding.outcome, Outcome::Fail | Outcome::Warn);
            if !stands || finding.excused.is_some() {
                continue;
            }
            let item = items.get(index).map(expression::value);
            let names = self.context.after(&data, item.as_ref());
            let Ok(steps) = self.steps(&check.repair, &names) else { return Vec::new() };
            steps.into_iter().for_each(|step| {
                if !remedies.contains(&step) {
                    remedies.push(step);
                }
            });
        }
        remedies
    }

    fn steps(&self, repairs: &[Repair], names: &Jinja) -> Result<Vec<Remedy>, Mistake> {
        let mut steps = Vec::new();
        for repair in repairs {
            let wanted = match &repair.condition {
                Some(condition) => self.engine.holds(condition, names)?,
                None => true,
            };
            if wanted {
                steps.push(self.step(&repair.act, names)?);
            }
        }
        Ok(steps)
    }

    fn step(&self, act: &Act, names: &Jinja) -> Result<Remedy, Mistake> {
        let text = |template: &String| self.engine.render(template, names);
        Ok(match act {
            Act::Install(families) => {
                let packages = families.get(self.family).into_iter().flatten();
                Remedy::Install(packages.map(text).collect::<Result<_, _>>()?)
            }
            Act::Set(key, Value::Text(value)) => {
                Remedy::Set(key.clone(), Value::Text(text(value)?))
            }
            Act::Set(key, value) => Remedy::Set(key.clone(), value.clone()),
            Act::MakeKey { algorithm, expires } => {
                Remedy::MakeKey { algorithm: text(algorithm)?, expires: text(expires)? }
            }
            Act::AddAddress(key) => Remedy::AddAddress(text(key)?),
            Act::Mend { file, way, line } => {
                let line = line.as_ref().map(text).transpose()?;
                // What is no number is no line, and then nothing is done to the file.
                let line = line.map(|line| line.parse().unwrap_or(0));
                Remedy::Mend { file: text(file)?, way: *way, line }
            }
            Act::ByHand(words) => Remedy::ByHand(text(words)?),
        })
    }
}
