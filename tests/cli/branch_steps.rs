//! `onramp branch sync` and `drop`: each does its one thing to the branch's own
//! commits and can be taken back.

use crate::support::branching::{Branching, SHARED, lines};
use crate::support::process::Output;

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
