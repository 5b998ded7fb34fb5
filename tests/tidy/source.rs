//! Rust text taken apart far enough for the house rules: code, comments and literals each by
//! themselves, with places kept. Knows nothing of the rules, and is no parser.

use std::ops::Range;

/// One source file.
pub(crate) struct Source {
    /// Path in the repository, with `/`.
    pub(crate) path: String,
    /// All of it.
    pub(crate) text: String,
    /// The same length, comments and literals blanked out.
    pub(crate) code: String,
    /// The same length, everything but comments blanked out.
    pub(crate) comments: String,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let parts = parts(text);
        let keep = |wanted: Part| {
            let mut kept = text.as_bytes().to_vec();
            for (part, range) in &parts {
                if *part != wanted {
                    blank(&mut kept[range.clone()]);
                }
            }
            String::from_utf8(kept).expect("whole characters are blanked")
        };
        let (code, comments) = (keep(Part::Code), keep(Part::Comment));
        Self { path: path.to_owned(), text: text.to_owned(), code, comments }
    }

    /// The one-based line of a place in any of the texts.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.text[..offset].matches('\n').count() + 1
    }

    /// A complaint about a place.
    pub(crate) fn at(&self, offset: usize, what: &str) -> String {
        format!("{}:{}: {what}", self.path, self.line(offset))
    }
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Code,
    Comment,
    Literal,
}

/// The file as consecutive parts.
fn parts(text: &str) -> Vec<(Part, Range<usize>)> {
    let mut parts = Vec::new();
    let (mut at, mut code_from) = (0, 0);
    while at < text.len() {
        let Some((part, length)) = comment_or_literal(text, at) else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        parts.push((Part::Code, code_from..at));
        parts.push((part, at..at + length));
        at += length;
        code_from = at;
    }
    parts.push((Part::Code, code_from..at));
    parts
}

/// The comment or literal that starts at a place, with its length in bytes.
fn comment_or_literal(text: &str, at: usize) -> Option<(Part, usize)> {
    let rest = &text[at..];
    if rest.starts_with("//") {
        return Some((Part::Comment, rest.find('\n').unwrap_or(rest.len())));
    }
    if rest.starts_with("/*") {
        return Some((Part::Comment, block_comment(rest)));
    }
    if rest.starts_with('\'') {
        return character(rest).map(|length| (Part::Literal, length));
    }
    let in_word = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let (prefix, hashes) = if in_word { (0, None) } else { literal_prefix(rest) };
    let opening = prefix + hashes.unwrap_or(0);
    rest[opening..].starts_with('"').then(|| {
        let length = match hashes {
            Some(hashes) => raw_string(rest, opening + 1, hashes),
            None => string(rest, opening + 1),
        };
        (Part::Literal, length)
    })
}

/// Length of the letters before a string's quote, and its number of `#` where it is raw.
fn literal_prefix(rest: &str) -> (usize, Option<usize>) {
    for (letters, raw) in [("br", true), ("cr", true), ("r", true), ("b", false), ("c", false)] {
        if let Some(after) = rest.strip_prefix(letters) {
            let hashes = after.len() - after.trim_start_matches('#').len();
            if after[hashes..].starts_with('"') && (raw || hashes == 0) {
                return (letters.len(), raw.then_some(hashes));
            }
        }
    }
    (0, None)
}

fn block_comment(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0, 0);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn string(rest: &str, from: usize) -> usize {
    let bytes = rest.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

fn raw_string(rest: &str, from: usize, hashes: usize) -> usize {
    let end = format!("\"{}", "#".repeat(hashes));
    rest[from..].find(&end).map_or(rest.len(), |found| from + found + end.len())
}

/// Length of a character literal; `None` for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut inside = rest.char_indices().skip(1);
    let (_, first) = inside.next()?;
    if first == '\\' {
        // What is escaped may itself be a quote.
        inside.next();
        return inside.find(|(_, c)| *c == '\'').map(|(at, _)| at + 1);
    }
    inside.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1)
}
