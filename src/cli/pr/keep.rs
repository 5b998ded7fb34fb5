//! Writes a draft to a file and remembers what was written, so that a later run can tell what the
//! author has changed: that stays. Replaces no file that it cannot account for.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::pr::edits::{Kept, join};
use crate::sys::{Access, System, stays_inside};
use crate::text::{Line, Tone, clean_line};

/// Longest draft read back from a file.
pub(super) const LONGEST: u64 = 1 << 20;

/// How many of the last texts are remembered of a file: a run that is killed leaves the one before
/// or the new one, and both are onramp's.
const REMEMBERED: usize = 3;

/// Most new lines shown of a section that the author wrote.
const SHOWN: usize = 8;

/// What onramp wrote last, by file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Record {
    /// Texts by absolute path, the newest last. Unknown fields of newer versions are ignored.
    #[serde(default)]
    drafts: BTreeMap<String, Vec<String>>,
}

/// What came of writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What stands in the file now.
    pub text: String,
    /// What the author wrote and keeps.
    pub kept: Vec<Kept>,
}

impl Written {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), kept: Vec::new() }
    }

    /// Tells which sections stay as the author left them, and what a new draft would add.
    pub(super) fn tell(&self, session: &Session<'_>) {
        for line in self.told() {
            session.terminal.say(line);
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
    record: &Path,
    body: &str,
) -> anyhow::Result<Written> {
    let bench = session.bench;
    let path = absolute(bench, file)?;
    let key = path.to_string_lossy().into_owned();
    let own =
        record.parent().and_then(Path::parent).is_some_and(|git| stays_inside(bench, git, record));
    if !own {
        return Err(Trouble::usage(format!("{} leads out of the clone", record.display()))
            .remedy("a part of it is a link that onramp did not make: remove it")
            .into());
    }
    let mut known = read_record(bench, record);
    let there = there(bench, &path)?;
    let texts = known.drafts.entry(key).or_default();
    let written = match &there {
        None => Written::new(body),
        Some(there) if there == body => Written::new(body),
        Some(_) if texts.is_empty() => return Err(refusal(file).into()),
        Some(there) => {
            let joined = join(texts, there, body);
            Written { text: joined.text, kept: joined.kept }
        }
    };
    texts.retain(|text| text != body);
    texts.push(body.to_owned());
    texts.drain(..texts.len().saturating_sub(REMEMBERED));
    // Remembered first: killed in between, the next run still knows both texts.
    remember(session, record, &known)?;
    put(session, file, (&path, there.as_deref()), &written.text)?;
    Ok(written)
}

fn remember(session: &Session<'_>, record: &Path, known: &Record) -> anyhow::Result<()> {
    let noted = session.bench.write(record, &serde_json::to_vec(known)?, Access::Private);
    if let Err(error) = noted {
        let what = format!("{} could not be written: {error}", record.display());
        let effect = "a later run will not be able to tell what you edited";
        session.terminal.complain(Line::toned(Tone::Warn, format!("{what}; {effect}")));
    }
    Ok(())
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

/// A record that cannot be read is none: the file is then one that nobody can account for.
fn read_record(system: &dyn System, path: &Path) -> Record {
    let bytes = system.read(path, 64 * LONGEST).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
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
    let what =
        format!("{} is there already, not written by onramp, and is left as it is", file.display());
    Trouble::usage(what).remedy("name another file with --output, or move this one away")
}

fn unwritable(file: &Path, error: &io::Error) -> Trouble {
    Trouble::usage(format!("{} cannot be written: {error}", file.display()))
        .remedy("name a file in a folder of yours with --output")
}
