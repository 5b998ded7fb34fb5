//! The record of a build for people, programs and browsers, and what happens in it as it happens.
//! Values in, text out; nothing here looks at the machine.

pub mod compare;
pub mod failures;
pub mod happening;
pub mod page;
mod picture;
pub mod text;

use schemars::schema_for;

use crate::maven::record::Record;

/// The JSON Schema of a build's record.
///
/// # Errors
/// None that a schema of ours can have.
pub fn schema() -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&schema_for!(Record))? + "\n")
}

/// The JSON Schema of one line of `build --events`.
///
/// # Errors
/// None that a schema of ours can have.
pub fn events_schema() -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&schema_for!(happening::Entry))? + "\n")
}
