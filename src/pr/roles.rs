//! Says what each line of a template is: heading, box, comment, code, blank or text. Looks at lines
//! in order, and never at what a heading means.

use super::template::Role;

/// What carries over from line to line.
#[derive(Default)]
pub(super) struct Reader {
    in_comment: bool,
    fence: Option<(char, usize)>,
    /// Lines read.
    count: usize,
    /// Where the comment or the fence that is open was opened.
    opened: usize,
    /// Where the first comment was opened that had not ended when another began.
    swallowing: Option<usize>,
}

/// What was opened and never closed, and so swallows the rest of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// An HTML comment, begun on this line.
    Comment(usize),
    /// A fence of code, begun on this line.
    Fence(usize),
    /// An HTML comment, begun on this line, that ends where the next one should have.
    Swallowing(usize),
}

impl Reader {
    /// What the next line is.
    pub(super) fn role(&mut self, line: &str) -> Role {
        let role = self.of(line);
        self.count += 1;
        role
    }

    /// What is still open after the last line.
    pub(super) fn open(&self) -> Option<Open> {
        match (self.in_comment, self.fence) {
            (true, _) => Some(Open::Comment(self.opened)),
            (false, Some(_)) => Some(Open::Fence(self.opened)),
            (false, None) => self.swallowing.map(Open::Swallowing),
        }
    }

    fn of(&mut self, line: &str) -> Role {
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
            (None, Some((c, length, _))) => {
                self.fence = Some((c, length));
                self.opened = self.count;
            }
            (None, None) => return None,
        }
        Some(Role::Code)
    }

    /// The line without what lies in comments, and whether there was any.
    fn without_comments(&mut self, line: &str) -> (String, bool) {
        let (mut outside, mut rest, mut any) = (String::new(), line, false);
        while !rest.is_empty() {
            let mark = if self.in_comment { "-->" } else { "<!--" };
            let inside = rest.split_once(mark).map_or(rest, |(inside, _)| inside);
            if self.in_comment && self.opened < self.count && inside.contains("<!--") {
                self.swallowing.get_or_insert(self.opened);
            }
            let Some((before, after)) = rest.split_once(mark) else { break };
            any = true;
            if !self.in_comment {
                outside.push_str(before);
                self.opened = self.count;
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

/// The line of a box with its mark set or taken away.
pub(super) fn ticked(line: &str, on: bool) -> String {
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

/// The level of heading that a line below a line of text makes of it.
pub(super) fn underline(line: &str) -> Option<usize> {
    let text = line.trim_start_matches(' ');
    let indented = line.len() - text.len() >= 4;
    let marks = text.trim_end();
    let all = |mark: char| !marks.is_empty() && marks.chars().all(|c| c == mark);
    match () {
        () if indented => None,
        () if all('=') => Some(1),
        () if all('-') => Some(2),
        () => None,
    }
}

/// Whether a line of text may be a title with a line below it: no item, quote, table or HTML.
pub(super) fn may_be_title(line: &str) -> bool {
    let first = line.trim_start().chars().next();
    let indented = line.len() - line.trim_start_matches(' ').len() >= 4;
    !indented && first.is_some_and(|c| !matches!(c, '>' | '-' | '*' | '+' | '<' | '|' | '#' | '\t'))
}
