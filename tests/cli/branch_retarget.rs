//! `onramp branch retarget` and its undo: commits move whole or not at all, and what is not theirs
//! stays as it was.

use std::fs;

use crate::support::branching::{Branching, SHARED, lines};
use crate::support::process::Output;
use crate::support::world::{TestWorld, write_script};

/// Runs a step that must be refused, and sees to it that nothing has changed.
#[track_caller]
fn refused(clone: &Branching, words: &[&str], code: i32, wanted: &[&str]) {
    let before = clone.whole();
    let output = clone.branch(words);
    assert_eq!(output.code, Some(code), "{}{}", output.stdout(), output.stderr());
    for wanted in wanted {
        assert!(output.stderr().contains(wanted), "{wanted}:\n{}", output.stderr());
    }
    assert_eq!(clone.whole(), before);
}

fn done(output: &Output) {
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
}

#[test]
fn a_fix_moves_to_its_release_and_back_again() {
    let clone = Branching::new();
    let fix = clone.fix();
    clone.write("notes.txt", "mine\n");
    let before = clone.whole();

    let foretold = clone.branch(&["retarget", "--dry-run"]);
    done(&foretold);
    assert!(foretold.stderr().contains("onto 4.20 (upstream/4.20)"), "{}", foretold.stderr());
    assert_eq!(clone.whole(), before, "a dry run changes nothing");

    let moved = clone.branch(&["retarget", "--yes"]);
    done(&moved);
    assert!(moved.stdout().contains("server: fix a leak"), "the range: {}", moved.stdout());
    assert!(moved.stderr().contains("next  onramp check patch"), "{}", moved.stderr());
    assert_eq!(clone.git(&["rev-parse", "topic^"]), clone.git(&["rev-parse", "upstream/4.20"]));
    assert_eq!(
        clone.git(&["log", "-1", "--format=%an %ae %at %s"]),
        clone.git(&["log", "-1", "--format=%an %ae %at %s", &fix])
    );
    assert_eq!(clone.git(&["status", "--porcelain"]), "?? notes.txt");
    assert_eq!(fs::read_to_string(clone.tree.join(SHARED)).unwrap(), lines("4.20", "closed"));
    assert!(!clone.tree.join("only-main.txt").exists());
    assert_eq!(clone.branch(&[]).stdout().matches("retarget").count(), 0);

    let undone = clone.branch(&["retarget", "--undo", "--yes"]);
    done(&undone);
    assert_eq!(clone.whole(), before, "byte for byte");
    refused(&clone, &["undo", "--yes"], 2, &["nothing to take back on topic"]);
}

#[test]
fn a_conflict_is_shown_and_leaves_everything() {
    let clone = Branching::new();
    clone.fix();
    let clash = clone.clash();
    let wanted = [
        &format!("\"api: fix the name of the branch\" ({}) does not fit there", &clash[..10]),
        &format!("  {SHARED}"),
        "nothing was moved",
        "git rebase --abort takes it back",
    ];
    refused(&clone, &["retarget", "4.20", "--dry-run"], 1, &wanted);
    refused(&clone, &["retarget", "4.20", "--yes"], 1, &wanted);
}

#[test]
fn what_could_be_lost_is_refused_with_the_way_out() {
    let clone = Branching::new();
    refused(&clone, &["retarget", "4.20", "--yes"], 2, &["topic has no commits of its own"]);
    clone.fix();
    refused(&clone, &["retarget", "4.20"], 2, &["nobody at a terminal", "--dry-run"]);
    refused(&clone, &["retarget", "4.99", "--yes"], 2, &["known are main, 4.22, 4.20"]);

    clone.write("pom.xml", "changed");
    refused(&clone, &["retarget", "4.20", "--yes"], 2, &["not committed: pom.xml", "git stash"]);
    clone.git(&["checkout", "-q", "pom.xml"]);

    clone.write("release-4.20.txt", "mine\n");
    refused(&clone, &["retarget", "4.20", "--yes"], 2, &["release-4.20.txt", "move it away"]);
    fs::remove_file(clone.tree.join("release-4.20.txt")).unwrap();

    clone.git(&["bisect", "start"]);
    refused(
        &clone,
        &["retarget", "4.20", "--yes"],
        2,
        &["a bisect is under way", "git bisect reset"],
    );
    clone.git(&["bisect", "reset"]);
    clone.git(&["switch", "-q", "--detach"]);
    refused(&clone, &["retarget", "4.20", "--yes"], 2, &["no branch is checked out"]);
    clone.git(&["switch", "-q", "main"]);
    refused(&clone, &["retarget", "4.20", "--yes"], 2, &["the project's own branch"]);
}

#[test]
fn merges_are_named_and_not_moved() {
    let clone = Branching::new();
    clone.git(&["switch", "-q", "-c", "other", "upstream/main~1"]);
    clone.write("other.txt", "other\n");
    clone.commit("Do something else");
    clone.git(&["switch", "-q", "topic"]);
    clone.fix();
    clone.git(&["merge", "-q", "--no-ff", "-m", "Merge branch 'other'", "other"]);
    refused(
        &clone,
        &["retarget", "4.20", "--yes"],
        2,
        &["\"Merge branch 'other'\" is a merge", "onramp branch drop"],
    );
}

