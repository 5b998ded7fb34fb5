//! TAP streams, read by Perl's own harness.

use onramp::exit::Exit;
use onramp::finding::{Excuse, Finding, Outcome, Severity};
use onramp::report::{exit, tap::tap};
use proptest::prelude::*;

use super::github::{any_finding, finding};
use crate::support::foreign::prove;

/// Whether the harness calls it a success, with its words.
fn harness(text: &str) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("onramp.tap");
    std::fs::write(&file, text).unwrap();
    let output = prove(&file);
    (output.code == Some(0), output.stdout() + &output.stderr())
}

fn of(outcome: Outcome, severity: Severity) -> Finding {
    Finding { severity, ..finding(outcome, "seen # TODO \\ \"quoted\"\nand more") }
}

#[test]
fn the_harness_passes_exactly_where_onramp_does() {
    use Outcome::{Fail, Pass, Skip, Unknown, Warn};
    use Severity::{Advice, Error, Warn as Warning};
    let mut excused = of(Fail, Error);
    excused.excused = Some(Excuse::Waiver { reason: "later".into(), until: "2027-01-31".into() });
    let cases: [(Vec<Finding>, Severity); 10] = [
        (vec![of(Pass, Error), of(Skip, Error)], Error),
        (vec![of(Pass, Error), of(Fail, Error)], Error),
        (vec![of(Pass, Error), of(Unknown, Error)], Error),
        (vec![of(Pass, Error), of(Unknown, Warning)], Error),
        (vec![of(Pass, Error), of(Warn, Warning)], Error),
        (vec![of(Pass, Error), of(Warn, Warning)], Warning),
        (vec![of(Pass, Error), of(Warn, Advice)], Warning),
        (vec![of(Pass, Error), excused], Error),
        (vec![of(Skip, Error)], Error),
        (vec![], Error),
    ];
    for (findings, fail_on) in cases {
        let wanted = exit(&findings, fail_on);
        let text = tap(&findings, fail_on, wanted);
        let (passed, said) = harness(&text);
        assert_eq!(passed, wanted == Exit::Success, "{text}\n{said}");
    }
}

#[test]
fn only_what_holds_is_ok() {
    let all = [Outcome::Pass, Outcome::Skip, Outcome::Warn, Outcome::Unknown, Outcome::Fail];
    let findings = all.map(|outcome| finding(outcome, "seen"));
    let text = tap(&findings, Severity::Error, Exit::Findings);
    let points: Vec<&str> =
        text.lines().filter(|line| line.contains(" - apache/patch/header - ")).collect();
    let starts: Vec<&str> = points.iter().map(|line| line.split(" - ").next().unwrap()).collect();
    assert_eq!(starts, ["ok 1", "ok 2", "not ok 3", "not ok 4", "not ok 5"]);
    assert!(points[1].ends_with(" # SKIP seen"), "{text}");
    assert!(text.contains("  message: \"could not be told: seen\"\n"), "{text}");
}

#[test]
fn whatever_is_found_the_harness_reads_it() {
    let findings = prop::collection::vec(any_finding(), 1..12);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(12));
    let outcome = runner.run(&findings, |findings| {
        let wanted = exit(&findings, Severity::Error);
        let text = tap(&findings, Severity::Error, wanted);
        let (passed, said) = harness(&text);
        prop_assert_eq!(passed, wanted == Exit::Success, "{}\n{}", text, said);
        prop_assert!(!said.contains("Parse errors") && !said.contains("Unknown TAP"), "{}", said);
        let count = format!("Tests={},", findings.len());
        prop_assert!(wanted == Exit::Usage || said.contains(&count), "{}", said);
        Ok(())
    });
    outcome.unwrap();
}
