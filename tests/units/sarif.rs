//! SARIF logs, held against the standard's own schema by a foreign validator.

use jsonschema::Validator;
use onramp::finding::{Excuse, Outcome, Place, Severity};
use proptest::prelude::*;
use serde_json::Value;

use super::github::{any_finding, finding};
use crate::support::foreign::sarif_schema;
use crate::support::report::{report, told};

fn validator() -> Validator {
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&sarif_schema()).expect("a schema")
}

#[track_caller]
fn valid(text: &str, validator: &Validator) -> Value {
    let log: Value = serde_json::from_str(text).expect("JSON");
    let problems: Vec<String> =
        validator.iter_errors(&log).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:#?}\n{text}");
    log
}

#[test]
fn kinds_places_and_excuses() {
    let mut fail = finding(Outcome::Fail, "has none, see [this](here) {0}");
    let place = |file: &str| Place { file: Some(file.into()), line: Some(3), commit: None };
    fail.place = Some(place("a b/ü:x.java"));
    let mut outside = finding(Outcome::Warn, "odd");
    (outside.severity, outside.place) = (Severity::Advice, Some(place("/etc/mavenrc")));
    let mut waived = finding(Outcome::Fail, "old");
    waived.excused = Some(Excuse::Waiver { reason: "later".into(), until: "2027-01-31".into() });
    waived.place = Some(Place { file: None, line: None, commit: Some("0123456789".into()) });
    let unknown = finding(Outcome::Unknown, "no network");
    let silent = [finding(Outcome::Pass, "x"), finding(Outcome::Skip, "y")];
    let findings = [&[fail, outside, waived, unknown], &silent[..]].concat();
    let (text, _) = told("sarif", &report(findings), Severity::Error);
    let log = valid(&text, &validator());
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    let kinds: Vec<_> = results
        .iter()
        .map(|result| (result["kind"].as_str().unwrap(), result["level"].as_str().unwrap()))
        .collect();
    assert_eq!(kinds, [("fail", "error"), ("fail", "note"), ("fail", "error"), ("open", "none")]);
    let uri = |at: usize| {
        results[at].pointer("/locations/0/physicalLocation/artifactLocation/uri").unwrap()
    };
    assert_eq!(uri(0), "a%20b/%C3%BC%3Ax.java");
    assert_eq!(uri(1), "file:///etc/mavenrc");
    assert_eq!(uri(3), "no%20file%20belongs%20to%20this%20finding");
    assert_eq!(
        results[0]["message"]["text"],
        "has none, see \\[this\\](here) {{0}}\nfix: add the header"
    );
    assert_eq!(results[2]["suppressions"][0]["justification"], "waived until 2027-01-31: later");
    assert_eq!(results[3]["message"]["text"], "could not be told: no network\nfix: add the header");
    assert_eq!(run["invocations"][0]["exitCode"], 1);
    assert_eq!(run["properties"]["findings"]["pass"], 1);
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 1);
}

#[test]
fn a_finding_is_known_again_when_its_line_moves() {
    let at = |line| {
        let mut one = finding(Outcome::Fail, &format!("line {line} is odd"));
        one.place = Some(Place { file: Some("A.java".into()), line: Some(line), commit: None });
        one
    };
    let marks = |lines: [u64; 2]| -> Vec<String> {
        let (text, _) = told("sarif", &report(lines.map(at).to_vec()), Severity::Error);
        let log: Value = serde_json::from_str(&text).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().map(|result| result["partialFingerprints"].to_string()).collect()
    };
    assert_eq!(marks([3, 9]), marks([4, 70]));
    assert_ne!(marks([3, 9])[0], marks([3, 9])[1]);
}

#[test]
fn whatever_is_found_the_log_fits_the_schema() {
    let validator = validator();
    let findings = prop::collection::vec(any_finding(), 0..12);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(64));
    let outcome = runner.run(&findings, |findings| {
        let open = |finding: &&onramp::finding::Finding| {
            !matches!(finding.outcome, Outcome::Pass | Outcome::Skip)
        };
        let count = findings.iter().filter(open).count();
        let (text, _) = told("sarif", &report(findings), Severity::Error);
        let log = valid(&text, &validator);
        prop_assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), count);
        prop_assert!(!text.contains("\"pass\","), "{}", text);
        Ok(())
    });
    outcome.unwrap();
}
