//! Proposes the base: for a bug fix the oldest maintained branch that it fits, for a feature the
//! default one, each with its proof. Proposes nothing where the proof is not whole.

use schemars::JsonSchema;
use serde::Serialize;

use super::maintained::{Maintained, Verdict};
use super::work::Work;
use crate::git::Fitting;

/// A branch on which the change was tried, in memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tried {
    /// The branch.
    pub branch: String,
    /// How it fits.
    pub fitting: Fitting,
}

/// The base that work should have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Proposal {
    /// The branch; none where the proof is not whole.
    pub base: Option<String>,
    /// What leads to it, or what is missing: sentences for people.
    pub proof: Vec<String>,
}

/// Proposes a base for `work`, which stands on `current` now. `tried` holds the release branches.
#[must_use]
pub fn propose(
    work: &Work,
    maintained: &Maintained,
    tried: &[Tried],
    current: Option<&str>,
) -> Proposal {
    let default = &maintained.default;
    match work {
        Work::Fix(because) => {
            let proof = vec![format!("it is a bug fix: {because}")];
            oldest_that_fits(maintained, tried, proof)
        }
        Work::Feature(because) => Proposal {
            base: Some(default.clone()),
            proof: vec![
                format!("it is a feature: {because}"),
                format!("features go to {default} only"),
            ],
        },
        Work::Other(told) | Work::Unsure(told) => Proposal {
            base: current.filter(|current| current == default).map(ToOwned::to_owned),
            proof: vec![
                told.clone(),
                format!(
                    "a fix goes to the oldest maintained branch that has the bug, anything else to \
                     {default}"
                ),
            ],
        },
    }
}

/// Walks from the oldest maintained branch to the default one.
fn oldest_that_fits(maintained: &Maintained, tried: &[Tried], mut proof: Vec<String>) -> Proposal {
    for standing in maintained.branches.iter().rev() {
        let branch = &standing.branch;
        match standing.verdict {
            Verdict::Ended => continue,
            Verdict::Unsure => {
                proof.push(unsure(branch, &standing.by, &standing.against));
                return Proposal { base: None, proof };
            }
            Verdict::Maintained if *branch == maintained.default => break,
            Verdict::Maintained => {}
        }
        let fitting = tried.iter().find(|tried| tried.branch == *branch);
        match fitting.map(|tried| &tried.fitting) {
            Some(Fitting::Applies) => {
                proof.push(format!(
                    "{branch} is the oldest maintained branch that it applies to without a \
                     conflict; where the bug is not in {branch}, it belongs to a newer one"
                ));
                return Proposal { base: Some(branch.clone()), proof };
            }
            Some(Fitting::There) => proof.push(format!("{branch} has this change already")),
            Some(Fitting::Conflicts(files)) => proof.push(format!(
                "{branch} has other text in {}: the bug may not be there, look before you choose a \
                 newer one",
                listed(files)
            )),
            Some(Fitting::Unknown(why)) => {
                proof.push(format!("{branch} could not be tried: {why}"));
                return Proposal { base: None, proof };
            }
            None => {
                proof.push(format!(
                    "{branch} is not known here: `git fetch upstream \
                     {branch}:refs/remotes/upstream/{branch}` brings it"
                ));
                return Proposal { base: None, proof };
            }
        }
    }
    let default = &maintained.default;
    proof.push(format!("it fits no maintained release branch, so it goes to {default}"));
    Proposal { base: Some(default.clone()), proof }
}

fn unsure(branch: &str, by: &[String], against: &[String]) -> String {
    let against = match against {
        [] => "nobody else can tell".to_owned(),
        others => format!("not by {}", others.join(" or ")),
    };
    format!("whether {branch} is maintained is not sure: named by {}, {against}", by.join(" and "))
}

fn listed(files: &[String]) -> String {
    match files {
        [] => "the same place".to_owned(),
        [file] => file.clone(),
        [file, others @ ..] => format!("{file} and {} more", others.len()),
    }
}
