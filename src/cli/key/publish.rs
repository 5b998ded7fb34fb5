//! `key publish`: put your public key on a key server, after showing what becomes public.

use clap::Args;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;

/// Arguments of `key publish`.
#[derive(Debug, Args)]
pub struct PublishArgs {}

/// Runs the step.
///
/// # Errors
/// Always, as long as it is not there.
pub(super) fn publish(
    _session: &Session<'_>,
    _global: &Global,
    _args: &PublishArgs,
) -> anyhow::Result<Exit> {
    Err(Trouble::usage("`onramp key publish` is not there yet").into())
}
