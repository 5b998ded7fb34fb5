//! Reads a tool's sources in a tree, in their order: what each says, with file, line, commit and the
//! text itself. Decides nothing; what cannot be read, or is no version, is left out.

use std::path::Path;

use regex::RegexBuilder;

use crate::maven::enforcer::Range;
use crate::maven::locate;
use crate::sys::{System, read_in_tree};
use crate::version;

use super::outline;
use super::project::Asked;
use super::source::{Means, Place, Source};
use super::tree::Tree;
use super::workflow;

/// A file that is read for one value may be this long.
const FILE_LIMIT: u64 = 256 << 10;
/// A compiled pattern may take this much memory: one that needs more is refused.
const PATTERN_LIMIT: usize = 1 << 20;
/// Most values taken from one key.
const VALUES: usize = 100;
/// Longest text that is kept as what a file says.
const TEXT_LIMIT: usize = 200;

/// What one place says.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// For people.
    pub asked: Asked,
    /// What it means.
    pub means: Means,
    /// The range, where it is one.
    pub range: Option<Range>,
}

impl Found {
    /// The version as a number, for a JDK.
    pub(super) fn feature(&self) -> Option<u64> {
        self.asked.value.parse().ok()
    }
}

/// How versions of a tool read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Java: the feature release counts.
    Feature,
    /// Any other: the leading numbers.
    Numbers,
}

/// Text of a place, before it is read as a version.
struct Said {
    file: String,
    line: u64,
    version: String,
    text: String,
}

/// What every source says.
///
/// # Errors
/// The pattern that is none.
pub(super) fn gather(
    system: &dyn System,
    tree: &Tree,
    sources: &[Source],
    reading: Reading,
) -> Result<Vec<Found>, String> {
    let mut found = Vec::new();
    for source in sources {
        let said = said(system, tree, &source.place)?;
        found.extend(said.into_iter().filter_map(|said| read(said, source.means, reading, tree)));
    }
    Ok(found)
}

/// What every source said when a report was made.
pub(super) fn recorded(asked: &[Asked]) -> Vec<Found> {
    let in_tree = asked.iter().filter(|asked| asked.line.is_some());
    let found = in_tree.filter_map(|asked| {
        let means = Means::of(&asked.meaning)?;
        let range = match means {
            Means::Range => Some(Range::read(&asked.value)?),
            _ => None,
        };
        Some(Found { asked: Asked { counts: false, ..asked.clone() }, means, range })
    });
    found.collect()
}

fn said(system: &dyn System, tree: &Tree, place: &Place) -> Result<Vec<Said>, String> {
    let one = |said: Option<Said>| said.into_iter().collect();
    Ok(match place {
        Place::Pom(names) => one(names.iter().find_map(|name| stated(tree, name))),
        Place::Enforcer(rule) => rules(tree, rule),
        Place::FirstLine(file) => one(first_line(system, &tree.root, file)),
        Place::Line(file, pattern) => one(matching(system, &tree.root, file, pattern)?),
        Place::Yaml(file, key) => keyed(system, &tree.root, file, key),
        Place::Workflow(key, places) => workflow::versions(system, &tree.root, key, places)
            .into_iter()
            .map(|used| Said {
                file: used.file,
                line: used.line,
                version: used.version,
                text: used.text,
            })
            .collect(),
        Place::Wrapper => one(wrapper(system, &tree.root)),
    })
}

/// A property or element of the root pom, or of its parents in the tree.
fn stated(tree: &Tree, name: &str) -> Option<Said> {
    tree.poms().find_map(|(file, pom)| {
        let property = pom.stated(name).filter(|property| !property.value.contains("${"))?;
        let name = name.rsplit('/').next().unwrap_or(name);
        Some(Said {
            file: file.to_owned(),
            line: property.line,
            version: property.value.clone(),
            text: format!("<{name}>{}", property.value),
        })
    })
}

