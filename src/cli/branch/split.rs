//! `onramp branch split`: says how to part the newest commit into several, one for each part of the
//! project. Prints commands and changes nothing: what belongs together, only its author knows.

use std::collections::BTreeMap;

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::Workspace;
use crate::exit::Exit;
use crate::text::{Line, Tone, clean_line, shell_word};

use super::stand::{look, root, unreadable, wanted};

/// Files in one command: a longer line would be cut by terminals.
const FILES: usize = 200;

/// Prints the commands.
///
/// # Errors
/// No commit to part, or a merge.
pub(super) fn split(session: &Session<'_>, workspace: &Workspace) -> Result<Exit, Trouble> {
    let stand = look(session, workspace)?;
    let (Some(branch), Some(newest)) = (&stand.branch, stand.commits.first()) else {
        return Err(Trouble::usage("there is no commit of yours to part")
            .remedy("commit your change first"));
    };
    if newest.merge {
        return Err(Trouble::usage("the newest commit is a merge")
            .remedy("onramp branch drop takes it out"));
    }
    let root = root(session, workspace)?;
    let git = session.machine.world().git;
    let wanted = wanted(workspace, &stand.maintained);
    let message = git.messages(&root, &wanted, 1).map_err(unreadable)?.into_iter().next();
    let files = message.map(|message| message.files).unwrap_or_default();
    if files.iter().any(|file| file.contains(['\n', '\u{fffd}']) || clean_line(file) != *file) {
        return Err(Trouble::usage("a file of it has a name that cannot be typed").remedy(
            "git reset --soft HEAD^ undoes the commit and keeps all; commit part by part",
        ));
    }
    let parts = parts(&files);
    if parts.len() < 2 {
        let said = match files.len() {
            0 | 1 => "it changes one file: there is nothing to part",
            _ => "its files all belong to one part of the project: there is nothing to propose",
        };
        session.terminal.say(Line::plain(said));
        return Ok(Exit::Success);
    }
    session.terminal.say(Line::plain(format!(
        "\"{}\" touches {} parts of the project; these commands make a commit of each:",
        clean_line(&newest.subject),
        parts.len()
    )));
    let lines: Vec<Line> = commands(branch, &newest.commit, &newest.subject, &parts)
        .into_iter()
        .map(|command| Line::toned(Tone::Command, command))
        .collect();
    session.terminal.data(&lines)?;
    Ok(Exit::Success)
}

/// The files by the top folder they lie in; those at the root together.
fn parts(files: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        let part = file.split_once('/').map_or("root", |(folder, _)| folder);
        parts.entry(part.to_owned()).or_default().push(file.clone());
    }
    parts
}

/// What to type. The commit stays reachable, and the last command shows that nothing was lost.
fn commands(
    branch: &str,
    commit: &str,
    subject: &str,
    parts: &BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    let kept = shell_word(&format!("{branch}-whole"));
    let short = &commit[..commit.len().min(10)];
    // The part takes the place of a component that the subject names.
    let subject = match subject.split_once(": ") {
        Some((component, rest)) if !component.contains(' ') => rest,
        _ => subject,
    };
    let mut commands = vec![format!("git branch {kept} {short}"), "git reset -q HEAD^".to_owned()];
    for (part, files) in parts {
        for files in files.chunks(FILES) {
            let files: Vec<String> = files.iter().map(|file| shell_word(file)).collect();
            commands.push(format!("git add -A -- {}", files.join(" ")));
        }
        let message = shell_word(&clean_line(&format!("{part}: {subject}")));
        commands.push(format!("git commit -q -m {message}"));
    }
    commands.push(format!("git diff --stat {kept} HEAD"));
    commands
}
