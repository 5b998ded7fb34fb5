//! Writes a draft to a file and has it remembered, so that a later run can tell what the author has
//! changed: that stays. Replaces no file that it cannot account for.

use std::io;
use std::path::{Path, PathBuf};

use super::PrPlan;
use super::record::{Known, Record};
use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::pr::edits::{Kept, gone, join};
use crate::sys::{Access, System};
use crate::text::{Line, Tone, clean_line, shell_word};

/// Longest draft read back from a file.
pub(super) const LONGEST: u64 = 1 << 20;

/// Most new lines shown of a section that the author wrote.
const SHOWN: usize = 8;

/// What came of writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What stands in the file now.
    pub text: String,
    /// What the author wrote and keeps.
    pub kept: Vec<Kept>,
    /// Ticks and disclosures that stood in the file and do not any more.
    pub gone: Vec<String>,
    /// The file is the author's own: onramp did not write to it.
    pub foreign: bool,
}

/// What a draft is written for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Purpose<'a> {
    /// Whose files and branch.
    pub(super) plan: &'a PrPlan,
    /// The request is handed over: a file that onramp does not know is then taken as it is.
    pub(super) handing_over: bool,
}

impl Written {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), kept: Vec::new(), gone: Vec::new(), foreign: false }
    }

    /// Tells which sections stay as the author left them, and what a new draft would add.
    pub(super) fn tell(&self, session: &Session<'_>) {
        for line in self.told() {
            session.terminal.say(line);
        }
        for line in &self.gone {
            let text = format!("no longer in the text: {}", clean_line(line));
            session.terminal.complain(Line::toned(Tone::Warn, text));
        }
    }

    fn told(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for (index, kept) in self.kept.iter().enumerate() {
            let title = match clean_line(&kept.title).as_str() {
                "" => "what stands before the first heading".to_owned(),
                title => format!("\"{title}\""),
            };
            let name = if index == 0 { "kept" } else { "" };
            let news = if kept.news.is_empty() { "" } else { "; new since then, for you to take:" };
            lines.push(
                Line::toned(Tone::Strong, format!("{name:<10}"))
                    .and(Tone::Plain, format!("{title}, as you edited it{news}")),
            );
            let shown = kept.news.iter().take(SHOWN);
            lines.extend(
                shown.map(|line| Line::plain("            ").and(Tone::Dim, clean_line(line))),
            );
            if kept.news.len() > SHOWN {
                let more = format!("and {} more: onramp pr shows all", kept.news.len() - SHOWN);
                lines.push(Line::plain("            ").and(Tone::Dim, more));
            }
        }
        lines
    }
}

/// Writes the draft, joined with what its author has changed.
pub(super) fn write(
    session: &Session<'_>,
    file: &Path,
    body: &str,
    record: &mut Record,
    purpose: Purpose<'_>,
) -> anyhow::Result<Written> {
    let (bench, plan) = (session.bench, purpose.plan);
    let path = absolute(bench, file)?;
    let key = placed(bench, &path).unwrap_or_else(|| path.to_string_lossy().into_owned());
    let branch = plan.here.branch.as_deref();
    let there = there(bench, &path)?;
    let known = record.known(&key, there.as_deref().unwrap_or_default());
    let written = match &there {
        None => Written::new(body),
        Some(there) if there == body => Written::new(body),
        Some(there) if known.texts.is_empty() && purpose.handing_over => {
            record.keep(session, &plan.record)?;
            return Ok(Written { foreign: true, ..Written::new(there) });
        }
        Some(_) if known.texts.is_empty() => return Err(refusal(file).into()),
        Some(there) => match other_branch(session, plan, &known) {
            Some(_) if known.texts.contains(there) => Written::new(body),
            Some(other) => return Err(of_another(file, &other, branch).into()),
            None => {
                let joined = join(&known.texts, there, body);
                let gone = gone(there, &joined.text);
                Written { kept: joined.kept, gone, ..Written::new(&joined.text) }
            }
        },
    };
    record.note(&key, known, body, branch);
    // Remembered first: killed in between, the next run still knows both texts.
    record.keep(session, &plan.record)?;
    put(session, file, (&path, there.as_deref()), &written.text)?;
    Ok(written)
}

