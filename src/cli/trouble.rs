//! What a verb returns when it cannot go on: a sentence, the remedy, and the exit code.

use std::fmt;

use crate::exit::Exit;

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
        Self { exit, what: what.into(), remedy: None }
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
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Trouble {}
