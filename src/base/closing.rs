//! The words by which GitHub closes an issue: any in a text, those that a line of a message begins
//! with, and those that begin with a fix. Knows no issue.

use std::sync::LazyLock;

use regex::Regex;

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
pub struct Closed {
    /// Its repository, where the text names one.
    pub repository: Option<String>,
    /// Its number.
    pub number: String,
}

/// Every issue that the text closes.
pub fn closed(text: &str) -> impl Iterator<Item = Closed> {
    CLOSES.captures_iter(text).map(|parts| Closed {
        repository: parts.get(1).or(parts.get(2)).map(|part| part.as_str().to_owned()),
        number: parts[3].to_owned(),
    })
}

/// The length of the words at the start of the text that close an issue.
#[must_use]
pub fn closing_here(text: &str) -> Option<usize> {
    CLOSES_HERE.find(text).map(|found| found.end())
}

/// Whether a line of a message is there to close issues: it begins with one of the words.
#[must_use]
pub fn states(line: &str) -> bool {
    closing_here(line.trim_start_matches([' ', '\t', '-', '*', '+', '('])).is_some()
}

/// Whether a line of a message says in so many words that it fixes an issue: others are closed by
/// features as well.
#[must_use]
pub fn states_a_fix(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '-', '*', '+', '(']).as_bytes();
    line.get(..3).is_some_and(|word| word.eq_ignore_ascii_case(b"fix"))
}

/// Whether a line of a message does nothing but close issues.
#[must_use]
pub fn states_only(line: &str) -> bool {
    let left = CLOSES.replace_all(line, "");
    left.len() < line.len() && left.trim_matches([' ', ',', '.', ';', '-', '*']).is_empty()
}
