//! What a tree wants of a machine: for the JDK and each tool, what its files say is joined with the
//! project's own values and its release line, and who gives what is noted. Runs nothing of the tree.

use std::collections::BTreeMap;

use crate::sys::System;

use super::gather::{Found, Reading, gather};
use super::jdk::jdk;
use super::lines::{Line, Release};
use super::model::{RawJdk, RawProject, RawTool};
use super::project::{Jdk, Stated, Tool};
use super::source::Source;
use super::stated::stated;
use super::tool::{Giver, LineSays, tool};
use super::tree::Tree;

/// Gathers what is wanted, tool by tool.
pub(super) struct Wanted<'a> {
    pub system: &'a dyn System,
    pub tree: Option<&'a Tree>,
    pub line: Option<(&'a Line, Release)>,
    /// What the pack's own table is called.
    pub table: String,
    /// What the tree says in several places.
    pub stated: Vec<Stated>,
    /// Who gives each value that no file of the tree gives.
    pub origins: BTreeMap<String, String>,
}

/// A tool with versions.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Maven,
    Node,
    Python,
}

impl Kind {
    /// The name in `_project.yaml` and the name for people.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Maven => ("maven", "Maven"),
            Self::Node => ("node", "Node.js"),
            Self::Python => ("python", "Python"),
        }
    }

    fn raw(self, raw: &RawProject) -> RawTool {
        let tool = match self {
            Self::Maven => &raw.maven,
            Self::Node => &raw.node,
            Self::Python => &raw.python,
        };
        tool.clone().unwrap_or_default()
    }

    /// What a release line cannot do without, and what it names.
    fn on(self, line: &Line) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Maven => (line.maven_requirement.as_deref(), line.maven.as_deref()),
            Self::Node => (line.node.as_deref(), None),
            Self::Python => (line.python.as_deref(), None),
        }
    }
}

impl Wanted<'_> {
    /// The JDKs.
    pub(super) fn jdk(&mut self, raw: &RawJdk) -> Result<Jdk, String> {
        let found = self.gather(raw.sources.as_deref(), Reading::Feature)?;
        let jdk = jdk(raw, found.clone(), self.line.as_ref(), &self.table);
        let recommended = Some(jdk.recommended.to_string());
        self.stated.extend(stated("jdk", "JDK", &found, recommended));
        if let Some(by) = self.narrowed_by(raw, &jdk) {
            self.origins.insert("jdk.accepted".to_owned(), by);
        }
        Ok(jdk)
    }

    /// Who gives the accepted JDKs, where somebody narrows what the tree says.
    fn narrowed_by(&self, raw: &RawJdk, jdk: &Jdk) -> Option<String> {
        let within = raw.within.as_ref()?;
        let narrowed = jdk.accepted.iter().all(|feature| within.contains(feature));
        let by = self.origins.get("jdk.within").filter(|_| narrowed)?;
        Some(format!("{}; narrowed by {by}", super::valued::places(&jdk.asked_by)))
    }

    /// A tool.
    pub(super) fn tool(&mut self, kind: Kind, project: &RawProject) -> Result<Tool, String> {
        let (name, people) = kind.names();
        let raw = kind.raw(project);
        let found = self.gather(raw.sources.as_deref(), Reading::Numbers)?;
        let line = self.line.as_ref().map(|(line, release)| {
            let (requirement, named) = kind.on(line);
            LineSays { release, requirement, named }
        });
        let (tool, giver) = tool(&raw, found.clone(), line, &self.table)?;
        self.stated.extend(stated(name, people, &found, tool.recommended.clone()));
        let given = |value: &str| {
            let origin = self.origins.get(&format!("{name}.{value}")).unwrap_or(&self.table);
            let source = raw.source.as_ref().map(|source| format!(" ({source})"));
            Some(format!("{origin}{}", source.unwrap_or_default()))
        };
        let origin = match giver {
            Giver::Files => None,
            Giver::Requirement => given("requirement"),
            Giver::Otherwise => given("otherwise"),
            Giver::Line => line.map(|line| format!("{}, {}", self.table, line.release.shown())),
        };
        let key = format!("{name}.requirement");
        match origin {
            Some(origin) => self.origins.insert(key, origin),
            None => self.origins.remove(&key),
        };
        Ok(tool)
    }

    fn gather(&self, sources: Option<&[Source]>, reading: Reading) -> Result<Vec<Found>, String> {
        match self.tree {
            Some(tree) => gather(self.system, tree, sources.unwrap_or_default(), reading),
            None => Ok(Vec::new()),
        }
    }
}
