//! Release lines: what each was built and run with, for trees whose own files do not say. A table,
//! and how a tree's version chooses its line; nothing here looks at a machine.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The table of a project's lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lines {
    /// The day the table was last compared with the project.
    pub seen: Option<String>,
    /// The lines, oldest first.
    pub table: Vec<Line>,
}

/// One release line, from one version on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The first version it holds for: `4.20`, or `4.20.3` where it changed on the way.
    pub line: String,
    /// JDKs that build it, ascending.
    pub jdk: Vec<u64>,
    /// Which of them to advise, whatever the line's CI used.
    #[serde(default)]
    pub recommended: Option<u64>,
    /// Java releases that run it, ascending.
    pub runs: Vec<u64>,
    /// The Maven that the project names.
    #[serde(default)]
    pub maven: Option<String>,
    /// What Maven the build cannot do without.
    #[serde(default)]
    pub maven_requirement: Option<String>,
    /// What Node.js its user interface wants.
    #[serde(default)]
    pub node: Option<String>,
    /// What Python it wants.
    #[serde(default)]
    pub python: Option<String>,
    /// Where this line's values come from.
    pub source: String,
}

/// The release line of a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The line in the table.
    pub line: String,
    /// Whether the table knows the tree's own line, or only one before it.
    pub known: bool,
    /// Where its values come from.
    pub source: String,
    /// The day the table was seen.
    pub seen: Option<String>,
}

impl Release {
    /// The line and how well it fits, in words.
    #[must_use]
    pub fn shown(&self) -> String {
        let nearest = if self.known { "" } else { ", the nearest line that onramp knows" };
        let seen = self.seen.as_ref().map(|day| format!(", seen {day}")).unwrap_or_default();
        format!("line {}{nearest}{seen}", self.line)
    }
}

impl Lines {
    /// The line of a version: the nearest at or below it; the newest where there is no version, for
    /// that is what a new clone holds; the oldest for a version before all of them.
    #[must_use]
    pub fn of(&self, version: Option<&str>) -> Option<(&Line, Release)> {
        let Some(wanted) = version.and_then(numbers) else {
            return self.table.last().map(|line| (line, self.release(line, true)));
        };
        let below = |line: &&Line| numbers(&line.line).is_some_and(|first| first <= wanted);
        let line = self.table.iter().rfind(below).or(self.table.first())?;
        let known = numbers(&line.line).is_some_and(|own| own.get(..2) == wanted.get(..2));
        Some((line, self.release(line, known)))
    }

    fn release(&self, line: &Line, known: bool) -> Release {
        Release {
            line: line.line.clone(),
            known,
            source: line.source.clone(),
            seen: self.seen.clone(),
        }
    }
}

/// `4.20.3.0-SNAPSHOT` as numbers, as many as there are.
fn numbers(version: &str) -> Option<Vec<u64>> {
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    let parts = version[..end].split('.').filter(|part| !part.is_empty());
    let numbers: Vec<u64> = parts.map_while(|part| part.parse().ok()).collect();
    (!numbers.is_empty()).then_some(numbers)
}
