//! `onramp trust` and what a work tree's `.onramp` gains before and after it: nothing runs, loosens
//! or silences until somebody has seen it, and any change asks again.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};

use crate::support::packs::{Brought, read};
use crate::support::process::Output;
use crate::support::world::write_script;

const MACHINE: &[&str] = &["check", "machine", "--offline"];
const CORES: &[&str] = &["check", "cores", "--offline"];
const FLAGGED: &[&str] = &["check", "machine", "--offline", "--trust-tree"];

/// What was said, whatever the width of the screen.
fn words(output: &Output) -> String {
    output.stdout().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_pack_that_runs_a_command_is_not_asked() {
    let tree = Brought::running();
    for arguments in [
        MACHINE,
        &["check", "machine", "--offline", "--deep"],
        &["check", "tool", "--deep"],
        &[],
        &["list"],
        &["explain", "mine/machine/tool"],
        &["trust", "--show"],
    ] {
        let output = tree.onramp(arguments);
        assert!(!tree.sprung(), "{arguments:?} ran the tree's program");
        assert!(![Some(70), Some(101)].contains(&output.code), "{}", output.stderr());
    }
    let output = tree.onramp(MACHINE).stdout();
    assert_eq!(output.matches("neither run, reached nor read").count(), 2, "{output}");
    assert!(output.contains("`onramp trust` shows what it would do, and asks"), "{output}");
}

#[test]
fn a_program_of_the_users_own_does_not_look_for_a_tree_that_nobody_trusts() {
    let tree = Brought::new();
    tree.check("mine/machine/own", "warn", "evil: {}", "found.present");
    tree.onramp(MACHINE);
    tree.onramp(&["list"]);
    tree.onramp(&["explain", "own"]);
    assert!(!tree.sprung());
}

#[test]
fn a_pack_adds_checks_and_its_words_are_marked() {
    let tree = Brought::new();
    tree.check("mine/machine/many", "error", "cores: {}", "found.count > 100000");
    let output = tree.onramp(MACHINE);
    let text = output.stdout();
    assert_eq!(output.code, Some(1), "{text}");
    assert!(text.contains("seen (from this work tree's .onramp, not trusted)"), "{text}");
    assert!(!text.contains("onramp trust"), "nothing waits for trust: {text}");
    let list = words(&tree.onramp(&["list"]));
    assert!(list.contains("not trusted; 1 added, 0 raised, 0 left out"), "{list}");
    assert!(list.contains("(from this work tree's .onramp, not trusted)"), "{list}");
    let road = tree.onramp(&["--offline"]).stdout();
    assert!(!road.contains("git push --force"), "a stranger's command is no next step: {road}");
}

#[test]
fn a_pack_that_loosens_a_check_is_told_and_not_applied() {
    let tree = Brought::new();
    let before = tree.onramp(&["check", "cores", "git", "--offline", "--report", "json"]);
    tree.check("apache/machine/git", "error", "tool: git", "true");
    tree.check("mine/machine/instead", "error", "cores: {}", "true");
    let instead = tree.path("checks/mine/machine/instead.yaml");
    let text =
        String::from_utf8(read(&instead)).expect("text") + "replaces: apache/machine/cores\n";
    fs::write(instead, text).expect("our file");
    tree.write("severities.yaml", "apache/machine/jdk: advice\napache/machine/cores: error\n");
    tree.write("checks/cloudstack/_project.yaml", "git: { requirement: '>=1' }\n");
    tree.write("waivers.yaml", "- { id: git, reason: no, until: 2099-01-01 }\n");
    let output = tree.onramp(MACHINE);
    let text = words(&output);
    for told in [
        "checks/apache/machine/git.yaml would ask for something else than apache/machine/git does",
        "checks/mine/machine/instead.yaml would stand in for apache/machine/cores; not applied",
        ".onramp/severities.yaml would lower apache/machine/jdk from error to advice; not applied",
        "checks/cloudstack/_project.yaml would set values for every check of `cloudstack`",
        ".onramp/waivers.yaml would excuse findings from counting; not applied",
    ] {
        assert!(text.contains(told), "{told}\n{text}");
    }
    let after = tree.onramp(&["check", "cores", "git", "--offline", "--report", "json"]);
    let findings = |bytes: &[u8]| {
        let report: serde_json::Value = serde_json::from_slice(bytes).expect("a report");
        let all = report["findings"].as_array().expect("findings").clone();
        let own = all.into_iter().filter(|one| one["source"].as_str() != Some(SOURCE));
        own.collect::<Vec<_>>()
    };
    let (mut before, after) = (findings(&before.out), findings(&after.out));
    before[0]["severity"] = "error".into();
    assert_eq!(before[0]["check"], "apache/machine/cores", "which the tree may raise");
    assert_eq!(before, after);
}

const SOURCE: &str = "onramp: looking at a work tree runs nothing that it brings";

#[test]
fn a_broken_pack_stops_nobody() {
    let tree = Brought::new();
    tree.check("mine/machine/good", "error", "cores: {}", "found.count > 0");
    tree.write("checks/mine/machine/bad.yaml", "title: [\n");
    let output = tree.onramp(&["check", "cores", "good", "--offline"]);
    assert_eq!(output.code, Some(3), "{}", output.stdout());
    assert!(output.stdout().contains("mine/machine/bad.yaml"), "{}", output.stdout());
    assert!(output.stdout().contains("seen (from"), "the others are judged: {}", output.stdout());
    let trusted = ["check", "cores", "--offline", "--trust-tree"];
    let output = tree.onramp(&trusted);
    assert_eq!(output.code, Some(3), "{}", output.stdout());
    tree.write("checks/cloudstack/_project.yaml", "extends: nothing-there\n");
    let output = tree.onramp(&trusted);
    assert_eq!(output.code, Some(3), "{}{}", output.stdout(), output.stderr());
    assert!(output.stdout().contains("nothing-there"), "{}", output.stdout());
}

#[test]
fn a_linked_pack_is_refused_whole() {
    let tree = Brought::running();
    let aside = tree.world.path("aside");
    fs::rename(tree.path(""), &aside).expect("our folder");
    symlink(&aside, tree.tree.join(".onramp")).expect("a new link");
    for arguments in [CORES, &["check", "cores", "--offline", "--trust-tree"]] {
        let output = tree.onramp(arguments);
        assert!(!tree.sprung());
        assert_eq!(output.code, Some(3), "{}", output.stdout());
        assert!(output.stdout().contains(".onramp is a link"), "{}", output.stdout());
    }
    assert_eq!(tree.onramp(&["trust", "--yes"]).code, Some(2));
}

#[test]
fn trust_asks_and_no_is_the_answer_of_whoever_says_nothing() {
    let tree = Brought::running();
    for typed in ["\n", "n\n", "yess\n", "\u{4}"] {
        let output = tree.typed(&["trust"], typed);
        assert_eq!(output.code, Some(1), "{typed:?}: {}", output.stdout());
        assert!(output.stdout().contains("would run, connect or read once trusted"));
        assert!(!tree.state().exists(), "{typed:?} wrote something");
    }
    let nobody = tree.onramp(&["trust"]);
    assert_eq!(nobody.code, Some(2), "{}", nobody.stderr());
    assert!(!tree.state().exists() && !tree.sprung());
    let yes = tree.typed(&["trust"], "y\n");
    assert_eq!(yes.code, Some(0), "{}", yes.stdout());
    assert!(!tree.sprung(), "trusting runs nothing");
    assert!(tree.runs_evil(), "it may now");
}

#[test]
fn any_change_asks_again_and_shows_the_difference() {
    let tree = Brought::running();
    tree.trust();
    assert!(tree.runs_evil());
    let (check, script) =
        (tree.path("checks/mine/machine/tool.yaml"), tree.path("_probes/onramp-probe-canary"));
    let text = read(&check);
    let mut byte = text.clone();
    *byte.last_mut().expect("a byte") = b' ';
    fs::write(&check, byte).expect("our file");
    assert!(!tree.runs_evil(), "one byte of the pack");
    let said = tree.onramp(MACHINE).stdout();
    assert!(said.contains("changed since you trusted it on 20"), "{said}");
    let shown = tree.onramp(&["trust", "--show"]).stdout();
    assert!(shown.contains("checks/mine/machine/tool.yaml  changed"), "{shown}");
    assert!(shown.contains("- source: us") && shown.contains("+ source: us "), "{shown}");
    fs::write(&check, text).expect("our file");
    assert!(tree.runs_evil(), "the same again is trusted again");

    let text = read(&script);
    fs::write(&script, [&text[..], b"#"].concat()).expect("our file");
    assert!(!tree.runs_evil(), "one byte of the script");
    fs::write(&script, text).expect("our file");
    fs::set_permissions(&check, fs::Permissions::from_mode(0o755)).expect("our file");
    assert!(!tree.runs_evil(), "a mode");
    assert!(tree.onramp(&["trust", "--show"]).stdout().contains("made executable"));
    fs::set_permissions(&check, fs::Permissions::from_mode(0o600)).expect("our file");
    assert!(tree.runs_evil(), "who else may read it is no matter");
    tree.write("more", "");
    assert!(!tree.runs_evil(), "one file more");
    fs::remove_file(tree.path("more")).expect("our file");
    tree.onramp(&["trust", "--revoke"]);
    assert!(!tree.runs_evil(), "trusted no longer");
}

#[test]
fn trust_by_record_does_not_count_where_nobody_sits() {
    let tree = Brought::running();
    tree.trust();
    let piped = words(&tree.onramp(MACHINE));
    assert!(!tree.sprung() && piped.contains("there is no terminal"), "{piped}");
    let tree = tree.with_variable("CI", "true");
    assert!(!tree.runs_evil(), "in CI, a terminal or not");
    let hash = tree.hash();
    let wrong = format!("--trust-tree={}", hash.replace(|c: char| c.is_ascii_digit(), "0"));
    for flag in [&*wrong, "--trust-tree=abc", "--trust-tree="] {
        let output = tree.onramp(&["check", "machine", "--offline", flag]);
        assert_eq!(output.code, Some(2), "{flag}: {}", output.stdout());
        assert!(!tree.sprung(), "{flag}");
    }
    let right = format!("--trust-tree={hash}");
    tree.onramp(&["check", "machine", "--offline", &right]);
    assert!(tree.sprung(), "the flag with the hash counts in CI");
}

#[test]
fn a_fetched_request_is_never_trusted_by_habit() {
    let here = Brought::running();
    here.trust();
    let (world, tree) = (&here.world, &here.tree);
    let git = |words: &[&str]| world.git(tree, words);
    let head = git(&["rev-parse", "HEAD"]);
    let fetch_head = tree.join(".git/FETCH_HEAD");

    git(&["config", "branch.main.merge", "refs/pull/12/head"]);
    assert!(!here.runs_evil(), "a branch that follows a request");
    let told = here.typed(MACHINE, "").stdout();
    assert!(told.contains("refs/pull/12/head"), "{told}");
    let known = here.onramp(&["trust", "--yes"]);
    assert!(known.stderr().contains("which does not count now"), "{}", known.stderr());
    git(&["config", "--unset", "branch.main.merge"]);
    git(&["config", "branch.main.remote", "https://example.org/mallory/cloudstack"]);
    assert!(!here.runs_evil(), "a branch that follows a stranger's repository");
    git(&["config", "--unset", "branch.main.remote"]);
    assert!(here.runs_evil());

    git(&["update-ref", "refs/remotes/origin/pr/12", &head]);
    assert!(!here.runs_evil(), "a commit that is a request's");
    git(&["commit", "--quiet", "--allow-empty", "--message", "mine on top"]);
    assert!(!here.runs_evil(), "and one on top of it");
    git(&["update-ref", "refs/remotes/origin/main", &head]);
    assert!(here.runs_evil(), "not once the project has taken it");
    git(&["update-ref", "-d", "refs/remotes/origin/main"]);
    git(&["update-ref", "-d", "refs/remotes/origin/pr/12"]);

    let line = format!("{head}\t\t'refs/pull/12/head' of https://example.org/apache/cloudstack\n");
    fs::write(fetch_head, line).expect("our file");
    assert!(!here.runs_evil(), "what was fetched last");
    here.write("more", "");
    let refused = here.onramp(&["trust", "--yes"]);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr());
    assert!(refused.stderr().contains("pull request"), "{}", refused.stderr());
    here.onramp(FLAGGED);
    assert!(here.sprung(), "only the flag counts");
}

