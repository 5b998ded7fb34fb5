//! Handing the request over, with a browser and a `gh` of our own that write down what they were
//! given.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::support::process::Output;
use crate::support::world::{TestWorld, write, write_script};

use super::pr_gate::{clone, onramp, pushed};

/// A browser that keeps the address it was given.
const BROWSER: &str = "#!/bin/sh\nprintf '%s' \"$1\" > \"$HOME/opened\"\n";
/// A `gh` that keeps its words, one a line, and makes a request.
const GH: &str = "#!/bin/sh
printf '%s\\n' \"$PWD\" \"$@\" > \"$HOME/words\"
echo https://github.com/apache/cloudstack/pull/14300
";
const ADDRESS: &str = "https://github.com/apache/cloudstack/pull/14300";

fn world() -> TestWorld {
    TestWorld::new().with_variable("DISPLAY", ":0")
}

/// A clone whose patch was checked.
fn checked(world: &TestWorld) -> PathBuf {
    let tree = clone(world);
    let check = onramp(world, &tree, &["check", "patch"]);
    assert_eq!(check.code, Some(0), "{}{}", check.stdout(), check.stderr());
    tree
}

fn pr(world: &TestWorld, tree: &Path, arguments: &[&str]) -> Output {
    world.onramp(tree, &[&["pr", "--policy", "upstream"], arguments].concat())
}

fn left(world: &TestWorld, name: &str) -> Option<String> {
    fs::read_to_string(world.home().join(name)).ok()
}

