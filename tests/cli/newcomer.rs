//! Advice that a newcomer met and that did not fit where they stood: before the first commit, beside a
//! wrong base, with evidence of another commit.

use std::fs;

use crate::support::branching::Branching;
use crate::support::cloudstack::java;
use crate::support::world::{TestWorld, write};

use super::pr_gate::{clone, onramp};

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text with blanks at the end of a line.
const BLANKS: &str = "words  \n";

#[test]
fn before_the_first_commit_the_checks_ask_for_one() {
    let clone = Branching::new();
    clone.write("notes.txt", BLANKS);
    let told = "nothing is committed yet, and these checks look at commits: commit first";
    let check = onramp(&clone.world, &clone.tree, &["check", "patch"]);
    assert_eq!(check.code, Some(0), "{}", check.stdout());
    assert!(check.stderr().contains(told), "{}", check.stderr());
    let fix = onramp(&clone.world, &clone.tree, &["check", "patch", "--fix"]);
    assert!(fix.stdout().contains(told), "{}{}", fix.stdout(), fix.stderr());

    clone.commit("Add notes");
    let check = onramp(&clone.world, &clone.tree, &["check", "patch"]);
    assert!(check.stderr().contains("onramp check patch --fix can mend"), "{}", check.stderr());
    let said = flat(&check.stdout());
    assert!(said.contains("onramp check patch --fix, or by hand"), "{said}");
}

#[test]
fn a_fix_on_main_is_moved_before_it_is_pushed() {
    let clone = Branching::new();
    clone.git(&["config", "user.email", "ada@lovelace.dev"]);
    let class = java("Fixed").replace(" \n", "\n");
    clone.write("api/src/main/java/org/example/Fixed.java", &class);
    clone.commit("server: fix a leak");
    let road = flat(&onramp(&clone.world, &clone.tree, &[]).stdout());
    assert!(road.contains("✗ patch") && road.contains("it belongs to 4.20"), "{road}");
    let check = onramp(&clone.world, &clone.tree, &["check", "fix-base"]);
    assert_eq!(check.code, Some(1), "{}", check.stdout());

    let meant = onramp(&clone.world, &clone.tree, &["check", "patch", "--base", "main"]);
    assert_eq!(meant.code, Some(0), "{}", meant.stdout());
    let road = flat(&onramp(&clone.world, &clone.tree, &[]).stdout());
    assert!(road.contains("✓ patch") && !road.contains("4.20"), "its author said so: {road}");
}

#[test]
fn a_feature_and_a_typo_are_no_fixes() {
    for subject in ["server: add a switch for fixed addresses", "README: fix a typo"] {
        let clone = Branching::new();
        clone.write("server/src/main/java/Switch.java", "class Switch {}\n");
        clone.commit(subject);
        let branch = clone.branch(&[]).stdout();
        assert!(!branch.contains("retarget"), "{subject}: {branch}");
        let check = onramp(&clone.world, &clone.tree, &["check", "fix-base", "--verbose"]);
        assert!(flat(&check.stdout()).contains("nothing says for sure"), "{}", check.stdout());
    }
}

#[test]
fn a_commit_is_no_base_of_a_request() {
    let world = TestWorld::new();
    let tree = clone(&world);
    let told = "HEAD^ is no branch of the project: a request cannot go there";
    let draft = onramp(&world, &tree, &["pr", "--base", "HEAD^"]);
    assert_eq!(draft.code, Some(0), "{}", draft.stderr());
    assert!(draft.stderr().contains(told), "{}", draft.stderr());
    let open = world.onramp(&tree, &["pr", "--base", "HEAD^", "--open"]);
    assert_eq!(open.code, Some(2), "{}", open.stderr());
    assert!(open.stderr().contains(told), "{}", open.stderr());
}

#[test]
fn a_run_on_another_commit_is_no_evidence_in_a_text() {
    let world = TestWorld::new();
    let tree = clone(&world);
    let text = "### Description\n\nWords.\n\n- Checked: `onramp check patch` found nothing in the \
                way at 0123456789 (45 checks hold)\n";
    write(&world.path("pr.md"), text);
    let lint = onramp(&world, &tree, &["pr", "--lint", "../pr.md"]).stdout();
    let told =
        "pr.md:5: warn: what was run here was run on 0123456789, and that is not checked out";
    assert!(lint.contains(told), "{lint}");
    let head = world.git(&tree, &["rev-parse", "HEAD"]);
    let now = fs::read_to_string(world.path("pr.md")).unwrap().replace("0123456789", &head[..10]);
    write(&world.path("pr.md"), now);
    let lint = onramp(&world, &tree, &["pr", "--lint", "../pr.md"]).stdout();
    assert!(!lint.contains("[evidence-old]"), "{lint}");
}
