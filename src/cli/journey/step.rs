//! The words of the road: a step, where it stands, and what comes next. Values only.

use crate::finding::Finding;
use crate::text::end_of_command;

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing is left to do.
    Done,
    /// Something in it fails.
    Fails,
    /// Nothing is known to fail, but not everything could be told.
    Unsure,
    /// It is what comes next, or could.
    Open,
    /// Something before it has to be done first.
    Later,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// One line to type.
    pub command: String,
    /// What to know before typing it.
    pub why: Option<String>,
}

/// One step of the road.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub state: State,
    /// What was seen.
    pub text: String,
    /// What to do about it; none where nothing can or need be done before the steps after it.
    pub next: Option<Next>,
}

impl Step {
    /// A step that asks for nothing.
    pub fn new(name: &'static str, state: State, text: impl Into<String>) -> Self {
        Self { name, state, text: text.into(), next: None }
    }

    /// A step that something before it holds up.
    #[must_use]
    pub fn later(name: &'static str) -> Self {
        Self::new(name, State::Later, "")
    }

    /// Says what to type.
    #[must_use]
    pub fn next(self, command: impl Into<String>) -> Self {
        Self { next: Some(Next { command: command.into(), why: None }), ..self }
    }

    /// Says what to know before typing it.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        if let Some(next) = &mut self.next {
            next.why = Some(why.into());
        }
        self
    }
}

/// Programs that a remedy may begin with when it is something to type.
const PROGRAMS: [&str; 12] = [
    "brew", "cd", "chmod", "export", "git", "gpg", "gpgconf", "mkdir", "mvn", "onramp", "sdk",
    "sudo",
];

impl Next {
    /// A finding's remedy: the command it begins with, the words after it as what to know. Words
    /// alone lead to the check, which shows them with everything around.
    #[must_use]
    pub fn remedy(finding: &Finding) -> Self {
        let look = format!("onramp check {}", finding.name());
        // A command that a stranger's work tree made up is never the next thing to type.
        let Some(fix) = finding.fix.as_ref().filter(|_| !finding.untrusted()) else {
            return Self { command: look, why: None };
        };
        let typed = fix.split_whitespace().next().is_some_and(|word| PROGRAMS.contains(&word));
        if !typed {
            return Self { command: look, why: Some(fix.clone()) };
        }
        let (command, rest) = fix.split_at(end_of_command(fix));
        let rest = rest.trim_start_matches([',', ';', '(', ' ', '\n']);
        let rest = if rest.contains('(') { rest } else { rest.trim_end_matches(')') };
        let why = (!rest.is_empty()).then(|| rest.to_owned());
        Self { command: command.trim_end().to_owned(), why }
    }
}
