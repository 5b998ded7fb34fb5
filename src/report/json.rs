//! The report as JSON, and its published schema.

use schemars::schema_for;

use super::Report;

/// One JSON document with a final line feed.
///
/// # Errors
/// Where a value cannot be written; no report that onramp made has one.
pub fn write(report: &Report) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}

/// Reads a report back.
///
/// # Errors
/// The place of the mistake, or the version that this onramp does not read.
pub fn read(bytes: &[u8]) -> Result<Report, String> {
    let value: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|error| format!("no JSON: {error}"))?;
    let version = value.get("version").and_then(serde_json::Value::as_u64);
    if version != Some(u64::from(super::VERSION)) {
        let found = version.map_or("none".to_owned(), |version| version.to_string());
        return Err(format!(
            "report version {found}; this onramp reads version {}",
            super::VERSION
        ));
    }
    let report: Report =
        serde_json::from_value(value).map_err(|error| format!("no report: {error}"))?;
    match jiff::Timestamp::from_second(report.created) {
        Ok(_) => Ok(report),
        Err(_) => Err(format!("no report: `created` is {}, which is no time", report.created)),
    }
}

/// The JSON Schema of a report.
///
/// # Errors
/// As `write`.
pub fn schema() -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&schema_for!(Report))? + "\n")
}
