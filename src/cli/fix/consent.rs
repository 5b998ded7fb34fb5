//! Asks for consent, one step at a time. No answer and an unclear one mean no.

use crate::cli::terminal::Terminal;
use crate::text::{Line, Tone};

/// Who decides.
pub(super) struct Consent<'a> {
    terminal: &'a Terminal,
    all: bool,
}

/// What was decided.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    Quit,
}

impl<'a> Consent<'a> {
    /// `all` where consent to everything was given beforehand.
    pub(super) fn new(terminal: &'a Terminal, all: bool) -> Self {
        Self { terminal, all }
    }

    /// Asks about one step.
    pub(super) fn ask(&mut self, number: usize, what: &str) -> Answer {
        if self.all {
            return Answer::Yes;
        }
        let question = Line::toned(Tone::Strong, format!("{number:>2}  {what}"))
            .and(Tone::Plain, "? [y]es, [n]o, [a]ll, [q]uit (no) ");
        match self.terminal.ask(&question).map(|answer| answer.to_lowercase()).as_deref() {
            Some("y" | "yes") => Answer::Yes,
            Some("a" | "all") => {
                self.all = true;
                Answer::Yes
            }
            Some("q" | "quit") | None => Answer::Quit,
            Some(_) => Answer::No,
        }
    }
}
