//! Joins policies with packs and project: which one holds, what it makes of every check, and the
//! project as it holds it. What a policy says is decided in `policy`.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Severity;
use crate::pack::Packs;
use crate::pack::problem::Problem;
use crate::policy::{self, Book, Policy};
use crate::profile::{Open, RawProject};

use super::trouble::Trouble;

/// The policies that a project with these packs may be judged by.
///
/// # Errors
/// Every mistake in them, at once.
pub fn book(packs: &Packs, chain: &[String], ids: &BTreeSet<String>) -> Result<Book, Trouble> {
    Book::read(packs, chain, ids).map_err(|problems| mistakes(&problems))
}

/// The policy of that name, or the one that such a project is judged by.
///
/// # Errors
/// A name that there is not.
pub fn choose(policies: &Book, name: Option<&str>, project: &Open) -> Result<Policy, Trouble> {
    let usual = project.policy().unwrap_or(policy::DEFAULT);
    policies.policy(name.unwrap_or(usual)).map_err(|what| {
        Trouble::usage(what).remedy(
            "choose another with `--policy NAME`, or write your own into _policies.yaml of a pack",
        )
    })
}

/// A project held to a policy's values.
///
/// # Errors
/// The value that no project has, with its place.
pub fn hold(policy: &Policy, open: &Open) -> Result<RawProject, Trouble> {
    policy.hold(open).map_err(|problem| mistakes(&[problem]))
}

/// Gives every check the severity that a policy gives it, and returns those that were written
/// otherwise.
pub fn weigh(packs: &mut Packs, policy: &Policy) -> BTreeMap<String, Severity> {
    let mut written = BTreeMap::new();
    for check in packs.checks.values_mut() {
        let Some(severity) = policy.treatment(check).map(|treatment| treatment.severity) else {
            continue;
        };
        if severity != check.severity {
            written.insert(check.id.clone(), std::mem::replace(&mut check.severity, severity));
        }
    }
    written
}

/// Mistakes shown in full; whoever has more sees the same ones again and again.
const SHOWN: usize = 20;

/// Mistakes in packs, told at once.
pub(super) fn mistakes(problems: &[Problem]) -> Trouble {
    let shown: Vec<String> = problems.iter().take(SHOWN).map(ToString::to_string).collect();
    let what = match problems.len() {
        1 => "a pack has a mistake".to_owned(),
        count if count > SHOWN => format!("packs have {count} mistakes; the first {SHOWN} of them"),
        count => format!("packs have {count} mistakes"),
    };
    Trouble::usage(format!("{what}\n\n{}", shown.join("\n\n")))
}
