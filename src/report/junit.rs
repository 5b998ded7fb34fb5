//! Findings as JUnit XML: one suite a stage, one test case a finding. Counts are those of the
//! elements. Decides nothing about exit codes.
//!
//! How outcomes map, and why:
//! - `fail` is a `failure`: the condition was looked at and does not hold.
//! - `unknown` is an `error` of type `unknown`: the test itself could not be done. Every CI tool
//!   shows it apart from a pass.
//! - `skip` is `skipped`, with its reason.
//! - `warn` passes, with its text in `system-out`: JUnit has no warning, a failure would turn a
//!   job red for advice, and `skipped` would say that nobody looked. Jenkins and GitLab show the
//!   output of passed tests.

use std::collections::HashMap;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::finding::{Finding, Outcome, Place};
use crate::text::{clean, clean_line};

/// Writes the findings. `started` is when the run began, in seconds since the epoch.
///
/// # Errors
/// Where the time is none, or the XML cannot be written.
pub fn junit(findings: &[Finding], started: i64) -> anyhow::Result<String> {
    let time = jiff::Timestamp::from_second(started)?.to_string();
    let mut suites: Vec<TestSuite> = Vec::new();
    let mut names: HashMap<(String, String), usize> = HashMap::new();
    for finding in findings {
        let stage = plain_line(finding.stage());
        let at =
            suites.iter().position(|suite| suite.name.as_str() == stage).unwrap_or_else(|| {
                suites.push(suite(&stage, &time));
                suites.len() - 1
            });
        let seen = names.entry((finding.check.clone(), name(finding))).or_default();
        *seen += 1;
        suites[at].add_test_case(case(finding, *seen));
    }
    let mut report = Report::new("onramp");
    report.add_test_suites(suites);
    Ok(report.to_string()?)
}

fn suite(stage: &str, time: &str) -> TestSuite {
    let mut suite = TestSuite::new(stage);
    suite.extra.insert("timestamp".into(), time.into());
    suite
}

/// Servers tell cases apart by class and name, so the latter carries the place, and a number
/// where even that is not enough.
fn case(finding: &Finding, seen: usize) -> TestCase {
    let name = if seen > 1 { format!("{} ({seen})", name(finding)) } else { name(finding) };
    let mut case = TestCase::new(name, status(finding));
    case.set_classname(plain_line(&finding.check.replace('/', ".")));
    if let Some(Place { file: Some(file), line, .. }) = &finding.place {
        case.extra.insert("file".into(), plain_line(file).into());
        if let Some(line) = line {
            case.extra.insert("line".into(), line.to_string().into());
        }
    }
    if finding.outcome == Outcome::Warn {
        case.set_system_out(format!("warning: {}", details(finding)));
    }
    case
}

fn status(finding: &Finding) -> TestCaseStatus {
    let mut status = match finding.outcome {
        Outcome::Pass | Outcome::Warn => return TestCaseStatus::success(),
        Outcome::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Outcome::Unknown => TestCaseStatus::non_success(NonSuccessKind::Error),
        Outcome::Skip => TestCaseStatus::skipped(),
    };
    status.set_message(plain_line(&finding.text)).set_type(finding.outcome.word());
    if finding.outcome != Outcome::Skip {
        status.set_description(details(finding));
    }
    status
}

fn name(finding: &Finding) -> String {
    let title = plain_line(&finding.title);
    match finding.place.as_ref().map(place).filter(|place| !place.is_empty()) {
        Some(place) => format!("{title} [{place}]"),
        None => title,
    }
}

fn place(place: &Place) -> String {
    let file = match (&place.file, place.line) {
        (Some(file), Some(line)) => Some(format!("{}:{line}", plain_line(file))),
        (Some(file), None) => Some(plain_line(file)),
        (None, _) => None,
    };
    let commit = place.commit.as_deref().map(|id| plain_line(id).chars().take(12).collect());
    file.into_iter().chain(commit).collect::<Vec<String>>().join(" ")
}

/// All that helps, as paragraphs.
fn details(finding: &Finding) -> String {
    let fix = finding.fix.as_ref().map(|fix| format!("fix: {fix}"));
    let upstream = finding.upstream.as_ref().map(|note| format!("upstream: {note}"));
    let parts = [Some(finding.text.clone()), Some(finding.why.clone()), fix, upstream]
        .into_iter()
        .flatten()
        .chain([format!("source: {}", finding.source), format!("check: {}", finding.check)]);
    plain(&parts.collect::<Vec<_>>().join("\n"))
}

/// XML 1.0 has no place for control characters nor for the two code points that are none.
fn plain(text: &str) -> String {
    clean(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

fn plain_line(text: &str) -> String {
    clean_line(&plain(text))
}
