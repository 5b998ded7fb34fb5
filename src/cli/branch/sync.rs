//! `onramp branch sync`: fetches the base and puts the branch's own commits on top of its news. What
//! does not fit is found before anything but the news has changed.

use clap::Args;

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::Workspace;
use crate::exit::Exit;
use crate::git::Candidate;
use crate::git::rewrite::Way;
use crate::text::{Line, Tone};

use super::carry::{Step, carry_out};
use super::choice::Choice;
use super::git::run_well;
use super::ground::{Ground, Needs};
use super::retarget::{count, row};
use super::stand::unreadable;
use super::undo;

/// Arguments of `branch sync`.
#[derive(Debug, Args)]
pub struct SyncArgs {
    /// How it is done.
    #[command(flatten)]
    pub choice: Choice,
}

/// Runs the step. `offline`: what was last fetched counts as the news.
///
/// # Errors
/// What stands in the way; then everything but the news is as it was.
pub(super) fn sync(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &SyncArgs,
    offline: bool,
) -> Result<Exit, Trouble> {
    if args.choice.undo {
        return undo::last(session, workspace, &args.choice);
    }
    let ground = Ground::open(session, workspace, Needs::Clean, args.choice.download)?;
    let mut base = self::base(session, &ground)?;
    if offline || args.choice.dry_run {
        let said = format!("not asking the server: {} counts as last fetched", base.reference);
        session.terminal.say(Line::toned(Tone::Dim, said));
    } else {
        fetch(session, &ground, &base)?;
        base = self::base(session, &ground)?;
    }
    if base.behind == 0 {
        let said = format!("nothing new in {}: nothing to do", base.reference);
        session.terminal.say(Line::toned(Tone::Good, said));
        return Ok(Exit::Success);
    }
    let (links, past) = row(session, &ground, &ground.wanted)?;
    let news =
        if base.behind == 1 { "commit".to_owned() } else { format!("{} commits", base.behind) };
    let step = Step {
        verb: "sync",
        what: format!("{} onto the {news} that {} has since", count(&links), base.reference),
        way: Way::Move,
        onto: base.id,
        past,
        tip: ground.tip.clone(),
        links,
        keeps_files: false,
        holds: &|_| Ok(()),
    };
    carry_out(session, &ground, &step, &args.choice)
}

/// The branch of the project that the work stands on.
pub(super) fn base(session: &Session<'_>, ground: &Ground) -> Result<Candidate, Trouble> {
    let git = session.machine.world().git;
    let branch = git.branch(&ground.root, &ground.wanted).map_err(unreadable)?;
    let name = branch.base.map(|base| base.name);
    let found = branch.candidates.into_iter().find(|one| Some(&one.name) == name.as_ref());
    found.ok_or_else(|| {
        Trouble::usage("this history has nothing in common with any branch of the project")
            .remedy("git fetch upstream, then start again from one of them")
    })
}

fn fetch(session: &Session<'_>, ground: &Ground, base: &Candidate) -> Result<(), Trouble> {
    let Some(remote) = base.reference.strip_suffix(&format!("/{}", base.name)) else {
        // A branch of this clone stands in for the project's: there is nothing to fetch.
        return Ok(());
    };
    session.terminal.say(Line::plain(format!("fetching {} from {remote}", base.name)));
    let mut rewrite = ground.rewrite.clone();
    rewrite.fetching = true;
    let what = format!("{remote} could not be asked");
    run_well(session, &rewrite.fetch(remote, &base.name), &what).map(drop)
}
