//! Annotations: one command a line, whatever a finding says.

use onramp::finding::{Excuse, Finding, Outcome, Place, Severity};
use onramp::report::github::github;
use proptest::prelude::*;

pub(super) fn finding(outcome: Outcome, text: &str) -> Finding {
    Finding {
        check: "apache/patch/header".into(),
        title: "new files have a licence header".into(),
        outcome,
        severity: if outcome == Outcome::Warn { Severity::Warn } else { Severity::Error },
        text: text.into(),
        why: "the licence check of the project refuses them".into(),
        fix: Some("add the header".into()),
        upstream: None,
        source: "https://example.org/rules".into(),
        place: None,
        from: None,
        excused: None,
    }
}

pub(super) fn any_finding() -> impl Strategy<Value = Finding> {
    let outcomes = [Outcome::Pass, Outcome::Skip, Outcome::Warn, Outcome::Unknown, Outcome::Fail];
    let text = || "[a:,%#\\n\\r\\x00-\\x1f&<>\"'\\]é\u{202e}\u{2028}\u{ffff}]{0,20}|\n::error::x|::set-output name=a::b|]]>";
    let place = (prop::option::of(text()), prop::option::of(0u64..9), prop::option::of(text()));
    let outcome = prop::sample::select(outcomes.to_vec());
    (
        outcome,
        text(),
        text(),
        prop::option::of(text()),
        prop::option::of(place),
        "[a-c]/[a-c]{0,2}/x",
    )
        .prop_map(|(outcome, title, text, fix, place, check)| Finding {
            check,
            title,
            fix,
            place: place.map(|(file, line, commit)| Place { file, line, commit }),
            ..finding(outcome, &text)
        })
}

#[test]
fn levels_places_and_escapes() {
    let mut fail = finding(Outcome::Fail, "100% wrong\nreally");
    fail.place = Some(Place {
        file: Some("a:b,c.java".into()),
        line: Some(3),
        commit: Some("0123456789abcdef".into()),
    });
    let unknown = finding(Outcome::Unknown, "no network");
    let silent = [finding(Outcome::Pass, "x"), finding(Outcome::Skip, "x")];
    let out = github(&[&[fail, unknown], &silent[..]].concat(), Severity::Error);
    assert_eq!(
        out,
        "::error file=a%3Ab%2Cc.java,line=3,title=new files have a licence header [0123456789ab]::\
         100%25 wrong%0Areally%0Afix: add the header%0A(apache/patch/header)\n\
         ::warning title=new files have a licence header (could not be told)::\
         no network%0Afix: add the header%0A(apache/patch/header)\n"
    );
    assert_eq!(github(&silent, Severity::Error), "");
}

#[test]
fn what_counts_is_an_error_and_what_is_excused_a_notice() {
    let mut excused = finding(Outcome::Fail, "old");
    excused.excused = Some(Excuse::Baseline);
    let out = github(&[finding(Outcome::Warn, "new"), excused], Severity::Warn);
    let lines: Vec<_> = out.lines().collect();
    assert!(lines[0].starts_with("::error ") && lines[1].starts_with("::notice "), "{out}");
    assert!(lines[1].contains("%0Ait was there before this change%0A"), "{out}");
}

#[test]
fn what_github_would_drop_is_counted() {
    let many =
        [vec![finding(Outcome::Fail, "x"); 12], vec![finding(Outcome::Warn, "y"); 11]].concat();
    let out = github(&many, Severity::Error);
    assert_eq!(out.lines().filter(|line| line.starts_with("::error ")).count(), 10);
    assert_eq!(out.lines().filter(|line| line.starts_with("::warning ")).count(), 10);
    let last = out.lines().last().unwrap();
    assert!(
        last.starts_with("::notice title=onramp::2 more errors and 1 more warning: "),
        "{last}"
    );
}

proptest! {
    #[test]
    fn one_command_a_line(findings in prop::collection::vec(any_finding(), 0..30)) {
        let out = github(&findings, Severity::Error);
        prop_assert!(out.is_empty() || out.ends_with('\n'));
        for line in out.split_terminator('\n') {
            let rest = line.strip_prefix("::").expect("a command");
            let (head, _) = rest.split_once("::").expect("its end");
            let (level, properties) = head.split_once(' ').expect("properties");
            prop_assert!(["error", "warning", "notice"].contains(&level));
            for property in properties.split(',') {
                let (name, value) = property.split_once('=').expect("a property");
                prop_assert!(["file", "line", "title"].contains(&name) && !value.contains(':'));
            }
            let safe = line.chars().all(|c| !c.is_control() && c != '\u{2028}');
            prop_assert!(safe);
        }
        let loud = findings.iter().filter(|finding| !matches!(finding.outcome, Outcome::Pass | Outcome::Skip));
        let loud = loud.count();
        prop_assert!(out.lines().count() <= loud.min(20) + 1);
    }
}
