//! A whole log of Maven, read at once: an earlier build's, another machine's, or a CI's, which writes
//! the time before every line. Finds the runs of Maven in it and how each ended; explains nothing.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::events::Events;
use super::evidence::Evidence;
use super::progress::{Progress, Timings};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Maven said that all was well.
    Passed,
    /// Maven said that something failed, or did not even start.
    Failed,
    /// The log stops before that.
    Cut,
}

/// One run of Maven.
#[derive(Debug, Clone)]
pub struct LoggedRun {
    /// What is kept of its lines.
    pub evidence: Evidence,
    /// How far it came.
    pub progress: Progress,
    /// Whether a line bears one of Maven's marks.
    marked: bool,
}

impl LoggedRun {
    fn new() -> Self {
        let progress = Progress::new(Timings::default());
        Self { evidence: Evidence::default(), progress, marked: false }
    }

    /// How it ended.
    #[must_use]
    pub fn end(&self) -> End {
        match self.progress.success {
            Some(true) => End::Passed,
            Some(false) => End::Failed,
            None if self.evidence.errors().iter().any(|line| ends_it(line)) => End::Failed,
            None => End::Cut,
        }
    }

    /// Whether Maven itself said anything.
    #[must_use]
    pub fn is_mavens(&self) -> bool {
        self.marked
    }
}

/// Whether Maven ends with this where it does not come to build anything.
fn ends_it(line: &str) -> bool {
    line.contains("-> [Help") || line == "Error executing Maven."
}

/// What CI services write before a line: the names of job and step, and the time. GitHub, Jenkins,
/// GitLab.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant; a test uses it")]
    Regex::new(
        r"^(?:[^\t]*\t[^\t]*\t)?\u{feff}?\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?Z\]? ?(?:\d\d[OE]\+? ?)?",
    )
    .expect("a constant pattern")
});

/// The runs of Maven in a log, in order; always at least one. Bytes that are no UTF-8 are replaced;
/// UTF-16, as some shells of Windows write it, is read.
#[must_use]
pub fn runs(log: &[u8]) -> Vec<LoggedRun> {
    let text = text(log);
    let mut runs = vec![LoggedRun::new()];
    let mut events = Events::new();
    for line in text.lines() {
        let line = BEFORE.replace(line, "");
        let line = line.strip_prefix("##[error]").unwrap_or(&line);
        let mut bytes = line.as_bytes().to_vec();
        bytes.push(b'\n');
        events.feed(&bytes, &mut |line, event| {
            if line == "[INFO] Scanning for projects..." && runs.last().is_some_and(|it| it.marked)
            {
                runs.push(LoggedRun::new());
            }
            if let Some(run) = runs.last_mut() {
                run.marked |= MARKS.iter().any(|mark| line.starts_with(mark));
                run.evidence.take(line, event.as_ref());
                if let Some(event) = event {
                    run.progress.apply(&event);
                }
            }
        });
    }
    runs
}

/// What Maven begins its lines with.
const MARKS: [&str; 3] = ["[INFO] ", "[ERROR] ", "[WARNING] "];

fn text(log: &[u8]) -> Cow<'_, str> {
    let wide = |bytes: &[u8], of: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| of([pair[0], pair[1]])).collect();
        Cow::Owned(String::from_utf16_lossy(&units))
    };
    match log {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => String::from_utf8_lossy(log),
    }
}
