//! Policies: how definitions add up, what a mistake in one is told with, and that none silences a
//! check.

use std::collections::BTreeSet;

use onramp::cli::workspace::vocabulary;
use onramp::finding::Severity;
use onramp::pack::load::{File, Packs, embedded};
use onramp::pack::{Engine, Origin};
use onramp::policy::{Book, DEFAULT, Policy};
use snapbox::{assert_data_eq, str};

fn file(path: &str, content: &str) -> File {
    File {
        path: path.into(),
        origin: Origin::Folder("packs".into()),
        content: content.to_owned().into(),
    }
}

fn packs(more: Vec<File>) -> (Packs, BTreeSet<String>) {
    let files = [embedded(), more].concat();
    let ids = files.iter().filter_map(|file| file.check_id().map(ToOwned::to_owned)).collect();
    let packs = Packs::read(files, &Engine::default(), vocabulary);
    assert!(packs.problems.is_empty(), "{:?}", packs.problems);
    (packs, ids)
}

fn chain() -> Vec<String> {
    vec!["cloudstack".into(), "apache".into()]
}

fn book(more: Vec<File>) -> Book {
    let (packs, ids) = packs(more);
    Book::read(&packs, &chain(), &ids).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn problems(content: &str) -> String {
    let (packs, ids) = packs(vec![file("mine/_policies.yaml", content)]);
    match Book::read(&packs, &chain(), &ids) {
        Ok(book) => panic!("{:?}", book.names()),
        Err(problems) => problems.iter().map(|problem| problem.to_string() + "\n").collect(),
    }
}

fn severity(policy: &Policy, id: &str) -> Severity {
    let (packs, _) = packs(Vec::new());
    let check = &packs.checks[id];
    policy.treatment(check).map_or(check.severity, |treatment| treatment.severity)
}

#[test]
fn the_guide_leaves_every_check_as_it_is_written() {
    let (packs, _) = packs(Vec::new());
    let guide = book(Vec::new()).policy(DEFAULT).unwrap();
    let changed: Vec<&str> = packs
        .checks
        .values()
        .filter(|check| guide.treatment(check).is_some())
        .map(|check| check.id.as_str())
        .collect();
    assert_eq!(changed, [""; 0]);
}

#[test]
fn upstream_only_advises_what_nobody_there_enforces_and_says_why() {
    let book = book(Vec::new());
    let upstream = book.policy("upstream").unwrap();
    assert_eq!(severity(&upstream, "apache/patch/signed"), Severity::Advice);
    assert_eq!(severity(&upstream, "apache/machine/git"), Severity::Advice);
    assert_eq!(severity(&upstream, "apache/patch/licence-header"), Severity::Error);
    let (packs, _) = packs(Vec::new());
    for check in packs.checks.values() {
        if let Some(treatment) = upstream.treatment(check) {
            assert!(treatment.severity < check.severity, "{}", check.id);
            assert!(treatment.because.is_some(), "{}: no reason", check.id);
        }
    }
}

#[test]
fn values_of_a_policy_are_the_projects() {
    let book = book(Vec::new());
    let (packs, _) = packs(Vec::new());
    for (name, wanted) in [("guide", ">=3.8"), ("upstream", ">=3.0.4")] {
        let (open, _) = packs.opened("cloudstack").unwrap();
        let held = book.policy(name).unwrap().hold(&open).unwrap();
        let held = serde_json::to_value(held).unwrap();
        assert_eq!(held["maven"]["requirement"], wanted, "{name}");
        assert_eq!(held["title"], "Apache CloudStack");
    }
}

#[test]
fn definitions_add_up_and_the_most_exact_name_counts() {
    let own = "guide: { severity: { git: warn } }\n\
               ours: { title: ours, extends: upstream, severity: { signed: error, machine/git: warn } }\n";
    let book = book(vec![file("mine/_policies.yaml", own)]);
    assert_eq!(book.names(), ["guide", "ours", "upstream"]);
    assert_eq!(severity(&book.policy("guide").unwrap(), "apache/machine/git"), Severity::Warn);
    let ours = book.policy("ours").unwrap();
    assert_eq!(ours.title.as_deref(), Some("ours"));
    assert_eq!(severity(&ours, "apache/patch/signed"), Severity::Error);
    assert_eq!(severity(&ours, "apache/patch/signer"), Severity::Advice);
    assert_eq!(severity(&ours, "apache/machine/git"), Severity::Warn);
    let (packs, _) = packs(Vec::new());
    let held = ours.hold(&packs.opened("cloudstack").unwrap().0).unwrap();
    assert_eq!(held.maven.unwrap().requirement.as_deref(), Some(">=3.0.4"));
    assert_eq!(held.origins["maven.requirement"], "policy ours");
}

#[test]
fn a_cycle_is_told_once_for_each_of_its_members() {
    assert_data_eq!(
        problems("a: { extends: b }\nb: { extends: a }\nc: { extends: c }\n"),
        str![[r#"
packs/mine/_policies.yaml:1:15: policy `a` extends itself through `b`
  |
1 | a: { extends: b }
  |               ^
packs/mine/_policies.yaml:2:15: policy `b` extends itself through `a`
  |
2 | b: { extends: a }
  |               ^
packs/mine/_policies.yaml:3:15: policy `c` extends itself
  |
3 | c: { extends: c }
  |               ^

"#]]
    );
}

#[test]
fn names_that_there_are_not_come_with_what_was_meant() {
    let shown = problems("a:\n  extends: upstraem\n  severity: { singed: warn, x/y/z: warn }\n");
    assert!(shown.contains("3:15: there is no check `singed`; did you mean `signed`?"), "{shown}");
    assert!(shown.contains("there is no check `x/y/z`; `onramp list` shows all"), "{shown}");
    assert!(shown.contains("2:12: there is no policy `upstraem`; did you mean `upstream`?"));
    let shown = problems("a: { sevrity: {} }\n");
    assert!(shown.contains("did you mean `severity`?"), "{shown}");
}

#[test]
fn a_check_of_a_project_that_is_not_in_play_is_none_unknown() {
    let (packs, ids) = packs(vec![file("mine/_policies.yaml", "a: { severity: { git: warn } }\n")]);
    assert!(Book::read(&packs, &["other".into()], &ids).is_ok());
}

#[test]
fn nothing_is_switched_off() {
    for off in ["off", "false", "{ is: off, because: noise }"] {
        let shown = problems(&format!("a: {{ severity: {{ git: {off} }} }}\n"));
        assert!(shown.contains("a policy cannot switch a check off"), "{shown}");
        assert!(shown.contains("_policies.yaml:1:2"), "{shown}");
    }
    let shown = problems("a: { severity: { git: { is: wran, because: x } } }\n");
    assert!(shown.contains("did you mean `warn`?"), "{shown}");
}

#[test]
fn a_value_that_no_project_has_is_pointed_at() {
    let own = "a: { project: { mavn: { requirement: x } } }\nb: { project: { detect: {} } }\n\
               c: { project: [maven] }\n";
    let book = book(vec![file("mine/_policies.yaml", own)]);
    let (packs, _) = packs(Vec::new());
    let held = |name: &str| {
        let (open, _) = packs.opened("cloudstack").unwrap();
        book.policy(name).unwrap().hold(&open).unwrap_err().to_string()
    };
    assert!(held("a").contains("_policies.yaml:1:17: unknown field `mavn`"), "{}", held("a"));
    assert!(held("b").contains("which no policy changes"), "{}", held("b"));
    assert!(held("c").contains("3:15: `project` needs values by name"), "{}", held("c"));
}
