//! Waivers and baselines as a whole: exit codes, and what a person sees of them.

use serde_json::Value;
use snapbox::str;

use crate::support::packs::Brought;
use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

const CHECK: [&str; 3] = ["--offline", "check", "apache/machine/git"];

/// A world whose git is too old.
fn world() -> TestWorld {
    let world = TestWorld::new();
    std::fs::remove_file(world.programs().join("git")).unwrap();
    world.with_script("git", "#!/bin/sh\necho git version 2.20.1\n")
}

fn check(world: &TestWorld, more: &[&str]) -> Output {
    world.onramp(&world.work(), &[&CHECK[..], more].concat())
}

fn waivers(world: &TestWorld, text: &str) {
    write(&world.work().join("w.yaml"), text);
}

const WAIVERS: [&str; 2] = ["--waivers", "w.yaml"];
const OURS: &str =
    "- id: machine/git\n  reason: the company's image, ticket 12\n  until: 2999-12-31\n";

#[test]
fn a_waived_finding_stays_in_sight_and_does_not_count() {
    let world = world();
    waivers(&world, OURS);
    assert_eq!(check(&world, &[]).code, Some(1));
    let output = check(&world, &WAIVERS);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    world.assert().eq(
        output.stdout(),
        str![[r#"
onramp 0.1.0 · Apache CloudStack · [..]

machine
  ✗ git 2.20.1 ([PROGRAMS]/git), asked for is 2.30 or newer
    waived until 2999-12-31: the company's image, ticket 12

0 ok · 1 excused

"#]],
    );
    let report: Value =
        serde_json::from_slice(&check(&world, &["--waivers", "w.yaml", "--report", "json"]).out)
            .unwrap();
    assert_eq!(report["findings"][0]["outcome"], "fail");
    assert_eq!(report["findings"][0]["excused"]["by"], "waiver");
    assert_eq!(report["findings"][0]["excused"]["until"], "2999-12-31");
}

#[test]
fn variable_file_and_the_usual_place_name_them_too() {
    let world = world();
    waivers(&world, OURS);
    let folder = world.home().join(".config/onramp");
    write(&folder.join("waivers.yaml"), OURS);
    assert_eq!(check(&world, &[]).code, Some(0));
    std::fs::rename(folder.join("waivers.yaml"), folder.join("ours.yaml")).unwrap();
    assert_eq!(check(&world, &[]).code, Some(1));
    write(&folder.join("config.yaml"), "waivers: ours.yaml\n");
    assert_eq!(check(&world, &[]).code, Some(0));
    let world = world.with_variable("ONRAMP_WAIVERS", "no.yaml");
    let output = check(&world, &[]);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr().contains("named by ONRAMP_WAIVERS"), "{}", output.stderr());
    assert_eq!(check(&world, &WAIVERS).code, Some(0));
}

#[test]
fn expired_unused_and_unknown_ones_are_findings_that_fail_only_a_strict_run() {
    let world = world();
    std::fs::remove_file(world.programs().join("git")).unwrap();
    let world = world.with_script("git", "#!/bin/sh\necho git version 2.39.1\n");
    let expired = OURS.replace("2999-12-31", "1970-01-01");
    waivers(&world, &format!("{expired}{OURS}{}", OURS.replace("git", "gti")));
    let output = check(&world, &WAIVERS);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    let text = output.stdout();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in [
        " waivers ! ",
        "w.yaml:1: the waiver for machine/git ended on 1970-01-01: the company's image, ticket 12 why",
        "w.yaml:4: the waiver for machine/git excuses nothing: the company's image, ticket 12 why",
        "w.yaml:7: there is no check `machine/gti` to waive; did you mean `machine/git`? why",
        " fix correct the id in ",
        " 1 ok · 3 to look at",
    ] {
        assert!(words.contains(wanted), "{wanted}: {text}");
    }
    assert_eq!(check(&world, &["--waivers", "w.yaml", "--strict"]).code, Some(1));
    assert_eq!(check(&world, &["--waivers", "w.yaml", "--fail-on", "warn"]).code, Some(1));
}

#[test]
fn waivers_with_mistakes_stop_the_run() {
    let world = world();
    for (text, wanted) in [
        ("- id: git\n  until: 2027-01-01\n", "missing field `reason`"),
        (
            "- id: git\n  reason: x\n  until: 2027-13-01\n",
            "w.yaml:3:10: 2027-13-01 is in no calendar",
        ),
        ("- id: git\n  reson: x\n", "did you mean `reason`?"),
        ("x: &a [*a]\n", "w.yaml"),
    ] {
        waivers(&world, text);
        let output = check(&world, &WAIVERS);
        assert_eq!(output.code, Some(2), "{text}");
        assert!(output.stderr().contains(wanted), "{text}: {}", output.stderr());
        assert!(output.stderr().contains("\n  → "), "{text}: {}", output.stderr());
    }
}

#[test]
fn where_nothing_ran_no_waiver_makes_it_a_success() {
    let world = TestWorld::new();
    waivers(&world, &OURS.replace("2999", "1999"));
    let run = [&["--offline", "check", "patch"], &WAIVERS[..]].concat();
    assert_eq!(world.onramp(&world.work(), &run).code, Some(2));
}

#[test]
fn what_is_waived_blocks_nobody_on_the_road() {
    let world = world();
    let road = || world.onramp(&world.work(), &["--offline"]).stdout();
    assert!(road().contains("git 2.20.1"), "{}", road());
    write(&world.home().join(".config/onramp/waivers.yaml"), OURS);
    assert!(!road().contains("git 2.20.1"), "{}", road());
}

#[test]
fn a_waived_report_is_waived_when_it_is_judged_again() {
    let world = world();
    waivers(&world, OURS);
    let made = ["--waivers", "w.yaml", "--report", "json:r.json"];
    assert_eq!(check(&world, &made).code, Some(0));
    let elsewhere = TestWorld::new();
    std::fs::copy(world.work().join("r.json"), elsewhere.work().join("r.json")).unwrap();
    let replay = ["check", "--replay", "r.json"];
    let output = elsewhere.onramp(&elsewhere.work(), &replay);
    assert_eq!(output.code, Some(0), "{}", output.stdout());
    assert!(output.stdout().contains("waived until 2999-12-31"), "{}", output.stdout());
    // A report without them is excused by those of the machine that judges it.
    assert_eq!(check(&world, &["--report", "json:r.json"]).code, Some(1));
    let replay = [&replay[..], &WAIVERS].concat();
    assert_eq!(world.onramp(&world.work(), &replay).code, Some(0));
}

#[test]
fn only_what_is_worse_than_in_the_baseline_counts() {
    let world = world();
    assert_eq!(check(&world, &["--report", "json:old.json"]).code, Some(1));
    let since = ["--baseline", "old.json"];
    let output = check(&world, &since);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    assert!(output.stdout().contains("note it was as bad in the baseline"), "{}", output.stdout());
    assert!(output.stdout().ends_with("0 ok · 1 excused\n"), "{}", output.stdout());

    std::fs::remove_file(world.programs().join("git")).unwrap();
    let world = world.with_script("git", "#!/bin/sh\necho git version 2.39.1\n");
    let output = check(&world, &since);
    assert!(output.stdout().contains("1 ok · 1 gone since the baseline"), "{}", output.stdout());
    assert_eq!(check(&world, &["--report", "json:well.json"]).code, Some(0));
    std::fs::remove_file(world.programs().join("git")).unwrap();
    assert_eq!(check(&world, &["--baseline", "well.json"]).code, Some(1));
}

#[test]
fn a_baseline_that_is_none_is_refused() {
    let world = world();
    write(&world.work().join("new.json"), "{\"version\": 9}");
    write(&world.work().join("no.json"), "[]");
    for (file, wanted) in [
        ("new.json", "written by a newer onramp"),
        ("no.json", "no report"),
        ("none.json", "No such file"),
    ] {
        let output = check(&world, &["--baseline", file]);
        assert_eq!(output.code, Some(2), "{file}");
        assert!(output.stderr().contains(wanted), "{}", output.stderr());
        assert!(output.stderr().contains("\n  → "), "{}", output.stderr());
    }
    assert_eq!(check(&world, &["--report", "json:r.json"]).code, Some(1));
    let run = [&["--project", "apache"], &CHECK[..], &["--baseline", "r.json"]].concat();
    let output = world.onramp(&world.work(), &run);
    assert_eq!(output.code, Some(2));
    assert!(
        output.stderr().contains("the report is about Apache CloudStack"),
        "{}",
        output.stderr()
    );
}

#[test]
fn a_work_trees_waivers_count_once_it_is_trusted() {
    let here = Brought::new();
    std::fs::remove_file(here.world.programs().join("git")).unwrap();
    here.write("waivers.yaml", OURS);
    let check = |more: &[&str]| here.world.onramp(&here.tree, &[&CHECK[..], more].concat());
    assert_eq!(check(&[]).code, Some(1));
    let output = check(&["--trust-tree"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    assert!(output.stdout().contains("waived until 2999-12-31"), "{}", output.stdout());
    here.write("waivers.yaml", "- { id: git, reason: no }\n");
    let output = check(&["--trust-tree"]);
    assert_eq!(output.code, Some(1), "{}{}", output.stdout(), output.stderr());
    assert!(output.stdout().contains("missing field `until`"), "{}", output.stdout());
}
