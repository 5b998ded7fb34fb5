//! What `onramp key verify` found, as JSON for programs and as lines for people. Both are written
//! bit by bit, so that a long history is never in memory as a whole. Judges nothing.

pub mod human;
pub mod tally;

use schemars::{JsonSchema, schema_for};
use serde::Serialize;

use crate::signature::Row;

use super::VERSION;
use super::told::Stopped;
use tally::Count;

/// What is known before the first object is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Head {
    /// Version of this shape.
    pub version: u32,
    /// Version of onramp.
    pub onramp: String,
    /// When the run was made, seconds since the epoch.
    pub created: i64,
    /// What was judged: a range, a revision, a tag or a file.
    pub asked: String,
    /// How that was understood, where it could have meant more than one thing.
    pub notes: Vec<String>,
    /// Where the keys come from.
    pub keys: Keys,
}

/// Where keys come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Keys {
    /// The file whose OpenPGP keys the user vouched for; none for the user's own keyring.
    pub keyring: Option<String>,
    /// Its SHA-256.
    pub keyring_sha256: Option<String>,
    /// The file of SSH signers that the user named; none where the user's own settings count.
    pub allowed_signers: Option<String>,
}

/// What is known after the last object was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tail {
    /// How many objects got which verdict.
    pub counts: Vec<Count>,
    /// The revision whose `.mailmap` was used.
    pub mailmap: Option<String>,
    /// Why not everything could be judged.
    pub incomplete: Option<String>,
    /// The exit code.
    pub exit: u8,
}

/// The whole, for the schema alone: nothing is kept as one.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "its schema is all that is wanted")]
struct Verified {
    #[schemars(flatten)]
    head: Head,
    /// One line each, in the order of `git log`.
    objects: Vec<Row>,
    #[schemars(flatten)]
    tail: Tail,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "its schema is all that is wanted")]
enum Document {
    /// Objects were judged.
    Verified(Box<Verified>),
    /// The run ended before anything was.
    Stopped(Stopped),
}

impl Head {
    /// Of this onramp.
    #[must_use]
    pub fn new(created: i64, asked: String, notes: Vec<String>, keys: Keys) -> Self {
        let onramp = env!("CARGO_PKG_VERSION").to_owned();
        Self { version: VERSION, onramp, created, asked, notes, keys }
    }

    /// The beginning of the document.
    ///
    /// # Errors
    /// Where a value cannot be written; none that onramp makes is one.
    pub fn json(&self) -> serde_json::Result<String> {
        let head = serde_json::to_string(self)?;
        Ok(format!("{},\"objects\":[", head.strip_suffix('}').unwrap_or(&head)))
    }
}

/// Rows within the document; `first` is whether none stands before them.
///
/// # Errors
/// As [`Head::json`].
pub fn rows(rows: &[Row], mut first: bool) -> serde_json::Result<String> {
    let mut text = String::new();
    for row in rows {
        text.push_str(if first { "\n" } else { ",\n" });
        text.push_str(&serde_json::to_string(row)?);
        first = false;
    }
    Ok(text)
}

impl Tail {
    /// The end of the document.
    ///
    /// # Errors
    /// As [`Head::json`].
    pub fn json(&self) -> serde_json::Result<String> {
        let tail = serde_json::to_string(self)?;
        Ok(format!("\n],{}\n", tail.strip_prefix('{').unwrap_or(&tail)))
    }
}

/// The JSON Schema of the document.
///
/// # Errors
/// As [`Head::json`].
pub fn schema() -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&schema_for!(Document))? + "\n")
}
