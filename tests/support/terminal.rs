//! Runs a program at a terminal of its own, as a person would: for questions that are asked of
//! nobody else. Decides nothing about what the program did.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::process::Output;

/// Runs a command to its end while `typed` waits on its terminal; panics where it takes longer
/// than `limit`.
#[track_caller]
pub(crate) fn finish(mut command: Command, typed: &str, limit: Duration) -> Output {
    let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&screen).expect("our terminal");
    unlockpt(&screen).expect("our terminal");
    let name = ptsname(&screen, Vec::new()).expect("its name");
    let path = Path::new(std::ffi::OsStr::from_bytes(name.as_bytes()));
    let keyboard = OpenOptions::new().read(true).write(true).open(path).expect("our terminal");
    let mut screen = File::from(screen);
    screen.write_all(typed.as_bytes()).expect("room for a line");
    let copy = || keyboard.try_clone().expect("our terminal");
    command.stdin(copy()).stdout(copy()).stderr(copy()).process_group(0);
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let group = Pid::from_child(&child);
    // The streams end when nobody else holds them.
    drop((command, keyboard));
    let (sender, said) = channel();
    thread::spawn(move || sender.send(all_of(screen)));
    let (sender, ended) = channel();
    thread::spawn(move || sender.send(child.wait().expect("our child")));
    let status = ended.recv_timeout(limit);
    if status.is_err() {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let out = said.recv_timeout(limit).expect("something left behind still holds the terminal");
    let status = status.unwrap_or_else(|_| panic!("no end: {}", String::from_utf8_lossy(&out)));
    Output { code: status.code(), out, err: Vec::new() }
}

/// All that is said at a terminal until nobody holds its other end.
fn all_of(mut screen: File) -> Vec<u8> {
    let mut all = Vec::new();
    loop {
        let before = all.len();
        // A terminal whose other end was closed breaks off. A read that found nothing yet may learn
        // of the closing before what was said last, so only one that brings nothing is the end.
        let _ = screen.read_to_end(&mut all);
        if all.len() == before {
            return all;
        }
    }
}
