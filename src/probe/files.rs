//! Looks for changed files of certain paths and traits: file modes, line endings, links, names.
//! Which traits are wrong is the check's to say; nothing of a file's content is handed on.

use std::collections::BTreeMap;

use regex::{RegexSet, RegexSetBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::change::{Change, unknown};
use super::{Given, Kind, World};
use crate::git::{self, Base, Patched, Traits};
use crate::observation::Unknown;

/// Files brought back of one kind; nobody reads further, and what is beyond is counted.
pub(super) const LISTED: usize = 1000;

/// The words for files beyond those listed, in the place of a name.
pub(super) const MORE: &str = "and more";

/// What is said of them.
pub(super) fn beyond(count: usize) -> Option<String> {
    (count > 0).then(|| format!("{count} more files like these are not listed"))
}

/// The probe.
pub struct Files;

/// Which change, and what to look for in it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Which change.
    pub change: Change,
    /// Regular expressions of paths to look at; all without them.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Regular expressions of paths to leave out.
    #[serde(default)]
    pub except: Vec<String>,
    /// Regular expressions of paths to bring back, among those looked at.
    #[serde(default)]
    pub named: Vec<String>,
    /// Traits and the values to look for, one or a list of them; true stands for any text.
    #[serde(default, rename = "where")]
    pub traits: BTreeMap<String, Value>,
    /// Only files of more than so many bytes.
    #[serde(default)]
    pub larger_than: Option<u64>,
}

/// One changed file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct File {
    /// What git says of it.
    #[serde(flatten)]
    pub change: git::Change,
    /// What it is like.
    #[serde(flatten)]
    pub traits: Traits,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true: where there is no base, the answer is unknown.
    pub present: bool,
    /// What the head is compared with.
    pub base: Base,
    /// Changed files of these paths, deleted ones left out.
    pub looked: u64,
    /// Those of them with the traits asked for, or of which that could not be told.
    pub files: Vec<File>,
}

impl Kind for Files {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "files";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[
        ("change", super::THIS_CHANGE),
        ("paths", Given::Anything),
        ("except", Given::Anything),
        ("named", Given::Anything),
        ("where", Given::Anything),
        ("larger_than", Given::Anything),
    ]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let paths = Paths::of(&arguments.paths, &arguments.except)?;
        let named = Paths::of(&arguments.named, &[])?;
        let (tree, wanted) = arguments.change.wanted()?;
        let patch = world.git.patch(&tree, &wanted).map_err(unknown)?;
        let (mut looked, mut files, mut more) = (0, Vec::new(), 0);
        for file in patch.files.iter().filter(|file| paths.include(&file.change.file)) {
            looked += 1;
            let large = arguments
                .larger_than
                .is_none_or(|least| file.change.size.is_none_or(|size| size > least));
            if large && named.include(&file.change.file) && fits(file, &arguments.traits)? {
                if files.len() < LISTED {
                    files.push(shown(file));
                } else {
                    more += 1;
                }
            }
        }
        files.extend(beyond(more).map(File::beyond));
        Ok(Found { present: true, base: patch.base.clone(), looked, files })
    }
}

impl File {
    /// Stands for the files that are not listed.
    fn beyond(reason: String) -> Self {
        let change = git::Change {
            file: MORE.to_owned(),
            status: "added",
            kind: "none",
            size: None,
            object: None,
            old_object: None,
            commit: None,
        };
        Self { change, traits: Traits { unread: Some(reason), ..Traits::default() } }
    }
}

fn shown(file: &Patched) -> File {
    File { change: file.change.clone(), traits: file.traits.clone() }
}

/// The trait that a file's name tells, whatever it holds.
const NAME_ALONE: &str = "collides_with";

/// Whether a file has the traits; one whose content could not be read may have them.
fn fits(file: &Patched, wanted: &BTreeMap<String, Value>) -> Result<bool, Unknown> {
    if wanted.is_empty() {
        return Ok(true);
    }
    let known = serde_json::to_value(shown(file))
        .map_err(|error| Unknown(format!("the file's traits cannot be written down: {error}")))?;
    for (name, values) in wanted {
        let has = known.get(name).ok_or_else(|| Unknown(format!("no file has a `{name}`")))?;
        let fits = match values {
            Value::Array(values) => values.contains(has),
            Value::Bool(true) if has.is_string() => true,
            value => value == has,
        };
        let untold = has.is_null() && file.traits.unread.is_some() && name != NAME_ALONE;
        if !(fits || untold) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Which paths are meant.
pub(super) struct Paths {
    only: Option<RegexSet>,
    except: RegexSet,
}

impl Paths {
    /// From regular expressions.
    pub(super) fn of(only: &[String], except: &[String]) -> Result<Self, Unknown> {
        let only = if only.is_empty() { None } else { Some(set(only)?) };
        Ok(Self { only, except: set(except)? })
    }

    /// Whether a path is meant.
    pub(super) fn include(&self, path: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.is_match(path)) && !self.except.is_match(path)
    }
}

fn set(patterns: &[String]) -> Result<RegexSet, Unknown> {
    RegexSetBuilder::new(patterns)
        .size_limit(1 << 20)
        .build()
        .map_err(|error| Unknown(format!("the check's pattern cannot be read: {error}")))
}
