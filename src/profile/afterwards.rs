//! What happens to a request once it is open: where the project says who is asked and how it is
//! marked, and what people should know. Data; what it comes to for one change is `pr`'s to say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What happens afterwards, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawAfterwards {
    /// Where the owners of paths stand, the first that is there counts.
    pub owners: Option<Vec<String>>,
    /// Where a bot finds labels by path.
    pub labels: Option<Labels>,
    /// What people should know, in order.
    pub notes: Option<Vec<Note>>,
    /// The day these notes were last compared with the project.
    pub seen: Option<String>,
}

/// What happens afterwards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Afterwards {
    /// Where the owners of paths stand, the first that is there counts.
    pub owners: Vec<String>,
    /// Where a bot finds labels by path.
    pub labels: Labels,
    /// What people should know, in order.
    pub notes: Vec<Note>,
    /// The day these notes were last compared with the project.
    pub seen: Option<String>,
}

/// The files that bots read labels by path from, by the bot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Labels {
    /// That of github.com/apps/boring-cyborg.
    pub boring_cyborg: Option<String>,
    /// That of github.com/actions/labeler.
    pub labeler: Option<String>,
}

/// Something to know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// What it is about, in one short word.
    pub about: String,
    /// The thing, as a phrase.
    pub say: String,
    /// Where that stands.
    pub source: String,
    /// It is news only to somebody whose first request this is.
    #[serde(default)]
    pub first: bool,
}

impl From<Option<RawAfterwards>> for Afterwards {
    fn from(raw: Option<RawAfterwards>) -> Self {
        let raw = raw.unwrap_or_default();
        Self {
            owners: raw.owners.unwrap_or_default(),
            labels: raw.labels.unwrap_or_default(),
            notes: raw.notes.unwrap_or_default(),
            seen: raw.seen,
        }
    }
}
