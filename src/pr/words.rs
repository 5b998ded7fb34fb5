//! Turns the body of a commit message into Markdown blocks: paragraphs on one line each (a browser
//! shows every line break of a pull request), lists, and code. Leaves out trailers and issue links,
//! which have places of their own.

use super::change::ASSISTANCE;
use super::issues::states_only;
use super::quote::{code_block, prose};

/// Trailers that mean something to git and nothing to a reader of the request.
const UNSAID: [&str; 9] = [
    "signed-off-by",
    "co-authored-by",
    "co-developed-by",
    "reviewed-by",
    "acked-by",
    "tested-by",
    "reported-by",
    "change-id",
    "gpgsig",
];

/// Rows of a table that stays one.
const ROWS: usize = 200;

/// The lines to show of a body, blocks parted by an empty line.
#[must_use]
pub(super) fn blocks(body: &str) -> Vec<String> {
    let lines: Vec<&str> = said(body);
    let mut out: Vec<String> = Vec::new();
    let mut rest = lines.as_slice();
    while let Some(first) = rest.first() {
        if first.trim().is_empty() {
            rest = &rest[1..];
            continue;
        }
        let (block, used) = block(rest);
        // Squashed messages have an empty line between the items of one list.
        let goes_on = block.first().is_some_and(|line| is_bullet(line))
            && out.last().is_some_and(|line| is_bullet(line));
        if !out.is_empty() && !block.is_empty() && !goes_on {
            out.push(String::new());
        }
        out.extend(block);
        rest = &rest[used..];
    }
    out
}

fn said(body: &str) -> Vec<&str> {
    let lines = body.lines().map(|line| line.trim_end_matches('\r'));
    lines.filter(|line| !is_trailer(line) && !states_only(line) && !is_ruler(line)).collect()
}

/// A line drawn below the items of a squashed message, or below a title; each is a block anyway.
fn is_ruler(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && ["-", "=", "*", "_"].iter().any(|c| line.replace(c, "").is_empty())
}

fn is_bullet(line: &str) -> bool {
    line.trim_start().starts_with("- ")
}

fn is_trailer(line: &str) -> bool {
    let name = line.split_once(':').map(|(name, _)| name.to_ascii_lowercase());
    name.is_some_and(|name| UNSAID.contains(&name.as_str()) || ASSISTANCE.contains(&name.as_str()))
}

/// The next block and how many lines it took. Takes at least one.
fn block(lines: &[&str]) -> (Vec<String>, usize) {
    let first = lines[0];
    if let Some(mark) = fence(first) {
        let inside = lines[1..].iter().take_while(|line| !closes(line, mark)).count();
        return (code_block(&lines[1..=inside]), (inside + 2).min(lines.len()));
    }
    if indented(first) {
        let length = lines.iter().take_while(|line| indented(line)).count();
        let cut: Vec<&str> = lines[..length].iter().map(|line| unindented(line)).collect();
        return (code_block(&cut), length);
    }
    if let Some(rows) = table(lines) {
        let row = |(at, line): (usize, &&str)| if at == 1 { (*line).to_owned() } else { row(line) };
        return (lines[..rows].iter().enumerate().map(row).collect(), rows);
    }
    let ends = |rest: &[&str]| {
        rest[0].trim().is_empty() || fence(rest[0]).is_some() || table(rest).is_some()
    };
    let length = (1..lines.len()).find(|at| ends(&lines[*at..])).unwrap_or(lines.len());
    (paragraph(&lines[..length]), length)
}

/// How many rows has a table of Markdown that begins here: below its heads a row of dashes. None
/// where a row has more cells than the heads: those would not be shown.
fn table(lines: &[&str]) -> Option<usize> {
    let [heads, dashes, ..] = lines else { return None };
    let ruled = dashes.contains('-') && dashes.chars().all(|c| "|-: ".contains(c));
    let most = cells(heads)?.count();
    if !ruled || cells(dashes)?.count() != most {
        return None;
    }
    let rows = lines.iter().take(ROWS + 1).map_while(|line| cells(line));
    let counts: Vec<usize> = rows.map(Iterator::count).collect();
    let whole = counts.len() <= ROWS && counts.iter().all(|count| *count <= most);
    whole.then_some(counts.len())
}

/// The cells of a row that begins with a bar. A bar ends a cell wherever it stands, in code too.
fn cells(line: &str) -> Option<impl Iterator<Item = &str>> {
    let inside = line.trim().strip_prefix('|')?;
    Some(inside.strip_suffix('|').unwrap_or(inside).split('|'))
}

/// A row whose cells are safe each by itself, as nothing reaches from one into the next.
fn row(line: &str) -> String {
    let cells = cells(line).into_iter().flatten().map(|cell| format!(" {} |", prose(cell)));
    std::iter::once("|".to_owned()).chain(cells).collect()
}

/// Joins lines, but for those that start an item of a list.
fn paragraph(lines: &[&str]) -> Vec<String> {
    let mut joined: Vec<(String, String)> = Vec::new();
    for line in lines {
        match (item(line), joined.last_mut()) {
            (Some((mark, text)), _) => joined.push((mark, text.trim().to_owned())),
            (None, Some((_, text))) => {
                text.push(' ');
                text.push_str(line.trim());
            }
            (None, None) => joined.push((String::new(), line.trim().to_owned())),
        }
    }
    let mut out = Vec::new();
    // An item without text, below a sentence, would make a heading of it.
    for (mark, text) in joined.into_iter().filter(|(_, text)| !text.is_empty()) {
        // A list right below a sentence needs its own block.
        if !mark.is_empty() && out.len() == 1 && item(lines[0]).is_none() {
            out.push(String::new());
        }
        out.push(format!("{mark}{}", prose(&text)));
    }
    out
}

/// The marker to show and the text of an item of a list.
fn item(line: &str) -> Option<(String, &str)> {
    let text = line.trim_start();
    let indent = if line.len() - text.len() >= 2 { "  " } else { "" };
    if let Some(rest) = ["- ", "* ", "+ "].iter().find_map(|bullet| text.strip_prefix(bullet)) {
        return Some((format!("{indent}- "), rest));
    }
    let (number, rest) = text.split_once(['.', ')'])?;
    let counts = (1..=3).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit());
    let rest = rest.strip_prefix(' ').filter(|_| counts)?;
    Some((format!("{indent}{number}. "), rest))
}

fn fence(line: &str) -> Option<&str> {
    let text = line.trim_start();
    let mark = ["`", "~"].into_iter().find(|mark| text.starts_with(&mark.repeat(3)))?;
    let length = text.len() - text.trim_start_matches(mark).len();
    let inline = mark == "`" && text[length..].contains('`');
    (!inline).then(|| &text[..length])
}

fn closes(line: &str, mark: &str) -> bool {
    let text = line.trim();
    text.len() >= mark.len() && text.starts_with(mark) && text.chars().all(|c| mark.starts_with(c))
}

fn indented(line: &str) -> bool {
    !line.trim().is_empty() && (line.starts_with("    ") || line.starts_with('\t'))
}

fn unindented(line: &str) -> &str {
    line.strip_prefix('\t').or_else(|| line.strip_prefix("    ")).unwrap_or(line)
}
