//! Looks whether the files that a change adds begin with the project's own licence text word for
//! word, as a program demands that would insert it otherwise. The text is that of the commit the
//! change is based on. Says which do not; what a licence is, is not its affair.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{Change, unknown};
use super::files::{LISTED, MORE, Paths, beyond};
use super::{Kind, World};
use crate::git::{self, Base, Content, Object};
use crate::observation::Unknown;

/// Largest text of a licence, and largest older file that is read.
const LARGEST: u64 = 4 << 20;

/// The text begins on one of so many lines.
const WITHIN: usize = 5;

/// Words on these lines that spare a file.
const SPARED: &str = "SKIP LICENSE INSERTION";

/// Words on these lines that the inserter writes above a text that is only nearly the licence, and
/// refuses until somebody has looked at it.
const DOUBTED: &str = "This license is not consistent with the license used in the project.";

/// The probe.
pub struct Header;

/// Which change, the text, and how each type of file holds it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Which change.
    pub change: Change,
    /// Path of the file in the tree that holds the text.
    pub template: String,
    /// The comments of each type of file.
    pub styles: Vec<Style>,
}

/// How files of one type hold the text.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Style {
    /// Regular expressions of their paths.
    pub paths: Vec<String>,
    /// Regular expressions of paths to leave out.
    #[serde(default)]
    pub except: Vec<String>,
    /// The line before the text.
    #[serde(default)]
    pub start: String,
    /// What every line of it begins with, a blank after it.
    #[serde(default)]
    pub prefix: String,
    /// The line after it.
    #[serde(default)]
    pub end: String,
}

/// A file without the text, or that could not be looked through.
#[derive(Debug, Serialize, JsonSchema)]
pub struct File {
    /// Path of the file.
    pub file: String,
    /// `added` or `modified`.
    pub status: String,
    /// Full id of the last commit since the base that touched it.
    pub commit: Option<String>,
    /// Why it could not be looked through.
    pub unread: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Whether the tree has the text.
    pub present: bool,
    /// What the head is compared with.
    pub base: Base,
    /// Changed text files of these types.
    pub looked: u64,
    /// Those of them that were added without the text or have lost it.
    pub files: Vec<File>,
}

impl Kind for Header {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "header";

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let Arguments { change, template, styles } = arguments;
        let (tree, wanted) = change.wanted()?;
        let patch = world.git.patch(&tree, &wanted).map_err(unknown)?;
        let read = |object| {
            let contents = world.git.contents(&tree, &[object], LARGEST).map_err(unknown)?;
            match contents.into_iter().next() {
                Some(Content::Bytes(bytes)) => Ok(Some(bytes)),
                Some(Content::Absent(reason)) => Err(unknown(reason)),
                _ => Ok(None),
            }
        };
        let text = read(Object::At(patch.from.clone(), template))?;
        let (mut looked, mut files) = (0, Vec::new());
        for style in &styles {
            let paths = Paths::of(&style.paths, &style.except)?;
            let wanted = style.lines(text.as_deref().unwrap_or_default());
            for file in patch.files.iter().filter(|file| paths.include(&file.change.file)) {
                let content = file.text.as_ref().map(|text| &*text.bytes);
                let unread = file.traits.unread.clone();
                looked += u64::from(content.is_some() || unread.is_some());
                let lacks = content.is_some_and(|content| !begins(content, &wanted));
                if unread.is_some() || (lacks && is_new(&file.change, &wanted, read)?) {
                    files.push(File::of(&file.change, unread));
                }
            }
        }
        files.sort_by(|a, b| a.file.cmp(&b.file));
        let more = beyond(files.len().saturating_sub(LISTED));
        files.truncate(LISTED);
        files.extend(more.map(File::beyond));
        Ok(Found { present: text.is_some(), base: patch.base.clone(), looked, files })
    }
}

impl File {
    fn of(change: &git::Change, unread: Option<String>) -> Self {
        let git::Change { file, status, commit, .. } = change.clone();
        Self { file, status: status.to_owned(), commit, unread }
    }

    /// Stands for the files that are not listed.
    fn beyond(reason: String) -> Self {
        let (file, status) = (MORE.to_owned(), "added".to_owned());
        Self { file, status, commit: None, unread: Some(reason) }
    }
}

impl Style {
    /// The text as it stands in such a file, a blank line as the comment's sign alone.
    fn lines(&self, text: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(text);
        let body = text.lines().map(|line| format!("{} {line}", self.prefix));
        let frame = |line: &String| Some(line.clone()).filter(|line| !line.is_empty());
        let all = frame(&self.start).into_iter().chain(body).chain(frame(&self.end));
        all.map(|line| line.trim().to_owned()).collect()
    }
}

/// Whether the text begins on one of the first lines and nobody doubts it, or the file is spared it.
fn begins(content: &[u8], wanted: &[String]) -> bool {
    let content = String::from_utf8_lossy(content);
    // A carriage return alone ends a line as well.
    let lines = content.lines().flat_map(|line| line.split('\r'));
    let lines: Vec<_> = lines.take(WITHIN + wanted.len()).map(str::trim).collect();
    let says = |words: &str| lines.iter().take(WITHIN).any(|line| line.contains(words));
    let stands = || (0..WITHIN).any(|at| lines.get(at..).is_some_and(|rest| starts(rest, wanted)));
    says(SPARED) || (!says(DOUBTED) && stands())
}

fn starts(lines: &[&str], wanted: &[String]) -> bool {
    lines.len() >= wanted.len() && lines.iter().zip(wanted).all(|(line, wanted)| line == wanted)
}

/// Whether the change is to blame: it added the file, or took out the text that was there.
fn is_new(
    change: &git::Change,
    wanted: &[String],
    read: impl Fn(Object) -> Result<Option<Arc<[u8]>>, Unknown>,
) -> Result<bool, Unknown> {
    let Some(old) = change.old_object.clone().filter(|_| change.status == "modified") else {
        return Ok(true);
    };
    Ok(read(Object::Id(old))?.is_some_and(|old| begins(&old, wanted)))
}
