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
//!   output of passed tests. Where `--fail-on` makes warnings count it is a `failure`.
//! - what is excused is `skipped`, with the excuse before what was seen.

use std::collections::HashMap;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::exit::Exit;
use crate::finding::{Finding, Outcome, Place, Severity};
use crate::text::{clean, clean_line};

use super::format::Format;
use super::told::{Body, Standing, Stopped, excuse};

/// JUnit XML.
pub const FORMAT: Format = Format {
    name: "junit",
    about: "JUnit XML, which every CI server reads",
    tell: |told| {
        let report = told.report;
        Ok(Body::Text(junit(&report.findings, report.created, told.fail_on, told.exit)?))
    },
    stopped: |stopped| Ok(Body::Text(ended(stopped)?)),
};

/// Writes the findings. `started` is when the run began, in seconds since the epoch, and `fail_on`
/// the lowest severity that counts; where nothing could be judged (`exit`) a case of its own says
/// so, as skips alone are taken for success.
///
/// # Errors
/// Where the time is none, or the XML cannot be written.
pub fn junit(
    findings: &[Finding],
    started: i64,
    fail_on: Severity,
    exit: Exit,
) -> anyhow::Result<String> {
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
        suites[at].add_test_case(case(finding, *seen, fail_on));
    }
    if exit == Exit::Usage {
        suites.push(unjudged("nothing", "nothing could be checked", &time));
    }
    let mut report = Report::new("onramp");
    report.add_test_suites(suites);
    Ok(report.to_string()?)
}

/// A file in which nothing passed: servers take one without cases for success.
fn ended(stopped: &Stopped) -> anyhow::Result<String> {
    let time = jiff::Timestamp::from_second(stopped.created)?.to_string();
    let mut report = Report::new("onramp");
    report.add_test_suite(unjudged("stopped", &stopped.words(), &time));
    Ok(report.to_string()?)
}

/// A suite whose one case is that something could be judged, and was not.
fn unjudged(kind: &str, reason: &str, time: &str) -> TestSuite {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(plain_line(reason)).set_type(kind).set_description(plain(reason));
    let mut suite = suite("onramp", time);
    suite.add_test_case(TestCase::new("something could be checked", status));
    suite
}

fn suite(stage: &str, time: &str) -> TestSuite {
    let mut suite = TestSuite::new(stage);
    suite.extra.insert("timestamp".into(), time.into());
    suite
}

/// Servers tell cases apart by class and name, so the latter carries the place, and a number
/// where even that is not enough.
fn case(finding: &Finding, seen: usize, fail_on: Severity) -> TestCase {
    let name = if seen > 1 { format!("{} ({seen})", name(finding)) } else { name(finding) };
    let mut case = TestCase::new(name, status(finding, fail_on));
    case.set_classname(plain_line(&finding.check.replace('/', ".")));
    if let Some(Place { file: Some(file), line, .. }) = &finding.place {
        case.extra.insert("file".into(), plain_line(file).into());
        if let Some(line) = line {
            case.extra.insert("line".into(), line.to_string().into());
        }
    }
    let mild = finding.excused.is_none() && Standing::of(finding, fail_on) == Standing::Minor;
    if finding.outcome == Outcome::Warn && mild {
        case.set_system_out(format!("warning: {}", details(finding)));
    }
    case
}

fn status(finding: &Finding, fail_on: Severity) -> TestCaseStatus {
    if let (Some(reason), true) = (&finding.excused, finding.outcome > Outcome::Skip) {
        let mut status = TestCaseStatus::skipped();
        status.set_type(finding.outcome.word()).set_description(details(finding));
        status.set_message(plain_line(&format!("{}: {}", excuse(reason), finding.marked_text())));
        return status;
    }
    let mut status = match finding.outcome {
        Outcome::Pass => return TestCaseStatus::success(),
        Outcome::Warn if Standing::of(finding, fail_on) == Standing::Minor => {
            return TestCaseStatus::success();
        }
        Outcome::Fail | Outcome::Warn => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Outcome::Unknown => TestCaseStatus::non_success(NonSuccessKind::Error),
        Outcome::Skip => TestCaseStatus::skipped(),
    };
    status.set_message(plain_line(&finding.marked_text())).set_type(finding.outcome.word());
    if finding.outcome != Outcome::Skip {
        status.set_description(details(finding));
    }
    status
}

fn name(finding: &Finding) -> String {
    let title = plain_line(&(finding.title.clone() + &finding.whose()));
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
    let fix = finding.marked_fix().map(|fix| format!("fix: {fix}"));
    let upstream = finding.upstream.as_ref().map(|note| format!("upstream: {note}"));
    let parts = [Some(finding.marked_text()), Some(finding.why.clone()), fix, upstream]
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
