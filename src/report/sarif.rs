//! Findings as SARIF 2.1.0, for code scanning and the editors that read it.
//!
//! How findings map, and why:
//! - `fail` and `warn` are results of kind `fail`, at level `error`, `warning` or, for advice,
//!   `note`. `unknown` is of kind `open`, which is the standard's word for it, at level `none`.
//! - What passed or did not apply is no result: code scanning shows every result as a problem,
//!   whatever its kind. The run's properties count them.
//! - One that is excused is suppressed, with the reason as justification.
//! - One about the machine or a commit has no file. Code scanning refuses a whole log for a single
//!   result without a place, so it gets one that says that there is no file; the commit stands as
//!   logical location.
//! - A finding is recognised again by its check, its file or commit, and its number among those
//!   alike: lines move too easily.

mod model;

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use crate::exit::Exit;
use crate::finding::{Finding, Outcome, Place, Severity};
use crate::text::clean;

use super::digest::sha256;
use super::format::Format;
use super::told::{Body, Stopped, Told, count, excuse, excused, is_address, moment};

/// Static Analysis Results Interchange Format.
pub const FORMAT: Format = Format {
    name: "sarif",
    about: "SARIF 2.1.0, for code scanning and editors",
    tell: |told| Ok(Body::Text(write(told)?)),
    stopped: |stopped| Ok(Body::Text(write_stopped(stopped)?)),
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The root of the work tree; where that lies is the reader's business.
const ROOT: &str = "%SRCROOT%";
const NO_FILE: &str = "no file belongs to this finding";

/// The whole log.
///
/// # Errors
/// Where a value cannot be written; no report that onramp made has one.
pub fn write(told: &Told<'_>) -> serde_json::Result<String> {
    let report = told.report;
    let (rules, index) = rules(&report.findings);
    let mut seen = HashMap::new();
    let open = report.findings.iter().filter(|finding| level(finding).is_some());
    let results = open.map(|finding| result(finding, &index, &mut seen)).collect();
    let invocation = model::Invocation {
        execution_successful: told.exit < Exit::Usage || told.exit == Exit::Incomplete,
        exit_code: told.exit.code(),
        end_time_utc: moment(report.created),
        tool_configuration_notifications: Vec::new(),
    };
    let all = [Outcome::Pass, Outcome::Fail, Outcome::Warn, Outcome::Unknown, Outcome::Skip];
    let counts = all.map(|outcome| (outcome.word(), count(&report.findings, outcome)));
    let run = model::Run {
        automation_details: Some(model::AutomationDetails {
            id: format!("onramp/{}/", clean(&report.project.name)),
        }),
        results,
        properties: BTreeMap::from([
            ("findings", json!(BTreeMap::from(counts))),
            ("excused", json!(excused(&report.findings))),
            ("policy", json!(report.policy)),
        ]),
        ..empty_run(&report.onramp, rules, invocation)
    };
    log(run)
}

fn write_stopped(stopped: &Stopped) -> serde_json::Result<String> {
    let notification = model::Notification { level: "error", message: message(&stopped.words()) };
    log(empty_run(
        &stopped.onramp,
        Vec::new(),
        model::Invocation {
            execution_successful: false,
            exit_code: stopped.exit,
            end_time_utc: moment(stopped.created),
            tool_configuration_notifications: vec![notification],
        },
    ))
}

fn log(run: model::Run) -> serde_json::Result<String> {
    let log = model::Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    Ok(serde_json::to_string_pretty(&log)? + "\n")
}

fn empty_run(version: &str, rules: Vec<model::Rule>, invocation: model::Invocation) -> model::Run {
    let root = model::ArtifactLocation {
        description: Some(message("the root of the work tree")),
        ..model::ArtifactLocation::default()
    };
    model::Run {
        tool: model::Tool {
            driver: model::Driver { name: "onramp", semantic_version: version.to_owned(), rules },
        },
        invocations: [invocation],
        automation_details: None,
        original_uri_base_ids: BTreeMap::from([(ROOT, root)]),
        column_kind: "unicodeCodePoints",
        results: Vec::new(),
        properties: BTreeMap::new(),
    }
}

/// One rule a check, and where each stands.
fn rules(findings: &[Finding]) -> (Vec<model::Rule>, HashMap<&str, usize>) {
    let mut rules: Vec<model::Rule> = Vec::new();
    let mut index = HashMap::new();
    for finding in findings {
        let at = *index.entry(finding.check.as_str()).or_insert(rules.len());
        if at == rules.len() {
            rules.push(rule(finding));
        } else if let (Some(rule), Some(fix)) = (rules.get_mut(at), finding.marked_fix())
            && !rule.help.text.contains("\nfix: ")
        {
            rule.help.text.push_str(&format!("\nfix: {}", escaped(&fix)));
        }
    }
    (rules, index)
}

fn rule(finding: &Finding) -> model::Rule {
    let fix = finding.marked_fix().map(|fix| format!("\nfix: {fix}")).unwrap_or_default();
    let source = &finding.source;
    model::Rule {
        id: clean(&finding.check).into_owned(),
        short_description: message(&(finding.title.clone() + &finding.whose())),
        full_description: message(&finding.why),
        help: message(&format!("{}\nsource: {source}{fix}", finding.why)),
        help_uri: is_address(source).then(|| source.clone()),
        default_configuration: model::Configuration { level: severity(finding.severity) },
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Advice => "note",
    }
}

/// Kind and level of a finding that is a result.
fn level(finding: &Finding) -> Option<(&'static str, &'static str)> {
    match finding.outcome {
        Outcome::Fail | Outcome::Warn => Some(("fail", severity(finding.severity))),
        Outcome::Unknown => Some(("open", "none")),
        Outcome::Pass | Outcome::Skip => None,
    }
}

fn result(
    finding: &Finding,
    index: &HashMap<&str, usize>,
    seen: &mut HashMap<String, usize>,
) -> model::Finding {
    let (kind, level) = level(finding).unwrap_or(("informational", "none"));
    let suppressions = finding.excused.iter().map(|reason| model::Suppression {
        kind: "external",
        status: "accepted",
        justification: clean(&excuse(reason)).into_owned(),
    });
    model::Finding {
        rule_id: clean(&finding.check).into_owned(),
        rule_index: index.get(finding.check.as_str()).copied().unwrap_or_default(),
        kind,
        level,
        message: message(&said(finding)),
        locations: [location(finding.place.as_ref())],
        partial_fingerprints: BTreeMap::from([("onramp/v1", fingerprint(finding, seen))]),
        suppressions: suppressions.collect(),
        properties: properties(finding),
    }
}

fn said(finding: &Finding) -> String {
    let unknown = if finding.outcome == Outcome::Unknown { "could not be told: " } else { "" };
    let fix = finding.marked_fix().map(|fix| format!("\nfix: {fix}")).unwrap_or_default();
    format!("{unknown}{}{fix}", finding.marked_text())
}

fn properties(finding: &Finding) -> BTreeMap<&'static str, Value> {
    let commit = finding.place.as_ref().and_then(|place| place.commit.as_ref());
    let all = [
        ("outcome", Some(json!(finding.outcome))),
        ("fix", finding.fix.as_ref().map(|fix| json!(fix))),
        ("upstream", finding.upstream.as_ref().map(|note| json!(note))),
        ("commit", commit.map(|commit| json!(commit))),
        ("from", finding.from.as_ref().map(|from| json!(from))),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn fingerprint(finding: &Finding, seen: &mut HashMap<String, usize>) -> String {
    let place = finding.place.clone().unwrap_or_default();
    let whose = place.file.or(place.commit).unwrap_or_default();
    let identity = format!("{}\0{whose}", finding.check);
    let number = seen.entry(identity.clone()).or_default();
    *number += 1;
    sha256(&format!("{identity}\0{number}"))
}

fn location(place: Option<&Place>) -> model::Location {
    let commit = place.and_then(|place| place.commit.as_ref());
    let logical = commit
        .map(|commit| model::LogicalLocation { name: clean(commit).into_owned(), kind: "commit" });
    let artifact_location = match place.and_then(|place| place.file.as_ref()) {
        Some(file) => artifact(file),
        None => model::ArtifactLocation {
            uri: Some(encoded(NO_FILE)),
            description: Some(message(NO_FILE)),
            ..model::ArtifactLocation::default()
        },
    };
    let start_line = place.and_then(|place| place.line).unwrap_or(1).max(1);
    model::Location {
        physical_location: model::PhysicalLocation {
            artifact_location,
            region: model::Region { start_line },
        },
        logical_locations: logical.into_iter().collect(),
    }
}

/// A file of the work tree relative to its root, any other by its full address.
fn artifact(file: &str) -> model::ArtifactLocation {
    let (uri, uri_base_id) = if file.starts_with('/') {
        (format!("file://{}", encoded(file)), None)
    } else {
        (encoded(file), Some(ROOT))
    };
    model::ArtifactLocation { uri: Some(uri), uri_base_id, description: None }
}

/// A path as part of an address: all but letters, digits, `-._~` and slashes percent-encoded.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn message(text: &str) -> model::Message {
    model::Message { text: escaped(text) }
}

/// Braces stand for arguments in a message, and brackets before parentheses for a link.
fn escaped(text: &str) -> String {
    let text = clean(text).replace('{', "{{").replace('}', "}}");
    if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]") } else { text }
}
