//! After files were mended: judges again as if they were committed, and says how to commit them.
//! Commits nothing.

use std::path::Path;
use std::sync::Arc;

use crate::cli::Session;
use crate::fix::commit::{Branch, commands};
use crate::fix::{Act, Facts, Mended, Plan};
use crate::git::{Live, Rewritten, Wanted};
use crate::text::{Line, Tone};

/// The files that were mended, in order.
pub(super) fn mended<'a>(
    plan: &'a Plan,
    facts: &'a Facts,
    taken: &[usize],
) -> Vec<(&'a str, &'a Mended)> {
    let steps = taken.iter().filter_map(|at| plan.steps.get(*at));
    let file = |act: &'a Act| match act {
        Act::Mend { file, .. } => Some((file.as_str(), facts.files.get(file)?.as_ref().ok()?)),
        _ => None,
    };
    steps.filter_map(|step| file(&step.act)).collect()
}

/// The same session, for which these files are committed.
pub(super) fn as_if<'a>(session: &Session<'a>, files: &[(&str, &Mended)]) -> Session<'a> {
    let rewritten = |(file, mended): &(&str, &Mended)| Rewritten {
        file: (*file).to_owned(),
        bytes: mended.committed.clone(),
        runnable: mended.committed_runnable,
    };
    let git = Live::new(session.bench).as_if(files.iter().map(rewritten).collect());
    Session {
        bench: session.bench,
        machine: session.machine.clone().with_git(Arc::new(git)),
        terminal: session.terminal.clone(),
    }
}

/// What to type so that the branch has the mended files.
pub(super) fn advice(
    session: &Session<'_>,
    tree: &Path,
    change: &Wanted,
    files: &[(&str, &Mended)],
) -> Vec<Line> {
    let git = session.machine.world().git;
    let changed = git.status(tree).map(|status| status.changed_total);
    let branch = Branch {
        commits: git.commits(tree, change, 0).map_or(0, |commits| commits.total),
        pushed: git.branch(tree, change).is_ok_and(|branch| branch.pushed.is_some()),
        nothing_else: changed.is_ok_and(|changed| changed == files.len() as u64),
    };
    let (edited, whole): (Vec<_>, Vec<_>) = files.iter().partition(|(_, mended)| mended.edited);
    let names = |files: Vec<&(&'_ str, &Mended)>| -> Vec<String> {
        files.into_iter().map(|(file, _)| (*file).to_owned()).collect()
    };
    let (edited, whole) = (names(edited), names(whole));
    let edited: Vec<&str> = edited.iter().map(String::as_str).collect();
    let whole: Vec<&str> = whole.iter().map(String::as_str).collect();
    let count = match files.len() {
        1 => "1 file was mended in your work tree".to_owned(),
        more => format!("{more} files were mended in your work tree"),
    };
    let text = format!("{count}; your commits do not have it yet. To put it into them:");
    let mut lines = vec![Line::plain(text)];
    let commands = commands(&branch, &whole, &edited);
    lines.extend(commands.into_iter().map(|command| Line::plain("  ").and(Tone::Command, command)));
    lines
}
