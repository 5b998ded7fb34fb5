//! Where a tree says which version it wants: one source as written in `_project.yaml`. Names the
//! place; `gather` reads it.

use serde::{Deserialize, Serialize};

/// One source: a place and what a version there means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Source {
    /// Where.
    pub place: Place,
    /// What a version there means.
    pub means: Means,
}

/// A place in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The first of these properties or elements of the root pom, or of its parents in the tree.
    Pom(Vec<String>),
    /// A rule of the enforcer plug-in.
    Enforcer(String),
    /// The first line of a file, such as `.java-version`.
    FirstLine(String),
    /// The first line of a file that a regular expression with one group fits.
    Line(String, String),
    /// A key of a YAML file by its path, `*` for any one part.
    Yaml(String, String),
    /// A key in workflows and composite actions, in these files and folders.
    Workflow(String, Vec<String>),
    /// The Maven wrapper.
    Wrapper,
}

/// What a version in a source means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Means {
    /// A range that the build itself refuses to leave.
    Range,
    /// The lowest version.
    AtLeast,
    /// The Java release that class files are made for: the lowest JDK.
    Bytecode,
    /// This version.
    Exactly,
    /// What the project's CI uses.
    Ci,
    /// Only mentioned: nothing holds anyone to it.
    Mention,
}

impl Means {
    /// The words between a place and its version.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Range => "allows",
            Self::AtLeast => "asks for at least",
            Self::Bytecode => "compiles for",
            Self::Exactly => "asks for",
            Self::Ci => "CI uses",
            Self::Mention => "mentions",
        }
    }

    /// What those words mean.
    pub(super) fn of(words: &str) -> Option<Self> {
        let all =
            [Self::Range, Self::AtLeast, Self::Bytecode, Self::Exactly, Self::Ci, Self::Mention];
        all.into_iter().find(|means| means.words() == words)
    }
}

/// A source as written: exactly one of the places.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    pom: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enforcer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workflow: Option<String>,
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    within: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrapper: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    means: Option<Means>,
}

const ONE: &str = "a source names one place: `pom`, `enforcer`, `file` (with `pattern` or `key`), \
                   `workflow` with `in`, or `wrapper`";

impl TryFrom<Written> for Source {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let Written { pom, enforcer, file, pattern, key, workflow, within, wrapper, means } =
            written;
        let file = match (file, pattern, key) {
            (None, None, None) => None,
            (Some(file), None, None) => Some(Place::FirstLine(file)),
            (Some(file), Some(pattern), None) => Some(Place::Line(file, pattern)),
            (Some(file), None, Some(key)) => Some(Place::Yaml(file, key)),
            _ => return Err(ONE.to_owned()),
        };
        let workflow = match (workflow, within) {
            (None, None) => None,
            (Some(key), Some(within)) => Some(Place::Workflow(key, within)),
            _ => return Err("`workflow` and `in` go together".to_owned()),
        };
        let wrapper = (wrapper == Some(true)).then_some(Place::Wrapper);
        let places = [pom.map(Place::Pom), enforcer.map(Place::Enforcer), file, workflow, wrapper];
        let mut places = places.into_iter().flatten();
        match (places.next(), places.next()) {
            (Some(place), None) => {
                let means = means.unwrap_or_else(|| usual(&place));
                Ok(Self { place, means })
            }
            _ => Err(ONE.to_owned()),
        }
    }
}

/// What a version means in a place of its kind, where the source does not say.
fn usual(place: &Place) -> Means {
    match place {
        Place::Pom(_) => Means::AtLeast,
        Place::Enforcer(_) => Means::Range,
        Place::FirstLine(_) => Means::Exactly,
        Place::Workflow(..) => Means::Ci,
        Place::Line(..) | Place::Yaml(..) | Place::Wrapper => Means::Mention,
    }
}

impl From<Source> for Written {
    fn from(source: Source) -> Self {
        let means = Some(source.means);
        match source.place {
            Place::Pom(pom) => Self { pom: Some(pom), means, ..Self::default() },
            Place::Enforcer(rule) => Self { enforcer: Some(rule), means, ..Self::default() },
            Place::FirstLine(file) => Self { file: Some(file), means, ..Self::default() },
            Place::Line(file, pattern) => {
                Self { file: Some(file), pattern: Some(pattern), means, ..Self::default() }
            }
            Place::Yaml(file, key) => {
                Self { file: Some(file), key: Some(key), means, ..Self::default() }
            }
            Place::Workflow(key, within) => {
                Self { workflow: Some(key), within: Some(within), means, ..Self::default() }
            }
            Place::Wrapper => Self { wrapper: Some(true), means, ..Self::default() },
        }
    }
}