#[test]
fn the_page_opens_in_the_browser_with_title_and_text() {
    let world = world().with_script("xdg-open", BROWSER);
    let tree = checked(&world);
    let output = pr(&world, &tree, &["--open"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    assert_eq!(output.stdout(), "", "there is nothing left to copy");
    assert!(output.stderr().contains("opened in your browser"), "{}", output.stderr());
    let opened = left(&world, "opened").unwrap();
    let start = "https://github.com/apache/cloudstack/compare/main...ada:my-change?expand=1&title=server:+Add+a+note+about+volumes&body=";
    assert!(opened.starts_with(start), "{opened}");
    let kept = tree.join(".git/onramp/request.md");
    assert!(fs::read_to_string(&kept).unwrap().contains("Description"));
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    let road = onramp(&world, &tree, &[]).stdout();
    assert!(road.contains("? request") && road.contains("onramp pr --next"), "{road}");
}

#[test]
fn without_a_browser_or_a_screen_the_address_is_printed() {
    let unable = "#!/bin/sh\nexit 3\n";
    for (case, world) in [
        ("no program", world()),
        ("one that cannot", world().with_script("xdg-open", unable)),
        ("no screen", TestWorld::new().with_script("xdg-open", BROWSER)),
    ] {
        let tree = checked(&world);
        let output = pr(&world, &tree, &["--open"]);
        assert_eq!(output.code, Some(0), "{case}: {}", output.stderr());
        let start = "https://github.com/apache/cloudstack/compare/main...ada:my-change?expand=1";
        assert!(output.stdout().starts_with(start), "{case}: {}", output.stdout());
        assert_eq!(output.stdout().lines().count(), 1, "{case}");
        assert_eq!(left(&world, "opened"), None, "{case}");
    }
}

#[test]
fn gh_is_given_exactly_what_was_shown() {
    let world = world().with_script("gh", GH);
    let tree = checked(&world);
    let output = pr(&world, &tree, &["--create", "--yes", "--anyway"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    assert_eq!(output.stdout(), format!("{ADDRESS}\n"));
    let file = tree.join(".git/onramp/request.md");
    let wanted = format!(
        "/\npr\ncreate\n--repo=github.com/apache/cloudstack\n--base=main\n--head=ada:my-change\n\
         --title=server: Add a note about volumes\n--body-file={}\n",
        file.display()
    );
    assert_eq!(left(&world, "words").unwrap(), wanted);
    let said = output.stderr();
    for line in fs::read_to_string(&file).unwrap().lines() {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(said.contains("apache/cloudstack, branch main"), "{said}");
    let road = onramp(&world, &tree, &[]).stdout();
    assert!(road.contains("✓ request") && road.contains("/pull/14300"), "{road}");
}

#[test]
fn nothing_is_sent_without_consent() {
    let world = world().with_script("gh", GH);
    let tree = checked(&world);
    let alone = pr(&world, &tree, &["--create", "--anyway"]);
    assert_eq!(alone.code, Some(2), "{}", alone.stderr());
    assert!(alone.stderr().contains("nothing was sent"), "{}", alone.stderr());
    let words = ["pr", "--policy", "upstream", "--create", "--anyway"];
    for answer in ["\n", "no\n", "Y e s\n"] {
        let output = world.at_terminal(&tree, &words, answer);
        assert_eq!(output.code, Some(1), "{answer}: {}", output.stdout());
        assert!(output.stdout().contains("not sent"), "{}", output.stdout());
    }
    assert_eq!(left(&world, "words"), None);
    let output = world.at_terminal(&tree, &words, "yes\n");
    assert_eq!(output.code, Some(0), "{}", output.stdout());
    assert!(left(&world, "words").is_some() && output.stdout().contains(ADDRESS));
}

#[test]
fn an_unfinished_text_is_not_sent() {
    let world = world().with_script("gh", GH);
    let tree = checked(&world);
    let output = pr(&world, &tree, &["--create", "--yes"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    assert!(output.stderr().contains("not finished: "), "{}", output.stderr());
    assert!(output.stderr().contains("--output FILE"), "{}", output.stderr());
    assert_eq!(left(&world, "words"), None);
}

#[test]
fn a_text_of_the_authors_own_is_taken_as_it_is() {
    let world = world().with_script("gh", GH);
    let tree = checked(&world);
    let own = "### Description\n\nIt adds a note.\n\n### How Has This Been Tested?\n\nBy hand.\n";
    let file = world.path("own.md");
    fs::write(&file, own).unwrap();
    let output = pr(&world, &tree, &["--create", "--yes", "--output", "../own.md"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    assert_eq!(fs::read_to_string(&file).unwrap(), own);
    let sent = fs::read_to_string(tree.join(".git/onramp/request.md")).unwrap();
    assert_eq!(sent, own);

    fs::write(&file, "This PR...\n").unwrap();
    let output = pr(&world, &tree, &["--open", "--output", "../own.md"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    assert!(output.stderr().contains("the text is not finished"), "{}", output.stderr());
}

#[test]
fn a_shut_gate_and_a_branch_that_is_not_pushed_hold_it_back() {
    let world = world().with_script("gh", GH).with_script("xdg-open", BROWSER);
    let tree = clone(&world);
    for way in [&["--open"][..], &["--create", "--yes"]] {
        let output = pr(&world, &tree, way);
        assert_eq!(output.code, Some(1), "{}", output.stderr());
        let said = output.stderr();
        assert!(said.contains("not handed over: the patch was not checked yet"), "{said}");
        assert!(said.contains("→ onramp check patch\n") && !said.contains("--anyway"), "{said}");
        assert!(output.stdout().is_empty(), "{}", output.stdout());
    }
    assert_eq!(onramp(&world, &tree, &["check", "patch"]).code, Some(0));
    world.git(&tree, &["commit", "-q", "--allow-empty", "-m", "server: Say more about volumes"]);
    let unpushed = pr(&world, &tree, &["--open"]);
    assert_eq!(unpushed.code, Some(1));
    assert!(unpushed.stderr().contains("older state of the branch"), "{}", unpushed.stderr());
    assert!(unpushed.stderr().contains("git push -u origin my-change"));
    pushed(&world, &tree);
    let stale = pr(&world, &tree, &["--open"]);
    assert!(stale.stderr().contains("is stale: it was about"), "{}", stale.stderr());
    assert_eq!((left(&world, "words"), left(&world, "opened")), (None, None));
    let anyway = pr(&world, &tree, &["--open", "--anyway"]);
    assert_eq!(anyway.code, Some(0), "{}", anyway.stderr());
    let said = anyway.stderr();
    assert!(said.contains("handed over as you say, although the check of the patch is stale"));
}

#[test]
fn what_gh_cannot_do_is_explained() {
    let world = world();
    let tree = checked(&world);
    let sent = || pr(&world, &tree, &["--create", "--yes", "--anyway"]);
    let none = sent();
    assert_eq!(none.code, Some(2), "{}", none.stderr());
    assert!(none.stderr().contains("is not installed") && none.stderr().contains("--open"));
    let gh = world.programs().join("gh");
    for (script, wanted) in [
        ("echo 'To get started, please run:  gh auth login' >&2; exit 4", "gh is not signed in"),
        (
            "echo 'GraphQL: No commits between main and ada:x' >&2; exit 1",
            "nothing that the base lacks",
        ),
        ("exit 0", "named no request"),
        ("echo https://github.com/mallory/cloudstack/pull/1", "named no request"),
    ] {
        write_script(&gh, &format!("#!/bin/sh\n{script}\n"));
        let output = sent();
        assert_eq!(output.code, Some(1), "{script}: {}", output.stderr());
        assert!(output.stderr().contains(wanted), "{script}: {}", output.stderr());
        assert_eq!(output.stdout(), "", "{script}");
    }
    assert!(!tree.join(".git/onramp/handed-over.json").exists());
}

#[test]
fn nothing_of_the_tree_is_started_in_the_place_of_gh_or_a_browser() {
    let world = world();
    let tree = checked(&world);
    fs::create_dir(tree.join("bin")).unwrap();
    write_script(&tree.join("bin/gh"), GH);
    write_script(&tree.join("bin/xdg-open"), BROWSER);
    let path = std::env::join_paths([world.programs(), tree.join("bin"), PathBuf::from("bin")]);
    let world = world.with_variable("PATH", path.unwrap());
    let opened = pr(&world, &tree, &["--open", "--anyway"]);
    assert_eq!(opened.code, Some(0), "{}", opened.stderr());
    assert!(opened.stdout().starts_with("https://github.com/"), "printed: {}", opened.stdout());
    let sent = pr(&world, &tree, &["--create", "--yes", "--anyway"]);
    assert_ne!(sent.code, Some(0), "{}", sent.stderr());
    assert_eq!((left(&world, "words"), left(&world, "opened")), (None, None));
}

#[test]
fn offline_hands_nothing_over() {
    let world = world().with_script("xdg-open", BROWSER);
    let tree = checked(&world);
    let output = pr(&world, &tree, &["--open", "--offline"]);
    assert_eq!(output.code, Some(2), "{}", output.stderr());
    assert!(output.stderr().contains("--offline forbids that"), "{}", output.stderr());
    assert_eq!(left(&world, "opened"), None);
}

#[test]
fn escape_sequences_in_a_message_reach_no_screen() {
    let world = world().with_script("gh", GH);
    let tree = clone(&world);
    write(&tree.join("message"), "server: Add \u{1b}[2Ja note\n\nBody \u{1b}]0;x\u{7} text.\n");
    world.git(&tree, &["commit", "-q", "--amend", "-F", "message"]);
    fs::remove_file(tree.join("message")).unwrap();
    pushed(&world, &tree);
    let output = pr(&world, &tree, &["--create", "--yes", "--anyway"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    assert!(!output.stderr().contains('\u{1b}') && !output.stdout().contains('\u{1b}'));
    assert!(!left(&world, "words").unwrap().contains('\u{1b}'));
}
