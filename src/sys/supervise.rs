//! Watches one child from start to end: output, deadline, signals, and its whole process group.
//! Leaves no process behind; never interprets what the child prints.

use std::ffi::OsString;
use std::io::{self, Write};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{ChildStdin, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use super::command::{Command, Ended, Environment, Group, RunError, Stream};
use super::follow::Follower;
use super::guard::Guard;
use super::inbox::{Event, Inbox, inbox};
use super::interrupt::{self, Purpose};
use super::scratch::Scratch;

/// How long a group may take to end after SIGTERM before SIGKILL.
const GRACE: Duration = Duration::from_secs(5);
/// How long output may linger after the child itself is gone, when a grandchild holds the pipe.
const LINGER: Duration = Duration::from_millis(500);

/// Variables that would point git at another repository than the one meant.
const GIT_REPOSITORY_VARIABLES: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
];

/// Runs `command` to its end, handing over output, and silence, as they come. Where there is something to
/// do about it when `stopping`, a first signal does that and waits for the end.
pub(super) fn supervise(
    command: &Command,
    follower: &mut dyn Follower,
    stopping: Option<&dyn Fn()>,
) -> Result<Ended, RunError> {
    let started = |error| RunError::Start(command.program.clone(), error);
    let (sending, mut inbox) = inbox().map_err(started)?;
    // Asked in a clean environment, a tool tells about itself; anything else is work.
    let purpose = match command.environment {
        Environment::Clean => Purpose::Question,
        Environment::Inherited => Purpose::Work,
    };
    let listener = interrupt::listen(sending.clone(), purpose).map_err(started)?;
    let scratch = Scratch::make(command).map_err(started)?;
    let guarded = command.guarded && command.group == Group::Own;
    let mut guard = guarded.then(Guard::start).flatten();
    let mut child = prepare(command, scratch.as_ref()).spawn().map_err(started)?;
    let watched = Watched { pid: Pid::from_child(&child), group: command.group };
    if let Some(guard) = &mut guard {
        guard.watch(watched.pid);
    }
    feed(child.stdin.take(), command);
    inbox.watch(child, sending);
    let watch = Watch { watched, command, inbox, printed: 0, withheld: None, exit: None };
    let ended = watch.run(follower, stopping);
    drop(guard);
    // First, for the listener may be what a signal waits for to end onramp.
    drop(scratch);
    drop(listener);
    ended
}

/// The name of the terminal that standard input is, where it is one.
pub(super) fn terminal() -> Option<PathBuf> {
    let name = rustix::termios::ttyname(io::stdin(), Vec::new()).ok()?;
    Some(PathBuf::from(OsString::from_vec(name.into_bytes())))
}

/// How a terminal takes keys. What draws on it and is cut short may leave it deaf.
pub(super) struct Keyboard(Option<Termios>);

impl Keyboard {
    /// As it is now; nothing where standard input is no terminal.
    pub(super) fn now() -> Self {
        Self(tcgetattr(io::stdin()).ok())
    }

    /// Lets it take keys as it did.
    pub(super) fn put_back(self) {
        if let Some(keyboard) = self.0 {
            // A terminal that is gone needs nothing put back.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &keyboard);
        }
    }
}

fn prepare(command: &Command, scratch: Option<&Scratch>) -> std::process::Command {
    let mut process = surroundings(command, scratch);
    if command.attended {
        // Standard output is for data, and what this program says is none.
        process.stdin(Stdio::inherit()).stdout(io::stderr()).stderr(Stdio::inherit());
    } else {
        let fed = command.input.is_some();
        process.stdin(if fed { Stdio::piped() } else { Stdio::null() });
        process.stdout(Stdio::piped()).stderr(Stdio::piped());
    }
    if command.group == Group::Own {
        process.process_group(0);
    }
    process
}

/// The program with its arguments, folder and variables; its streams and group are left open.
pub(super) fn surroundings(command: &Command, scratch: Option<&Scratch>) -> std::process::Command {
    let scratch = scratch.map(Scratch::folder);
    let folder = scratch.or(command.folder.as_deref()).unwrap_or_else(|| "/".as_ref());
    let mut process = std::process::Command::new(&command.program);
    process.args(&command.arguments).current_dir(folder);
    match command.environment {
        Environment::Clean => {
            process.env_clear();
            for name in ["PATH", "HOME", "TMPDIR"] {
                process.envs(std::env::var_os(name).map(|value| (name, value)));
            }
            process.env("LC_ALL", "C");
        }
        Environment::Inherited => {
            for name in GIT_REPOSITORY_VARIABLES {
                process.env_remove(name);
            }
        }
    }
    for (name, value) in &command.variables {
        match value {
            Some(value) => process.env(name, value),
            None => process.env_remove(name),
        };
    }
    process
}

/// Hands over what there is to read, in a thread of its own: a child may never read it.
fn feed(pipe: Option<ChildStdin>, command: &Command) {
    let (Some(mut pipe), Some(input)) = (pipe, command.input.clone()) else { return };
    std::thread::spawn(move || {
        // A child that reads nothing has said so by closing its end.
        let _ = pipe.write_all(&input);
    });
}

struct Watched {
    pid: Pid,
    group: Group,
}

