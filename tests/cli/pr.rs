//! `onramp pr` as a whole: what it claims, what it refuses, what it asks the fork, and which step
//! it names next. Forks are folders or lie on loopback.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::cloudstack::java;
use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

const PROJECT: &str = "https://github.com/apache/cloudstack.git";
/// Where nobody answers.
const NOWHERE: &str = "http://127.0.0.1:1/ada/cloudstack.git";

/// A clone with one commit on a branch of its own; `upstream` is the project.
fn clone(world: &TestWorld) -> PathBuf {
    let tree = world.cloudstack();
    world.git(&tree, &["remote", "add", "upstream", PROJECT]);
    for branch in ["main", "4.20"] {
        let reference = format!("refs/remotes/upstream/{branch}");
        world.git(&tree, &["update-ref", &reference, "HEAD"]);
    }
    world.git(&tree, &["commit", "-q", "--allow-empty", "-m", "Go on"]);
    world.git(&tree, &["update-ref", "refs/remotes/upstream/main", "HEAD"]);
    world.git(&tree, &["switch", "-q", "-c", "topic"]);
    write(&tree.join("api/src/main/java/More.java"), java("More"));
    world.commit(&tree, "api: fix a missing class");
    tree
}

/// Gives the clone a fork in a folder, with the branch as it is.
fn fork(world: &TestWorld, tree: &Path) -> PathBuf {
    let fork = world.path("fork.git");
    world.git(&world.work(), &["init", "-q", "--bare", fork.to_str().unwrap()]);
    world.git(tree, &["remote", "add", "origin", fork.to_str().unwrap()]);
    world.git(tree, &["push", "-q", "origin", "topic"]);
    fork
}

fn pr(world: &TestWorld, tree: &Path, arguments: &[&str]) -> Output {
    world.onramp(tree, &[&["pr"], arguments].concat())
}

/// Records a build of `head`, as `onramp build` leaves it.
fn built(tree: &Path, head: &str, modules: Option<u64>, goals: &str) {
    let counts =
        serde_json::json!({ "ok": 1, "failed": 0, "warned": 0, "unknown": 0, "skipped": 0 });
    let record = serde_json::json!({
        "shape": 1, "onramp": "0.1.0", "head": head, "finished": 1, "seconds": 60, "exit": 0,
        "tree": { "changed": false, "untracked": false }, "counts": counts, "line": "mvn passed",
        "passed": true, "modules": modules, "goals": goals, "jdk": 17, "maven": "3.8.7",
        "partial": false,
    });
    write(&tree.join(".git/onramp/build.json"), record.to_string());
}

