//! The words by which GitHub closes an issue, wherever they stand: in a message, where only a line
//! that says so counts, and in a request, where all of them do.

use std::sync::LazyLock;

use regex::Regex;

use super::template::{Role, Template};

/// GitHub's own words for "this closes that issue"; a bare `#12` is a mention and no more.
#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant that every test of links compiles"
)]
static CLOSES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&pattern("", r"\b")).expect("a pattern"));

/// The same at the very start, so that a long text is not searched again and again; where the number
/// ends is left to whoever reads it.
#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant that every test of links compiles"
)]
static CLOSES_HERE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&pattern("^", "")).expect("a pattern"));

fn pattern(start: &str, end: &str) -> String {
    let words = r"(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?)";
    let url = r"https?://(?:www\.)?github\.com/([\w.-]+/[\w.-]+)/(?:issues|pull)/";
    let issue = format!(r"<?(?:{url}|([\w.-]+/[\w.-]+)?#|gh-)(\d+){end}");
    format!(r"(?i-u){start}\b{words}(?:\s*:\s*|\s+){issue}")
}

/// An issue that some text closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closed {
    /// Its repository, where the text names one.
    pub(super) repository: Option<String>,
    /// Its number.
    pub(super) number: String,
}

/// Every issue that the text closes.
pub(super) fn closed(text: &str) -> impl Iterator<Item = Closed> {
    CLOSES.captures_iter(text).map(|parts| Closed {
        repository: parts.get(1).or(parts.get(2)).map(|part| part.as_str().to_owned()),
        number: parts[3].to_owned(),
    })
}

/// The length of the words at the start of the text that close an issue.
pub(super) fn closing_here(text: &str) -> Option<usize> {
    CLOSES_HERE.find(text).map(|found| found.end())
}

/// Whether a line of a message is there to close issues: it begins with one of the words.
pub(super) fn states(line: &str) -> bool {
    closing_here(line.trim_start_matches([' ', '\t', '-', '*', '+', '('])).is_some()
}

/// Whether a line of a message does nothing but close issues.
pub(super) fn states_only(line: &str) -> bool {
    let left = CLOSES.replace_all(line, "");
    left.len() < line.len() && left.trim_matches([' ', ',', '.', ';', '-', '*']).is_empty()
}

/// The lines of a request that close an issue.
pub(super) fn closing_lines(page: &Template) -> impl Iterator<Item = usize> {
    let lines = page.lines.iter().enumerate();
    let closes = lines.filter(|(_, line)| line.role == Role::Text && CLOSES.is_match(&line.text));
    closes.map(|(index, _)| index)
}