#[test]
fn a_tree_of_somebody_else_is_never_trusted_by_habit() {
    if !rustix::process::geteuid().is_root() {
        // Only root can give a file away; the recorded machine shows the same to everybody.
        return;
    }
    for part in ["", ".onramp", ".onramp/_probes/onramp-probe-canary"] {
        let here = Brought::running();
        here.trust();
        chown(here.tree.join(part), Some(65534), None).expect("root");
        assert!(!here.runs_evil(), "«{part}» of another user");
        assert_eq!(here.onramp(&["trust", "--revoke"]).code, Some(0));
        let refused = here.onramp(&["trust", "--yes"]);
        assert_eq!(refused.code, Some(2), "{}", refused.stderr());
        assert!(refused.stderr().contains("another user"), "{}", refused.stderr());
    }
}

#[test]
fn a_damaged_record_is_told_and_trusts_nothing() {
    let here = Brought::running();
    here.trust();
    let record = here.record();
    let whole = read(&record);
    let newer = String::from_utf8(whole.clone()).expect("text").replacen('{', "{\"later\": 1,", 1);
    fs::write(&record, newer.replace("\"version\": 1", "\"version\": 2")).expect("our file");
    assert!(here.runs_evil(), "what a newer onramp wrote can be read");
    let half = whole[..whole.len() / 2].to_vec();
    let elsewhere = String::from_utf8(whole).expect("text").replace("/tree\"", "/other\"");
    let climbing = elsewhere.replace("\"hash\": \"", "\"hash\": \"../");
    for damaged in [half, vec![], b"{}".to_vec(), elsewhere.into(), climbing.into()] {
        fs::write(&record, &damaged).expect("our file");
        assert!(!here.runs_evil(), "{}", String::from_utf8_lossy(&damaged));
        let said = here.onramp(MACHINE).stdout();
        assert!(said.contains("the record cannot be used"), "{said}");
        assert_eq!(read(&record), damaged, "looking repairs nothing");
    }
    let again = here.onramp(&["trust", "--yes"]);
    assert_eq!(again.code, Some(0), "{}", again.stderr());
    assert!(again.stderr().contains("the old record was damaged"), "{}", again.stderr());
    assert!(here.runs_evil());
}

