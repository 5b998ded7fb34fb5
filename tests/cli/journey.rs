//! `onramp` alone and `onramp clone --adopt` in real repositories.

use std::path::Path;

use crate::support::world::{TestWorld, write};

const PROJECT: &str = "https://github.com/apache/cloudstack.git";

fn shown(world: &TestWorld, folder: &Path) -> String {
    let output = world.onramp(folder, &["--offline"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    // The tests' folders are long: undo the wrapping.
    output.stdout().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn holds(text: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

/// A clone whose `upstream` leads to the project, on `main`.
fn project(world: &TestWorld) -> std::path::PathBuf {
    let tree = world.cloudstack();
    world.git(&tree, &["remote", "add", "upstream", PROJECT]);
    world.git(&tree, &["update-ref", "refs/remotes/upstream/main", "main"]);
    tree
}

#[test]
fn beside_the_clone_and_inside_something_else() {
    let world = TestWorld::new();
    holds(&shown(&world, &world.work()), &["○ clone", "lies in no clone", "· build not yet"]);
    let tree = project(&world);
    let above = tree.parent().unwrap();
    holds(&shown(&world, above), &["○ clone", "holds your clone cloudstack"]);
    let other = world.path("blog");
    world.git(&world.work(), &["init", "--quiet", other.to_str().unwrap()]);
    holds(&shown(&world, &other), &["○ clone", "is a repository of something else"]);
    let bare = world.path("bare");
    world.git(&world.work(), &["init", "--quiet", "--bare", bare.to_str().unwrap()]);
    holds(&shown(&world, &bare), &["○ clone", "lies in a bare repository"]);
}

#[test]
fn a_change_on_its_way() {
    let world = TestWorld::new();
    let tree = project(&world);
    holds(&shown(&world, &tree), &["○ clone", "is on main itself", "· patch not yet"]);
    world.git(&tree, &["switch", "--quiet", "-c", "my-change"]);
    holds(&shown(&world, &tree), &["✓ clone", "○ patch no commit of your own yet"]);
    write(&tree.join("notes.txt"), "a note\n");
    holds(&shown(&world, &tree), &["not committed: notes.txt", "· push not yet"]);
    world.commit(&tree, "Add a note");
    holds(&shown(&world, &tree), &["1 commit;", "○ push there is no remote `origin` yet"]);
    world.git(&tree, &["remote", "add", "origin", "https://github.com/YOUR-NAME/cloudstack"]);
    world.git(&tree, &["update-ref", "refs/remotes/origin/my-change", "my-change"]);
    holds(&shown(&world, &tree), &["○ push", "is to be filled in", "· request"]);
    let fork = "https://github.com/ada/cloudstack";
    world.git(&tree, &["remote", "set-url", "origin", fork]);
    let checked = "○ request 3 checks of the patch fail";
    let pushed = ["✓ push my-change is on your fork", checked];
    holds(&shown(&world, &tree), &pushed);
}

#[test]
fn adopting_says_to_switch_to_the_branch_that_is_there() {
    let world = TestWorld::new();
    let tree = project(&world);
    world.git(&tree, &["branch", "my-change"]);
    let output = world.onramp(&tree, &["clone", "--adopt"]);
    holds(&output.stderr(), &["my-change is there already", "next: git switch my-change"]);
    world.git(&tree, &["switch", "--quiet", "my-change"]);
    let output = world.onramp(&tree, &["clone", "--adopt"]);
    assert!(!output.stderr().contains("git switch"), "{}", output.stderr());
}
