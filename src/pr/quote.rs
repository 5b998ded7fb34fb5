//! Makes commit messages safe to stand in a pull request: nobody is mentioned, no HTML or comment
//! opens or closes, no issue is closed, no heading, box, image or definition appears, nothing is
//! hidden, and code stays code.
//! Keeps the words; never decides what to show.

use super::issues::closing_here;
use crate::text::clean;

/// Whether a character takes no room on a page, or turns the order of others round.
#[must_use]
pub fn hidden(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let joins =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}');
    let turns = matches!(c, '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    let fills =
        matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{180e}' | '\u{34f}');
    let breaks = matches!(c, '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}');
    control || joins || turns || fills || breaks || matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// Foreign text with everything in it made visible; line feeds stay.
#[must_use]
pub fn visible(text: &str) -> String {
    let text = clean(text);
    if !text.chars().any(hidden) {
        return text.into_owned();
    }
    let shown = |c: char| match c {
        c if hidden(c) => format!("\\u{{{:x}}}", u32::from(c)),
        c => c.to_string(),
    };
    text.chars().map(shown).collect()
}

fn visible_line(text: &str) -> String {
    visible(text).replace('\n', "\\n")
}

/// Foreign text as one line of prose. Code spans stay; anything else with a meaning of its own in
/// Markdown that reaches past its line, or past the page, is made plain.
#[must_use]
pub fn prose(text: &str) -> String {
    let text = visible_line(text.trim());
    guard_start(&inline(&text))
}

/// Foreign text as a code span, on one line.
#[must_use]
pub fn code_span(text: &str) -> String {
    let text = visible_line(text);
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Foreign lines as a code block whose fence nothing inside can close.
#[must_use]
pub fn code_block(lines: &[&str]) -> Vec<String> {
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    let inside = lines.iter().map(|line| visible_line(line));
    std::iter::once(fence.clone()).chain(inside).chain(std::iter::once(fence.clone())).collect()
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A piece of a line, and what follows it.
type Cut<'a> = (String, &'a str);

fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    // Two dollar signs on a line make a formula, in which nothing else counts.
    let formula = text.matches('$').count() > 1;
    while let Some(c) = rest.chars().next() {
        let before = out.chars().next_back();
        let special = match c {
            '`' => Some(backticks(rest)),
            '@' => mention(rest, before),
            'h' | 'H' => address(rest, before),
            'f' | 'F' | 'c' | 'C' | 'r' | 'R' => closing(rest, before),
            _ => None,
        };
        if let Some((piece, after)) = special {
            // Two spans that touch would be read as one.
            if piece.starts_with('`') && out.ends_with('`') {
                out.push(' ');
            }
            out.push_str(&piece);
            rest = after;
            continue;
        }
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '[' => out.extend(['\\', c]),
            '$' if formula => out.push_str("\\$"),
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// A code span as it is, or a run of backticks that opens none, made plain.
fn backticks(rest: &str) -> Cut<'_> {
    let length = rest.len() - rest.trim_start_matches('`').len();
    let (run, mut after) = rest.split_at(length);
    while let Some(start) = after.find('`') {
        let tail = &after[start..];
        let found = tail.len() - tail.trim_start_matches('`').len();
        after = &tail[found..];
        if found == length {
            return (rest[..rest.len() - after.len()].to_owned(), after);
        }
    }
    ("\\`".repeat(run.len()), &rest[length..])
}

/// `@name` becomes code, which GitHub notifies nobody about; `ada@example.org` stays.
fn mention(rest: &str, before: Option<char>) -> Option<Cut<'_>> {
    let after = rest.strip_prefix('@')?;
    let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
    let name = &after[..after.find(|c| !of_name(c)).unwrap_or(after.len())];
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric())
        || before.is_some_and(|c| c.is_ascii_alphanumeric())
    {
        return None;
    }
    let rest = &after[name.len()..];
    // What follows must not join the span.
    let gap = if rest.starts_with('`') { " " } else { "" };
    Some((format!("`@{name}`{gap}"), rest))
}

/// `fixes #12` becomes code, which closes nothing: what a request closes, it says elsewhere.
fn closing(rest: &str, before: Option<char>) -> Option<Cut<'_>> {
    if before.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let (words, after) = rest.split_at(closing_here(rest)?);
    let gap = if after.starts_with('`') { " " } else { "" };
    Some((format!("{}{gap}", code_span(words)), after))
}

/// A web address keeps its characters, between angle brackets.
fn address(rest: &str, before: Option<char>) -> Option<Cut<'_>> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| {
        rest.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })?;
    let of_address = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&()*+,;=%".contains(c);
    let end = rest.find(|c| !of_address(c)).unwrap_or(rest.len());
    let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '(', ')', '*', '_']);
    if address.len() <= scheme.len() || before.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    Some((format!("<{address}>"), &rest[address.len()..]))
}

/// What would start a block of its own at the start of a line is made plain.
fn guard_start(text: &str) -> String {
    let first = text.chars().next().unwrap_or(' ');
    let hashes = text.len() - text.trim_start_matches('#').len();
    let after_hashes = &text[hashes..];
    let heading =
        (1..=6).contains(&hashes) && (after_hashes.is_empty() || after_hashes.starts_with(' '));
    let ruler = text.chars().all(|c| matches!(c, '=' | '-' | '*' | '_' | ' '));
    let item = matches!(first, '-' | '+' | '*') && (text.len() == 1 || text[1..].starts_with(' '));
    if heading || ruler && !text.is_empty() || item || text.starts_with("~~~") {
        return format!("\\{text}");
    }
    guard_number(text).unwrap_or_else(|| text.to_owned())
}

/// `1. text` starts a list; the dot is made plain.
fn guard_number(text: &str) -> Option<String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = text.split_at(digits);
    let ends = rest == "." || rest == ")" || rest.starts_with(". ") || rest.starts_with(") ");
    ((1..=9).contains(&digits) && ends).then(|| format!("{number}\\{rest}"))
}
