//! `key rehearse`: sign a throw-away commit and say what the forge would show.

use clap::Args;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;

/// Arguments of `key rehearse`.
#[derive(Debug, Args)]
pub struct RehearseArgs {}

/// Runs the step.
///
/// # Errors
/// Always, as long as it is not there.
pub(super) fn rehearse(
    _session: &Session<'_>,
    _global: &Global,
    _args: &RehearseArgs,
) -> anyhow::Result<Exit> {
    Err(Trouble::usage("`onramp key rehearse` is not there yet").into())
}