fn rules(tree: &Tree, name: &str) -> Vec<Said> {
    let rules = tree.poms().flat_map(|(file, pom)| pom.rules.iter().map(move |rule| (file, rule)));
    rules
        .filter(|(_, rule)| rule.name == name)
        .map(|(file, rule)| Said {
            file: file.to_owned(),
            line: rule.line,
            version: rule.version.clone(),
            text: format!("<{name}> {}", rule.version),
        })
        .collect()
}

fn text(system: &dyn System, root: &Path, file: &str) -> Option<String> {
    let bytes = read_in_tree(system, root, file, FILE_LIMIT)?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// A file whose first line is a version, perhaps after a vendor: `11.0`, `temurin-17.0.9`.
fn first_line(system: &dyn System, root: &Path, file: &str) -> Option<Said> {
    let text = text(system, root, file)?;
    let line = text.lines().next()?.trim();
    let digits = line.find(|c: char| c.is_ascii_digit())?;
    let version = line[digits..].to_owned();
    Some(Said { file: file.to_owned(), line: 1, version, text: line.to_owned() })
}

fn matching(
    system: &dyn System,
    root: &Path,
    file: &str,
    pattern: &str,
) -> Result<Option<Said>, String> {
    let Some(text) = text(system, root, file) else { return Ok(None) };
    let compiled = RegexBuilder::new(pattern).size_limit(PATTERN_LIMIT).build();
    let compiled = compiled.map_err(|error| format!("pattern for {file}: {error}"))?;
    let mut lines = (1..).zip(text.lines());
    Ok(lines.find_map(|(line, content)| {
        let version = compiled.captures(content)?.get(1)?.as_str().to_owned();
        Some(Said { file: file.to_owned(), line, version, text: content.trim().to_owned() })
    }))
}

/// The values of a key of a YAML file; `*` in its path stands for any one part, `-` for an item.
fn keyed(system: &dyn System, root: &Path, file: &str, key: &str) -> Vec<Said> {
    let wanted: Vec<&str> = key.split('.').collect();
    let fits = |path: &[String]| {
        path.len() == wanted.len()
            && path.iter().zip(&wanted).all(|(part, wanted)| *wanted == "*" || part == wanted)
    };
    let entries = outline::entries(&text(system, root, file).unwrap_or_default());
    let named = entries.into_iter().filter(|entry| fits(&entry.path));
    let said = named.filter_map(|entry| {
        let digits = entry.value.find(|c: char| c.is_ascii_digit())?;
        let version = entry.value[digits..].to_owned();
        let text = format!("{}: {}", key.trim_end_matches(".-"), entry.value);
        Some(Said { file: file.to_owned(), line: entry.line, version, text })
    });
    said.take(VALUES).collect()
}

fn wrapper(system: &dyn System, root: &Path) -> Option<Said> {
    let wrapper = locate::wrapper(system, root)?;
    let text = text(system, root, &wrapper.path)?;
    let mut lines = (1..).zip(text.lines());
    let (line, content) = lines.find(|(_, line)| line.trim().starts_with("distributionUrl="))?;
    let file = wrapper.path;
    Some(Said { file, line, version: wrapper.version?, text: content.trim().to_owned() })
}

fn read(said: Said, means: Means, reading: Reading, tree: &Tree) -> Option<Found> {
    let range = match means {
        Means::Range => Some(Range::read(&said.version)?),
        _ => None,
    };
    let value = match (&range, reading) {
        (Some(_), _) => said.version.trim().to_owned(),
        (None, Reading::Feature) => version::java_feature(&said.version)?.to_string(),
        (None, Reading::Numbers) => leading_numbers(&said.version)?,
    };
    let asked = Asked {
        value,
        file: said.file,
        line: Some(said.line),
        revision: tree.revision.clone(),
        text: said.text.chars().take(TEXT_LIMIT).collect(),
        meaning: means.words().to_owned(),
        counts: false,
    };
    Some(Found { asked, means, range })
}

/// `v16.20.2` is `16.20.2`, `3.x` is `3`.
fn leading_numbers(text: &str) -> Option<String> {
    version::read(text)?;
    let text = text.trim().trim_start_matches(['v', 'V']);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    Some(text[..end].trim_matches('.').to_owned())
}
