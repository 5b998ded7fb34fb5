//! Reads a pull request template line by line and puts text into it, keeping every byte that was
//! not asked to change. Knows Markdown's lines, not what the sections mean.

use std::ops::Range;

pub use super::roles::Open;
use super::roles::{Reader, may_be_title, ticked, underline};

/// Files inside a tree that hold a template, in the order GitHub looks; letter case is free.
const PLACES: [&str; 3] =
    ["PULL_REQUEST_TEMPLATE.md", "PULL_REQUEST_TEMPLATE.txt", "PULL_REQUEST_TEMPLATE"];

/// Folders of a tree that hold them.
pub const FOLDERS: [&str; 3] = [".github", "", "docs"];

/// What a line of a template is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// `## Title`, with the number of hashes and the title; or a title with a line below it.
    Heading(usize, String),
    /// The line below a title, of `=` or `-`.
    Underline,
    /// A check box, with its label and whether it is ticked.
    Tick(String, bool),
    /// Nothing but (part of) an HTML comment.
    Comment,
    /// A commented `Fixes: #`: the place for issue links.
    LinkPlace,
    /// A line to be replaced by the author, such as `This PR...`.
    Placeholder,
    /// A fence, or a line between fences.
    Code,
    /// Blank, outside fences and comments.
    Blank,
    /// Anything else.
    Text,
}

/// One line with its ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line, without its ending.
    pub text: String,
    /// `\n`, `\r\n`, or nothing at the very end.
    pub ending: String,
    /// What it is.
    pub role: Role,
}

/// A heading and what follows it up to the next heading of any level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Number of hashes; 0 for what stands before the first heading.
    pub level: usize,
    /// The heading's text.
    pub title: String,
    /// The line of the heading; 0 as well for what stands before the first one.
    pub line: usize,
    /// Its lines, without the heading.
    pub lines: Range<usize>,
}

/// A template, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// All lines in order.
    pub lines: Vec<Line>,
    /// What is opened in it and never closed.
    pub open: Option<Open>,
}

/// One thing to do to a template. Lines count from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Replace a line by these.
    Replace(usize, Vec<String>),
    /// Put these before a line, or at the end where the number is that of the lines.
    Insert(usize, Vec<String>),
    /// Tick or clear a box.
    Tick(usize, bool),
}

/// Paths inside a tree where a template may lie, most usual first. Compare them without regard to
/// letter case; files in a `PULL_REQUEST_TEMPLATE` folder come after these, by name.
#[must_use]
pub fn candidates() -> Vec<String> {
    let join = |folder: &&str, name: &str| match *folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    let files = FOLDERS.iter().flat_map(|folder| PLACES.iter().map(move |name| join(folder, name)));
    let folders = FOLDERS.iter().map(|folder| join(folder, "PULL_REQUEST_TEMPLATE/"));
    files.chain(folders).collect()
}

/// Picks the template among a tree's paths: the profile's own choice if it is there, else the
/// first candidate, else the first Markdown file in a template folder.
#[must_use]
pub fn choose<'a>(paths: &[&'a str], named: Option<&str>) -> Option<&'a str> {
    let wanted: Vec<String> = named.map(str::to_owned).into_iter().chain(candidates()).collect();
    wanted.iter().find_map(|candidate| {
        let fits = |path: &&&str| match candidate.strip_suffix('/') {
            Some(folder) => in_folder(path, folder),
            None => path.eq_ignore_ascii_case(candidate),
        };
        paths.iter().filter(fits).min().copied()
    })
}

fn in_folder(path: &str, folder: &str) -> bool {
    let Some((parent, name)) = path.rsplit_once('/') else { return false };
    parent.eq_ignore_ascii_case(folder) && name.to_ascii_lowercase().ends_with(".md")
}

impl Template {
    /// Reads a template. Any text is one.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut reader = Reader::default();
        let mut lines = Vec::new();
        for raw in text.split_inclusive('\n') {
            let body = raw.strip_suffix('\n').unwrap_or(raw);
            let body = body.strip_suffix('\r').filter(|_| raw.ends_with('\n')).unwrap_or(body);
            let role = reader.role(body);
            lines.push(Line { text: body.to_owned(), ending: raw[body.len()..].to_owned(), role });
        }
        underlined(&mut lines);
        Self { lines, open: reader.open() }
    }

    /// The sections in order; the first stands before any heading and may be empty.
    #[must_use]
    pub fn sections(&self) -> Vec<Section> {
        let mut sections = vec![Section { level: 0, title: String::new(), line: 0, lines: 0..0 }];
        for (index, line) in self.lines.iter().enumerate() {
            if let Role::Heading(level, title) = &line.role {
                let lines = index + 1..index + 1;
                let title = title.clone();
                sections.push(Section { level: *level, title, line: index, lines });
            } else if let Some(last) = sections.last_mut() {
                last.lines.end = index + 1;
                if line.role == Role::Underline {
                    last.lines.start = index + 1;
                }
            }
        }
        sections
    }

    /// The text with the edits made; of several that replace one line, the first counts.
    #[must_use]
    pub fn with(&self, edits: &[Edit]) -> String {
        let mut out = String::new();
        for index in 0..=self.lines.len() {
            for edit in edits {
                if let Edit::Insert(at, lines) = edit
                    && *at == index
                {
                    self.put(&mut out, index, lines);
                }
            }
            let Some(line) = self.lines.get(index) else { break };
            let own = edits.iter().find(
                |edit| matches!(edit, Edit::Replace(at, _) | Edit::Tick(at, _) if *at == index),
            );
            match own {
                Some(Edit::Replace(_, lines)) => self.put(&mut out, index, lines),
                Some(Edit::Tick(_, on)) => {
                    out.push_str(&ticked(&line.text, *on));
                    out.push_str(&line.ending);
                }
                _ => {
                    out.push_str(&line.text);
                    out.push_str(&line.ending);
                }
            }
        }
        out
    }

    /// Adds lines with the ending used around them.
    fn put(&self, out: &mut String, near: usize, lines: &[String]) {
        let used = |line: &Line| (!line.ending.is_empty()).then(|| line.ending.clone());
        let here = self.lines.get(near).and_then(used);
        let ending = here
            .or_else(|| self.lines[..near.min(self.lines.len())].iter().rev().find_map(used))
            .unwrap_or_else(|| "\n".to_owned());
        if !out.is_empty() && !out.ends_with('\n') {
            out.push_str(&ending);
        }
        for line in lines {
            out.push_str(line);
            out.push_str(&ending);
        }
    }
}

/// Finds the titles that have a line below them. Only a paragraph of one line is taken for one.
fn underlined(lines: &mut [Line]) {
    let text = |line: &Line| matches!(line.role, Role::Text | Role::Placeholder);
    for index in 1..lines.len() {
        let alone = index < 2 || !text(&lines[index - 2]);
        let below = lines[index].role == Role::Text && alone;
        let title = &lines[index - 1];
        let Some(level) = underline(&lines[index].text)
            .filter(|_| below && text(title) && may_be_title(&title.text))
        else {
            continue;
        };
        let title = title.text.trim().to_owned();
        lines[index - 1].role = Role::Heading(level, title);
        lines[index].role = Role::Underline;
    }
}
