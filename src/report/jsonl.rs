//! The report as JSON lines, one record a line, for programs that read as they go: a `header`, a
//! `finding` each in the shape of the JSON report, and a `summary` with the exit code. A file
//! without its summary was cut off. Observations are left to the JSON report.

use serde_json::{Map, Value, json};

use crate::finding::Outcome;

use super::VERSION;
use super::format::Format;
use super::told::{Body, Stopped, Told, count, excused};

/// One record a line.
pub const FORMAT: Format = Format {
    name: "jsonl",
    about: "one JSON record a line: header, findings, summary with the exit code",
    tell: |told| Ok(Body::Text(write(told)?)),
    stopped: |stopped| Ok(Body::Text(stopped_lines(stopped))),
};

/// All records.
///
/// # Errors
/// Where a value cannot be written; no report that onramp made has one.
pub fn write(told: &Told<'_>) -> serde_json::Result<String> {
    let report = told.report;
    let mut records = vec![json!({
        "record": "header",
        "version": report.version,
        "onramp": report.onramp,
        "created": report.created,
        "platform": report.platform,
        "project": { "name": report.project.name, "version": report.project.version },
        "policy": report.policy,
        "fail_on": told.fail_on,
    })];
    for finding in &report.findings {
        records.push(record("finding", serde_json::to_value(finding)?));
    }
    let counts = [Outcome::Pass, Outcome::Fail, Outcome::Warn, Outcome::Unknown, Outcome::Skip]
        .map(|outcome| (outcome.word().to_owned(), json!(count(&report.findings, outcome))));
    records.push(json!({
        "record": "summary",
        "exit": told.exit.code(),
        "findings": Map::from_iter(counts),
        "excused": excused(&report.findings),
    }));
    Ok(lines(&records))
}

fn stopped_lines(stopped: &Stopped) -> String {
    let header = json!({
        "record": "header",
        "version": VERSION,
        "onramp": stopped.onramp,
        "created": stopped.created,
    });
    let summary = json!({
        "record": "summary",
        "exit": stopped.exit,
        "stopped": stopped.stopped,
        "remedy": stopped.remedy,
    });
    lines(&[header, summary])
}

/// A value's fields after the name of the record.
fn record(name: &str, value: Value) -> Value {
    let mut fields = Map::from_iter([("record".to_owned(), json!(name))]);
    if let Value::Object(of_value) = value {
        fields.extend(of_value);
    }
    Value::Object(fields)
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}
