//! `onramp branch sync`, `sign`, `drop` and `amend`: each does its one thing to the branch's own
//! commits and can be taken back.

use std::fs;

use crate::support::branching::{Branching, SHARED, lines};
use crate::support::process::Output;
use crate::support::world::TestWorld;

#[track_caller]
fn done(output: &Output) {
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
}

/// Has `upstream` lead to a repository here, whose `main` goes on with one commit.
fn served(clone: &Branching, path: &str, text: &str) {
    let server = clone.world.path("server/apache/cloudstack.git");
    clone.git(&["init", "-q", "--bare", server.to_str().unwrap()]);
    let address = format!("url.{}/.insteadOf", clone.world.path("server").display());
    clone.git(&["config", "--global", &address, "https://github.com/"]);
    let from = clone.git(&["rev-parse", "HEAD"]);
    clone.git(&["switch", "-q", "--detach", "upstream/main"]);
    clone.write(path, text);
    clone.commit("Go on elsewhere");
    clone.git(&["push", "-q", server.to_str().unwrap(), "HEAD:refs/heads/main"]);
    clone.git(&["switch", "-q", "topic"]);
    assert_eq!(clone.git(&["rev-parse", "HEAD"]), from);
}

#[test]
fn sync_brings_the_news_below_the_branch() {
    let clone = Branching::new();
    clone.fix();
    served(&clone, "news.txt", "news\n");
    let before = clone.topic();
    let output = clone.branch(&["sync", "--yes"]);
    done(&output);
    assert!(output.stderr().contains("fetching main from upstream"), "{}", output.stderr());
    assert!(clone.tree.join("news.txt").exists());
    assert_eq!(clone.git(&["log", "--format=%s", "-2"]), "server: fix a leak\nGo on elsewhere");
    let again = clone.branch(&["sync", "--yes"]);
    assert!(again.stderr().contains("nothing new in upstream/main"), "{}", again.stderr());
    done(&clone.branch(&["undo", "--yes"]));
    assert_eq!(clone.topic(), before);
}

