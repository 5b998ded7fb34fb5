//! The verb `branch`: where the branch stands, and safe ways to move it. Looking runs nothing; the
//! steps that move commits run git with the user's own configuration, and say so first.

mod amend;
mod carry;
mod choice;
mod git;
mod ground;
mod journal;
mod last_words;
mod retarget;
mod room;
pub mod screen;
mod settle;
pub mod shape;
mod sign;
mod split;
pub mod stand;
mod sync;
mod trial;
mod undo;
mod unmerge;

use clap::{Args, Subcommand};
use schemars::schema_for;

use crate::exit::Exit;

pub(super) use ground::common_folder;

use super::Session;
use super::args::Global;
use super::workspace::Workspace;

/// Arguments of `branch`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct BranchArgs {
    /// What to do with the branch; otherwise it is shown where it stands
    #[command(subcommand)]
    pub verb: Option<BranchVerb>,
    /// Tell it as JSON, in the shape that `onramp schema branch` prints
    #[arg(long)]
    pub json: bool,
}

/// What can be done with a branch.
#[derive(Debug, Subcommand)]
pub enum BranchVerb {
    /// Move your commits onto another branch of the project
    Retarget(retarget::RetargetArgs),
    /// Fetch what upstream has since, and put your commits on top of it
    Sync(sync::SyncArgs),
    /// Sign your commits that are not signed yet
    Sign(sign::SignArgs),
    /// Take merges out and leave your own commits
    Drop(unmerge::DropArgs),
    /// Fold what is staged into the commit it belongs to
    Amend(amend::AmendArgs),
    /// Say how to part the newest commit into several, and change nothing
    Split,
    /// Take the last of these steps back
    Undo(undo::UndoArgs),
}

/// Runs the verb.
///
/// # Errors
/// Those of its steps.
pub fn branch(session: &Session<'_>, global: &Global, args: &BranchArgs) -> anyhow::Result<Exit> {
    let workspace = Workspace::open(session.bench, global)?;
    match &args.verb {
        None => show(session, &workspace, args.json),
        Some(BranchVerb::Retarget(args)) => Ok(retarget::retarget(session, &workspace, args)?),
        Some(BranchVerb::Sync(args)) => Ok(sync::sync(session, &workspace, args, global.offline)?),
        Some(BranchVerb::Sign(args)) => Ok(sign::sign(session, &workspace, args)?),
        Some(BranchVerb::Drop(args)) => Ok(unmerge::unmerge(session, &workspace, args)?),
        Some(BranchVerb::Amend(args)) => Ok(amend::amend(session, &workspace, args)?),
        Some(BranchVerb::Split) => Ok(split::split(session, &workspace)?),
        Some(BranchVerb::Undo(args)) => Ok(undo::undo(session, &workspace, args)?),
    }
}

/// Shows where the branch stands.
fn show(session: &Session<'_>, workspace: &Workspace, json: bool) -> anyhow::Result<Exit> {
    let stand = stand::look(session, workspace)?;
    if json {
        let text = serde_json::to_string_pretty(&stand)? + "\n";
        session.terminal.bytes(text.as_bytes())?;
    } else {
        session.terminal.data(&screen::lines(&stand, session.terminal.width))?;
    }
    Ok(stand.ending())
}

/// The JSON Schema of what `--json` tells.
///
/// # Errors
/// None that a schema of ours can have.
pub fn schema() -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&schema_for!(shape::Stand))? + "\n")
}
