//! Turns a project as written into the project of one work tree: reads what the tree's own files
//! ask for, each with file and line, and falls back to the pack's table. Runs nothing of the tree.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::maven::pom::{self, Pom};
use crate::sys::{System, read_in_tree};

use super::model::{Detect, RawJdk, RawProject};
use super::project::{Asked, Jdk, Project};
use super::workflow;

/// A pom may be this long.
const POM_LIMIT: u64 = 4 << 20;
/// Any other file that is read for one value.
const FILE_LIMIT: u64 = 256 << 10;

/// A work tree as far as choosing a project needs it.
#[derive(Debug, Clone)]
pub struct Tree {
    /// Its top folder.
    pub root: PathBuf,
    /// Its root pom, where there is one that can be read.
    pub pom: Option<Pom>,
}

impl Tree {
    /// Reads the root pom. One that is broken counts as none: the build will say what is wrong
    /// with it, and no value is taken from it.
    #[must_use]
    pub fn read(system: &dyn System, root: &Path) -> Self {
        let bytes = read_in_tree(system, root, "pom.xml", POM_LIMIT);
        let pom = bytes.and_then(|bytes| pom::parse(&bytes).ok());
        Self { root: root.to_owned(), pom }
    }
}

/// The project whose marks a root pom bears; the more marks, the better the match.
#[must_use]
pub fn detect(projects: &BTreeMap<String, RawProject>, pom: &Pom) -> Option<String> {
    let matching = projects.iter().filter_map(|(name, project)| {
        let detect = project.detect.as_ref()?;
        fits(detect, pom).then(|| (detect.artifact.is_some(), name))
    });
    matching.max().map(|(_, name)| name.clone())
}

fn fits(detect: &Detect, pom: &Pom) -> bool {
    let group = |wanted: &String| match wanted.strip_suffix('*') {
        Some(beginning) => {
            let own = pom.group.iter();
            own.chain(pom.parent.iter().filter_map(|parent| parent.group.as_ref())).any(|group| {
                group.starts_with(beginning) || group == beginning.trim_end_matches('.')
            })
        }
        None => pom.group.as_ref() == Some(wanted),
    };
    detect.group.as_ref().is_none_or(group)
        && detect.artifact.as_ref().is_none_or(|artifact| pom.artifact.as_ref() == Some(artifact))
}

/// The project for a machine, and for a work tree where there is one.
///
/// # Errors
/// The value that neither the project nor any it extends gives.
pub fn resolve(
    system: &dyn System,
    name: &str,
    raw: RawProject,
    chosen_by: String,
    tree: Option<&Tree>,
) -> Result<Project, String> {
    let lacks = |value: &str| format!("project `{name}` gives no `{value}`");
    let jdk = jdk(system, &raw.jdk.ok_or_else(|| lacks("jdk"))?, name, tree);
    Ok(Project {
        name: name.to_owned(),
        title: title(raw.detect.as_ref(), raw.title, tree).unwrap_or_else(|| name.to_owned()),
        chosen_by,
        version: tree.and_then(|tree| tree.pom.as_ref()?.version.clone()),
        repository: raw.repository,
        branches: raw.branches.ok_or_else(|| lacks("branches"))?,
        git: raw.git.ok_or_else(|| lacks("git"))?,
        maven: raw.maven.ok_or_else(|| lacks("maven"))?,
        jdk,
        memory: raw.memory.ok_or_else(|| lacks("memory"))?,
        cores: raw.cores.ok_or_else(|| lacks("cores"))?,
        disk: raw.disk.ok_or_else(|| lacks("disk"))?,
        build: raw.build.ok_or_else(|| lacks("build"))?,
        request: raw.request.unwrap_or_default(),
        licence: raw.licence.unwrap_or_default(),
        signatures: raw.signatures.unwrap_or_default(),
    })
}

/// The project's name; the pom's own where the pack fits many projects.
fn title(detect: Option<&Detect>, title: Option<String>, tree: Option<&Tree>) -> Option<String> {
    let many = detect.is_none_or(|detect| detect.artifact.is_none());
    let own = || tree?.pom.as_ref()?.title().map(ToOwned::to_owned);
    if many { own().or(title) } else { title }
}

const EXACTLY: &str = "asks for";
const AT_LEAST: &str = "asks for at least";
const CI: &str = "CI uses";

fn jdk(system: &dyn System, raw: &RawJdk, name: &str, tree: Option<&Tree>) -> Jdk {
    let mut asked_by = tree.map(|tree| asked(system, raw, tree)).unwrap_or_default();
    let values = |meaning: &str| {
        let asked = asked_by.iter().filter(move |asked| asked.meaning == meaning);
        asked.map(|asked| asked.value).collect::<BTreeSet<u64>>()
    };
    let (exact, ci, lowest) = (values(EXACTLY), values(CI), values(AT_LEAST));
    let mut accepted: BTreeSet<u64> = &exact | &ci;
    if exact.is_empty() {
        let floor = lowest.last().copied().unwrap_or(0);
        accepted.extend(raw.otherwise.iter().filter(|feature| **feature >= floor));
    }
    if asked_by.is_empty() {
        asked_by.extend(raw.otherwise.iter().map(|value| table(raw, name, *value)));
    }
    let advised = raw.recommended.filter(|feature| accepted.contains(feature));
    let recommended = ci.last().copied().or(advised).or(accepted.last().copied());
    Jdk {
        recommended: recommended.unwrap_or(0),
        accepted: accepted.into_iter().collect(),
        asked_by,
    }
}

fn table(raw: &RawJdk, name: &str, value: u64) -> Asked {
    Asked {
        value,
        file: format!("the table of project `{name}`"),
        line: None,
        text: raw.source.clone().unwrap_or_default(),
        meaning: EXACTLY.to_owned(),
    }
}

fn asked(system: &dyn System, raw: &RawJdk, tree: &Tree) -> Vec<Asked> {
    let mut asked = Vec::new();
    for (names, meaning) in [(&raw.properties, EXACTLY), (&raw.lowest, AT_LEAST)] {
        asked.extend(names.iter().filter_map(|name| property(tree.pom.as_ref()?, name, meaning)));
    }
    for file in &raw.files {
        asked.extend(first_line(system, &tree.root, file));
    }
    for folder in &raw.workflows {
        workflow::java_versions(
            system,
            &tree.root,
            folder,
            FILE_LIMIT,
            &mut |file, line, value, text| {
                asked.push(Asked { value, file, line: Some(line), text, meaning: CI.to_owned() });
            },
        );
    }
    asked
}

fn property(pom: &Pom, name: &str, meaning: &str) -> Option<Asked> {
    let property = pom.property(name)?;
    Some(Asked {
        value: crate::version::java_feature(&property.value)?,
        file: "pom.xml".to_owned(),
        line: Some(property.line),
        text: format!("{name} = {}", property.value),
        meaning: meaning.to_owned(),
    })
}

/// A file whose first line is a version, perhaps after a vendor: `11.0`, `temurin-17.0.9`.
fn first_line(system: &dyn System, root: &Path, file: &str) -> Option<Asked> {
    let bytes = read_in_tree(system, root, file, FILE_LIMIT)?;
    let text = String::from_utf8(bytes).ok()?;
    let text = text.lines().next()?.trim();
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    Some(Asked {
        value: crate::version::java_feature(&text[digits..])?,
        file: file.to_owned(),
        line: Some(1),
        text: text.to_owned(),
        meaning: EXACTLY.to_owned(),
    })
}
