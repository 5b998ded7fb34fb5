//! What is kept of a log while it runs by, for an explanation afterwards: error lines, what stands
//! among them, and the end. Bounded, however long the log is; judges nothing.

use std::collections::VecDeque;

use super::events::{Event, Events};
use super::progress::{Progress, Timings};

/// Longest piece of a line kept.
const LONGEST: usize = 4 * 1024;
/// Error lines kept from the first on: causes stand before consequences.
const FIRST_ERRORS: usize = 400;
/// Error lines kept in all; the rest are the last ones, where Maven sums up.
const MOST_ERRORS: usize = 600;
/// Lines of any kind kept, up to the last.
const MOST_LINES: usize = 300;
/// Modules that left error lines behind and are kept while others are built: more than anybody
/// reads of.
const MOST_PIECES: usize = 20;

/// The part of a log that matters once a build has failed.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    errors: Vec<String>,
    /// Whether Maven marked one of them as an error.
    marked: bool,
    module: Option<String>,
    earlier: Vec<Piece>,
    tail: VecDeque<(bool, String)>,
    parallel: bool,
    resume: Option<String>,
}

/// The error lines of a module that came before.
#[derive(Debug, Clone)]
struct Piece {
    module: String,
    errors: Vec<String>,
}

impl Evidence {
    /// Takes in a line and what it means.
    pub fn take(&mut self, line: &str, event: Option<&Event>) {
        match event {
            Some(Event::Threads(threads)) => self.parallel = *threads > 1,
            Some(Event::Started { artifact, .. }) if !self.parallel => self.next(artifact),
            Some(Event::Error(text)) => {
                self.marked |= !text.is_empty();
                self.error(text);
            }
            Some(Event::Resume(module)) => self.resume = Some(module.clone()),
            None if !line.is_empty() && !marked(line) => self.error(line),
            _ => {}
        }
        let told = matches!(
            event,
            Some(Event::Summary { .. } | Event::Downloading { .. } | Event::Downloaded { .. })
        );
        if !told && !line.is_empty() {
            if self.tail.len() == MOST_LINES {
                self.tail.pop_front();
            }
            let warning = matches!(event, Some(Event::Warning));
            self.tail.push_back((warning, cut(without_mark(line))));
        }
    }

    /// One module at a time: what came before belongs to another one, which was built, or failed
    /// in a build that goes on all the same.
    fn next(&mut self, module: &str) {
        let errors = std::mem::take(&mut self.errors);
        let marked = std::mem::take(&mut self.marked);
        self.tail.clear();
        if let Some(module) = self.module.replace(module.to_owned())
            && marked
            && self.earlier.len() < MOST_PIECES
        {
            self.earlier.push(Piece { module, errors });
        }
    }

    fn error(&mut self, text: &str) {
        if self.errors.len() == MOST_ERRORS {
            self.errors.remove(FIRST_ERRORS);
        }
        self.errors.push(cut(text));
    }

    /// Error lines without their mark, and unmarked lines, in order.
    #[must_use]
    pub fn errors(&self) -> &[String] {
        &self.errors
    }

    /// The error lines of one module, where they are told apart: those of a module that came before
    /// the last, else all that are left.
    #[must_use]
    pub fn of(&self, module: &str) -> &[String] {
        let earlier = self.earlier.iter().find(|piece| piece.module == module);
        earlier.map_or(&self.errors, |piece| &piece.errors)
    }

    /// Whether modules were built at the same time, their lines mixed.
    #[must_use]
    pub fn parallel(&self) -> bool {
        self.parallel
    }

    /// The last lines, without marks, empty ones, warnings and the summary.
    pub fn tail(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.tail.iter().filter(|(warning, _)| !warning).map(|(_, line)| line.as_str())
    }

    /// The warnings among the last lines: they failed nothing.
    pub fn warnings(&self) -> impl Iterator<Item = &str> {
        self.tail.iter().filter(|(warning, _)| *warning).map(|(_, line)| line.as_str())
    }

    /// The module Maven proposes to go on from.
    #[must_use]
    pub fn resume(&self) -> Option<&str> {
        self.resume.as_deref()
    }
}

/// Reads a whole log at once: an earlier build's, or another machine's.
#[must_use]
pub fn read(log: &[u8]) -> (Evidence, Progress) {
    let (mut evidence, mut progress) = (Evidence::default(), Progress::new(Timings::default()));
    let mut events = Events::new();
    let mut each = |line: &str, event: Option<Event>| {
        evidence.take(line, event.as_ref());
        if let Some(event) = event {
            progress.apply(&event);
        }
    };
    events.feed(log, &mut each);
    events.finish(&mut each);
    (evidence, progress)
}

fn marked(line: &str) -> bool {
    ["[INFO]", "[WARNING]", "[DEBUG]", "[debug]"].iter().any(|mark| line.starts_with(mark))
}

fn without_mark(line: &str) -> &str {
    let marks = ["[INFO]", "[WARNING]", "[ERROR]", "[DEBUG]"];
    let rest = marks.iter().find_map(|mark| line.strip_prefix(mark));
    rest.unwrap_or(line).trim_start()
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} ...", &text[..end]),
        None => text.to_owned(),
    }
}
