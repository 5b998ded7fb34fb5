//! `onramp ci`: the twin of the project's own CI. `--list` reads the tree's workflows and tells what
//! a pull request meets; it runs nothing.

pub mod list;
mod look;
mod sources;

use super::Session;
use super::args::Global;
use super::workspace::Workspace;
use crate::exit::Exit;

/// Tell what the project's CI will run on a pull request, and how far this machine can.
///
/// Reads the workflows of the work tree and runs nothing of it.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct CiArgs {
    /// Only list every job and step that a pull request meets; runs nothing
    #[arg(long, required = true)]
    pub list: bool,
    /// Tell the list as JSON, in the shape that `onramp schema ci-list` prints
    #[arg(long, requires = "list")]
    pub json: bool,
    /// Branch that the change is meant for, or the commit it starts from
    #[arg(long, value_name = "REVISION")]
    pub base: Option<String>,
}

/// Runs the verb.
///
/// # Errors
/// Wrong usage, no work tree, mistakes in packs.
pub fn ci(session: &Session<'_>, global: &Global, args: &CiArgs) -> anyhow::Result<Exit> {
    let workspace = Workspace::open(session.bench, global)?;
    let place = look::place(&workspace)?;
    let plan = look::look(session, &workspace, place, args)?;
    list::list(session, args, &plan)
}
