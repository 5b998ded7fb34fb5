//! Looks whether changed files begin as the project's licence inserter (`insert-license` of
//! Lucas-C/pre-commit-hooks) wants them to: with the lines of a template, as comments of their kind.
//! The template is that of the commit the change is based on. Never judges.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{Change, unknown};
use super::files::{LISTED, MORE, Paths, beyond};
use super::{Kind, World};
use crate::git::{Base, Content, Object, Patch, Patched};
use crate::observation::Unknown;

/// A template is a page at most.
const TEMPLATE: u64 = 64 << 10;
/// Lines among which the first one may stand.
const TOP: usize = 5;
/// What stands among these lines of a file that is to be let be.
const SKIPPED: &str = "SKIP LICENSE INSERTION";

/// The probe.
pub struct TopLines;

/// Which change, and what its files begin with.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Which change.
    pub change: Change,
    /// Path of the file that holds the lines.
    pub template: String,
    /// The kinds of files.
    pub styles: Vec<Style>,
}

/// How files of one kind make a comment of the lines.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Style {
    /// Regular expressions of paths.
    pub paths: Vec<String>,
    /// Regular expressions of paths to leave out.
    #[serde(default)]
    pub except: Vec<String>,
    /// The line before them; none where empty.
    #[serde(default)]
    pub first: String,
    /// What begins each of them.
    #[serde(default)]
    pub each: String,
    /// The line after them; none where empty.
    #[serde(default)]
    pub last: String,
}

/// A file that does not begin with the lines, or of which that could not be told.
#[derive(Debug, Serialize, JsonSchema)]
pub struct File {
    /// Path of the file.
    pub file: String,
    /// Full id of the last commit since the base that touched it.
    pub commit: Option<String>,
    /// `added`, `modified` or `type`.
    pub status: String,
    /// Why it could not be read.
    pub unread: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true: where there is no base, the answer is unknown.
    pub present: bool,
    /// What the head is compared with.
    pub base: Base,
    /// Whether the base has the template.
    pub template: bool,
    /// Changed files of these kinds; none without a template.
    pub looked: u64,
    /// Those of them without the lines, or that could not be read.
    pub files: Vec<File>,
}

impl Kind for TopLines {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "top_lines";

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let Arguments { change, template, styles } = arguments;
        let (tree, wanted) = change.wanted()?;
        let patch = world.git.patch(&tree, &wanted).map_err(unknown)?;
        let at = Object::At(patch.from.clone(), template);
        let read = world.git.contents(&tree, &[at], TEMPLATE).map_err(unknown)?.pop();
        let (template, text) = match read {
            Some(Content::Bytes(bytes)) => (true, String::from_utf8_lossy(&bytes).into_owned()),
            Some(Content::Absent(reason)) => return Err(unknown(reason)),
            _ => (false, String::new()),
        };
        let styles = if template { styles } else { Vec::new() };
        let (mut looked, mut files) = (0, Vec::new());
        for style in &styles {
            let (some, odd) = look(&patch, style, &text)?;
            looked += some;
            files.extend(odd);
        }
        let more = beyond(files.len().saturating_sub(LISTED));
        files.truncate(LISTED);
        files.extend(more.map(|reason| File::odd(MORE, None, "added", Some(reason))));
        Ok(Found { present: true, base: patch.base.clone(), template, looked, files })
    }
}

impl File {
    fn odd(file: &str, commit: Option<String>, status: &str, unread: Option<String>) -> Self {
        Self { file: file.to_owned(), commit, status: status.to_owned(), unread }
    }
}

/// The number of files of one kind, and those that lack the lines.
fn look(patch: &Patch, style: &Style, template: &str) -> Result<(u64, Vec<File>), Unknown> {
    let paths = Paths::of(&style.paths, &style.except)?;
    let wanted = style.lines(template);
    let plain = |file: &&Patched| ["file", "executable"].contains(&&*file.change.kind);
    let files = patch.files.iter().filter(plain).filter(|file| paths.include(&file.change.file));
    let (mut looked, mut odd) = (0, Vec::new());
    for file in files.filter(|file| file.text.is_some() || file.traits.unread.is_some()) {
        looked += 1;
        let begins = file.text.as_ref().is_some_and(|text| begins(&text.bytes, &wanted));
        if !begins {
            let change = &file.change;
            let unread = file.traits.unread.clone();
            odd.push(File::odd(&change.file, change.commit.clone(), &change.status, unread));
        }
    }
    Ok((looked, odd))
}

impl Style {
    fn lines(&self, template: &str) -> Vec<String> {
        let each = |line: &str| format!("{} {line}", self.each).trim().to_owned();
        let whole = |line: &String| (!line.is_empty()).then(|| line.trim().to_owned());
        let first = whole(&self.first).into_iter();
        first.chain(template.lines().map(each)).chain(whole(&self.last)).collect()
    }
}

/// Whether a text has these lines one after the other, beginning near its top; blanks around a line
/// do not count.
fn begins(text: &[u8], wanted: &[String]) -> bool {
    let text = String::from_utf8_lossy(text);
    let lines: Vec<&str> = text.lines().map(str::trim).take(TOP + wanted.len()).collect();
    let skipped = lines.iter().take(TOP).any(|line| line.contains(SKIPPED));
    skipped || lines.windows(wanted.len()).take(TOP).any(|part| part == wanted)
}
