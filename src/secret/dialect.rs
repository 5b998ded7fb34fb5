//! Patterns as Go's RE2 reads them, told to the `regex` crate: classes are of ASCII, and a brace
//! that repeats nothing is a brace.

use regex::bytes::{Regex, RegexBuilder};

/// Room for one compiled pattern; the largest rule repeats a class some hundred times.
const SIZE: usize = 16 << 20;
/// Room for what the search builds as it goes; with less it would start over again and again.
const CACHE: usize = 16 << 20;

/// Compiles a pattern of the rules.
pub(super) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    let mut builder = RegexBuilder::new(&translated(pattern));
    builder.unicode(false).size_limit(SIZE).dfa_size_limit(CACHE).build()
}

fn translated(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len() + 8);
    let (mut escaped, mut class) = (false, false);
    for (at, c) in pattern.char_indices() {
        if c == '{' && !escaped && !class && !repeats(&pattern[at + 1..]) {
            text.push('\\');
        }
        // Within a class only RE2 takes it for itself.
        if c == '[' && class && !escaped && !pattern[at..].starts_with("[:") {
            text.push('\\');
        }
        text.push(c);
        class = match c {
            '[' if !escaped => true,
            // The first one of a class stands for itself.
            ']' if !escaped => class && opens(&pattern[..at]),
            _ => class,
        };
        escaped = c == '\\' && !escaped;
    }
    text
}

/// Whether a class has just been opened.
fn opens(before: &str) -> bool {
    before.ends_with("[^") || before.ends_with('[') && !before.ends_with("\\[")
}

/// Whether what follows a brace is a count, as in `3}` and `1,9}`.
fn repeats(after: &str) -> bool {
    let Some((count, _)) = after.split_once('}') else { return false };
    let (least, most) = count.split_once(',').unwrap_or((count, ""));
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && number(least) && number(most)
}
