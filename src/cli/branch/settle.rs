//! Ends a move that was cut short: brings branch, index and files to one of its two whole states,
//! the one the branch is at. A file that is in neither was changed by somebody since, and then
//! nothing is touched.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::git::rewrite::Rewrite;
use crate::text::{clean_line, shell_word};

use super::git::{run, run_well, run_whole};
use super::journal::Moving;
use super::trial;

/// Files named in a message.
const SHOWN: usize = 5;
/// What git could not do, where it fails.
const UNSEEN: &str = "the move that was cut short cannot be looked at";
/// A longer file is not held against what it should be.
const FILE_LIMIT: u64 = 32 << 20;

/// Takes away what a killed run left, and ends the move it was in: whether there was one.
///
/// # Errors
/// What stands in the way.
pub(super) fn settle(
    session: &Session<'_>,
    rewrite: &Rewrite,
    git_folder: &Path,
) -> Result<bool, Trouble> {
    trial::clear(session, rewrite)?;
    let unread = |error: std::io::Error| {
        Trouble::usage(format!("the note of a move that was cut short cannot be read: {error}"))
            .remedy("see git status; once all is as you want it, remove .git/onramp/moving.json")
    };
    let Some(moving) = Moving::read(session.bench, git_folder).map_err(unread)? else {
        return Ok(false);
    };
    let lock = git_folder.join("index.lock");
    if session.bench.kind(&lock).is_some() {
        let what = format!("git is at work here, or was killed: {} is there", lock.display());
        return Err(Trouble::usage(what)
            .remedy(format!("where no git runs, rm {}", shell_word(&lock.to_string_lossy()))));
    }
    let target = target(session, rewrite, &moving)?;
    let other = if target == moving.from { &moving.to } else { &moving.from };
    changed_since(session, rewrite, git_folder, &target, other)?;
    let (ran, signal) = run_whole(session, &rewrite.files_whatever(&target))?;
    if let Some(signal) = signal {
        // Whether git got to its end cannot be told: the note stays, and the next run does it again.
        let again = "`onramp branch undo --list` makes all whole";
        return Err(Trouble::new(Exit::by(signal), "stopped while a move was ended").remedy(again));
    }
    if !ran.ok() {
        return Err(ran.trouble("the files could not be brought back"));
    }
    Moving::remove(session.bench, git_folder)
        .map_err(|error| Trouble::failed(format!("the note cannot be removed: {error}")))?;
    Ok(true)
}

/// The state to bring about: where the branch is.
fn target(session: &Session<'_>, rewrite: &Rewrite, moving: &Moving) -> Result<String, Trouble> {
    let at = run(session, &rewrite.commit_of(&moving.reference))?.text();
    if at == moving.from || at == moving.to {
        return Ok(at);
    }
    let what = format!(
        "a step on {} was cut short, and the branch has moved on since",
        clean_line(&moving.reference)
    );
    Err(Trouble::usage(what)
        .remedy("see git status; once all is as you want it, remove .git/onramp/moving.json"))
}

/// Refuses where a file or the index is in neither of the two states; else takes away what only the
/// other one has.
fn changed_since(
    session: &Session<'_>,
    rewrite: &Rewrite,
    git_folder: &Path,
    target: &str,
    other: &str,
) -> Result<(), Trouble> {
    let staged = !run(session, &rewrite.index_is(target))?.ok()
        && !run(session, &rewrite.index_is(other))?.ok();
    let index = git_folder.join("onramp/settle.index");
    let mut differing = Vec::new();
    for commit in [target, other] {
        run_well(session, &rewrite.other_index(&index, commit), UNSEEN)?;
        // It ends with 1 where anything differs.
        run(session, &rewrite.refreshed(&index))?;
        let files = run_well(session, &rewrite.differing_from(&index), UNSEEN)?.paths();
        differing.push(files.into_iter().collect::<BTreeSet<_>>());
    }
    // Ours alone, and of no use to anyone now.
    let _ = session.bench.remove_file(&index);
    let added = run_well(session, &rewrite.added(other, target), UNSEEN)?.paths();
    let both = differing[0].intersection(&differing[1]);
    let odd = both.chain(added.iter().filter(|file| differing[0].contains(*file)));
    let there = |file: &&PathBuf| session.bench.kind(&rewrite.tree.join(file)).is_some();
    let mut neither = Vec::new();
    for file in odd.filter(there) {
        if !begun(session, rewrite, target, file)? && !begun(session, rewrite, other, file)? {
            neither.push(clean_line(&file.to_string_lossy()));
        }
    }
    if neither.is_empty() && !staged {
        return remove_added(session, rewrite, (target, other), &differing[1]);
    }
    let files: Vec<&str> = neither.iter().take(SHOWN).map(String::as_str).collect();
    let what = match files.as_slice() {
        [] => "something was staged".to_owned(),
        files => format!("files were changed: {}", files.join(", ")),
    };
    Err(Trouble::usage(format!("a step was cut short here, and since then {what}")).remedy(format!(
        "keep a copy of what you need, then git reset --hard {} and remove .git/onramp/moving.json",
        &target[..target.len().min(10)]
    )))
}

/// Removes files that only the other state has and that are as it has them, or half of that.
fn remove_added(
    session: &Session<'_>,
    rewrite: &Rewrite,
    (target, other): (&str, &str),
    differing: &BTreeSet<PathBuf>,
) -> Result<(), Trouble> {
    let added = run_well(session, &rewrite.added(target, other), UNSEEN)?.paths();
    for file in added {
        if differing.contains(&file) && !begun(session, rewrite, other, &file)? {
            continue;
        }
        match session.bench.remove_file(&rewrite.tree.join(&file)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                let shown = clean_line(&file.to_string_lossy());
                let what = format!("{shown} cannot be removed: {error}");
                return Err(Trouble::failed(what)
                    .remedy("give yourself the right to write there, then run this again"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a file holds the beginning of what a commit has there, as a write that was cut short
/// leaves it: then nothing of it is lost.
fn begun(
    session: &Session<'_>,
    rewrite: &Rewrite,
    commit: &str,
    file: &Path,
) -> Result<bool, Trouble> {
    let Ok(there) = session.bench.read(&rewrite.tree.join(file), FILE_LIMIT) else {
        return Ok(false);
    };
    let meant = run(session, &rewrite.content(commit, file))?;
    Ok(meant.ok() && meant.out.starts_with(&there))
}
