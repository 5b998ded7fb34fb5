//! Builds that end by a signal, to onramp or to Maven, at moments that vary: no process is left, the
//! next build works, and a build that still runs says who it is.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::world::{LIMIT, TestWorld};

use super::stopped::until;

/// A Maven in several processes, of which one heeds no polite word; every one holds the pipe.
const MVN: &str = "#!/bin/sh
test -e \"$HOME/pipe\" || exit 0
exec 9>\"$HOME/pipe\"
(trap '' TERM; echo deaf >&9; exec sleep 600) &
(echo forked >&9; exec sleep 600) &
echo \"maven $$\" >&9
i=0
while [ $i -lt 100000 ]; do echo \"[INFO] line $i\"; i=$((i+1)); done
wait
";

fn world() -> TestWorld {
    let world = TestWorld::new().with_program("sleep").with_script("mvn", MVN).with_jdk();
    world.cloudstack();
    world
}

/// A build under way, the pipe that its processes hold, and Maven's own process.
fn started(world: &TestWorld) -> (Child, BufReader<File>, Pid) {
    let pipe = world.home().join("pipe");
    let _ = fs::remove_file(&pipe);
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let onramp = std::path::Path::new(env!("CARGO_BIN_EXE_onramp"));
    let arguments = ["--offline", "build", "--anyway", "--profile", "guide"];
    let mut command = world.command(&world.tree(), onramp, &arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.spawn().unwrap();
    let mut held = BufReader::new(File::open(&pipe).unwrap());
    let mut maven = None;
    for _ in 0..3 {
        let mut line = String::new();
        held.read_line(&mut line).unwrap();
        maven = maven.or(line.trim().strip_prefix("maven ").map(|pid| pid.parse().unwrap()));
    }
    (child, held, Pid::from_raw(maven.expect("Maven's own word")).unwrap())
}

/// Waits for the pipe's end: nobody who held it is left.
#[track_caller]
fn nobody_left(held: BufReader<File>) {
    let (sender, ended) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let mut rest = String::new();
        let mut held = held;
        sender.send(held.read_to_string(&mut rest))
    });
    ended.recv_timeout(LIMIT).expect("a process was left behind").unwrap();
}

/// Lets a moment pass that is another for every number.
fn moment(number: u64) {
    thread::park_timeout(Duration::from_millis(number * 17 % 90));
}

#[track_caller]
fn next_build_works(world: &TestWorld) {
    fs::remove_file(world.home().join("pipe")).unwrap();
    let output = world.onramp(&world.tree(), &["--offline", "build", "--anyway"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
}

#[test]
fn no_signal_leaves_a_process_or_a_lock() {
    let world = world();
    for (number, signal) in
        [Signal::INT, Signal::TERM, Signal::KILL].into_iter().cycle().take(6).enumerate()
    {
        let (mut child, held, _) = started(&world);
        moment(number as u64);
        kill_process(Pid::from_child(&child), signal).unwrap();
        nobody_left(held);
        child.wait().unwrap();
        next_build_works(&world);
    }
}

#[test]
fn what_a_killed_maven_forked_goes_with_it() {
    let world = world();
    let (mut child, held, maven) = started(&world);
    kill_process(maven, Signal::KILL).unwrap();
    nobody_left(held);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    next_build_works(&world);
}

#[test]
fn a_second_signal_ends_what_does_not_heed_the_first() {
    let world = world();
    let (mut child, held, _) = started(&world);
    let pid = Pid::from_child(&child);
    let begun = std::time::Instant::now();
    kill_process(pid, Signal::INT).unwrap();
    moment(3);
    // Where the first was enough it is gone by now.
    let _ = kill_process(pid, Signal::INT);
    nobody_left(held);
    child.wait().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
}

#[test]
fn who_builds_is_told() {
    let world = world();
    let (mut child, held, _) = started(&world);
    let second = world.onramp(&world.tree(), &["--offline", "build", "--anyway"]);
    assert_eq!(second.code, Some(1));
    let said = second.stderr();
    let wanted = format!("`onramp build --profile guide --anyway`, process {}", child.id());
    assert!(said.contains(&wanted) && said.contains("(just now)"), "{wanted}\n{said}");
    let pid = Pid::from_child(&child);
    kill_process(pid, Signal::TERM).unwrap();
    until("it did not end", || child.try_wait().unwrap().is_some());
    nobody_left(held);
}
