//! `onramp branch sign`: signs the branch's own commits with the user's own settings. Content,
//! author and message stay; commits that others may have are left alone unless that was said.

use clap::Args;

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::Workspace;
use crate::exit::Exit;
use crate::git::Link;
use crate::git::rewrite::Way;
use crate::text::{Line, Tone, clean_line};

use super::carry::{Step, carry_out, short};
use super::choice::Choice;
use super::ground::{Ground, Needs};
use super::retarget::row;
use super::stand::unreadable;
use super::undo;

/// Arguments of `branch sign`.
#[derive(Debug, Args)]
pub struct SignArgs {
    /// Sign commits that were pushed as well: the branch then needs a forced push
    #[arg(long)]
    pub published: bool,
    /// Sign commits that are signed already again
    #[arg(long)]
    pub again: bool,
    /// How it is done.
    #[command(flatten)]
    pub choice: Choice,
}

/// Runs the step.
///
/// # Errors
/// What stands in the way; then everything is as it was.
pub(super) fn sign(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &SignArgs,
) -> Result<Exit, Trouble> {
    if args.choice.undo {
        return undo::last(session, workspace, &args.choice);
    }
    let ground = Ground::open(session, workspace, Needs::Clean, args.choice.download)?;
    let (mut links, mut past) = row(session, &ground, &ground.wanted)?;
    // Commits below the first that needs it keep their ids.
    while !args.again && links.first().is_some_and(|link| link.signed) {
        past = links.remove(0).id;
    }
    if links.is_empty() {
        session.terminal.say(Line::toned(Tone::Good, "every commit is signed: nothing to do"));
        return Ok(Exit::Success);
    }
    if !args.published {
        unpublished(session, &ground, &links)?;
    }
    let what = match links.as_slice() {
        [link] => format!("signing \"{}\"", clean_line(&link.subject)),
        links => format!("signing {} commits", links.len()),
    };
    let old = links.clone();
    let holds = |new: &[Link]| same_and_signed(&old, new);
    let step = Step {
        verb: "sign",
        what,
        way: Way::Sign,
        onto: past.clone(),
        past,
        tip: ground.tip.clone(),
        links,
        keeps_files: false,
        holds: &holds,
    };
    carry_out(session, &ground, &step, &args.choice)
}

/// Refuses where a commit was pushed: whoever has it would have it twice.
fn unpublished(session: &Session<'_>, ground: &Ground, links: &[Link]) -> Result<(), Trouble> {
    let git = session.machine.world().git;
    let branch = git.branch(&ground.root, &ground.wanted).map_err(unreadable)?;
    let Some(pushed) = branch.pushed else { return Ok(()) };
    let mut wanted = ground.wanted.clone();
    wanted.base = Some(pushed.id.clone());
    let fresh = git.own(&ground.root, &wanted).map_err(unreadable)?.links;
    let there = links.iter().find(|link| fresh.iter().all(|one| one.id != link.id));
    let Some(link) = there else { return Ok(()) };
    let what = format!(
        "\"{}\" ({}) was pushed to {} already",
        clean_line(&link.subject),
        short(&link.id),
        clean_line(&pushed.reference)
    );
    Err(Trouble::usage(what).remedy(
        "signing gives it another id, so the pushed branch has to be replaced by a forced push; \
         where nobody builds on it, say --published",
    ))
}

/// Refuses commits of which one is not signed, or is not what it was.
fn same_and_signed(old: &[Link], new: &[Link]) -> Result<(), Trouble> {
    if old.len() != new.len() {
        let what = format!("{} commits went in and {} came out", old.len(), new.len());
        return Err(Trouble::failed(what).remedy("nothing was moved; please report it"));
    }
    for (old, new) in old.iter().zip(new) {
        let name = format!("\"{}\" ({})", clean_line(&old.subject), short(&old.id));
        if old.tree != new.tree {
            return Err(Trouble::failed(format!("{name} would hold something else"))
                .remedy("nothing was moved; please report it"));
        }
        if !new.signed {
            return Err(Trouble::failed(format!("{name} came out without a signature"))
                .remedy("nothing was moved; onramp key rehearse tries your settings"));
        }
    }
    Ok(())
}
