//! Which base work is for, from values alone: what the witnesses come to, and what follows from it.

use onramp::base::{
    Fitting, Maintained, Named, Proposal, Tried, Verdict, Witness, Work, newest_first, propose,
};
use onramp::git::Pushed;
use onramp::profile::pushed_branches;

fn says(name: &str, branches: &[&str]) -> Witness {
    let named = |branch: &&str| Named { branch: (*branch).to_owned(), shown_by: String::new() };
    Witness::speaking(name, branches.iter().map(named).collect())
}

fn verdicts(maintained: &Maintained) -> Vec<(&str, Verdict)> {
    let pair = |standing: &'_ onramp::base::Standing| standing.verdict;
    maintained.branches.iter().map(|one| (one.branch.as_str(), pair(one))).collect()
}

#[test]
fn two_of_three_settle_what_is_maintained() {
    let witnesses = vec![
        says("workflow", &["main", "4.22", "4.20"]),
        says("heads", &["main", "4.22", "4.19"]),
        says("table", &["main", "4.20"]),
    ];
    let maintained = Maintained::weigh("main", witnesses);
    let wanted = [
        ("main", Verdict::Maintained),
        ("4.22", Verdict::Maintained),
        ("4.20", Verdict::Maintained),
        ("4.19", Verdict::Ended),
    ];
    assert_eq!(verdicts(&maintained), wanted);
    assert_eq!(maintained.of("4.19").unwrap().against, ["workflow", "table"]);
}

#[test]
fn one_voice_alone_and_two_that_differ_are_unsure() {
    let alone = vec![
        Witness::silent("workflow", "missing"),
        Witness::silent("heads", "missing"),
        says("table", &["main", "4.20"]),
    ];
    let alone = Maintained::weigh("main", alone);
    assert_eq!(verdicts(&alone), [("main", Verdict::Maintained), ("4.20", Verdict::Unsure)]);
    assert_eq!(
        (alone.sure(), alone.possible()),
        (vec!["main".into()], vec!["main".into(), "4.20".into()])
    );

    let differ =
        vec![says("workflow", &["4.22"]), Witness::silent("heads", "missing"), says("table", &[])];
    let differ = Maintained::weigh("main", differ);
    assert_eq!(differ.of("4.22").unwrap().verdict, Verdict::Unsure);
}

#[test]
fn releases_go_by_number() {
    let names = ["4.9", "main", "4.20", "4.20", "4.22.1", "4.22"].map(str::to_owned).to_vec();
    assert_eq!(newest_first(names, "main"), ["main", "4.22.1", "4.22", "4.20", "4.9"]);
}

/// What is proposed for a fix on `main`, with `main`, 4.22 and 4.20 maintained.
fn fix(tried: &[(&str, Fitting)]) -> Proposal {
    let all = ["main", "4.22", "4.20"];
    let maintained = Maintained::weigh("main", vec![says("a", &all), says("b", &all)]);
    let tried: Vec<Tried> = tried
        .iter()
        .map(|(branch, fitting)| Tried { branch: (*branch).into(), fitting: fitting.clone() })
        .collect();
    propose(&Work::Fix("it says \"fix\"".into()), &maintained, &tried, Some("main"))
}

#[test]
fn a_fix_goes_to_the_oldest_branch_that_it_fits() {
    let conflict = || Fitting::Conflicts(vec!["A.java".into(), "B.java".into()]);
    let fits = |from: &str, to: &str| {
        fix(&[("4.22", Fitting::Applies), (from, Fitting::Applies)]).base == Some(to.into())
    };
    assert!(fits("4.20", "4.20"));
    let newer = fix(&[("4.22", Fitting::Applies), ("4.20", conflict())]);
    assert_eq!(newer.base.as_deref(), Some("4.22"));
    assert!(newer.proof[1].contains("4.20 has other text in A.java and 1 more"), "{newer:?}");
    let nowhere = fix(&[("4.22", conflict()), ("4.20", conflict())]);
    assert_eq!(nowhere.base.as_deref(), Some("main"));
    let there = fix(&[("4.22", Fitting::Applies), ("4.20", Fitting::There)]);
    assert_eq!(there.base.as_deref(), Some("4.22"));
}

#[test]
fn what_is_not_proven_is_not_proposed() {
    let unknown = fix(&[("4.22", Fitting::Applies), ("4.20", Fitting::Unknown("missing".into()))]);
    assert_eq!(unknown.base, None);
    assert!(unknown.proof[1].contains("4.20 could not be tried: missing"), "{unknown:?}");
    assert_eq!(fix(&[("4.22", Fitting::Applies)]).base, None, "4.20 is not known here");

    let unsure = Maintained::weigh("main", vec![says("a", &["main", "4.20"])]);
    let proposal = propose(&Work::Fix("x".into()), &unsure, &[], Some("main"));
    assert_eq!(proposal.base, None);
    assert!(
        proposal.proof[1].contains("not sure: named by a, nobody else can tell"),
        "{proposal:?}"
    );
}

#[test]
fn features_go_to_the_default_branch_and_the_rest_is_left_open() {
    let maintained = Maintained::weigh("main", vec![says("a", &["main", "4.20"])]);
    let feature = propose(&Work::Feature("x".into()), &maintained, &[], Some("4.20"));
    assert_eq!(feature.base.as_deref(), Some("main"));
    let base = |current| propose(&Work::Unsure("x".into()), &maintained, &[], current).base;
    assert_eq!((base(Some("main")), base(Some("4.20"))), (Some("main".into()), None));
}

#[test]
fn a_push_replaces_only_what_was_seen() {
    let pushed = |diverged| Pushed {
        reference: "origin/fix-parse".into(),
        remote: "origin".into(),
        id: "71b24caf59".into(),
        equal: false,
        diverged,
    };
    let lease = "git push --force-with-lease=fix-parse:71b24caf59 origin fix-parse";
    assert_eq!(pushed(true).push("fix-parse"), lease);
    assert_eq!(pushed(false).push("fix-parse"), "git push origin fix-parse");
}

#[test]
fn a_workflow_lists_its_branches_in_every_form() {
    let names = |text: &str| -> Vec<(String, u64)> {
        pushed_branches(text).into_iter().map(|pushed| (pushed.branch, pushed.line)).collect()
    };
    let block = "on:\n  push:\n    branches:\n      - main # newest\n      - '4.22'\n      - 4.*\n  pull_request:\n    branches: [other]\n";
    assert_eq!(names(block), [("main".into(), 4), ("4.22".into(), 5)]);
    let flow = "\"on\":\n  push:\n    branches: [ main, \"4.20\" ]\n";
    assert_eq!(names(flow), [("main".into(), 3), ("4.20".into(), 3)]);
    assert_eq!(names("on: push\n"), []);
    assert_eq!(names("on:\n  push:\n    branches:\n      - '**'\n"), []);
}
