//! `onramp clone` where all goes well, and where something is in the way.

use std::ffi::OsString;

use onramp::cli::clone::{CloneArgs, clone};
use onramp::exit::Exit;

use crate::support::cloning::{World, args, plan, session};
use crate::support::git_server::Fault;
use crate::support::repository::HEADER;

#[test]
fn a_partial_clone_on_a_topic_branch() {
    let world = World::new();
    assert_eq!(world.clone(&args()).unwrap(), Exit::Success);
    assert_eq!(world.git(&["symbolic-ref", "HEAD"]), "refs/heads/my-change");
    assert_eq!(world.git(&["remote"]), "upstream");
    assert_eq!(world.git(&["rev-parse", "HEAD"]), world.git(&["rev-parse", "upstream/main"]));
    assert_eq!(world.git(&["config", "remote.upstream.partialclonefilter"]), "blob:none");
    assert!(!world.git(&["for-each-ref", "refs/remotes/upstream/4.20"]).is_empty());
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    // No tracking: a plain `git push` must not aim at the project.
    assert!(!world.git(&["config", "--list", "--local"]).contains("branch.my-change.remote"));
    world.git(&["fsck"]);
    assert_eq!(world.left(), ["cloudstack"]);
}

#[test]
fn a_fork_becomes_origin_and_the_place_to_push_to() {
    let world = World::new();
    let fork = world.server.url("ada/cloudstack");
    let wanted = CloneArgs { fork: Some(fork.clone()), base: Some("4.20".into()), ..args() };
    world.clone(&wanted).unwrap();
    assert_eq!(world.git(&["remote"]), "origin\nupstream");
    assert_eq!(world.git(&["remote", "get-url", "origin"]), fork);
    assert_eq!(world.git(&["config", "remote.pushDefault"]), "origin");
    assert_eq!(world.git(&["rev-parse", "HEAD"]), world.git(&["rev-parse", "upstream/4.20"]));
}

#[test]
fn full_and_shallow() {
    let world = World::new();
    world.clone(&CloneArgs { full: true, folder: Some("full".into()), ..args() }).unwrap();
    let full = world.bench.folder.join("full");
    assert!(
        world
            .ground
            .git(&full, &["config", "--list"])
            .lines()
            .all(|line| !line.contains("promisor"))
    );
    world.clone(&CloneArgs { shallow: true, folder: Some("shallow".into()), ..args() }).unwrap();
    let shallow = world.bench.folder.join("shallow");
    assert_eq!(world.ground.git(&shallow, &["rev-list", "--count", "HEAD"]), "1");
}

#[test]
fn an_unknown_branch_and_an_unknown_repository() {
    let world = World::new();
    let trouble = world.clone(&CloneArgs { base: Some("4.99".into()), ..args() }).unwrap_err();
    assert!(trouble.what.ends_with("has no branch 4.99"), "{}", trouble.what);
    assert_eq!(trouble.remedy.unwrap(), "choose with --base: 4.20, 4.22, main");
    let nowhere = plan(&world.server.url("nothing"));
    let trouble = clone(&session(&world.bench), &args(), nowhere).unwrap_err();
    assert!(trouble.what.starts_with("there is no repository"), "{}", trouble.what);
    assert_eq!(world.left(), Vec::<OsString>::new());
}

#[test]
fn what_is_in_the_way_stays_untouched() {
    let world = World::new();
    let target = world.target();
    let refused = |says: &str| {
        let trouble = world.clone(&args()).unwrap_err();
        assert!(trouble.what.contains(says), "{}", trouble.what);
        assert_eq!(trouble.exit, Exit::Usage);
        assert_eq!(world.left(), ["cloudstack"]);
    };
    std::fs::write(&target, "mine").unwrap();
    refused("is not a folder");
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine");
    std::fs::remove_file(&target).unwrap();
    std::os::unix::fs::symlink("/nowhere/at/all", &target).unwrap();
    refused("is not a folder");
    std::fs::remove_file(&target).unwrap();
    std::fs::create_dir(&target).unwrap();
    refused("it is empty");
    std::fs::write(target.join("notes"), "mine").unwrap();
    refused("holds other files");
    std::fs::remove_dir_all(&target).unwrap();
    world.ground.git(&world.bench.folder, &["init", "-q", "cloudstack"]);
    world.git(&["remote", "add", "origin", "https://cloud.test/other"]);
    refused("is a clone of https://cloud.test/other");
    world.git(&["remote", "add", "upstream", &world.server.url("cloudstack")]);
    refused("is a clone of Apache CloudStack already");
}

