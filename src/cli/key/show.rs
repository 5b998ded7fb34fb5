//! `key show`: show the keys you can sign with, and what is wrong with each.

use clap::Args;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;

/// Arguments of `key show`.
#[derive(Debug, Args)]
pub struct ShowArgs {}

/// Runs the step.
///
/// # Errors
/// Always, as long as it is not there.
pub(super) fn show(
    _session: &Session<'_>,
    _global: &Global,
    _args: &ShowArgs,
) -> anyhow::Result<Exit> {
    Err(Trouble::usage("`onramp key show` is not there yet").into())
}
