//! `key show`: show the keys you can sign with, what git is told about signing, and what is wrong
//! with either. Looks only; `key rehearse` tries.

pub mod screen;

use clap::Args;
use schemars::schema_for;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::workspace;
use crate::exit::Exit;
use crate::signing::{self, shape};

/// Arguments of `key show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Tell it as JSON, in the shape that `onramp schema key-show` prints
    #[arg(long)]
    pub json: bool,
}

/// Runs the step: 0 where a signature by what git would use will be good, 1 where not, and 3 where
/// that could not be told.
///
/// # Errors
/// A folder that cannot be used, an output that takes nothing.
pub(super) fn show(
    session: &Session<'_>,
    global: &Global,
    args: &ShowArgs,
) -> anyhow::Result<Exit> {
    let tree = workspace::tree_here(session.bench, global)?;
    let shown = signing::look(session.machine.world(), tree.as_deref());
    if args.json {
        let text = serde_json::to_string_pretty(&shown)? + "\n";
        session.terminal.bytes(text.as_bytes())?;
    } else {
        let terminal = &session.terminal;
        terminal.data(&screen::lines(&shown, terminal.width, global.verbose))?;
    }
    Ok(match shown.works {
        shape::Works::Yes => Exit::Success,
        shape::Works::No => Exit::Findings,
        shape::Works::Unknown => Exit::Incomplete,
    })
}

/// The JSON Schema of what `--json` tells.
///
/// # Errors
/// None that a schema of ours can have.
pub fn schema() -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&schema_for!(shape::Shown))? + "\n")
}