/// The branch that a file's text is for, where that is another one. A branch that is not there any
/// more was renamed, or is done with.
fn other_branch(session: &Session<'_>, plan: &PrPlan, known: &Known) -> Option<String> {
    let other = known.branch.as_ref().filter(|other| Some(*other) != plan.here.branch.as_ref())?;
    let names = session.machine.world().git.names(&plan.tree);
    let there = names.is_ok_and(|names| names.contains(other));
    there.then(|| other.clone())
}

fn of_another(file: &Path, other: &str, branch: Option<&str>) -> Trouble {
    let here = branch.map_or_else(|| "no branch".to_owned(), clean_line);
    let other = clean_line(other);
    let what = format!(
        "{} holds what you wrote for the branch {other}, {here} is checked out, and the file is \
         left as it is",
        file.display()
    );
    let switch = shell_word(&other);
    Trouble::usage(what).remedy(format!(
        "name another file with --output for this branch, or go back with git switch {switch}"
    ))
}

/// Writes the file; one that is there only as long as it still is what was read.
fn put(
    session: &Session<'_>,
    file: &Path,
    (path, there): (&Path, Option<&str>),
    text: &str,
) -> Result<(), Trouble> {
    match there {
        Some(there) if there == text => Ok(()),
        Some(there) => {
            let replaced = session.bench.replace(path, Some(there.as_bytes()), text.as_bytes());
            replaced.map_err(|error| match error.kind() {
                io::ErrorKind::WouldBlock => Trouble::usage(format!(
                    "{} was changed while onramp wrote, and is left as it is",
                    file.display()
                ))
                .remedy("save it in your editor, and run this again"),
                io::ErrorKind::AlreadyExists => Trouble::usage(format!(
                    "{0}.lock is there: another onramp writes {0}, or one was stopped",
                    file.display()
                ))
                .remedy("if none is running, remove that file and run this again"),
                _ => unwritable(file, &error),
            })
        }
        None => session
            .bench
            .write(path, text.as_bytes(), Access::Shared)
            .map_err(|error| unwritable(file, &error)),
    }
}

/// A path that was typed, as it is meant.
pub(super) fn absolute(system: &dyn System, file: &Path) -> anyhow::Result<PathBuf> {
    if file.is_absolute() {
        return Ok(file.to_owned());
    }
    let folder = system.current_dir().map_err(|error| {
        Trouble::usage(format!("the current folder cannot be told: {error}"))
            .remedy("give the file with its absolute path")
    })?;
    Ok(folder.join(file))
}

/// The one name of a file, however the way to it was typed: its folder with links and dots resolved.
/// None where there is no such folder.
pub(super) fn placed(system: &dyn System, path: &Path) -> Option<String> {
    let folder = system.real_path(path.parent()?).ok()?;
    Some(folder.join(path.file_name()?).to_string_lossy().into_owned())
}

/// What stands in the file.
fn there(system: &dyn System, path: &Path) -> Result<Option<String>, Trouble> {
    match system.read(path, LONGEST) {
        Ok(bytes) => String::from_utf8(bytes).map(Some).map_err(|_| refusal(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Err(refusal(path)),
        Err(error) => Err(unwritable(path, &error)),
    }
}

fn refusal(file: &Path) -> Trouble {
    let what = format!(
        "{} is there already, onramp knows of no draft of its own there, and the file is left as it \
         is",
        file.display()
    );
    Trouble::usage(what).remedy(
        "name another file with --output, or move this one away; `--open` and `--create` take it \
         as it is, once `onramp pr --lint` finds no error in it",
    )
}

fn unwritable(file: &Path, error: &io::Error) -> Trouble {
    Trouble::usage(format!("{} cannot be written: {error}", file.display()))
        .remedy("name a file in a folder of yours with --output")
}
