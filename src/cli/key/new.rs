//! `key new`: make an OpenPGP key and have git sign with it.

use clap::Args;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;

/// Arguments of `key new`.
#[derive(Debug, Args)]
pub struct NewArgs {}

/// Runs the step.
///
/// # Errors
/// Always, as long as it is not there.
pub(super) fn new(
    _session: &Session<'_>,
    _global: &Global,
    _args: &NewArgs,
) -> anyhow::Result<Exit> {
    Err(Trouble::usage("`onramp key new` is not there yet").into())
}
