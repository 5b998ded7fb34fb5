//! A mistake in a pack, with its place: shown with the line and a caret, like a compiler would.

use std::fmt;

use serde_saphyr::{Error, Location};

use super::suggest;

/// A mistake in a file of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The whole message, several lines.
    pub text: String,
}

impl Problem {
    /// A mistake without a place in the file.
    pub fn whole(file: &str, what: &str) -> Self {
        Self { file: file.to_owned(), text: format!("{file}: {what}") }
    }

    /// A mistake the YAML reader found; it brings line and caret itself.
    pub fn yaml(file: &str, error: &Error) -> Self {
        let text = error.to_string().replace("<input>", file);
        let text = text.strip_prefix("error: ").unwrap_or(&text).to_owned();
        let meant = meant(error).map(|name| format!("\n  did you mean `{name}`?"));
        let meant = meant.unwrap_or_default();
        Self { file: file.to_owned(), text: format!("{file}: {text}{meant}") }
    }

    /// A mistake in a text of the file that starts at `location`; `part` is the slice of it that
    /// is wrong, or the whole.
    #[must_use]
    pub fn within(file: &str, content: &str, location: Location, part: &str, what: &str) -> Self {
        let start = byte_offset(content, location);
        let first_line = part.lines().next().unwrap_or("");
        let offset = content.get(start..).and_then(|rest| rest.find(first_line)).unwrap_or(0);
        let at = start + offset;
        let line_start = content[..at].rfind('\n').map_or(0, |end| end + 1);
        let line = content[..at].matches('\n').count() + 1;
        let column = content[line_start..at].chars().count() + 1;
        let shown = content[line_start..].lines().next().unwrap_or("");
        let gutter = line.to_string().len();
        let (shown, left_off) = around(shown, column);
        let carets = first_line.chars().count().clamp(1, WINDOW);
        Self {
            file: file.to_owned(),
            text: format!(
                "{file}:{line}:{column}: {what}\n{blank} |\n{line} | {shown}\n{blank} | {pad}{carets}",
                blank = " ".repeat(gutter),
                pad = " ".repeat(column - 1 - left_off),
                carets = "^".repeat(carets),
            ),
        }
    }
}

/// Characters shown before and after the place in a line that is longer.
const WINDOW: usize = 80;

/// The part of a line around a place, and how many characters before it are left off.
fn around(line: &str, column: usize) -> (String, usize) {
    let left_off = (column - 1).saturating_sub(WINDOW);
    let shown: String = line.chars().skip(left_off).take(2 * WINDOW).collect();
    (shown, left_off)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The word that was probably meant, where the reader met one that it does not know.
fn meant(error: &Error) -> Option<&str> {
    match error.without_snippet() {
        Error::SerdeUnknownField { field: word, expected, .. }
        | Error::SerdeUnknownVariant { variant: word, expected, .. } => {
            suggest::near(word, expected.iter().copied())
        }
        _ => None,
    }
}

fn byte_offset(content: &str, location: Location) -> usize {
    let line = usize::try_from(location.line()).unwrap_or(1).max(1);
    let column = usize::try_from(location.column()).unwrap_or(1).max(1);
    let before: usize = content.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = content.get(before..).unwrap_or("");
    before + rest.char_indices().nth(column - 1).map_or(0, |(offset, _)| offset)
}
