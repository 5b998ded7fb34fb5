//! Who owns which paths, by a `CODEOWNERS` file as GitHub reads it: the last line that fits a path
//! counts, and one without owners takes them away. Pure; knows no account.

use std::collections::BTreeMap;

use super::patterns::{Dialect, Patterns};

/// As GitHub reads it: `docs/*` means the files in it and no others.
const DIALECT: Dialect = Dialect { star_is_deep: false, any_case: false, exact: false };

/// Who owns the files of a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owned {
    /// Files by owner, such as `@ada`.
    pub by_owner: BTreeMap<String, Vec<String>>,
    /// How many files nobody owns.
    pub unowned: usize,
}

/// Reads the file and looks each path up. `None` for a file that GitHub would not read either.
#[must_use]
pub fn owned(codeowners: &str, files: &[String]) -> Option<Owned> {
    let rules: Vec<(String, Vec<&str>)> = codeowners.lines().filter_map(rule).collect();
    let patterns = Patterns::read(rules.iter().map(|(pattern, _)| pattern.as_str()), DIALECT)?;
    let mut owned = Owned::default();
    for file in files {
        let owners = patterns.last(file).map_or(&[][..], |rule| &rules[rule].1);
        for owner in owners {
            owned.by_owner.entry((*owner).to_owned()).or_default().push(file.clone());
        }
        owned.unowned += usize::from(owners.is_empty());
    }
    Some(owned)
}

/// Pattern and owners of a line; `None` for a comment, and for a line with what GitHub does not
/// read: negation and ranges of characters.
fn rule(line: &str) -> Option<(String, Vec<&str>)> {
    let line = line.trim();
    let (pattern, rest) = split(line);
    let unread = pattern.starts_with(['#', '!']) || pattern.contains('[');
    if pattern.is_empty() || unread {
        return None;
    }
    let is_owner = |word: &&str| word.contains('@');
    let words = rest.split_whitespace().take_while(|word| !word.starts_with('#'));
    Some((pattern, words.filter(is_owner).collect()))
}

/// The pattern up to a blank that no backslash stands before, and the rest.
fn split(line: &str) -> (String, &str) {
    let mut escaped = false;
    let end = line.find(|c: char| {
        let ends = c.is_whitespace() && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    let end = end.unwrap_or(line.len());
    (line[..end].to_owned(), &line[end..])
}
