//! `onramp branch amend`: folds what is staged into the commit of the branch that it belongs to.
//! Files and index stay as they are; what is not staged is not looked at.

use clap::Args;

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::Workspace;
use crate::exit::Exit;
use crate::git::Link;
use crate::git::rewrite::Way;
use crate::text::clean_line;

use super::carry::{Step, carry_out, short};
use super::choice::Choice;
use super::git::{run, run_well};
use super::ground::{Ground, Needs};
use super::retarget::row;
use super::stand::unreadable;
use super::undo::{self, AMEND};

/// What git could not do, where it fails.
const UNREAD: &str = "what is staged cannot be read";

/// Arguments of `branch amend`.
#[derive(Debug, Args)]
pub struct AmendArgs {
    /// Commit to fold it into; otherwise the one that touched all the staged files last
    #[arg(value_name = "COMMIT")]
    pub commit: Option<String>,
    /// How it is done.
    #[command(flatten)]
    pub choice: Choice,
}

/// Runs the step.
///
/// # Errors
/// What stands in the way; then everything is as it was.
pub(super) fn amend(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &AmendArgs,
) -> Result<Exit, Trouble> {
    if args.choice.undo {
        return undo::last(session, workspace, &args.choice);
    }
    let ground = Ground::open(session, workspace, Needs::Anything, args.choice.download)?;
    let staged = staged(session, &ground)?;
    let (links, past) = row(session, &ground, &ground.wanted)?;
    let mended = match &args.commit {
        Some(name) => named(session, &ground, &links, name)?,
        None => belongs(session, &ground, &links, &staged)?,
    };
    let what = format!(
        "folding what is staged into \"{}\" ({})",
        clean_line(&mended.subject),
        short(&mended.id)
    );
    if args.choice.dry_run {
        // Folding needs a commit to fold; without one there is only this much to say.
        session.terminal.say(crate::text::Line::plain(format!("{what}; nothing was changed")));
        return Ok(Exit::Success);
    }
    let tree = run_well(session, &ground.rewrite.index_tree(), UNREAD)?.text();
    let mending = ground.rewrite.mending(&tree, &ground.tip, &mended.id);
    let made = run_well(session, &mending, "the change cannot be made a commit")?;
    let holds = |new: &[Link]| match new.last() {
        Some(newest) if newest.tree == tree => Ok(()),
        _ => Err(Trouble::failed("the branch would hold something else than what is staged")
            .remedy("nothing was moved; please report it")),
    };
    let step = Step {
        verb: AMEND,
        what,
        way: Way::Fold,
        onto: past.clone(),
        past,
        tip: made.text(),
        links: links.clone(),
        keeps_files: true,
        holds: &holds,
    };
    carry_out(session, &ground, &step, &args.choice)
}

/// The staged files.
fn staged(session: &Session<'_>, ground: &Ground) -> Result<Vec<String>, Trouble> {
    let files = run_well(session, &ground.rewrite.staged(&ground.tip), UNREAD)?.names();
    if files.is_empty() {
        return Err(Trouble::usage("nothing is staged")
            .remedy("stage what belongs into the commit with git add, then run this again"));
    }
    Ok(files)
}

/// The commit of the branch that a name leads to.
fn named(
    session: &Session<'_>,
    ground: &Ground,
    links: &[Link],
    name: &str,
) -> Result<Link, Trouble> {
    let id = run(session, &ground.rewrite.commit_of(name))?;
    let found = links.iter().find(|link| id.ok() && link.id == id.text());
    found.cloned().ok_or_else(|| {
        Trouble::usage(format!("{} is none of your commits on this branch", clean_line(name)))
            .remedy("onramp branch lists them")
    })
}

/// The commit that touched all the staged files last; where they differ, the person decides.
fn belongs(
    session: &Session<'_>,
    ground: &Ground,
    links: &[Link],
    staged: &[String],
) -> Result<Link, Trouble> {
    if let [only] = links {
        return Ok(only.clone());
    }
    let git = session.machine.world().git;
    let messages = git.messages(&ground.root, &ground.wanted, links.len()).map_err(unreadable)?;
    let last = |file: &String| {
        let touching = messages.iter().find(|message| message.files.contains(file));
        touching.map(|message| message.commit.clone())
    };
    let mut commits: Vec<Option<String>> = staged.iter().map(last).collect();
    commits.sort();
    commits.dedup();
    let one = match commits.as_slice() {
        [Some(one)] => links.iter().find(|link| link.id == *one),
        _ => None,
    };
    one.cloned().ok_or_else(|| {
        let listed: Vec<String> = links
            .iter()
            .map(|link| format!("{} {}", short(&link.id), clean_line(&link.subject)))
            .collect();
        Trouble::usage("the staged files do not all belong to one commit").remedy(format!(
            "stage one part at a time, or name the commit with onramp branch amend COMMIT:\n{}",
            listed.join("\n")
        ))
    })
}
