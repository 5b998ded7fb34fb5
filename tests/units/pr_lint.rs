//! What a maintainer would say of a request, rule by rule, and what they would not.

use std::collections::{BTreeMap, BTreeSet};

use onramp::finding::Severity;
use onramp::pr::lint::rule::Rule;
use onramp::pr::lint::{Subject, lint};
use onramp::pr::template::Template;
use onramp::profile::{Form, Titles};
use proptest::prelude::*;

use super::pr_template::{TODAY, any_template};

/// A request as it should be, in the template of today.
fn good() -> String {
    TODAY
        .replace("This PR...", "Keeps the size of a volume in bytes.")
        .replace("<!-- Fixes: # -->", "Fixes: #12")
        .replace("- [ ] Bug fix", "- [x] Bug fix")
        .replace("- [ ] Critical", "- [X] Critical")
        .replace("Tested?\n", "Tested?\n\nResized a disk of a stopped VM on KVM.\n")
        .replace("this change?\n", "this change?\n\nWith a negative size: refused.\n")
}

fn titles() -> Titles {
    let jira = Form {
        pattern: r"^CLOUDSTACK-\d".into(),
        say: "a number of JIRA".into(),
        instead: "begin with words".into(),
    };
    Titles {
        longest: Some(40),
        vague: Some(vec!["fix".into(), "update".into(), "tests".into()]),
        refused: Some([("jira".to_owned(), jira)].into()),
    }
}

/// Rules and lines of what is said.
fn said(title: Option<&str>, body: &str, screens: usize) -> Vec<(&'static str, Option<usize>)> {
    let (template, titles, levels) = (Template::read(TODAY), titles(), BTreeMap::new());
    let template = Some(&template);
    let subject = Subject { title, body, template, screens, titles: &titles, levels: &levels };
    lint(&subject).into_iter().map(|remark| (remark.rule.name(), remark.line)).collect()
}

fn line_of(body: &str, start: &str) -> Option<usize> {
    Some(body.lines().position(|line| line.starts_with(start)).expect(start) + 1)
}

#[test]
fn nothing_is_said_against_a_good_request() {
    assert_eq!(said(Some("kvm: keep the size of volumes"), &good(), 0), []);
    let windows = good().replace('\n', "\r\n");
    assert_eq!(said(None, &windows, 0), []);
    let enhancement = good()
        .replace("- [x] Bug fix", "- [ ] Bug fix")
        .replace("- [ ] Enhancement", "- [x] Enhancement")
        .replace("Scale\n\n- [ ] Major", "Scale\n\n- [x] Major")
        .replace("- [X] Critical", "- [ ] Critical")
        .replace("Fixes: #12\n", "");
    assert_eq!(said(None, &enhancement, 0), []);
    // A bug has no scale, and without screens there is nothing to show.
    let short = good()
        .replace("#### Feature/Enhancement Scale\n\n- [ ] Major\n- [ ] Minor\n\n", "")
        .replace("### Screenshots (if appropriate):\n\n", "");
    assert_eq!(said(None, &short, 0), []);
}

#[test]
fn one_fault_one_remark_at_its_line() {
    let body = good();
    let cases: [(&str, &str, &str, &str); 14] = [
        ("Keeps the size of a volume in bytes.", "", "description-missing", "### Description"),
        ("Keeps the size of a volume in bytes.", "This PR...", "placeholder", "This PR..."),
        ("Fixes: #12", "Related to #12", "fixes-missing", "### Description"),
        ("- [ ] Cleanup", "- [x] Cleanup", "several-ticked", "- [x] Cleanup"),
        ("- [ ] Trivial", "- [x] Trivial", "several-ticked", "- [x] Trivial"),
        ("- [X] Critical", "- [ ] Critical", "severity-missing", "#### Bug Severity"),
        ("- [ ] Minor\n\n", "- [x ] Minor\n\n", "box-form", "- [x ] Minor"),
        ("Resized a disk of a stopped VM on KVM.", "", "testing-missing", "### How Has"),
        ("With a negative size: refused.", "", "section-empty", "#### How did you"),
        ("With a negative size", "<!-- onramp: say it -->\nW", "unanswered", "<!-- onramp: say it"),
        ("#### Bug Severity\n", "", "heading-missing", "### Screenshots"),
        ("Keeps the size", "Keeps\u{200b} the size", "hidden-text", "Keeps\u{200b}"),
        ("Resized a disk", "```\nResized a disk", "code-open", "```"),
        ("Resized a disk", "<!-- Resized a disk", "comment-open", "<!-- Resized"),
    ];
    for (from, to, rule, line) in cases {
        let broken = body.replacen(from, to, 1);
        assert_ne!(broken, body, "{from}");
        let said = said(None, &broken, 0);
        assert!(said.contains(&(rule, line_of(&broken, line))), "{rule}: {said:?}\n{broken}");
        let swallows = matches!(rule, "code-open" | "comment-open");
        let alone = said.len() == 1 || swallows || rule == "heading-missing";
        assert!(alone, "{rule}: {said:?}\n{broken}");
    }
}

