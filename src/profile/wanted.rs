//! What a tree wants of a machine: for the JDK and each tool, what its files say is joined with the
//! project's own values and its release line, and who gives what is noted. Runs nothing of the tree.

use std::collections::BTreeMap;

use crate::sys::System;

use super::gather::{Found, Reading, gather, recorded};
use super::jdk::jdk;
use super::lines::{Line, Release};
use super::model::{RawJdk, RawProject, RawTool};
use super::project::{Asked, Jdk, Project, Stated, Tool};
use super::source::Source;
use super::stated::stated;
use super::tool::{Giver, LineSays, tool};
use super::tree::Tree;
use super::valued::{place, places};

/// Gathers what is wanted, tool by tool.
pub(super) struct Wanted<'a> {
    pub system: &'a dyn System,
    pub tree: Option<&'a Tree>,
    /// The project of an earlier report, in the place of a tree.
    pub recorded: Option<&'a Project>,
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
        let found = self.gather("jdk", raw.sources.as_deref(), Reading::Feature)?;
        let jdk = jdk(raw, found.clone(), self.line.as_ref(), &self.table);
        let recommended = Some(jdk.recommended.to_string());
        self.stated.extend(stated("jdk", "JDK", &found, recommended));
        if let Some(by) = self.narrowed_by(raw, &jdk) {
            self.origins.insert("jdk.accepted".to_owned(), by);
        }
        self.advised_by("jdk", &jdk.recommended.to_string(), &jdk.asked_by);
        if let Some(line) = self.shown_line() {
            self.origins.insert("jdk.runs".to_owned(), line);
        }
        Ok(jdk)
    }

    /// Notes who gives a version that is advised: the places that say just this, else the line.
    fn advised_by(&mut self, name: &str, version: &str, asked_by: &[Asked]) {
        let same = asked_by.iter().filter(|asked| asked.value == version);
        let places: Vec<String> = same.map(place).collect();
        let by = if places.is_empty() { self.shown_line() } else { Some(places.join("; ")) };
        self.origins.extend(by.map(|by| (format!("{name}.recommended"), by)));
    }

    fn shown_line(&self) -> Option<String> {
        let (_, release) = self.line.as_ref()?;
        Some(format!("{}, {}", self.table, release.shown()))
    }

    /// Who gives the accepted JDKs, where somebody narrows what the tree says.
    fn narrowed_by(&self, raw: &RawJdk, jdk: &Jdk) -> Option<String> {
        let within = raw.within.as_ref()?;
        let narrowed = jdk.accepted.iter().all(|feature| within.contains(feature));
        let by = self.origins.get("jdk.within").filter(|_| narrowed)?;
        Some(format!("{}; narrowed by {by}", places(&jdk.asked_by)))
    }

    /// A tool.
    pub(super) fn tool(&mut self, kind: Kind, project: &RawProject) -> Result<Tool, String> {
        let (name, people) = kind.names();
        let raw = kind.raw(project);
        let found = self.gather(name, raw.sources.as_deref(), Reading::Numbers)?;
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
            Giver::Line => self.shown_line(),
        };
        let key = format!("{name}.requirement");
        match origin {
            Some(origin) => self.origins.insert(key, origin),
            None => self.origins.remove(&key),
        };
        if let Some(version) = &tool.recommended {
            self.advised_by(name, version, &tool.asked_by);
        }
        Ok(tool)
    }

    fn gather(
        &self,
        name: &str,
        sources: Option<&[Source]>,
        reading: Reading,
    ) -> Result<Vec<Found>, String> {
        if let Some(old) = self.recorded {
            return Ok(recorded(old.asked_for(name)));
        }
        match self.tree {
            Some(tree) => gather(self.system, tree, sources.unwrap_or_default(), reading),
            None => Ok(Vec::new()),
        }
    }
}
