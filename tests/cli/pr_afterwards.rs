//! `onramp pr --next`, in a clone with owners, a bot and a history.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::support::world::{TestWorld, write};

use super::pr_gate::{clone, onramp, pushed};

/// A clone whose project has owners and a bot; the change touches one file of theirs.
fn project(world: &TestWorld) -> PathBuf {
    let tree = clone(world);
    write(&tree.join(".github/CODEOWNERS"), "/api @reviewer\n");
    let bot = "labelPRBasedOnFilePath: { \"component:api\": [api/*] }\nfirstPRWelcomeComment: Hi\n";
    write(&tree.join(".github/boring-cyborg.yml"), bot);
    tree
}

fn next(world: &TestWorld, tree: &Path) -> String {
    let output = onramp(world, tree, &["pr", "--next"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    output.stdout().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_newcomer_learns_what_happens_now() {
    let world = TestWorld::new();
    let tree = project(&world);
    world.git(&tree, &["config", "user.email", "new@lovelace.dev"]);
    let said = next(&world, &tree);
    for wanted in [
        "What happens once it is open",
        "your first change here, as far as can be told: none of the 2 commits of upstream/main is by new@lovelace.dev or the account ada",
        "greeting a bot greets",
        "labels component:api; a bot sets them by path (.github/boring-cyborg.yml)",
        "owners @reviewer for api/src/main/java/org/example/Volume.java (.github/CODEOWNERS)",
        "LGTM",
        "`onramp branch sync`",
        "as of 2026-07-24; `onramp config` names the sources",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert!(!tree.join(".git/onramp").exists(), "it writes nothing");
}

#[test]
fn whoever_has_a_commit_in_the_base_is_known_by_any_of_their_addresses() {
    let world = TestWorld::new();
    let tree = project(&world);
    // The author of the base's only commit, by the mailmap of the base.
    let old = world.git(&tree, &["log", "-1", "--format=%ae", "upstream/main"]);
    world.git(&tree, &["stash", "--quiet", "--include-untracked"]);
    world.git(&tree, &["switch", "--quiet", "--detach", "upstream/main"]);
    write(&tree.join(".mailmap"), format!("Ada <ada@new.dev> <{}>\n", old.trim()));
    world.git(&tree, &["-c", "user.email=bot@x.dev", "add", ".mailmap"]);
    world.git(&tree, &["-c", "user.email=bot@x.dev", "commit", "-q", "-m", "Map addresses"]);
    world.git(&tree, &["update-ref", "refs/remotes/upstream/main", "HEAD"]);
    world.git(&tree, &["switch", "--quiet", "my-change"]);
    for (email, known) in [("ada@new.dev", true), (old.trim(), true), ("eve@new.dev", false)] {
        world.git(&tree, &["config", "user.email", email]);
        let said = next(&world, &tree);
        assert_eq!(said.contains("you have changes here already"), known, "{email}: {said}");
        assert_eq!(said.contains("your first change here"), !known, "{email}: {said}");
    }
}

#[test]
fn a_link_out_of_the_tree_and_a_broken_file_are_not_believed() {
    let world = TestWorld::new();
    let tree = project(&world);
    fs::remove_file(tree.join(".github/CODEOWNERS")).unwrap();
    write(&world.path("owners"), "* @outside\n");
    symlink(world.path("owners"), tree.join(".github/CODEOWNERS")).unwrap();
    write(&tree.join(".github/boring-cyborg.yml"), "labelPRBasedOnFilePath: [\n");
    let said = next(&world, &tree);
    assert!(!said.contains("@outside"), "{said}");
    assert!(said.contains(".github/boring-cyborg.yml cannot be read"), "{said}");
}

#[test]
fn it_follows_a_request_that_was_handed_over() {
    let world = TestWorld::new();
    let tree = clone(&world);
    assert_eq!(onramp(&world, &tree, &["check", "patch"]).code, Some(0));
    let open = ["pr", "--policy", "upstream", "--open"];
    world.git(&tree, &["config", "user.email", "new@lovelace.dev"]);
    let first = world.onramp(&tree, &open);
    assert!(first.stderr().contains("What happens once it is open"), "{}", first.stderr());
    let old = world.git(&tree, &["log", "-1", "--format=%ae", "upstream/main"]);
    world.git(&tree, &["config", "user.email", old.trim()]);
    pushed(&world, &tree);
    let known = world.onramp(&tree, &open);
    assert!(
        known.stderr().ends_with("onramp pr --next tells what happens now\n"),
        "{}",
        known.stderr()
    );
}
