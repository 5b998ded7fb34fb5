//! `key export`: print your public key for the forge, and where to paste it.

use clap::Args;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;

/// Arguments of `key export`.
#[derive(Debug, Args)]
pub struct ExportArgs {}

/// Runs the step.
///
/// # Errors
/// Always, as long as it is not there.
pub(super) fn export(
    _session: &Session<'_>,
    _global: &Global,
    _args: &ExportArgs,
) -> anyhow::Result<Exit> {
    Err(Trouble::usage("`onramp key export` is not there yet").into())
}
