//! `key new`: make an OpenPGP key and have git sign with it. Everything is asked and shown before
//! anything is made; what is made and set goes on record as a fix does, so that `onramp fix --undo`
//! takes git's settings back. Never sees a passphrase that the agent asks for.

mod answers;
pub(super) mod existing;
mod last_words;
mod proposal;
mod setup;

use clap::Args;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::fix::perform::{self, NewKey};
use crate::cli::making::{self, KeyChoices};
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::pgp::making::Passphrase;
use crate::text::{Line, Tone};

use answers::Answers;
use proposal::Proposal;
use setup::Setup;

/// Make an OpenPGP key and have git sign with it.
///
/// In a terminal it asks, explains every choice, shows what will be made and changed, and asks once
/// more. Elsewhere every answer is an option, and the passphrase comes from gpg's own prompt or from
/// `--passphrase-fd`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// Your name, as commits and the key carry it
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Your e-mail address, as commits and the key carry it
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// What the key is to be.
    #[command(flatten)]
    key: KeyChoices,
    /// Let git sign with it in all your repositories
    #[arg(long, conflicts_with = "local")]
    global: bool,
    /// Let git sign with it in this clone only
    #[arg(long)]
    local: bool,
    /// Make one more key, even where one could be used
    #[arg(long)]
    another: bool,
    /// Show what would be made and changed; do nothing
    #[arg(long)]
    dry_run: bool,
    /// Do it without asking
    #[arg(short, long, conflicts_with = "dry_run")]
    yes: bool,
}

/// Runs the step.
///
/// # Errors
/// Answers that are missing or wrong, a gpg that cannot make keys here, a no, and whatever kept the
/// key or the settings from being made.
pub(super) fn new(session: &Session<'_>, global: &Global, args: &NewArgs) -> anyhow::Result<Exit> {
    let answers = Answers::given(session, args)?;
    let workshop = making::workshop(session)?;
    let setup = Setup::read(session, global);
    let answers = answers.complete(session, &setup, args)?;
    let proposal = Proposal::new(session, &setup, &answers, workshop)?;
    let width = session.terminal.width;
    proposal.lines(width).into_iter().for_each(|line| session.terminal.complain(line));
    if proposal.plan.steps.is_empty() {
        last_words::nothing_to_do(session, &proposal)?;
        return Ok(Exit::Success);
    }
    if args.dry_run {
        session.terminal.say(Line::toned(Tone::Dim, "nothing was made or changed"));
        return Ok(Exit::Success);
    }
    consent(session, args)?;
    let passphrase = match proposal.makes_key() {
        true => making::passphrase(session, &args.key)?,
        false => Passphrase::Agent,
    };
    let done = perform::perform(session, &proposal.plan, &proposal.facts, &passphrase, true)?;
    if let Some(signal) = done.stopped {
        return Ok(Exit::by(signal));
    }
    if done.failed || done.taken.len() < proposal.plan.steps.len() {
        half_way(session, done.made.as_ref());
        return Ok(Exit::Findings);
    }
    last_words::done(session, &proposal, done.made.as_ref(), &passphrase)?;
    Ok(Exit::Success)
}

fn consent(session: &Session<'_>, args: &NewArgs) -> Result<(), Trouble> {
    if args.yes {
        return Ok(());
    }
    let question = Line::toned(Tone::Strong, "do this? [y/N] ");
    let answer = session.terminal.ask(&question).unwrap_or_default();
    if ["y", "yes"].contains(&answer.to_lowercase().as_str()) {
        return Ok(());
    }
    Err(Trouble::failed("nothing was made and nothing was changed"))
}

/// The key was made, and git could not be told.
fn half_way(session: &Session<'_>, made: Option<&NewKey>) {
    let line = match made {
        Some(key) => Line::plain(format!(
            "the key {} was made and stays; git's settings are as before. `onramp key new` finds \
             it and sets git up",
            key.fingerprint
        )),
        None => Line::plain("no key was made, and git's settings are as before"),
    };
    session.terminal.complain(line);
}
