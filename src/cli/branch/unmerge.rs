//! `onramp branch drop`: takes merges out of the branch, those that a fork's button or a plain `git
//! pull` made, and leaves the branch's own commits in one row.

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
use super::git::run;
use super::ground::{Ground, Needs};
use super::stand::unreadable;
use super::{sync, undo};

/// Arguments of `branch drop`.
#[derive(Debug, Args)]
pub struct DropArgs {
    /// How it is done.
    #[command(flatten)]
    pub choice: Choice,
}

/// Runs the step.
///
/// # Errors
/// What stands in the way; then everything is as it was.
pub(super) fn unmerge(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &DropArgs,
) -> Result<Exit, Trouble> {
    if args.choice.undo {
        return undo::last(session, workspace, &args.choice);
    }
    let ground = Ground::open(session, workspace, Needs::Clean, args.choice.download)?;
    let git = session.machine.world().git;
    let mut links = git.own(&ground.root, &ground.wanted).map_err(unreadable)?.links;
    links.reverse();
    let merges: Vec<&Link> = links.iter().filter(|link| link.merge).collect();
    if merges.is_empty() {
        session.terminal.say(Line::toned(Tone::Good, "there is no merge: nothing to do"));
        return Ok(Exit::Success);
    }
    for merge in &merges {
        let said = format!("\"{}\" ({}) goes", clean_line(&merge.subject), short(&merge.id));
        session.terminal.say(Line::toned(Tone::Warn, said));
    }
    let base = sync::base(session, &ground)?;
    let parting = base.merge_base.clone().ok_or_else(|| {
        Trouble::usage(format!("this history has nothing in common with {}", base.name))
            .remedy("git fetch upstream, then start again from there")
    })?;
    one_row(session, &ground, &parting, &links)?;
    let own = links.len() - merges.len();
    let commits = if own == 1 { "1 commit".to_owned() } else { format!("{own} commits") };
    let what =
        format!("putting your {commits} into one row on {} ({})", base.name, short(&parting));
    let onto = parting.clone();
    let step = Step {
        verb: "drop",
        what,
        way: Way::Move,
        past: parting,
        onto,
        tip: ground.tip.clone(),
        links,
        keeps_files: false,
        holds: &|new| differences(session, &ground, new),
    };
    carry_out(session, &ground, &step, &args.choice)
}

/// Refuses where commits of another of the project's branches came along: these are nobody's to
/// repeat.
fn one_row(
    session: &Session<'_>,
    ground: &Ground,
    parting: &str,
    links: &[Link],
) -> Result<(), Trouble> {
    let git = session.machine.world().git;
    let chain = git.chain(&ground.root, parting, &ground.tip).map_err(unreadable)?;
    let foreign = chain.iter().find(|link| links.iter().all(|own| own.id != link.id));
    let Some(foreign) = foreign else { return Ok(()) };
    let what = format!(
        "\"{}\" ({}) came along from another branch of the project",
        clean_line(&foreign.subject),
        short(&foreign.id)
    );
    Err(Trouble::usage(what).remedy(
        "move your own commits one by one: git switch -c NEW upstream/BASE, then git cherry-pick \
         each of them",
    ))
}

/// Shows what the files of the branch lose or gain by it, which is nothing where the merges changed
/// nothing of their own.
fn differences(session: &Session<'_>, ground: &Ground, new: &[Link]) -> Result<(), Trouble> {
    let Some(newest) = new.last() else { return Ok(()) };
    let shown = run(session, &ground.rewrite.summary(&ground.tip, &newest.id))?.text();
    let said = if shown.is_empty() {
        "every file stays as it is".to_owned()
    } else {
        format!("files change, for a merge held changes of its own:\n{shown}")
    };
    session.terminal.say(Line::plain(said));
    Ok(())
}