impl Watched {
    /// Sends a signal to the group, or to the one process that shares ours.
    fn signal(&self, signal: Signal) {
        // Fails only when everyone is gone already, which is what was wanted.
        let _ = match self.group {
            Group::Own => kill_process_group(self.pid, signal),
            Group::Shared => kill_process(self.pid, signal),
        };
    }
}

struct Watch<'a> {
    watched: Watched,
    command: &'a Command,
    inbox: Inbox,
    /// Bytes that came on standard output.
    printed: usize,
    /// A signal that came and waits for the end.
    withheld: Option<i32>,
    exit: Option<io::Result<ExitStatus>>,
}

enum Stop {
    Signal(i32),
    Deadline,
    TooMuch,
}

impl Watch<'_> {
    fn run(
        mut self,
        follower: &mut dyn Follower,
        stopping: Option<&dyn Fn()>,
    ) -> Result<Ended, RunError> {
        let deadline = self.command.deadline.map(|limit| Instant::now() + limit);
        let mut stop: Option<Stop> = None;
        let mut until = deadline;
        loop {
            if self.exit.is_some() && self.inbox.open() == 0 {
                break;
            }
            let patient = self.exit.is_some() && stop.is_none();
            match self.next(until, patient, follower) {
                Some(Event::Output(stream, length)) => {
                    if self.too_much(stream, length) && stop.is_none() {
                        stop = Some(Stop::TooMuch);
                        self.watched.signal(Signal::KILL);
                        until = Some(Instant::now() + GRACE);
                    }
                }
                Some(Event::Closed) => {}
                Some(Event::Exited(status)) => {
                    self.exit = Some(status);
                    until = Some(Instant::now() + LINGER);
                }
                Some(Event::Signal(signal)) => {
                    if let Some(stopping) = stopping.filter(|_| self.withheld.is_none()) {
                        self.withheld = Some(signal);
                        stopping();
                        continue;
                    }
                    let again = stop.is_some();
                    self.watched.signal(if again { Signal::KILL } else { Signal::TERM });
                    stop.get_or_insert(Stop::Signal(signal));
                    until = Some(Instant::now() + GRACE);
                }
                None if self.exit.is_some() => break,
                None if stop.is_some() => {
                    self.watched.signal(Signal::KILL);
                    until = None;
                }
                None => {
                    stop = Some(Stop::Deadline);
                    self.watched.signal(Signal::TERM);
                    until = Some(Instant::now() + GRACE);
                }
            }
        }
        let forceful = stop.is_some() || self.command.environment == Environment::Clean;
        if self.watched.group == Group::Own && (forceful || self.command.guarded) {
            // The leader is gone; whatever it forked and left behind goes too: at once where the
            // leader was told to go, or was killed, politely where it ended by itself.
            let by_itself = matches!(&self.exit, Some(Ok(status)) if status.code() == Some(0));
            self.watched.signal(if forceful || !by_itself { Signal::KILL } else { Signal::TERM });
        }
        self.conclude(stop)
    }

    /// Whether standard output has grown past what is wanted of it.
    fn too_much(&mut self, stream: Stream, more: usize) -> bool {
        if stream == Stream::Out {
            self.printed = self.printed.saturating_add(more);
        }
        self.command.whole && self.printed > self.command.output_limit
    }

    /// The next event, or none when time is up: for one that never stops talking as well, unless
    /// patience is asked for with what a child that has ended by itself left in its pipes. A follower
    /// is told of silence only while nothing is being waited for but output and the end.
    fn next(
        &mut self,
        until: Option<Instant>,
        patient: bool,
        follower: &mut dyn Follower,
    ) -> Option<Event> {
        let late = || until.is_some_and(|until| Instant::now() >= until);
        if !patient && late() {
            return None;
        }
        loop {
            let patience = follower.patience().filter(|_| until.is_none());
            let first = patience.map(|patience| Instant::now() + patience).or(until);
            let event = self.inbox.next(first, &mut |stream, bytes| follower.output(stream, bytes));
            if event.is_some() || patience.is_none() {
                return event;
            }
            follower.silent(self.watched.pid.as_raw_nonzero().get());
        }
    }

    fn conclude(self, stop: Option<Stop>) -> Result<Ended, RunError> {
        let program = &self.command.program;
        match stop {
            Some(Stop::Signal(signal)) => return Ok(Ended::Interrupted(signal)),
            Some(Stop::Deadline) => {
                let limit = self.command.deadline.unwrap_or_default();
                return Err(RunError::TimedOut(program.clone(), limit));
            }
            Some(Stop::TooMuch) => {
                return Err(RunError::TooMuch(program.clone(), self.command.output_limit));
            }
            None if self.command.whole && self.inbox.open() > 0 => {
                return Err(RunError::LeftBehind(program.clone()));
            }
            None => {}
        }
        if let Some(signal) = self.withheld {
            return Ok(Ended::Interrupted(signal));
        }
        match self.exit {
            Some(Ok(status)) => Ok(Ended::Exited(status.code())),
            Some(Err(error)) => Err(RunError::Start(program.clone(), error)),
            None => Ok(Ended::Exited(None)),
        }
    }
}
