//! Whether a pull request starts a workflow: its events, branches and files. Pure.

use schemars::JsonSchema;
use serde::Serialize;

use super::glob::Globs;
use super::node::{Node, Value};

/// The events of a pull request.
pub const EVENTS: [&str; 2] = ["pull_request", "pull_request_target"];
/// What happens to every pull request, where `types` does not say otherwise.
const USUAL: [&str; 3] = ["opened", "synchronize", "reopened"];

/// Whether something happens on this pull request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "answer", content = "why")]
pub enum Meets {
    /// It does.
    Yes,
    /// It does not, and why.
    No(String),
    /// Only a run can tell, and on what it depends.
    Depends(String),
}

impl Meets {
    /// Whether it may happen.
    #[must_use]
    pub fn possible(&self) -> bool {
        !matches!(self, Self::No(_))
    }
}

/// What is known of the change.
#[derive(Debug, Clone)]
pub struct Change {
    /// The branch it is meant for.
    pub base: Option<String>,
    /// The files it touches; the reason where that cannot be told.
    pub files: Result<Vec<String>, String>,
    /// Where the pull request goes, as `owner/name`.
    pub repository: Option<String>,
}

impl Default for Change {
    fn default() -> Self {
        Self { base: None, files: Ok(Vec::new()), repository: None }
    }
}

/// The names of all events that start a workflow.
#[must_use]
pub fn events(on: Option<&Node>) -> Vec<String> {
    let Some(on) = on else { return Vec::new() };
    match &on.value {
        Value::Map(entries) => entries.iter().map(|(name, _)| name.clone()).collect(),
        _ => on.texts().into_iter().map(str::to_owned).collect(),
    }
}

/// Whether the change starts a workflow by one of its events.
#[must_use]
pub fn starts(on: Option<&Node>, event: &str, change: &Change) -> Meets {
    let filters = on.and_then(|on| on.get(event));
    let Some(filters) = filters else { return Meets::Yes };
    let types = filters.get("types").map(Node::texts).unwrap_or_default();
    if !types.is_empty() && !types.iter().any(|one| USUAL.contains(one)) {
        return Meets::No(format!("only when a pull request is {}", types.join(", ")));
    }
    let base = base(filters, change);
    match base {
        Meets::Yes => files(filters, change),
        other => other,
    }
}

fn list<'a>(filters: &'a Node, name: &str) -> Option<Vec<&'a str>> {
    filters.get(name).map(Node::texts).filter(|patterns| !patterns.is_empty())
}

fn base(filters: &Node, change: &Change) -> Meets {
    let (only, never) = (list(filters, "branches"), list(filters, "branches-ignore"));
    let (Some(patterns), ignore) = (only.clone().or(never), only.is_none()) else {
        return Meets::Yes;
    };
    let Some(base) = &change.base else {
        return Meets::Depends("the base branch is not known here".to_owned());
    };
    let chosen = match Globs::read(patterns.iter().copied()) {
        Ok(globs) => globs.choose(base) != ignore,
        Err(reason) => return Meets::Depends(reason),
    };
    if chosen {
        return Meets::Yes;
    }
    let what = if ignore { "not for" } else { "only for" };
    Meets::No(format!("{what} base {}, and this branch goes to {base}", patterns.join(", ")))
}

fn files(filters: &Node, change: &Change) -> Meets {
    let (only, never) = (list(filters, "paths"), list(filters, "paths-ignore"));
    let (Some(patterns), ignore) = (only.clone().or(never), only.is_none()) else {
        return Meets::Yes;
    };
    let files = match &change.files {
        Ok(files) => files,
        Err(reason) => {
            return Meets::Depends(format!("the changed files cannot be told: {reason}"));
        }
    };
    let globs = match Globs::read(patterns.iter().copied()) {
        Ok(globs) => globs,
        Err(reason) => return Meets::Depends(reason),
    };
    if files.iter().any(|file| globs.choose(file) != ignore) {
        return Meets::Yes;
    }
    Meets::No(if ignore {
        "this branch touches only files that it passes over".to_owned()
    } else {
        format!("this branch touches none of {}", patterns.join(", "))
    })
}
