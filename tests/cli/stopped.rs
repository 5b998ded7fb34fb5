//! Signals and time limits while tools are asked about themselves: no verdict from a question
//! that was cut short, and no process left.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::support::world::{LIMIT, TestWorld};

/// A git that never answers, and says who it is and whom it started.
const SILENT: &str = "#!/bin/sh
sleep 600 &
echo \"$$ $!\" > \"$HOME/started.new\"
mv \"$HOME/started.new\" \"$HOME/started\"
wait
";

fn world() -> TestWorld {
    let world = TestWorld::new().with_program("sleep").with_program("mv");
    fs::remove_file(world.programs().join("git")).unwrap();
    world.with_script("git", SILENT)
}

fn ask(world: &TestWorld) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onramp"));
    command.args(["--offline", "check", "machine/git"]).current_dir(world.work()).env_clear();
    command.env("HOME", world.home()).env("PATH", world.programs());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Polls: nothing tells when a file appears or a stranger's child goes.
#[track_caller]
pub(super) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + LIMIT;
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

pub(super) fn started(file: &Path) -> Vec<Pid> {
    until("the tool never started", || file.exists());
    let text = fs::read_to_string(file).unwrap();
    text.split_whitespace().map(|pid| Pid::from_raw(pid.parse().unwrap()).unwrap()).collect()
}

pub(super) fn gone(pids: &[Pid]) -> bool {
    pids.iter().all(|pid| test_kill_process(*pid) == Err(Errno::SRCH))
}

#[test]
fn a_signal_ends_a_check_without_a_verdict_and_the_tools_it_asks() {
    for signal in [Signal::INT, Signal::TERM] {
        let world = world();
        let child = ask(&world);
        let pids = started(&world.home().join("started"));
        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.signal(), Some(signal.as_raw()), "{:?}", output.status);
        assert_eq!(String::from_utf8_lossy(&output.stdout), "");
        until("a tool outlived the signal", || gone(&pids));
    }
}

#[test]
fn without_room_for_threads_nothing_is_told_and_nothing_breaks() {
    // The limit counts all processes of an account and does not bind root: only root can choose
    // an account where it bites.
    let tools = ["setpriv", "prlimit"].map(which::which);
    let ([Ok(setpriv), Ok(prlimit)], true) = (tools, rustix::process::getuid().is_root()) else {
        return;
    };
    let world = TestWorld::new();
    let copy = std::env::temp_dir().join(format!("onramp-limited-{}", std::process::id()));
    fs::copy(env!("CARGO_BIN_EXE_onramp"), &copy).unwrap();
    let mut command = Command::new(setpriv);
    command.args(["--reuid=64321", "--regid=64321", "--clear-groups"]);
    command.arg(prlimit).arg("--nproc=1:1").arg(&copy).args(["--offline", "check", "machine/git"]);
    command.current_dir("/").env_clear().env("HOME", world.home());
    let output = command.output().unwrap();
    fs::remove_file(copy).unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("no thread could be started"), "{told}");
}

#[test]
fn a_tool_whose_time_was_up_does_not_outlive_the_check() {
    let world = world();
    let output = ask(&world).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let pids = started(&world.home().join("started"));
    until("a tool outlived the check", || gone(&pids));
}
