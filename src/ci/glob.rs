//! The patterns with which workflows choose branches and files: `**`, `*`, `?`, `+`, `[…]`, and a
//! leading `!` that takes back what an earlier pattern chose. Pure.

use regex::{Regex, RegexBuilder};

/// Bytes that one compiled pattern may take.
const COMPILED: usize = 1 << 18;
/// Patterns of one list that are looked at.
const PATTERNS: usize = 500;

/// A list of patterns, in order.
#[derive(Debug, Clone)]
pub struct Globs(Vec<(bool, Regex)>);

impl Globs {
    /// Reads a list.
    ///
    /// # Errors
    /// The pattern that cannot be read, as a fragment.
    pub fn read<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let one = |pattern: &'a str| {
            let (taken, plain) = match pattern.strip_prefix('!') {
                Some(rest) => (false, rest),
                None => (true, pattern),
            };
            let regex = RegexBuilder::new(&expression(plain)).size_limit(COMPILED).build();
            let regex = regex.map_err(|_| format!("the pattern `{pattern}` cannot be read"))?;
            Ok((taken, regex))
        };
        patterns.into_iter().take(PATTERNS).map(one).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a name is chosen: the last pattern that fits it decides.
    #[must_use]
    pub fn choose(&self, name: &str) -> bool {
        let fitting = self.0.iter().rev().find(|(_, regex)| regex.is_match(name));
        fitting.is_some_and(|(taken, _)| *taken)
    }
}

fn expression(pattern: &str) -> String {
    let mut out = String::from("^");
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("**/") {
            // Any number of folders, none among them.
            out.push_str("(?:.*/)?");
            rest = after;
            continue;
        }
        if let Some(after) = rest.strip_prefix("**") {
            out.push_str(".*");
            rest = after;
            continue;
        }
        match c {
            '*' => out.push_str("[^/]*"),
            '?' | '+' | '[' | ']' | '\\' => out.push(c),
            '-' => out.push('-'),
            c => out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
        rest = &rest[c.len_utf8()..];
    }
    out + "$"
}