#[test]
fn sync_that_conflicts_says_where_and_moves_nothing() {
    let clone = Branching::new();
    clone.clash();
    served(&clone, SHARED, &lines("another", "open"));
    let before = clone.topic();
    let output = clone.branch(&["sync", "--yes"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    assert!(output.stderr().contains(SHARED), "{}", output.stderr());
    assert_eq!((clone.topic(), clone.git(&["status", "--porcelain"])), (before, String::new()));
}

#[test]
fn sync_offline_asks_nobody() {
    let clone = Branching::new();
    clone.fix();
    let output = clone.branch(&["sync", "--yes", "--offline"]);
    done(&output);
    assert!(output.stderr().contains("not asking the server"), "{}", output.stderr());
}

/// A clone whose owner can sign.
fn signer() -> Branching {
    let world = TestWorld::new().with_program("gpg");
    world.signing_key();
    Branching::within(world)
}

#[test]
fn sign_signs_each_commit_and_changes_nothing_else() {
    let clone = signer();
    clone.fix();
    clone.write("docs.md", "words\n");
    let unsigned = clone.commit("docs: fix words");
    let output = clone.branch(&["sign", "--yes"]);
    done(&output);
    assert_eq!(clone.git(&["log", "--format=%G?", "-2"]), "G\nG");
    let look = "--format=%T %an %at %B";
    assert_eq!(clone.git(&["log", look, "-2"]), clone.git(&["log", look, "-2", &unsigned]));
    let again = clone.branch(&["sign", "--yes"]);
    assert!(again.stderr().contains("every commit is signed"), "{}", again.stderr());

    clone.write("more.md", "more\n");
    let signed = clone.topic();
    clone.commit("docs: fix more");
    done(&clone.branch(&["sign", "--yes"]));
    assert_eq!(clone.git(&["rev-parse", "HEAD^"]), signed, "what is signed keeps its id");
}

#[test]
fn sign_leaves_what_was_pushed_unless_told() {
    let clone = signer();
    clone.fix();
    let fork = clone.world.path("fork.git");
    clone.git(&["init", "-q", "--bare", fork.to_str().unwrap()]);
    clone.git(&["remote", "add", "origin", fork.to_str().unwrap()]);
    clone.git(&["push", "-q", "origin", "topic"]);
    let pushed = clone.topic();
    let output = clone.branch(&["sign", "--yes"]);
    assert_eq!(output.code, Some(2), "{}", output.stderr());
    assert!(output.stderr().contains("forced push"), "{}", output.stderr());
    assert_eq!(clone.topic(), pushed);
    let output = clone.branch(&["sign", "--yes", "--published"]);
    done(&output);
    let push = format!("git push --force-with-lease=topic:{pushed} origin topic");
    assert!(output.stderr().contains(&push), "{}", output.stderr());
    clone.git(&push.split(' ').skip(1).collect::<Vec<_>>());
}

#[test]
fn sign_without_a_key_leaves_everything() {
    let clone = Branching::within(TestWorld::new().with_program("gpg"));
    clone.fix();
    let before = clone.whole();
    let output = clone.branch(&["sign", "--yes"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    assert!(output.stderr().contains("nothing was moved"), "{}", output.stderr());
    assert_eq!(clone.whole(), before);
}

#[test]
fn drop_takes_merges_out() {
    let clone = Branching::new();
    clone.fix();
    clone.git(&["switch", "-q", "--detach", "upstream/main"]);
    clone.write("news.txt", "news\n");
    clone.commit("Go on elsewhere");
    clone.git(&["update-ref", "refs/remotes/upstream/main", "HEAD"]);
    clone.git(&["switch", "-q", "topic"]);
    let message = "Merge branch 'main' of https://github.com/apache/cloudstack into topic";
    clone.git(&["merge", "-q", "--no-ff", "-m", message, "upstream/main"]);
    clone.write("docs.md", "words\n");
    clone.commit("docs: fix words");
    let before = clone.whole();
    let shown = clone.branch(&[]);
    assert!(shown.stdout().contains("onramp branch drop"), "{}", shown.stdout());
    let output = clone.branch(&["drop", "--yes"]);
    done(&output);
    assert!(output.stderr().contains("\"Merge branch 'main' of"), "{}", output.stderr());
    assert!(output.stderr().contains("every file stays as it is"), "{}", output.stderr());
    let subjects = clone.git(&["log", "--format=%s", "-3"]);
    assert_eq!(subjects, "docs: fix words\nserver: fix a leak\nGo on elsewhere");
    done(&clone.branch(&["undo", "--yes"]));
    assert_eq!(clone.whole(), before);
}

#[test]
fn amend_folds_what_is_staged_into_its_commit() {
    let clone = Branching::new();
    clone.fix();
    clone.write("docs.md", "words\n");
    clone.commit("docs: fix words");
    let refused = clone.branch(&["amend", "--yes"]);
    assert!(refused.stderr().contains("nothing is staged"), "{}", refused.stderr());

    clone.write("server/src/main/java/Fixed.java", "class Fixed { int more; }\n");
    clone.git(&["add", "server"]);
    clone.write("docs.md", "not staged\n");
    let before = clone.whole();
    let output = clone.branch(&["amend", "--yes"]);
    done(&output);
    assert!(output.stderr().contains("into \"server: fix a leak\""), "{}", output.stderr());
    assert_eq!(clone.git(&["log", "--format=%s", "-2"]), "docs: fix words\nserver: fix a leak");
    let fixed = clone.git(&["show", "HEAD^:server/src/main/java/Fixed.java"]);
    assert_eq!(fixed, "class Fixed { int more; }");
    assert_eq!(clone.git(&["status", "--porcelain"]), " M docs.md");
    assert_eq!(fs::read_to_string(clone.tree.join("docs.md")).unwrap(), "not staged\n");
    done(&clone.branch(&["undo", "--yes"]));
    assert_eq!(clone.whole(), before, "what was staged is staged again");
}

#[test]
fn amend_asks_where_it_cannot_tell() {
    let clone = Branching::new();
    let fix = clone.fix();
    clone.write("docs.md", "words\n");
    clone.commit("docs: fix words");
    clone.write("new.txt", "new\n");
    clone.git(&["add", "new.txt"]);
    let output = clone.branch(&["amend", "--yes"]);
    assert_eq!(output.code, Some(2), "{}", output.stderr());
    assert!(output.stderr().contains("onramp branch amend COMMIT"), "{}", output.stderr());
    done(&clone.branch(&["amend", &fix, "--yes"]));
    assert_eq!(clone.git(&["show", "HEAD^:new.txt"]), "new");
}

#[test]
fn split_prints_commands_that_part_the_commit() {
    let clone = Branching::new();
    clone.fix();
    let whole = clone.topic();
    let output = clone.branch(&["split"]);
    done(&output);
    assert_eq!(clone.topic(), whole, "it only says so");
    let shell = which::which("sh").unwrap();
    let commands = format!("set -e\n{}", output.stdout());
    let ran = clone.world.run(&clone.tree, &shell, &["-c", &commands], b"");
    assert_eq!((ran.code, ran.stdout()), (Some(0), String::new()), "{}", ran.stderr());
    let subjects = clone.git(&["log", "--format=%s", "-2"]);
    assert_eq!(subjects, "server: fix a leak\napi: fix a leak");
    assert_eq!(
        clone.git(&["rev-parse", "HEAD^{tree}"]),
        clone.git(&["rev-parse", &format!("{whole}^{{tree}}")])
    );
    assert_eq!(clone.git(&["rev-parse", "topic-whole"]), whole);
}

#[test]
fn a_repository_of_longer_ids_is_named_for_what_it_is() {
    let world = TestWorld::new();
    let tree = world.tree();
    world.git(&world.work(), &["init", "-q", "--object-format=sha256", tree.to_str().unwrap()]);
    world.git(&tree, &["commit", "-q", "--allow-empty", "-m", "First"]);
    for words in
        [&["branch", "--project", "cloudstack"][..], &["branch", "retarget", "4.20", "--yes"]]
    {
        let output = world.onramp(&tree, words);
        assert_eq!(output.code, Some(2), "{}", output.stderr());
        assert!(output.stderr().contains("SHA-256"), "{}", output.stderr());
    }
}
