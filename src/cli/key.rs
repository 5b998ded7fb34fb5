//! The verb `key`: the user's signing keys and what signatures are worth, one file per step.

mod export;
mod new;
mod publish;
mod rehearse;
pub mod show;
mod verify;

use clap::{Args, Subcommand};

use crate::exit::Exit;

use super::Session;
use super::args::Global;

/// Arguments of `key`.
#[derive(Debug, Args)]
pub struct KeyArgs {
    /// What to do with keys.
    #[command(subcommand)]
    pub verb: KeyVerb,
}

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeyVerb {
    /// Show the keys you can sign with, and what is wrong with each
    Show(show::ShowArgs),
    /// Make an OpenPGP key and have git sign with it
    New(new::NewArgs),
    /// Print your public key for the forge, and where to paste it
    Export(export::ExportArgs),
    /// Put your public key on a key server, after showing what becomes public
    Publish(publish::PublishArgs),
    /// Sign a throw-away commit and say what the forge would show
    Rehearse(rehearse::RehearseArgs),
    /// Judge the signatures of commits, a tag or a file
    Verify(verify::VerifyArgs),
}

/// Runs the verb.
///
/// # Errors
/// Those of its steps.
pub fn key(session: &Session<'_>, global: &Global, args: &KeyArgs) -> anyhow::Result<Exit> {
    match &args.verb {
        KeyVerb::Show(args) => show::show(session, global, args),
        KeyVerb::New(args) => new::new(session, global, args),
        KeyVerb::Export(args) => export::export(session, global, args),
        KeyVerb::Publish(args) => publish::publish(session, global, args),
        KeyVerb::Rehearse(args) => rehearse::rehearse(session, global, args),
        KeyVerb::Verify(args) => verify::verify(session, global, args),
    }
}