#[test]
fn neither_hooks_nor_settings_move_anything_else() {
    let clone = Branching::new();
    clone.fix();
    clone.git(&["branch", "kept"]);
    clone.write("docs.md", "words\n");
    clone.commit("docs: fix words # with a mark\n\n# not a comment\n");
    for setting in ["rebase.updateRefs", "rebase.autoSquash", "rebase.autoStash", "rerere.enabled"]
    {
        clone.git(&["config", setting, "true"]);
    }
    clone.git(&["config", "commit.cleanup", "strip"]);
    let mark = clone.world.path("hook-ran");
    for hook in
        ["pre-rebase", "post-rewrite", "post-checkout", "post-commit", "reference-transaction"]
    {
        write_script(
            &clone.tree.join(".git/hooks").join(hook),
            &format!("#!/bin/sh\n: > '{}'\nexit 1\n", mark.display()),
        );
    }
    let kept = clone.git(&["-c", "core.hooksPath=/dev/null", "rev-parse", "kept"]);
    done(&clone.branch(&["retarget", "4.20", "--yes"]));
    assert_eq!(clone.git(&["rev-parse", "kept"]), kept);
    assert!(clone.git(&["log", "-1", "--format=%B"]).contains("# not a comment"));
    assert!(!mark.exists() && !clone.tree.join(".git/rr-cache").exists());
}

#[test]
fn names_with_line_breaks_and_escapes_stay_whole() {
    let clone = Branching::new();
    let name = "odd\nname\u{1b}[31m.txt";
    clone.write(name, "one\n");
    clone.commit("server: fix odd names");
    done(&clone.branch(&["retarget", "4.20", "--yes"]));
    assert_eq!(fs::read_to_string(clone.tree.join(name)).unwrap(), "one\n");
    clone.git(&["switch", "-q", "--detach", "upstream/4.20"]);
    clone.write(name, "theirs\n");
    clone.commit("Take the name");
    clone.git(&["update-ref", "refs/remotes/upstream/4.22", "HEAD"]);
    clone.git(&["switch", "-q", "topic"]);
    let output = clone.branch(&["retarget", "4.22", "--yes"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    assert!(output.stderr().contains("odd\\nname\\x1b[31m.txt"), "{}", output.stderr());
}

#[test]
fn a_branch_that_moved_on_is_taken_back_only_when_told() {
    let clone = Branching::new();
    let fix = clone.fix();
    done(&clone.branch(&["retarget", "4.22", "--yes"]));
    clone.write("more.txt", "more\n");
    let later = clone.commit("server: fix more");
    refused(&clone, &["undo", "--yes"], 2, &["topic has moved on since retarget", "--moved-on"]);
    done(&clone.branch(&["undo", "--yes", "--moved-on"]));
    assert_eq!(clone.topic(), fix);
    let listed = clone.branch(&["undo", "--list"]).stdout();
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(listed.starts_with("undo at "), "{listed}");
    done(&clone.branch(&["undo", "--yes"]));
    assert_eq!(clone.topic(), later, "the undo itself is taken back");
}

#[test]
fn a_branch_in_two_work_trees_is_left_alone() {
    let clone = Branching::new();
    clone.fix();
    let other = clone.world.path("other");
    clone.git(&["worktree", "add", "-q", "--force", other.to_str().unwrap(), "topic"]);
    refused(&clone, &["retarget", "4.20", "--yes"], 2, &["checked out in several work trees"]);
    clone.git(&["switch", "-q", "--detach"]);
    let output = clone.world.onramp(&other, &["branch", "retarget", "4.20", "--yes"]);
    done(&output);
    assert_eq!(clone.git(&["rev-parse", "topic^"]), clone.git(&["rev-parse", "upstream/4.20"]));
    assert_eq!(clone.world.git(&other, &["status", "--porcelain"]), "");
}

#[test]
fn a_partial_clone_downloads_only_when_told() {
    let full = Branching::new();
    full.fix();
    let world = TestWorld::new();
    let tree = world.tree();
    full.git(&["config", "uploadpack.allowFilter", "true"]);
    full.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let address = format!("file://{}", full.tree.display());
    let words = [
        "clone",
        "-q",
        "--filter=blob:none",
        "--origin",
        "server",
        &address,
        tree.to_str().unwrap(),
    ];
    world.git(&world.work(), &words);
    world
        .git(&tree, &["fetch", "-q", "server", "+refs/remotes/upstream/*:refs/remotes/upstream/*"]);
    world.git(&tree, &["remote", "add", "upstream", "https://github.com/apache/cloudstack.git"]);
    let clone = Branching { world, tree };
    let missing = ["rev-list", "--objects", "--missing=print", "--quiet", "--all"];
    let before = clone.git(&missing);
    let output = clone.branch(&["retarget", "4.20", "--yes"]);
    assert_eq!(output.code, Some(2), "{}", output.stderr());
    assert!(output.stderr().contains("--download"), "{}", output.stderr());
    assert_eq!(clone.git(&missing), before, "nothing came over");
    done(&clone.branch(&["retarget", "4.20", "--yes", "--download"]));
    assert_eq!(clone.git(&["status", "--porcelain"]), "");
    assert!(clone.tree.join("release-4.20.txt").exists());
}
