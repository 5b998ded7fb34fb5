//! Waivers: what they excuse, and that none outlives its reason unseen.

use std::collections::BTreeSet;

use onramp::finding::{Excuse, Finding, Outcome, Place};
use onramp::waiver::{self, Waiver};
use snapbox::{assert_data_eq, str};

use super::github::finding;

/// 2026-11-22.
const NOW: i64 = 1_795_305_600;

fn waivers(text: &str) -> Vec<Waiver> {
    waiver::read("w.yaml", text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn mistakes(text: &str) -> String {
    let problems = waiver::read("w.yaml", text).expect_err("a mistake");
    problems.iter().map(|problem| problem.to_string() + "\n").collect()
}

fn ids() -> BTreeSet<String> {
    ["apache/patch/header", "apache/patch/signed"].map(Into::into).into()
}

fn apply(findings: &mut [Finding], text: &str) -> Vec<String> {
    let notes = waiver::apply(findings, &waivers(text), &ids(), waiver::day(NOW));
    for note in &notes {
        assert!(note.fix.is_some() && !note.why.is_empty() && note.outcome == Outcome::Warn);
        assert_eq!(note.place.as_ref().and_then(|place| place.file.as_deref()), Some("w.yaml"));
    }
    notes.into_iter().map(|note| format!("{}: {}", note.check, note.text)).collect()
}

fn at(file: &str, outcome: Outcome) -> Finding {
    let place = Place { file: Some(file.into()), ..Place::default() };
    Finding { place: Some(place), ..finding(outcome, "no header") }
}

const WHOLE: &str = "- { id: header, reason: on its way, until: 2026-11-22 }\n";

#[test]
fn what_is_bad_or_could_not_be_told_is_excused_to_the_last_day() {
    let mut findings =
        [finding(Outcome::Fail, "a"), finding(Outcome::Unknown, "b"), finding(Outcome::Pass, "c")];
    assert_eq!(apply(&mut findings, WHOLE), [""; 0]);
    let waived = Some(Excuse::Waiver { reason: "on its way".into(), until: "2026-11-22".into() });
    assert_eq!(findings[0].excused, waived);
    assert_eq!(findings[0].outcome, Outcome::Fail);
    assert_eq!(findings[1].excused, waived);
    assert_eq!(findings[2].excused, None);
}

#[test]
fn a_day_that_has_passed_is_a_finding_whatever_the_year() {
    for day in ["2026-11-21", "1970-01-01", "0001-01-01"] {
        let mut findings = [finding(Outcome::Fail, "a")];
        let notes = apply(&mut findings, &WHOLE.replace("2026-11-22", day));
        let wanted =
            format!("onramp/waivers/expired: the waiver for header ended on {day}: on its way");
        assert_eq!(notes, [wanted]);
        assert_eq!(findings[0].excused, None);
    }
}

#[test]
fn one_that_excuses_nothing_is_a_finding_where_its_check_ran() {
    let unused = ["onramp/waivers/unused: the waiver for header excuses nothing: on its way"];
    assert_eq!(apply(&mut [finding(Outcome::Pass, "a")], WHOLE), unused);
    assert_eq!(apply(&mut [finding(Outcome::Skip, "a")], WHOLE), [""; 0]);
    assert_eq!(apply(&mut [], WHOLE), [""; 0]);
}

#[test]
fn an_id_that_names_no_check_is_a_finding() {
    let notes = apply(&mut [], &WHOLE.replace("header", "haeder"));
    let wanted = "there is no check `haeder` to waive; did you mean `header`?";
    assert_eq!(notes, [format!("onramp/waivers/unknown: {wanted}")]);
}

#[test]
fn a_file_narrows_it_by_name_or_pattern() {
    let all = || [at("a/b.java", Outcome::Fail), at("c.md", Outcome::Fail)];
    for (pattern, wanted) in [
        ("a/b.java", [true, false]),
        ("**/*.java", [true, false]),
        ("*.md", [false, true]),
        ("a/", [true, false]),
        ("**", [true, true]),
    ] {
        let mut findings = all();
        let text = WHOLE.replace(" }", &format!(", file: \"{pattern}\" }}"));
        assert_eq!(apply(&mut findings, &text), [""; 0], "{pattern}");
        assert_eq!(findings.map(|finding| finding.excused.is_some()), wanted, "{pattern}");
    }
    let text = WHOLE.replace(" }", ", file: d.java }");
    let notes = apply(&mut all(), &text);
    assert_eq!(
        notes,
        ["onramp/waivers/unused: the waiver for header in d.java excuses nothing: on its way"]
    );
    assert_eq!(apply(&mut [finding(Outcome::Fail, "no place")], &text).len(), 1);
}

#[test]
fn mistakes_are_pointed_at() {
    assert_data_eq!(
        mistakes("- id: header\n  reason: x\n  until: 2027-02-30\n"),
        str![[r#"
w.yaml:3:10: 2027-02-30 is in no calendar
  |
3 |   until: 2027-02-30
  |          ^^^^^^^^^^

"#]]
    );
    for (text, wanted) in [
        ("- { id: header, until: 2027-01-01 }", "missing field `reason`"),
        ("- { id: header, reason: x }", "missing field `until`"),
        ("- { reason: x, until: 2027-01-01 }", "missing field `id`"),
        ("- { id: header, reason: ' ', until: 2027-01-01 }", "`reason` is empty"),
        ("- { id: '', reason: x, until: 2027-01-01 }", "`id` names no check"),
        ("- { id: header, reason: x, until: soon }", "`soon` is no day: write it as 2027-01-31"),
        ("- { id: header, reason: x, until: 1970 }", "`1970` is no day"),
        ("- { id: header, reason: x, until: 31-01-2027 }", "`31-01-2027` is no day"),
        ("- { id: header, reason: x, until: 2027-1-1 }", "`2027-1-1` is no day"),
        ("- { id: header, resaon: x, until: 2027-01-01 }", "did you mean `reason`?"),
        ("- { id: header, reason: x, until: 2027-01-01, file: '' }", "`file` names no file"),
        ("id: header", "1:1"),
    ] {
        let shown = mistakes(text);
        assert!(shown.contains(wanted) && shown.contains("w.yaml:1:"), "{text}: {shown}");
    }
    assert!(waivers("# none yet\n").is_empty());
}

#[test]
fn what_an_earlier_report_excused_stays_so_until_its_day() {
    let excuse = |until: &str| Excuse::Waiver { reason: "x".into(), until: until.into() };
    let with = |excused| Finding { excused, ..finding(Outcome::Fail, "a") };
    let before = [with(Some(excuse("2026-11-22"))), at("b", Outcome::Fail)];
    let mut now = [with(None), at("b", Outcome::Fail), finding(Outcome::Fail, "other")];
    waiver::keep(&mut now, &before, waiver::day(NOW));
    assert_eq!(now.each_ref().map(|finding| finding.excused.is_some()), [true, false, false]);
    waiver::keep(&mut now, &before, waiver::day(NOW + 86_400));
    assert_eq!(now.map(|finding| finding.excused.is_some()), [false, false, false]);
}
