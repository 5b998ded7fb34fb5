//! `onramp branch undo`: lists what can be taken back and takes the last of it back. What came
//! after is refused, or kept under a backup of its own.

use clap::Args;

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::Workspace;
use crate::exit::Exit;
use crate::git::Backup;
use crate::text::{Line, Tone, clean_line};

use super::carry::{advance, contents, keep, point, short};
use super::choice::Choice;
use super::ground::{Ground, Needs, Settled};
use super::stand::{root, unreadable};

/// The step after which index and files stay as they are.
pub(super) const AMEND: &str = "amend";

/// Arguments of `branch undo`.
#[derive(Debug, Args)]
pub struct UndoArgs {
    /// List what can be taken back, and change nothing
    #[arg(long)]
    pub list: bool,
    /// Take it back although the branch has moved on; where it is now is kept as a backup
    #[arg(long)]
    pub moved_on: bool,
    /// Answer yes
    #[arg(long)]
    pub yes: bool,
    /// Let git fetch what a partial clone left at the server
    #[arg(long)]
    pub download: bool,
}

/// Runs the step.
///
/// # Errors
/// What stands in the way; then everything is as it was.
pub(super) fn undo(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &UndoArgs,
) -> Result<Exit, Trouble> {
    if args.list {
        return list(session, workspace);
    }
    let choice = Choice { yes: args.yes, download: args.download, ..Choice::default() };
    take_back(session, workspace, &choice, args.moved_on)
}

/// Takes the last step back, unless the branch has moved on.
///
/// # Errors
/// As `undo`.
pub(super) fn last(
    session: &Session<'_>,
    workspace: &Workspace,
    choice: &Choice,
) -> Result<Exit, Trouble> {
    take_back(session, workspace, choice, false)
}

fn list(session: &Session<'_>, workspace: &Workspace) -> Result<Exit, Trouble> {
    let root = root(session, workspace)?;
    let _whole = Settled::open(session, workspace, false)?;
    let git = session.machine.world().git;
    let head = git.state(&root).map_err(unreadable)?.head;
    let branch = head.name.unwrap_or_default();
    let backups = git.backups(&root, &branch).map_err(unreadable)?;
    let lines: Vec<Line> = backups.iter().map(line).collect();
    if lines.is_empty() {
        session.terminal.say(Line::plain(format!("nothing to take back on {branch}")));
    }
    session.terminal.data(&lines)?;
    Ok(Exit::Success)
}

fn line(backup: &Backup) -> Line {
    Line::toned(Tone::Strong, clean_line(&backup.verb)).and(
        Tone::Plain,
        format!(" at {}, from {} to {}", backup.stamp, short(&backup.before), short(&backup.after)),
    )
}

fn take_back(
    session: &Session<'_>,
    workspace: &Workspace,
    choice: &Choice,
    moved_on: bool,
) -> Result<Exit, Trouble> {
    let git = session.machine.world().git;
    let place = root(session, workspace)?;
    let named = git.state(&place).map_err(unreadable)?.head.name.unwrap_or_default();
    let newest = git.backups(&place, &named).map_err(unreadable)?.into_iter().next();
    let amended = newest.is_some_and(|backup| backup.verb == AMEND);
    let needs = if amended && !moved_on { Needs::Anything } else { Needs::Clean };
    let ground = Ground::open(session, workspace, needs, choice.download)?;
    // A move that was cut short has just been ended, and may have changed what there is.
    let backups = git.backups(&ground.root, &ground.branch).map_err(unreadable)?;
    let Some(backup) = backups.into_iter().next() else {
        return Err(Trouble::usage(format!("nothing to take back on {}", ground.branch))
            .remedy("git reflog shows where the branch was before"));
    };
    let later = backup.after != ground.tip;
    if later && !moved_on {
        let what = format!("{} has moved on since {}", ground.branch, clean_line(&backup.verb));
        return Err(Trouble::usage(what).remedy(
            "--moved-on takes it back all the same and keeps where the branch is now as a backup",
        ));
    }
    session.terminal.say(line(&backup));
    if !choice
        .agreed(session, &format!("take it back: {} to {}", ground.branch, short(&backup.before)))?
    {
        return Err(Trouble::failed("not taken back; everything is as it was"));
    }
    let lines = if later {
        keep(session, &ground, "undo", &backup.before)?
    } else {
        let folder = backup.folder();
        vec![
            format!("delete {folder}/before {}", backup.before),
            format!("delete {folder}/after {}", backup.after),
        ]
    };
    let signal = if backup.verb == AMEND && !later {
        point(session, &ground, "undo", &backup.before, &lines)?
    } else {
        contents(session, &ground, &backup.before)?;
        advance(session, &ground, "undo", &backup.before, &lines)?
    };
    let said = format!("{} is at {} again", ground.branch, short(&backup.before));
    session.terminal.say(Line::toned(Tone::Good, said));
    Ok(signal.map_or(Exit::Success, Exit::by))
}
