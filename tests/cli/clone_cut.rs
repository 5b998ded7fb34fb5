//! `onramp clone` where it is cut off: by the network, the disk, a signal, a kill.

use std::ffi::OsString;
use std::time::Duration;

use onramp::cli::clone::{CloneArgs, ClonePlan, clone};
use onramp::exit::Exit;

use crate::support::cloning::{Bench, FOLDER, URL, World, args, plan, session};
use crate::support::git_server::Fault;

/// Not a test by itself: the other side of [`World::child`].
#[test]
#[expect(clippy::disallowed_methods, reason = "the exit code is what the parent looks at")]
fn the_verb_in_a_process_of_its_own() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let variable = |name: &str| std::env::var(name).expect("set by the parent");
    let bench = Bench {
        folder: folder.into(),
        home: variable("HOME").into(),
        variables: Vec::new(),
        free: 1 << 40,
    };
    let result = clone(&session(&bench), &args(), plan(&variable(URL)));
    std::process::exit(result.map_or(99, |exit| i32::from(exit.code())));
}

#[test]
fn a_cut_transfer_leaves_nothing_and_says_so() {
    let world = World::new();
    world.server.fail(Fault::Cut(300));
    let trouble = world.clone(&args()).unwrap_err();
    assert!(trouble.what.starts_with("the connection was cut"), "{}", trouble.what);
    assert!(trouble.what.contains("\n  git: "), "{}", trouble.what);
    assert_eq!(trouble.exit, Exit::Findings);
    assert_eq!(world.left(), Vec::<OsString>::new());
    world.server.fail(Fault::None);
    world.clone(&args()).unwrap();
}

#[test]
fn a_silent_server_is_given_up() {
    let world = World::new();
    world.server.fail(Fault::Hold(300));
    let plan = ClonePlan {
        stall: Duration::from_secs(1),
        patience: Duration::from_millis(100),
        ..world.plan()
    };
    let trouble = clone(&session(&world.bench), &args(), plan).unwrap_err();
    assert!(trouble.what.starts_with("the server fell silent"), "{}", trouble.what);
    assert_eq!(world.left(), Vec::<OsString>::new());
}

#[test]
fn a_proxy_that_wants_a_login_is_named() {
    let mut world = World::new();
    world.server.fail(Fault::Refuse("407 Proxy Authentication Required"));
    world.bench.variables.push(("http_proxy", world.server.url("")));
    let plan = plan("http://cloud.test/cloudstack");
    let trouble = clone(&session(&world.bench), &args(), plan).unwrap_err();
    assert!(
        trouble.what.starts_with("the proxy asks for a login (set by http_proxy)"),
        "{}",
        trouble.what
    );
}

#[test]
fn too_little_room_is_told_before_the_start() {
    let mut world = World::new();
    world.bench.free = 1 << 18;
    let trouble = world.clone(&args()).unwrap_err();
    assert!(
        trouble.what.contains("has 256 KiB free, and a partial clone needs about 1 MiB"),
        "{}",
        trouble.what
    );
    assert_eq!(world.left(), Vec::<OsString>::new());
}

#[test]
fn killed_in_the_middle_and_run_again_it_completes() {
    let world = World::new();
    world.server.fail(Fault::Hold(300));
    let mut child = world.child();
    let held = world.server.held();
    child.kill().unwrap();
    child.wait().unwrap();
    drop(held);
    assert_eq!(world.left(), [".cloudstack.onramp-clone"]);
    world.server.fail(Fault::None);
    world.clone(&args()).unwrap();
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    assert_eq!(world.left(), ["cloudstack"]);
}

#[test]
fn two_at_once_and_the_second_is_told() {
    let world = World::new();
    world.server.fail(Fault::Hold(300));
    let mut child = world.child();
    let held = world.server.held();
    let trouble = world.clone(&args()).unwrap_err();
    assert!(trouble.what.contains("busy"), "{}", trouble.what);
    child.kill().unwrap();
    child.wait().unwrap();
    drop(held);
}

#[test]
fn a_signal_ends_it_with_its_code_and_it_can_go_on() {
    let world = World::new();
    world.server.fail(Fault::Hold(300));
    let mut child = world.child();
    let held = world.server.held();
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    drop(held);
    assert_eq!(world.left(), [".cloudstack.onramp-clone"]);
    world.server.fail(Fault::None);
    world.clone(&args()).unwrap();
    assert_eq!(world.left(), ["cloudstack"]);
}

#[test]
fn a_finished_transfer_is_kept() {
    let world = World::new();
    // As a run leaves it that is killed while git writes files.
    world.clone(&CloneArgs { branch: "x".into(), ..args() }).unwrap();
    let hidden = world.bench.folder.join(".cloudstack.onramp-clone");
    std::fs::create_dir(&hidden).unwrap();
    std::fs::rename(world.target(), hidden.join("transfer-1")).unwrap();
    std::fs::write(hidden.join("transfer-1/.git/index.lock"), "").unwrap();
    let note = format!(
        "{{\"onramp_clone\":1,\"repository\":\"{}\",\"depth\":\"partial\",\"base\":\"main\",\
         \"attempt\":1,\"finished\":1,\"branches\":[\"main\"],\"ready\":null}}",
        world.server.url("cloudstack")
    );
    std::fs::write(hidden.join("note.json"), note).unwrap();
    world.server.fail(Fault::Refuse("500 Asked Again"));
    world.clone(&args()).unwrap();
    assert_eq!(world.git(&["symbolic-ref", "--short", "HEAD"]), "my-change");
    assert_eq!(world.left(), ["cloudstack"]);
}