#[test]
fn what_is_kept_is_private_and_goes_again() {
    let here = Brought::running();
    here.trust();
    let mut open = vec![here.state()];
    let mut files = 0;
    while let Some(path) = open.pop() {
        let about = fs::symlink_metadata(&path).expect("ours");
        assert_eq!(about.permissions().mode() & 0o077, 0, "{}", path.display());
        if about.is_dir() {
            open.extend(
                fs::read_dir(&path).expect("ours").map(|entry| entry.expect("ours").path()),
            );
        } else {
            files += 1;
        }
    }
    assert!(files > 3, "a record and a copy");
    let list = here.onramp(&["trust", "--list"]).stdout();
    assert!(list.contains(here.tree.to_str().expect("UTF-8")), "{list}");
    assert_eq!(here.onramp(&["trust", "--revoke"]).code, Some(0));
    assert!(here.onramp(&["trust", "--list"]).stdout().contains("no work tree is trusted"));
    let copies = fs::read_dir(here.state().join("copies")).expect("ours");
    assert_eq!(copies.count(), 0, "no copy without a record");
}

#[test]
fn a_folder_of_the_tree_on_path_gives_no_program() {
    let tree = Brought::new();
    let programs = tree.tree.join("bin");
    for name in ["git", "gpg", "id", "java"] {
        write_script(
            &programs.join(name),
            &format!("#!/bin/sh\n: > '{}'\n", tree.canary().display()),
        );
    }
    let path = std::env::join_paths([programs, tree.world.programs()]).expect("a PATH");
    let tree = tree.with_variable("PATH", path.to_str().expect("text"));
    for arguments in [&["check", "--offline"][..], &["check", "machine", "--deep", "--offline"]] {
        let output = tree.onramp(arguments);
        assert!(!tree.sprung(), "{arguments:?} ran the tree's program");
        let text = words(&output);
        assert!(text.contains("it belongs to the work tree, and nothing of that is run"), "{text}");
    }
    for arguments in [&[][..], &["fix", "--yes"], &["pr"]] {
        tree.onramp(arguments);
        assert!(!tree.sprung(), "{arguments:?} ran the tree's program");
    }
}

#[test]
fn a_trusted_check_names_a_program_and_no_path_to_one() {
    let tree = Brought::new();
    let program = tree.tree.join("later");
    tree.check(
        "mine/machine/path",
        "warn",
        &format!("tool: '../..{}'", program.display()),
        "found.present",
    );
    tree.trust();
    // Whatever was trusted, this came afterwards.
    write_script(&program, &format!("#!/bin/sh\n: > '{}'\n", tree.canary().display()));
    let output = tree.onramp(FLAGGED);
    assert!(!tree.sprung(), "{}", output.stdout());
    assert!(output.stdout().contains("! seen"), "{}", output.stdout());
}