#[test]
fn a_hidden_folder_of_somebody_else_stays_untouched() {
    let world = World::new();
    let hidden = world.bench.folder.join(".cloudstack.onramp-clone");
    std::fs::create_dir(&hidden).unwrap();
    std::fs::write(hidden.join("thesis.txt"), "mine").unwrap();
    let trouble = world.clone(&args()).unwrap_err();
    assert!(trouble.what.contains("onramp did not make it"), "{}", trouble.what);
    assert_eq!(std::fs::read_to_string(hidden.join("thesis.txt")).unwrap(), "mine");
}

#[test]
fn a_rehearsal_touches_nothing() {
    let mut world = World::new();
    world.server.fail(Fault::Refuse("500 Touched"));
    assert_eq!(world.clone(&CloneArgs { dry_run: true, ..args() }).unwrap(), Exit::Success);
    assert_eq!(world.left(), Vec::<OsString>::new());
    world.bench.variables.clear();
}

#[test]
fn adopting_adds_a_remote_and_a_branch_and_nothing_else() {
    let mut world = World::new();
    let url = world.server.url("cloudstack");
    world.ground.git(&world.bench.folder, &["clone", "-q", &url, "cloudstack"]);
    let target = world.target();
    // What a hostile tree would love to have run.
    let canary = world.ground.path("canary");
    let run = format!("touch {}", canary.display());
    for key in ["core.fsmonitor", "core.sshCommand", "gpg.program", "filter.x.smudge"] {
        world.git(&["config", key, &run]);
    }
    let hook = target.join(".git/hooks/reference-transaction");
    std::fs::write(&hook, format!("#!/bin/sh\n{run}\n")).unwrap();
    let runnable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&hook, runnable).unwrap();
    let head = std::fs::read_to_string(target.join(".git/HEAD")).unwrap();
    world.bench.folder = target.join("src");
    let wanted = CloneArgs { adopt: true, ..args() };
    clone(&session(&world.bench), &wanted, plan(&url)).unwrap();
    assert!(!canary.exists());
    assert_eq!(std::fs::read_to_string(target.join(".git/HEAD")).unwrap(), head);
    let tree = git2::Repository::open(&target).unwrap();
    assert_eq!(tree.find_remote("upstream").unwrap().url(), Ok(url.as_str()));
    let tip = tree.find_branch("my-change", git2::BranchType::Local).unwrap();
    assert_eq!(tip.get().target(), tree.head().unwrap().target());
    // Again: nothing to add.
    clone(&session(&world.bench), &wanted, plan(&url)).unwrap();
}

#[test]
fn adopting_something_else_is_refused() {
    let mut world = World::new();
    let other = world.ground.repository("other");
    world.ground.commit(&other, "a", HEADER, "a");
    world.bench.folder = other.clone();
    let wanted = CloneArgs { adopt: true, ..args() };
    let refuse = |says: &str| {
        let trouble = clone(&session(&world.bench), &wanted, plan("https://cloud.test/apache/cs"))
            .unwrap_err();
        assert!(trouble.what.contains(says), "{}", trouble.what);
    };
    refuse("has no remote");
    world.ground.git(&other, &["remote", "add", "origin", "https://name:secret@else.test/a/b"]);
    refuse("a clone of something else: https://else.test/a/b");
    world.ground.git(&other, &["remote", "add", "upstream", "https://else.test/a/b"]);
    refuse("upstream leads to https://else.test/a/b already");
}