#[test]
fn types_without_a_tick_or_without_boxes() {
    let none = good().replace("- [x] Bug fix", "- [ ] Bug fix");
    assert_eq!(said(None, &none, 0), [("type-missing", line_of(&none, "### Types"))]);
    let start = none.find("- [ ] Breaking").unwrap();
    let end = none.find("### Feature/").unwrap();
    let gone = format!("{}a bug\n\n{}", &none[..start], &none[end..]);
    assert_eq!(said(None, &gone, 0), [("boxes-missing", line_of(&gone, "### Types"))]);
}

#[test]
fn a_gutted_template_is_one_remark() {
    let said = said(None, "I fixed it.\n", 0);
    assert_eq!(said, [("heading-missing", Some(1))]);
}

#[test]
fn pictures_are_asked_for_where_something_can_be_seen() {
    let body = good();
    let wanted = [("screenshots-missing", line_of(&body, "### Screenshots"))];
    assert_eq!(said(None, &body, 3), wanted);
    let shown =
        body.replace("appropriate):\n", "appropriate):\n\n![after](https://example.org/a.png)\n");
    assert_eq!(said(None, &shown, 3), []);
}

#[test]
fn a_title_says_something_short() {
    let body = good();
    let rule = |title: &str| said(Some(title), &body, 0).first().map(|(rule, _)| *rule);
    for (title, wanted) in [
        (" ", Some("title-missing")),
        ("kvm: keep the size of volumes that were resized", Some("title-long")),
        ("fix #123", Some("title-vague")),
        ("Update tests", Some("title-vague")),
        ("Update Volume.java", Some("title-vague")),
        ("Update the driver", None),
        ("CLOUDSTACK-1234: keep it", Some("title-form")),
        ("kvm: fix tests of disks", None),
    ] {
        assert_eq!(rule(title), wanted, "{title}");
    }
}

#[test]
fn a_project_weighs_the_rules() {
    let (template, titles) = (Template::read(TODAY), Titles::default());
    let levels = BTreeMap::from([("heading-missing".to_owned(), Severity::Advice)]);
    let body = "I fixed it.\n";
    let template = Some(&template);
    let subject =
        Subject { title: None, body, template, screens: 0, titles: &titles, levels: &levels };
    assert_eq!(lint(&subject)[0].level, Severity::Advice);
    assert_eq!(Rule::HeadingMissing.usual(), Severity::Error);
    let names: BTreeSet<&str> = Rule::names().collect();
    assert_eq!(names.len(), Rule::names().count(), "every rule has a name of its own");
}

#[test]
fn every_rule_is_described_with_its_weight() {
    let guide = include_str!("../../checks/README.md");
    let rows: Vec<(&str, &str)> = guide
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            Some((cells.next()?.strip_suffix('`')?, cells.next()?))
        })
        .collect();
    for rule in Rule::all() {
        let row = (rule.name(), rule.usual().word());
        assert!(rows.contains(&row), "checks/README.md does not describe {row:?}");
    }
}

#[test]
fn without_a_template_the_text_counts() {
    let (titles, levels) = (Titles::default(), BTreeMap::new());
    let rules = |body: &str| {
        let subject = Subject {
            title: None,
            body,
            template: None,
            screens: 0,
            titles: &titles,
            levels: &levels,
        };
        lint(&subject).into_iter().map(|it| it.rule.name()).collect::<Vec<_>>()
    };
    assert_eq!(rules("Keeps the size."), [""; 0]);
    assert_eq!(rules("<!-- nothing -->\n"), ["description-missing"]);
    assert_eq!(rules("## Description\n\nIt.\n\n## Why\n"), ["section-empty"]);
}

proptest! {
    #[test]
    fn any_text_can_be_looked_at(body in any_template(), template in any_template(), other in "\\PC{0,80}") {
        let (titles, levels) = (titles(), BTreeMap::new());
        let template = Template::read(&template);
        for body in [body, other] {
            let lines = body.split_inclusive('\n').count().max(1);
            let subject = Subject { title: Some("x"), body: &body, template: Some(&template), screens: 1, titles: &titles, levels: &levels };
            for remark in lint(&subject) {
                prop_assert!(remark.line.is_none_or(|line| (1..=lines).contains(&line)), "{remark:?}");
                prop_assert!(!remark.what.is_empty() && !remark.remedy.is_empty());
            }
        }
    }
}
