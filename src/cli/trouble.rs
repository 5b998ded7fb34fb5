//! What a verb returns when it cannot go on: a sentence, the remedy, and the exit code.

use std::fmt;

use crate::exit::Exit;
use crate::text::{Line, Tone, clean, without_error_numbers, wrap, wrap_remedy};

/// A clear end: what went wrong and what to do about it. Any other error is a fault of onramp.
#[derive(Debug)]
pub struct Trouble {
    /// The code to exit with.
    pub exit: Exit,
    /// What went wrong, naming the place.
    pub what: String,
    /// What to do next.
    pub remedy: Option<String>,
}

impl Trouble {
    /// Trouble with the given code.
    pub fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self { exit, what: without_error_numbers(&what.into()), remedy: None }
    }

    /// Wrong usage or configuration.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }

    /// Work that was asked for and failed.
    pub fn failed(what: impl Into<String>) -> Self {
        Self::new(Exit::Findings, what)
    }

    /// Adds what to do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// What is said of it, rows too long for a screen of `width` columns broken between words. What
    /// stands in lines of its own, such as a piece of a file with a caret below it, stays as it is.
    #[must_use]
    pub fn lines(&self, width: Option<usize>) -> Vec<Line> {
        let what = told(Line::toned(Tone::Bad, "onramp: "), &self.what, width, wrap);
        let arrow = || Line::toned(Tone::Dim, "  → ");
        let remedy = self.remedy.iter().flat_map(|it| told(arrow(), it, width, wrap_remedy));
        what.into_iter().chain(remedy).collect()
    }
}

fn told(
    first: Line,
    text: &str,
    width: Option<usize>,
    broken: fn(&str, usize) -> Vec<String>,
) -> Vec<Line> {
    let (head, rest) = text.split_once('\n').map_or((text, None), |(one, more)| (one, Some(more)));
    let rows = match width {
        Some(width) => broken(&clean(head), width.saturating_sub(first.width())),
        None => vec![head.to_owned()],
    };
    let mut lines = first.rows(Tone::Plain, rows);
    lines.extend(rest.map(Line::plain));
    lines
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Trouble {}
