//! `onramp branch`: where a branch stands, its base with proof, and the one next command.

use serde_json::Value;

use crate::support::branching::Branching;
use crate::support::world::TestWorld;

/// What `branch --json` tells.
fn told(clone: &Branching) -> Value {
    let output = clone.branch(&["--json"]);
    serde_json::from_slice(&output.out)
        .unwrap_or_else(|error| panic!("{error}: {}{}", output.stdout(), output.stderr()))
}

#[test]
fn a_bug_fix_off_main_belongs_to_the_oldest_release_and_the_proof_is_shown() {
    let clone = Branching::new();
    clone.fix();
    let before = clone.whole();
    let output = clone.branch(&[]);
    let said = output.stdout();
    assert_eq!(output.code, Some(1), "{said}{}", output.stderr());
    for wanted in [
        "base        main (your commits are nearest to it); it should be 4.20",
        "meant       for 4.20",
        "says \"fix\"",
        "4.20 is the oldest maintained branch that it applies to without a",
        ".github/workflows/build.yml of upstream/main: main, 4.22, 4.20",
        "onramp's table for cloudstack of 2026-07-24: main, 4.22, 4.20",
        "server: fix a leak (not signed)",
        "nothing new in upstream/main",
        "not pushed",
        "            onramp branch retarget 4.20",
    ] {
        assert!(said.contains(wanted), "{wanted}:\n{said}");
    }
    assert_eq!(clone.whole(), before, "looking changes nothing");
}

#[test]
fn the_branches_speak_for_themselves_where_they_are_fresh() {
    let clone = Branching::new();
    clone.fix();
    let heads = |told: &Value| told["maintained"]["witnesses"][1].clone();
    let silent = heads(&told(&clone));
    assert!(silent["silent"].as_str().unwrap().contains("git fetch upstream"), "{silent}");

    // A commit of this very moment: the clock of the machine is the one that counts.
    let git = which::which("git").unwrap();
    for branch in ["4.22", "main"] {
        let reference = format!("refs/remotes/upstream/{branch}");
        let words =
            ["commit-tree", "-p", &reference, "-m", "Go on", &format!("{reference}^{{tree}}")];
        let made = clone.world.run(&clone.tree, &git, &words, b"").stdout();
        clone.git(&["update-ref", &reference, made.trim()]);
    }
    let told = told(&clone);
    let heads = heads(&told);
    let names = heads["names"].as_array().unwrap();
    let named: Vec<&str> = names.iter().map(|one| one["branch"].as_str().unwrap()).collect();
    assert_eq!(named, ["4.22", "main"]);
    let shown = names[0]["shown_by"].as_str().unwrap();
    assert!(shown.starts_with("4.22.1.0-SNAPSHOT, last commit 20"), "{shown}");
}

#[test]
fn witnesses_that_do_not_agree_leave_it_unsure() {
    let clone = Branching::new();
    clone.fix();
    clone.git(&["switch", "-q", "--detach", "upstream/main"]);
    clone.write(".github/workflows/build.yml", "on:\n  push:\n    branches: [main, '4.22']\n");
    clone.commit("Let 4.20 go");
    clone.git(&["update-ref", "refs/remotes/upstream/main", "HEAD"]);
    clone.git(&["switch", "-q", "topic"]);
    let output = clone.branch(&[]);
    let said = output.stdout();
    assert_eq!(output.code, Some(3), "{said}");
    assert!(said.contains("meant       unsure"), "{said}");
    assert!(said.contains("4.20: unsure; yes: onramp's table"), "{said}");
    assert!(!said.contains("retarget"), "{said}");
}

#[test]
fn each_standing_has_its_next_command() {
    let clone = Branching::new();
    let next = || {
        let told = told(&clone);
        told["next"]["command"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(next(), "git commit");
    clone.git(&["switch", "-q", "main"]);
    assert_eq!(next(), "git switch -c my-change");
    clone.git(&["switch", "-q", "--detach", "topic"]);
    assert_eq!(next(), "git switch -c my-change");
    clone.git(&["switch", "-q", "topic"]);
    clone.write("docs.md", "words\n");
    clone.commit("docs: say more");
    assert_eq!(next(), "onramp branch sign");
    clone.write("docs.md", "other words\n");
    clone.git(&["bisect", "start"]);
    assert_eq!(next(), "git bisect reset");
}

#[test]
fn the_check_and_the_request_say_the_same() {
    let clone = Branching::new();
    clone.fix();
    let checked = clone.world.onramp(&clone.tree, &["check", "fix-base"]).stdout();
    let checked = checked.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(checked.contains("oldest maintained branch that it applies to"), "{checked}");
    assert!(checked.contains("onramp branch retarget 4.20"), "{checked}");
    let drafted = clone.world.onramp(&clone.tree, &["pr"]).stderr();
    assert!(drafted.contains("4.20, as onramp branch proves"), "{drafted}");
    assert_eq!(clone.branch(&["retarget", "--yes"]).code, Some(0));
    let checked = clone.world.onramp(&clone.tree, &["check", "fix-base", "--verbose"]).stdout();
    assert!(checked.contains("a fix based on 4.20"), "{checked}");
    let drafted = clone.world.onramp(&clone.tree, &["pr"]).stderr();
    assert!(!drafted.contains("retarget"), "{drafted}");
}

#[test]
fn outside_of_the_project_it_says_where_to_go() {
    let world = TestWorld::new();
    let output = world.onramp(&world.work(), &["branch"]);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr().contains("lies in no work tree"), "{}", output.stderr());
}

#[test]
fn the_schema_is_printed() {
    let world = TestWorld::new();
    let output = world.onramp(&world.work(), &["schema", "branch"]);
    let schema: Value = serde_json::from_slice(&output.out).unwrap();
    assert!(schema["properties"]["proposal"].is_object(), "{schema}");
}
