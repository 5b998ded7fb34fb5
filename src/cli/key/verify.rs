//! `key verify`: judge the signatures of commits, a tag or a file.

use clap::Args;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;

/// Arguments of `key verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {}

/// Runs the step.
///
/// # Errors
/// Always, as long as it is not there.
pub(super) fn verify(
    _session: &Session<'_>,
    _global: &Global,
    _args: &VerifyArgs,
) -> anyhow::Result<Exit> {
    Err(Trouble::usage("`onramp key verify` is not there yet").into())
}
