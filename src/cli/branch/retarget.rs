//! `onramp branch retarget`: moves the branch's own commits onto another branch of the project.

use clap::Args;

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::Workspace;
use crate::exit::Exit;
use crate::git::rewrite::Way;
use crate::git::{Candidate, Link, Own, Wanted};
use crate::text::clean_line;

use super::carry::{Step, carry_out};
use super::choice::Choice;
use super::ground::{Ground, Needs};
use super::stand::{look, unreadable};
use super::undo;

/// Arguments of `branch retarget`.
#[derive(Debug, Args)]
pub struct RetargetArgs {
    /// Branch of the project to move to; otherwise the one that `onramp branch` proves
    #[arg(value_name = "BASE")]
    pub base: Option<String>,
    /// How it is done.
    #[command(flatten)]
    pub choice: Choice,
}

/// Runs the step.
///
/// # Errors
/// What stands in the way; then everything is as it was.
pub(super) fn retarget(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &RetargetArgs,
) -> Result<Exit, Trouble> {
    if args.choice.undo {
        return undo::last(session, workspace, &args.choice);
    }
    let ground = Ground::open(session, workspace, Needs::Clean, args.choice.download)?;
    let base = match &args.base {
        Some(base) => base.clone(),
        None => proven(session, workspace)?,
    };
    let to = known(session, &ground, &base)?;
    let (links, past) = row(session, &ground, &ground.wanted)?;
    let step = Step {
        verb: "retarget",
        what: format!("{} onto {} ({})", count(&links), to.name, to.reference),
        way: Way::Move,
        onto: to.id,
        past,
        tip: ground.tip.clone(),
        links,
        keeps_files: false,
        holds: &|_| Ok(()),
    };
    carry_out(session, &ground, &step, &args.choice)
}

/// The base that the proof leads to.
fn proven(session: &Session<'_>, workspace: &Workspace) -> Result<String, Trouble> {
    let stand = look(session, workspace)?;
    let current = stand.base.as_ref().map(|base| base.name.clone());
    match stand.proposal.base {
        Some(base) if Some(&base) == current.as_ref() => {
            Err(Trouble::usage(format!("it is based on {base} already, where it belongs"))
                .remedy("name another branch to move it all the same: onramp branch retarget BASE"))
        }
        Some(base) => Ok(base),
        None => Err(Trouble::usage("nothing proves which branch it belongs to")
            .remedy("see onramp branch, then name one: onramp branch retarget BASE")),
    }
}

/// A branch of the project, as it is known here.
pub(super) fn known(
    session: &Session<'_>,
    ground: &Ground,
    name: &str,
) -> Result<Candidate, Trouble> {
    let git = session.machine.world().git;
    let branch = git.branch(&ground.root, &ground.wanted).map_err(unreadable)?;
    let fits = |one: &&Candidate| one.name == name || one.reference == name;
    if let Some(found) = branch.candidates.iter().find(fits) {
        return Ok(found.clone());
    }
    let names: Vec<&str> = branch.candidates.iter().map(|one| one.name.as_str()).collect();
    let what = format!("{} is no branch of the project that is known here", clean_line(name));
    let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    Err(Trouble::usage(what)
        .remedy(format!("known are {known}; git fetch upstream brings what is new")))
}

/// The branch's own commits, oldest first, and what they stand on.
pub(super) fn row(
    session: &Session<'_>,
    ground: &Ground,
    wanted: &Wanted,
) -> Result<(Vec<Link>, String), Trouble> {
    let git = session.machine.world().git;
    let Own { mut links, past } = git.own(&ground.root, wanted).map_err(unreadable)?;
    if links.is_empty() {
        return Err(Trouble::usage(format!("{} has no commits of its own", ground.branch))
            .remedy("commit your change first"));
    }
    if let Some(merge) = links.iter().find(|link| link.merge) {
        let what = format!("\"{}\" is a merge, which cannot be moved", clean_line(&merge.subject));
        return Err(Trouble::usage(what)
            .remedy("onramp branch drop takes merges out and leaves your own commits"));
    }
    let past = past.ok_or_else(|| {
        Trouble::usage("your commits do not stand in one row on the project's history")
            .remedy("see git log --graph; git rebase -i puts them into one row")
    })?;
    links.reverse();
    Ok((links, past))
}

/// How many commits, for a sentence.
pub(super) fn count(links: &[Link]) -> String {
    match links {
        [link] => format!("moving \"{}\"", clean_line(&link.subject)),
        links => format!("moving {} commits", links.len()),
    }
}
