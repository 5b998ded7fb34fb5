//! What a change introduced: which findings are the same before and after.

use onramp::finding::{Excuse, Finding, Outcome, Place};
use onramp::report::baseline::since;
use onramp::report::{Report, excused, tally};

use super::github::finding;
use super::human::newcomer;

fn before(findings: Vec<Finding>) -> Report {
    Report { findings, ..newcomer() }
}

fn at(file: &str, line: u64, text: &str) -> Finding {
    let place = Place { file: Some(file.into()), line: Some(line), commit: None };
    Finding { place: Some(place), ..finding(Outcome::Fail, text) }
}

/// Which of the findings count although the others were there, and how many of those are gone.
fn news(mut findings: Vec<Finding>, old: Vec<Finding>) -> (Vec<bool>, u64) {
    let since = since(&mut findings, &before(old));
    (findings.iter().map(|finding| finding.excused.is_none()).collect(), since.gone)
}

#[test]
fn lines_move_and_commits_are_rewritten() {
    let old = vec![
        at("a.java", 3, "a.java:3: trailing space"),
        at("b.java", 9, "line 9 ends in a blank"),
        finding(Outcome::Fail, "1a2b3c4d5e \"Fix it\": no signature"),
    ];
    let now = vec![
        at("a.java", 17, "a.java:17: trailing space"),
        at("b.java", 1, "line 1 ends in a blank"),
        finding(Outcome::Fail, "ffffffff00 \"Fix it\": no signature"),
        at("a.java", 18, "a tab"),
    ];
    assert_eq!(news(now, old), (vec![false, false, false, true], 0));
}

#[test]
fn another_file_another_text_and_one_more_of_the_same_are_new() {
    let old = vec![at("a", 1, "x"), at("a", 2, "x")];
    let now =
        vec![at("a", 5, "x"), at("a", 6, "x"), at("a", 7, "x"), at("b", 1, "x"), at("a", 1, "y")];
    assert_eq!(news(now, old), (vec![false, false, true, true, true], 0));
}

#[test]
fn worse_than_before_is_new_and_milder_is_not() {
    let warn = || Finding { outcome: Outcome::Warn, ..at("a", 1, "x") };
    assert_eq!(news(vec![at("a", 1, "x")], vec![warn()]), (vec![true], 0));
    assert_eq!(news(vec![warn()], vec![at("a", 1, "x")]), (vec![false], 0));
}

#[test]
fn a_check_of_one_thing_is_the_same_whatever_its_numbers() {
    let memory = |text: &str| vec![finding(Outcome::Warn, text)];
    assert_eq!(news(memory("3 GiB of memory"), memory("3.1 GiB of memory")), (vec![false], 0));
    let told = vec![finding(Outcome::Unknown, "nobody knows")];
    assert_eq!(news(told, memory("3 GiB of memory")), (vec![true], 0));
}

#[test]
fn what_is_gone_is_counted_where_the_check_looked() {
    let old = || vec![at("a", 1, "x"), at("b", 1, "x"), at("b", 2, "y")];
    assert_eq!(news(vec![at("a", 1, "x")], old()), (vec![false], 2));
    assert_eq!(news(vec![finding(Outcome::Pass, "well")], old()), (vec![true], 3));
    assert_eq!(news(vec![finding(Outcome::Skip, "not here")], old()).1, 0);
    assert_eq!(news(Vec::new(), old()).1, 0);
}

#[test]
fn a_waiver_comes_first_and_all_that_is_excused_is_counted_apart() {
    let waiver = Excuse::Waiver { reason: "x".into(), until: "2027-01-31".into() };
    let mut now = vec![Finding { excused: Some(waiver.clone()), ..at("a", 1, "x") }];
    now.extend([at("b", 1, "x"), at("c", 1, "x")]);
    let since = since(&mut now, &before(vec![at("a", 1, "x"), at("b", 1, "x")]));
    assert_eq!(since.gone, 0);
    assert_eq!(now[0].excused, Some(waiver));
    assert_eq!(excused(&now), 2);
    assert_eq!(tally(&now)[&Outcome::Fail], 1);
}
