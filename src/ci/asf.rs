//! What `.asf.yaml` adds to what a pull request meets: required checks and reviews, and reviews by
//! a program. None of it can be run; all of it is listed.

use schemars::JsonSchema;
use serde::Serialize;

use super::node::Node;

/// Where it lies.
pub const FILE: &str = ".asf.yaml";

/// One thing that the forge does or asks for, by the project's own settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// One-based line in `.asf.yaml`.
    pub line: u64,
    /// What, as a phrase.
    pub what: String,
}

/// What the settings say about pull requests to a base branch.
#[must_use]
pub fn gates(settings: &Node, base: Option<&str>) -> Vec<Gate> {
    let Some(github) = settings.get("github") else { return Vec::new() };
    let mut gates = Vec::new();
    let branches = github.get("protected_branches").map(Node::entries).unwrap_or_default();
    for (branch, rules) in branches {
        if base.is_none_or(|base| base == branch) {
            gates.extend(protected(branch, rules));
        }
    }
    let rulesets = github.get("rulesets").map(Node::items).unwrap_or_default();
    gates.extend(rulesets.iter().map(|rules| Gate {
        line: rules.line,
        what: format!("the rules \"{}\" of the forge", rules.text_of("name").unwrap_or("unnamed")),
    }));
    if let Some(review) = github.get("copilot_code_review")
        && review.text_of("enabled") == Some("true")
    {
        let drafts = review.text_of("review_drafts") == Some("true");
        let drafts = if drafts { ", drafts too" } else { "" };
        gates.push(Gate {
            line: review.line,
            what: format!("a review by Copilot{drafts}; advice only"),
        });
    }
    gates
}

fn protected(branch: &str, rules: &Node) -> Vec<Gate> {
    let mut gates = Vec::new();
    if let Some(checks) = rules.get("required_status_checks") {
        let contexts = checks.get("contexts").map(Node::texts).unwrap_or_default();
        gates.extend(contexts.into_iter().map(|context| Gate {
            line: checks.line,
            what: format!("the check \"{context}\" has to pass before a merge into {branch}"),
        }));
    }
    if let Some(reviews) = rules.get("required_pull_request_reviews") {
        let count = reviews.text_of("required_approving_review_count").unwrap_or("1");
        gates.push(Gate {
            line: reviews.line,
            what: format!("approving reviews before a merge into {branch}: {count}"),
        });
    }
    if let Some(signatures) = rules.get("required_signatures")
        && signatures.text() == Some("true")
    {
        let what = format!("signed commits before a merge into {branch}");
        gates.push(Gate { line: signatures.line, what });
    }
    gates
}
