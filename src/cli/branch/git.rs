//! Runs git for the steps of `branch`, and turns what it says into one sentence. Decides nothing
//! about branches.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::git::remote::Messages;
use crate::git::trouble::explain;
use crate::sys::{Command, Ended, RunError, Stream};
use crate::text::clean_line;

/// Most bytes kept of what git prints.
const LIMIT: usize = 64 << 20;

/// How git ended, and what it said.
pub(super) struct Ran {
    /// Exit code; none where something killed it.
    pub(super) code: Option<i32>,
    /// Standard output.
    pub(super) out: Vec<u8>,
    /// The last lines of standard error.
    pub(super) lines: Vec<String>,
}

impl Ran {
    /// Whether it exited with 0.
    pub(super) fn ok(&self) -> bool {
        self.code == Some(0)
    }

    /// Standard output without the line break at its end.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).trim_end().to_owned()
    }

    /// The paths in an answer that ends each with a NUL. With foreign bytes replaced they would be
    /// those of other files.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        let parts = self.out.split(|byte| *byte == 0).filter(|part| !part.is_empty());
        parts.map(|part| PathBuf::from(OsStr::from_bytes(part))).collect()
    }

    /// The same paths as text, for comparing with what git2 lists and for showing.
    pub(super) fn names(&self) -> Vec<String> {
        self.paths().iter().map(|path| path.to_string_lossy().into_owned()).collect()
    }

    /// What it said, as trouble: `what` says what was tried.
    pub(super) fn trouble(&self, what: &str) -> Trouble {
        let last = self.lines.iter().rev().take(6).rev();
        let words: String = last.map(|line| format!("\n  git: {}", clean_line(line))).collect();
        let missing =
            ["promisor", "transport 'none'", "not allowed", "unable to read sha1", "lazy fetch"];
        if self.lines.iter().any(|line| missing.iter().any(|sign| line.contains(sign))) {
            let why = "this clone left contents at the server that are needed";
            return Trouble::usage(format!("{what}: {why}{words}"))
                .remedy("run it again with --download, which lets git fetch them");
        }
        match explain(&self.lines) {
            Some(known) => {
                Trouble::failed(format!("{what}: {}{words}", known.what)).remedy(known.remedy)
            }
            None => Trouble::failed(format!("{what}{words}"))
                .remedy("git's last words say why; nothing was moved"),
        }
    }
}

/// Runs git to its end, which a signal cuts short.
///
/// # Errors
/// Where it cannot start or a signal came.
pub(super) fn run(session: &Session<'_>, command: &Command) -> Result<Ran, Trouble> {
    let mut gathered = Gathered::default();
    let ended = session.bench.stream(command, &mut |stream, bytes| gathered.take(stream, bytes));
    gathered.end(ended)
}

/// Runs git, which has to end well: `what` says what was tried.
///
/// # Errors
/// Where it does not.
pub(super) fn run_well(
    session: &Session<'_>,
    command: &Command,
    what: &str,
) -> Result<Ran, Trouble> {
    let ran = run(session, command)?;
    if ran.ok() { Ok(ran) } else { Err(ran.trouble(what)) }
}

/// Runs git to its end, whatever signal comes: for what must not be cut short. The signal counts
/// afterwards.
///
/// # Errors
/// Where it cannot start.
pub(super) fn run_whole(
    session: &Session<'_>,
    command: &Command,
) -> Result<(Ran, Option<i32>), Trouble> {
    let mut gathered = Gathered::default();
    // What withholds the signal says nothing of the exit code: success shows in what git leaves.
    let mut sink = |stream, bytes: &[u8]| gathered.take(stream, bytes);
    match session.bench.stream_whole(command, &mut sink, &|| {}) {
        Ok(Ended::Interrupted(signal)) => {
            let ran = Ran { code: None, out: gathered.out, lines: gathered.err.lines() };
            Ok((ran, Some(signal)))
        }
        ended => Ok((gathered.end(ended)?, None)),
    }
}

/// Runs git for an answer that must be had: one that a signal cut short is asked for again. The
/// first signal counts afterwards.
///
/// # Errors
/// Where it cannot start.
pub(super) fn answer(
    session: &Session<'_>,
    command: &Command,
) -> Result<(Ran, Option<i32>), Trouble> {
    let mut first = None;
    loop {
        let (ran, signal) = run_whole(session, command)?;
        first = first.or(signal);
        if signal.is_none() {
            return Ok((ran, first));
        }
    }
}

/// The end of a run that a signal cut short.
pub(super) fn stopped(signal: i32) -> Trouble {
    let exit = Exit::by(signal);
    Trouble::new(exit, "stopped; nothing was moved")
}

#[derive(Default)]
struct Gathered {
    out: Vec<u8>,
    err: Messages,
}

impl Gathered {
    fn take(&mut self, stream: Stream, bytes: &[u8]) {
        match stream {
            Stream::Out if self.out.len() < LIMIT => self.out.extend_from_slice(bytes),
            Stream::Out => {}
            Stream::Err => {
                self.err.feed(bytes);
            }
        }
    }

    fn end(mut self, ended: Result<Ended, RunError>) -> Result<Ran, Trouble> {
        match ended {
            Ok(Ended::Exited(code)) => Ok(Ran { code, out: self.out, lines: self.err.lines() }),
            Ok(Ended::Interrupted(signal)) | Err(RunError::Interrupted(signal)) => {
                Err(stopped(signal))
            }
            Err(error) => Err(Trouble::failed(error.to_string())),
        }
    }
}
