//! Reports: exit codes, the schema judged by a foreign validator, and reading one back.

use onramp::exit::Exit;
use onramp::finding::{Finding, NOT_TRUSTED, Outcome, Severity};
use onramp::report::{exit, format, json};

use crate::support::report::{report, told};

fn finding(outcome: Outcome, severity: Severity) -> Finding {
    Finding {
        check: "apache/machine/git".into(),
        title: "git is 2.30 or newer".into(),
        outcome,
        severity,
        text: "git 2.25.1".into(),
        why: "Because.".into(),
        fix: None,
        upstream: None,
        source: "us".into(),
        place: None,
        from: None,
        excused: None,
    }
}

#[test]
fn exit_codes_follow_the_worst_that_counts() {
    use Outcome::{Fail, Pass, Skip, Unknown, Warn};
    use Severity::{Advice, Error, Warn as Warning};
    let cases = [
        (vec![], Error, Exit::Usage),
        (vec![(Skip, Error)], Error, Exit::Usage),
        (vec![(Pass, Error), (Skip, Error)], Error, Exit::Success),
        (vec![(Pass, Error), (Warn, Warning)], Error, Exit::Success),
        (vec![(Pass, Error), (Warn, Warning)], Warning, Exit::Findings),
        (vec![(Warn, Advice)], Warning, Exit::Success),
        (vec![(Warn, Advice)], Advice, Exit::Findings),
        (vec![(Pass, Error), (Unknown, Error)], Error, Exit::Incomplete),
        (vec![(Pass, Error), (Unknown, Warning)], Error, Exit::Success),
        (vec![(Unknown, Error), (Fail, Error)], Error, Exit::Findings),
    ];
    for (outcomes, fail_on, wanted) in cases {
        let findings: Vec<Finding> =
            outcomes.iter().map(|(outcome, severity)| finding(*outcome, *severity)).collect();
        assert_eq!(exit(&findings, fail_on), wanted, "{outcomes:?} {fail_on:?}");
    }
}

#[test]
fn other_versions_and_other_files_are_refused_by_name() {
    let refused = |bytes: &[u8]| json::read(bytes).unwrap_err().to_string();
    assert_eq!(
        refused(b"{\"version\": 2}"),
        "report version 2 was written by a newer onramp; this one reads version 1"
    );
    assert_eq!(refused(b"{\"version\": 0}"), "report version 0; this onramp reads version 1");
    assert_eq!(refused(b"{}"), "no report: it names no version");
    assert!(refused(b"no").starts_with("no JSON"));
    assert!(refused(b"{\"version\": 1}").starts_with("no report"));
}

#[test]
fn the_schema_is_one() {
    let schema: serde_json::Value = serde_json::from_str(&json::schema().unwrap()).unwrap();
    jsonschema::meta::validate(&schema).expect("a JSON Schema");
}

#[test]
fn words_that_nobody_vouches_for_are_marked_in_every_format() {
    // Of people's format, the tests of its own tell; a receipt holds no words at all.
    let formats = format::ALL.iter().filter(|format| !["human", "receipt"].contains(&format.name));
    for name in formats.map(|format| format.name) {
        for outcome in [Outcome::Pass, Outcome::Fail, Outcome::Warn, Outcome::Unknown] {
            let fix = Some("git push --force".to_owned());
            let own = Finding { fix, ..finding(outcome, Severity::Error) };
            let strange = Finding { from: Some(NOT_TRUSTED.into()), ..own.clone() };
            let text = |finding| {
                let (text, _) = told(name, &report(vec![finding]), Severity::Error);
                text.replace("&apos;", "'").replace("\\.", ".").replace("\\-", "-")
            };
            assert!(!text(own).contains("not trusted"), "{name}");
            let text = text(strange);
            // What passed leaves no word in a list of what is wrong.
            let silent = outcome == Outcome::Pass && !text.contains("git is 2.30");
            assert!(silent || text.contains(NOT_TRUSTED), "{name} {outcome:?}: {text}");
            if outcome == Outcome::Fail && !name.starts_with("json") {
                for words in ["git 2.25.1", "git push --force"] {
                    let marked = format!("{words} (from {NOT_TRUSTED})");
                    assert!(text.contains(&marked), "{name}: no «{marked}» in {text}");
                }
            }
        }
    }
}
