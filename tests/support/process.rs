//! Runs a program for a test: a hang becomes a failure that shows what was said, and no process
//! outlives it. Decides nothing about what the program did.

use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

/// How a program ended and what it said.
#[derive(Debug)]
pub(crate) struct Output {
    /// Exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output, as it came.
    pub(crate) out: Vec<u8>,
    /// Standard error, as it came.
    pub(crate) err: Vec<u8>,
}

impl Output {
    /// Standard output as text.
    pub(crate) fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    /// Standard error as text.
    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.err).into_owned()
    }
}

/// Runs a command to its end with the given standard input; panics where it takes longer than
/// `limit` and ends its whole process group.
#[track_caller]
pub(crate) fn finish(mut command: Command, input: &[u8], limit: Duration) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let group = Pid::from_child(&child);
    // A program that reads nothing may have closed its end already.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    let out = collect(child.stdout.take().expect("a pipe"));
    let err = collect(child.stderr.take().expect("a pipe"));
    let ended = wait(child).recv_timeout(limit);
    if ended.is_err() {
        // What it started goes with it; the streams then end, too.
        let _ = kill_process_group(group, Signal::KILL);
    }
    let code = ended.as_ref().ok().and_then(ExitStatus::code);
    let output = Output { code, out: all(&out, limit), err: all(&err, limit) };
    assert!(
        ended.is_ok(),
        "{command:?} did not end within {limit:?}; it said:\n{}{}",
        output.stdout(),
        output.stderr()
    );
    output
}

fn wait(mut child: Child) -> Receiver<ExitStatus> {
    let (sender, receiver) = channel();
    thread::spawn(move || sender.send(child.wait().expect("our child")));
    receiver
}

fn collect(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut all = Vec::new();
        // A stream that breaks has still said what it said.
        let _ = pipe.read_to_end(&mut all);
        sender.send(all)
    });
    receiver
}

#[track_caller]
fn all(stream: &Receiver<Vec<u8>>, limit: Duration) -> Vec<u8> {
    stream.recv_timeout(limit).expect("something left behind still holds the output")
}

/// Text without its breaks at the edge of a screen.
pub(crate) fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
