//! JUnit files, read back by an XML parser.

use std::collections::BTreeSet;

use onramp::exit::Exit;
use onramp::finding::{Excuse, Outcome, Place, Severity};
use onramp::report::junit::junit;
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::github::{any_finding, finding};

/// Elements in order, with their attributes, unescaped.
fn elements(xml: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut reader = Reader::from_str(xml);
    let mut out = Vec::new();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(tag) | Event::Empty(tag) => out.push(element(&tag)),
            Event::Eof => return out,
            _ => {}
        }
    }
}

fn element(tag: &BytesStart<'_>) -> (String, Vec<(String, String)>) {
    let attributes = tag.attributes().map(|attribute| {
        let attribute = attribute.expect("an attribute");
        let value = quick_xml::escape::unescape(&attribute.value).expect("escapes").into_owned();
        (attribute.key.as_ref().to_owned(), value)
    });
    (tag.name().as_ref().to_owned(), attributes.collect())
}

fn count(xml: &str, name: &str) -> usize {
    elements(xml).iter().filter(|(other, _)| other == name).count()
}

#[test]
fn outcomes_are_told_apart() {
    let mut fail = finding(Outcome::Fail, "A.java has none");
    fail.place = Some(Place { file: Some("src/A.java".into()), line: Some(1), commit: None });
    let others = [Outcome::Warn, Outcome::Unknown, Outcome::Skip, Outcome::Pass, Outcome::Pass];
    let mut all = vec![fail];
    all.extend(others.map(|outcome| finding(outcome, "\u{1b}[31mseen\u{ffff}")));
    let xml = junit(&all, 1_790_000_000, Severity::Error, Exit::Success).unwrap();
    for (name, wanted) in [
        ("testsuite", 1),
        ("testcase", 6),
        ("failure", 1),
        ("error", 1),
        ("skipped", 1),
        ("system-out", 1),
    ] {
        assert_eq!(count(&xml, name), wanted, "{name} in {xml}");
    }
    assert!(xml.contains(r#"<testsuite name="patch" tests="6" skipped="1" errors="1" failures="1" timestamp="2026-09-21T"#), "{xml}");
    assert!(xml.contains(r#"<testcase name="new files have a licence header [src/A.java:1]" classname="apache.patch.header" file="src/A.java" line="1">"#), "{xml}");
    assert!(
        xml.contains(r#"<error message="\x1b[31mseen"#) && xml.contains(r#"type="unknown">"#),
        "{xml}"
    );
    assert!(xml.contains("warning: \\x1b[31mseen"), "{xml}");
}

#[test]
fn nothing_found_is_still_a_file() {
    let xml = junit(&[], 0, Severity::Error, Exit::Success).unwrap();
    assert_eq!((count(&xml, "testsuites"), count(&xml, "testcase")), (1, 0));
    assert!(junit(&[], i64::MAX, Severity::Error, Exit::Success).is_err());
}

#[test]
fn what_is_excused_is_skipped_and_what_counts_fails() {
    let mut waived = finding(Outcome::Fail, "no header");
    waived.excused =
        Some(Excuse::Waiver { reason: "generated".into(), until: "2027-01-31".into() });
    let mut warning = finding(Outcome::Warn, "slow");
    warning.severity = Severity::Warn;
    let xml = junit(&[waived, warning], 1, Severity::Warn, Exit::Findings).unwrap();
    assert_eq!((count(&xml, "skipped"), count(&xml, "failure")), (1, 1), "{xml}");
    assert!(xml.contains("waived until 2027-01-31: generated: no header"), "{xml}");
}

proptest! {
    #[test]
    fn counts_agree_whatever_is_found(findings in prop::collection::vec(any_finding(), 0..20)) {
        let xml = junit(&findings, 1, Severity::Error, Exit::Success).unwrap();
        let of = |outcome: Outcome| findings.iter().filter(|finding| finding.outcome == outcome).count();
        prop_assert_eq!(count(&xml, "testcase"), findings.len());
        prop_assert_eq!(count(&xml, "failure"), of(Outcome::Fail));
        prop_assert_eq!(count(&xml, "error"), of(Outcome::Unknown));
        prop_assert_eq!(count(&xml, "skipped"), of(Outcome::Skip));
        let allowed = |c: char| matches!(c, '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        prop_assert!(xml.chars().all(allowed), "{:?}", xml);
        let all = elements(&xml);
        let sum = |name: &str, key: &str| -> usize {
            let of = all.iter().filter(|(other, _)| other == name).flat_map(|(_, attributes)| attributes);
            of.filter(|(other, _)| other == key).map(|(_, value)| value.parse::<usize>().unwrap()).sum()
        };
        for key in ["tests", "failures", "errors", "skipped"] {
            prop_assert_eq!(sum("testsuites", key), sum("testsuite", key));
        }
        let cases: Vec<_> = all.iter().filter(|(name, _)| name == "testcase").collect();
        let names: BTreeSet<_> = cases.iter().map(|(_, attributes)| attributes.iter().take(2).collect::<Vec<_>>()).collect();
        prop_assert_eq!(names.len(), findings.len(), "names are unique");
    }
}
