//! What whoever typed a step wants of it, and how they are asked. No answer means no.

use clap::Args;

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::text::{Line, Tone};

/// Options of every step that moves the branch.
#[derive(Debug, Clone, Default, Args)]
pub struct Choice {
    /// Say what would happen and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Answer yes
    #[arg(long)]
    pub yes: bool,
    /// Let git fetch what a partial clone left at the server
    #[arg(long, conflicts_with = "dry_run")]
    pub download: bool,
    /// Take the last step on this branch back
    #[arg(long, conflicts_with_all = ["dry_run", "download"])]
    pub undo: bool,
}

impl Choice {
    /// Refuses where nobody could answer.
    pub(super) fn answerable(&self, session: &Session<'_>) -> Result<(), Trouble> {
        if self.yes || session.terminal.interactive() {
            return Ok(());
        }
        Err(Trouble::usage("there is nobody at a terminal to answer")
            .remedy("see what it would do with --dry-run, then say --yes"))
    }

    /// Asks, unless the answer was given beforehand.
    pub(super) fn agreed(&self, session: &Session<'_>, question: &str) -> Result<bool, Trouble> {
        if self.yes {
            return Ok(true);
        }
        self.answerable(session)?;
        let question = Line::toned(Tone::Strong, format!("{question}? [y/N] "));
        let answer = session.terminal.ask(&question).unwrap_or_default().to_lowercase();
        Ok(["y", "yes"].contains(&answer.as_str()))
    }
}