#[test]
fn a_build_is_named_for_what_it_was() {
    let world = TestWorld::new();
    let tree = clone(&world);
    let head = world.git(&tree, &["rev-parse", "HEAD"]);
    built(&tree, &head, Some(146), "clean install -DskipTests");
    let output = pr(&world, &tree, &[]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    let line = format!(
        "- Built: `mvn clean install -DskipTests` passed at {} (146 modules, JDK 17, Maven 3.8.7, ",
        &head[..10]
    );
    let body = output.stdout();
    assert!(body.contains(&line) && body.contains("); tests were skipped\n"), "{body}");
    assert!(body.contains("<!-- onramp: say how you tested"), "{body}");
    assert!(output.stderr().contains("say how you tested"), "{}", output.stderr());

    built(&tree, &head, Some(146), "clean install");
    assert!(!pr(&world, &tree, &[]).stdout().contains("skipped"));
    built(&tree, &head, Some(0), "clean install");
    assert!(!pr(&world, &tree, &[]).stdout().contains("Built:"));
    built(&tree, &head, Some(146), "clean install");
    world.git(&tree, &["commit", "-q", "--allow-empty", "-m", "More"]);
    assert!(!pr(&world, &tree, &[]).stdout().contains("Built:"), "of an older commit");
}

#[test]
fn checks_that_fail_and_the_branch_for_fixes_come_first() {
    let world = TestWorld::new();
    let tree = clone(&world);
    assert_eq!(world.onramp(&tree, &["check", "patch", "--offline"]).code, Some(1));
    let output = pr(&world, &tree, &[]);
    assert_eq!(output.code, Some(0));
    let said = output.stderr();
    let left: Vec<&str> = said.lines().skip_while(|line| !line.starts_with("for you")).collect();
    assert!(left[0].contains("of the patch fail"), "unsigned: {said}");
    assert!(left[0].ends_with("onramp check patch"), "{said}");
    assert_eq!(
        left[1].trim(),
        "a bug fix usually goes to 4.20, as onramp branch proves: onramp branch retarget moves it there"
    );
    let chosen = pr(&world, &tree, &["--base", "main"]).stderr();
    assert!(!chosen.contains("a bug fix usually"), "{chosen}");
    assert!(said.starts_with("\n─────"), "parted from the draft: {said}");
}

#[test]
fn wrong_usage_is_told_with_the_way_out() {
    let world = TestWorld::new();
    let tree = clone(&world);
    for (arguments, wanted) in [
        (&["--title", " "][..], "the title is empty"),
        (&["--base", "nope"], "there is no branch called nope here"),
        (&["--base", "nope"], "known here: main, 4.20; `git fetch upstream`"),
        (&["--offline", "--check-push"], "--check-push asks the fork over the network"),
    ] {
        let output = pr(&world, &tree, arguments);
        assert_eq!(output.code, Some(2), "{arguments:?}: {}", output.stderr());
        assert!(output.stderr().contains(wanted), "{arguments:?}: {}", output.stderr());
        assert!(output.out.is_empty(), "{arguments:?}: {}", output.stdout());
    }
}

#[test]
fn a_fork_that_does_not_answer_leaves_the_draft() {
    let world = TestWorld::new();
    let tree = clone(&world);
    world.git(&tree, &["remote", "add", "origin", NOWHERE]);
    let output = pr(&world, &tree, &["--check-push"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    assert!(output.stdout().starts_with("### Description"), "{}", output.stdout());
    let said = output.stderr();
    let last = format!("onramp: {NOWHERE} did not say whether it has the branch: ");
    assert!(said.contains(&last) && said.contains("(git says: fatal: "), "{said}");
}

#[test]
fn only_commits_seen_here_may_be_replaced() {
    let world = TestWorld::new();
    let tree = clone(&world);
    let fork = fork(&world, &tree);
    let asked = |wanted: &str| {
        let output = pr(&world, &tree, &["--check-push"]);
        assert_eq!(output.code, Some(0), "{}", output.stderr());
        assert!(output.stderr().contains(wanted), "{wanted}: {}", output.stderr());
        output.stderr()
    };
    asked("the branch is pushed");
    world.git(&tree, &["commit", "-q", "--amend", "-m", "api: fix it in other words"]);
    asked("git push --force-with-lease origin topic");

    let other = world.path("other");
    world.git(&world.work(), &["clone", "-q", fork.to_str().unwrap(), other.to_str().unwrap()]);
    world.git(&other, &["switch", "-q", "topic"]);
    world.git(&other, &["commit", "-q", "--allow-empty", "-m", "From elsewhere"]);
    world.git(&other, &["push", "-q", "origin", "topic"]);
    let said = asked("git fetch origin");
    assert!(!said.contains("force"), "{said}");
}

#[test]
fn a_name_not_filled_in_is_no_fork() {
    let world = TestWorld::new();
    let tree = clone(&world);
    let url = "https://github.com/YOUR-NAME/cloudstack.git";
    world.git(&tree, &["remote", "add", "origin", url]);
    let output = pr(&world, &tree, &["--check-push"]);
    assert_eq!(output.code, Some(0), "nobody is asked: {}", output.stderr());
    let command = format!("  git remote set-url origin {url}\n");
    assert!(output.stderr().contains(&command), "{}", output.stderr());
}

#[test]
fn a_draft_in_the_work_tree_is_left_out_of_commits() {
    let world = TestWorld::new();
    let tree = clone(&world);
    let hint = "the draft lies in the work tree; git leaves it out (info/exclude)";
    for _ in 0..2 {
        assert!(pr(&world, &tree, &["--output", "pr[1].md"]).stderr().contains(hint));
    }
    assert_eq!(world.git(&tree, &["status", "--porcelain"]), "");
    let exclude = fs::read_to_string(tree.join(".git/info/exclude")).unwrap();
    assert_eq!(exclude.matches("pr\\[1].md").count(), 1, "{exclude}");
    let road = world.onramp(&tree, &["--offline"]).stdout();
    assert!(!road.contains("pr[1].md"), "{road}");
    write(&tree.join("pr1.md"), "mine");
    assert_eq!(world.git(&tree, &["status", "--porcelain"]), "?? pr1.md");
    fs::remove_file(tree.join("pr1.md")).unwrap();
    for outside in ["../pr.md", ".git/pr.md"] {
        let output = pr(&world, &tree, &["--output", outside]);
        assert_eq!(output.code, Some(0), "{}", output.stderr());
        assert!(!output.stderr().contains(hint), "{outside}: {}", output.stderr());
        assert!(!output.stderr().contains('─'));
    }
    assert!(fs::read_to_string(world.path("pr.md")).unwrap().starts_with("### Description"));
}

#[test]
fn a_text_for_another_branch_is_left_alone() {
    let world = TestWorld::new();
    let tree = clone(&world);
    let draft = |wanted: i32| {
        let output = pr(&world, &tree, &["--output", "../pr.md"]);
        assert_eq!(output.code, Some(wanted), "{}", output.stderr());
        (output.stderr(), fs::read_to_string(world.path("pr.md")).unwrap())
    };
    draft(0);
    world.git(&tree, &["switch", "-q", "-c", "second"]);
    world.git(&tree, &["commit", "-q", "--allow-empty", "-m", "api: fix one more"]);
    draft(0);
    write(&world.path("pr.md"), "### Description\n\nmine\n");
    world.git(&tree, &["switch", "-q", "topic"]);
    let (said, text) = draft(2);
    assert!(said.contains("holds what you wrote for the branch second, topic is"), "{said}");
    assert_eq!(text, "### Description\n\nmine\n");
    world.git(&tree, &["branch", "-q", "-D", "second"]);
    assert!(draft(0).1.contains("mine"), "that branch is renamed, or done with");
}

#[test]
fn an_answer_that_loses_against_an_edit_is_told_at_all_costs() {
    let world = TestWorld::new();
    let tree = clone(&world);
    pr(&world, &tree, &["--output", "../pr.md"]);
    let text = fs::read_to_string(world.path("pr.md")).unwrap();
    write(&world.path("pr.md"), text.replace("### Description\n", "### Description\n\nMine.\n"));
    let quiet = ["--quiet", "--output", "../pr.md", "--assisted", "Copilot: the test"];
    let said = pr(&world, &tree, &quiet).stderr();
    assert!(said.contains("it still lacks: Generated-by: Copilot: the test"), "{said}");
    assert!(!pr(&world, &tree, &quiet[..3]).stderr().contains("lacks"), "once is enough");
}

#[test]
fn a_planted_link_in_the_git_folder_is_not_written_through() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    world.git(&tree, &["remote", "add", "upstream", "https://github.com/apache/cloudstack.git"]);
    world.git(&tree, &["update-ref", "refs/remotes/upstream/main", "HEAD"]);
    world.git(&tree, &["switch", "--quiet", "-c", "my-change"]);
    write(&tree.join("notes.txt"), "a note\n");
    world.commit(&tree, "Add a note");
    let elsewhere = world.path("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, tree.join(".git/onramp")).unwrap();
    let output = world.onramp(&tree, &["pr", "--offline", "--output", "pr.md"]);
    assert_eq!(output.code, Some(2), "{}", output.stderr());
    assert!(output.stderr().contains("leads out of the clone"), "{}", output.stderr());
    assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 0);
    assert!(!tree.join("pr.md").exists());
}
