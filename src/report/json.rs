//! The report as JSON, and its published schema.

use std::fmt;

use schemars::{JsonSchema, schema_for};
use serde_json::Value;

use super::Report;
use super::format::Format;
use super::told::{Body, Stopped};

/// One document, with everything in it.
pub const FORMAT: Format = Format {
    name: "json",
    about: "everything, observations included, for `--replay` and `onramp compare`",
    tell: |told| Ok(Body::Text(write(told.report)?)),
    stopped: |stopped| Ok(Body::Text(serde_json::to_string_pretty(stopped)? + "\n")),
};

/// What the JSON format writes: for the schema alone, nothing is read as one.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "its schema is all that is wanted")]
enum Document {
    /// A run.
    Report(Box<Report>),
    /// A run that ended before anything was judged.
    Stopped(Stopped),
}

/// One JSON document with a final line feed.
///
/// # Errors
/// Where a value cannot be written; no report that onramp made has one.
pub fn write(report: &Report) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}

/// Why a report could not be read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It has this version, which a later onramp wrote.
    Newer(u64),
    /// It is none, or of no version that this onramp reads.
    Other(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer(version) => write!(
                f,
                "report version {version} was written by a newer onramp; this one reads version {}",
                super::VERSION
            ),
            Self::Other(what) => f.write_str(what),
        }
    }
}

/// Reads a report back.
///
/// # Errors
/// The place of the mistake, or the version that this onramp does not read.
pub fn read(bytes: &[u8]) -> Result<Report, Unreadable> {
    let other = |what: String| Unreadable::Other(what);
    let value: Value =
        serde_json::from_slice(bytes).map_err(|error| other(format!("no JSON: {error}")))?;
    let ours = u64::from(super::VERSION);
    match value.get("version").and_then(Value::as_u64) {
        Some(version) if version == ours => {
            if let Some(reason) = value.get("stopped").and_then(Value::as_str) {
                return Err(other(format!("that run ended before anything was judged: {reason}")));
            }
            let report: Report = serde_json::from_value(value)
                .map_err(|error| other(format!("no report: {error}")))?;
            match jiff::Timestamp::from_second(report.created) {
                Ok(_) => Ok(report),
                Err(_) => Err(other(format!(
                    "no report: `created` is {}, which is no time",
                    report.created
                ))),
            }
        }
        Some(version) if version > ours => Err(Unreadable::Newer(version)),
        Some(version) => {
            Err(other(format!("report version {version}; this onramp reads version {ours}")))
        }
        None => Err(other("no report: it names no version".to_owned())),
    }
}

/// The JSON Schema of a report.
///
/// # Errors
/// As `write`.
pub fn schema() -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&schema_for!(Document))? + "\n")
}
