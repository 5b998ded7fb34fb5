//! Reads a pull request template line by line and puts text into it, keeping every byte that was
//! not asked to change. Knows Markdown's lines, not what the sections mean.

use std::ops::Range;

/// Files inside a tree that hold a template, in the order GitHub looks; letter case is free.
const PLACES: [&str; 3] =
    ["PULL_REQUEST_TEMPLATE.md", "PULL_REQUEST_TEMPLATE.txt", "PULL_REQUEST_TEMPLATE"];

/// Folders that hold them.
const FOLDERS: [&str; 3] = [".github", "", "docs"];

/// What a line of a template is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// `## Title`, with the number of hashes and the title.
    Heading(usize, String),
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
    /// Its lines, without the heading.
    pub lines: Range<usize>,
}

/// A template, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// All lines in order.
    pub lines: Vec<Line>,
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
        let lines = text.split_inclusive('\n').map(|raw| {
            let body = raw.strip_suffix('\n').unwrap_or(raw);
            let body = body.strip_suffix('\r').filter(|_| raw.ends_with('\n')).unwrap_or(body);
            let role = reader.role(body);
            Line { text: body.to_owned(), ending: raw[body.len()..].to_owned(), role }
        });
        Self { lines: lines.collect() }
    }

    /// The sections in order; the first stands before any heading and may be empty.
    #[must_use]
    pub fn sections(&self) -> Vec<Section> {
        let mut sections = vec![Section { level: 0, title: String::new(), lines: 0..0 }];
        for (index, line) in self.lines.iter().enumerate() {
            if let Role::Heading(level, title) = &line.role {
                let lines = index + 1..index + 1;
                sections.push(Section { level: *level, title: title.clone(), lines });
            } else if let Some(last) = sections.last_mut() {
                last.lines.end = index + 1;
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

/// What carries over from line to line.
#[derive(Default)]
struct Reader {
    in_comment: bool,
    fence: Option<(char, usize)>,
}

impl Reader {
    fn role(&mut self, line: &str) -> Role {
        if let Some(role) = self.code(line) {
            return role;
        }
        let was_inside = self.in_comment;
        let (outside, commented) = self.without_comments(line);
        let bare = outside.trim();
        if bare.is_empty() && (was_inside || commented) {
            return if is_link_place(line, was_inside, self.in_comment) {
                Role::LinkPlace
            } else {
                Role::Comment
            };
        }
        if was_inside {
            // What follows a comment's end on its line still belongs to the comment's block.
            return Role::Text;
        }
        heading(line).or_else(|| tick(line)).unwrap_or_else(|| plain(bare))
    }

    /// Fences, unless a comment is open.
    fn code(&mut self, line: &str) -> Option<Role> {
        if self.in_comment {
            return None;
        }
        let mark = fence(line);
        match (self.fence, mark) {
            (Some((c, length)), Some((other, found, true))) if c == other && found >= length => {
                self.fence = None;
            }
            (Some(_), _) => {}
            (None, Some((c, length, _))) => self.fence = Some((c, length)),
            (None, None) => return None,
        }
        Some(Role::Code)
    }

    /// The line without what lies in comments, and whether there was any.
    fn without_comments(&mut self, line: &str) -> (String, bool) {
        let (mut outside, mut rest, mut any) = (String::new(), line, false);
        while !rest.is_empty() {
            let mark = if self.in_comment { "-->" } else { "<!--" };
            let Some((before, after)) = rest.split_once(mark) else { break };
            any = true;
            if !self.in_comment {
                outside.push_str(before);
            }
            self.in_comment = !self.in_comment;
            rest = after;
        }
        if !self.in_comment {
            outside.push_str(rest);
        }
        (outside, any)
    }
}

/// The mark, its length, and whether it may close.
fn fence(line: &str) -> Option<(char, usize, bool)> {
    let text = line.trim_start_matches(' ');
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = text.chars().take_while(|c| *c == mark).count();
    let info = &text[length..];
    let opens = line.len() - text.len() < 4 && length >= 3 && !(mark == '`' && info.contains('`'));
    opens.then(|| (mark, length, info.trim().is_empty()))
}

fn heading(line: &str) -> Option<Role> {
    let text = line.trim_start_matches(' ');
    let level = text.chars().take_while(|c| *c == '#').count();
    let rest = &text[level..];
    let fits = line.len() - text.len() < 4 && (1..=6).contains(&level);
    if !fits || !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    let title = rest.trim();
    let closed = title.trim_end_matches('#');
    let title = if closed.is_empty() || closed.ends_with(' ') { closed.trim_end() } else { title };
    Some(Role::Heading(level, title.to_owned()))
}

fn tick(line: &str) -> Option<Role> {
    let (_, mark, label) = box_parts(line)?;
    Some(Role::Tick(label.trim().to_owned(), mark != " "))
}

/// Up to and with the bracket, the mark, and the label.
fn box_parts(line: &str) -> Option<(&str, &str, &str)> {
    let item = line.trim_start().strip_prefix(['-', '*', '+'])?;
    let inner = item.strip_prefix(' ')?.trim_start().strip_prefix('[')?;
    let (mark, label) = inner.split_once(']')?;
    let start = line.len() - inner.len();
    (matches!(mark, " " | "x" | "X") && label.starts_with([' ', '\t']))
        .then(|| (&line[..start], mark, label))
}

fn ticked(line: &str, on: bool) -> String {
    let Some((before, mark, label)) = box_parts(line) else { return line.to_owned() };
    let mark = match (on, mark) {
        (false, _) => " ",
        (true, " ") => "x",
        (true, already) => already,
    };
    format!("{before}{mark}]{label}")
}

fn is_link_place(line: &str, was_inside: bool, still_inside: bool) -> bool {
    let inner = line.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    let Some(inner) = inner.filter(|_| !was_inside && !still_inside) else { return false };
    let word = inner.trim_matches(['-', ' ']).to_ascii_lowercase().replace([':', ' '], "");
    matches!(word.as_str(), "fixes#" | "closes#" | "resolves#")
}

fn plain(bare: &str) -> Role {
    let unfinished = bare.ends_with("...") || bare.ends_with('…');
    match bare {
        "" => Role::Blank,
        _ if unfinished && bare.split_whitespace().count() <= 5 => Role::Placeholder,
        _ => Role::Text,
    }
}
