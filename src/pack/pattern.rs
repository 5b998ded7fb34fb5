//! `x is matching("...")`: regular expressions in checks. They take time in line with the text and
//! never more memory than a limit, whatever the pattern; each is compiled once. Judges nothing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use minijinja::value::Value as Jinja;
use minijinja::{Error, ErrorKind};
use regex::{Regex, RegexBuilder};

/// Bytes that one compiled pattern may take.
const COMPILED: usize = 1 << 20;
/// Patterns kept for the next item or check.
const KEPT: usize = 256;

/// Patterns by their text.
#[derive(Default)]
pub(super) struct Patterns(Mutex<HashMap<String, Regex>>);

impl Patterns {
    /// Whether a pattern is found anywhere in a text. Of none, which neither has nor lacks it, an
    /// error.
    pub(super) fn matching(&self, text: &Jinja, pattern: &str) -> Result<bool, Error> {
        let refuse = |what: String| Error::new(ErrorKind::InvalidOperation, what);
        let pattern = self.compiled(pattern).map_err(refuse)?;
        match text.as_str() {
            Some(text) => Ok(pattern.is_match(text)),
            None => Err(refuse(format!("`matching` needs a text, and this is {}", text.kind()))),
        }
    }

    fn compiled(&self, pattern: &str) -> Result<Regex, String> {
        // A panic while holding the map cannot leave it half changed.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(regex) = kept.get(pattern) {
            return Ok(regex.clone());
        }
        let regex = compile(pattern)?;
        if kept.len() < KEPT {
            kept.insert(pattern.to_owned(), regex.clone());
        }
        Ok(regex)
    }
}

fn compile(pattern: &str) -> Result<Regex, String> {
    if pattern.contains('\u{8}') {
        return Err("`\\b` stands for a backspace in a text: write `\\\\b` for the edge of a word"
            .to_owned());
    }
    if pattern.contains("(?i)") || pattern.contains("(?i:") {
        // The tables that tell capital letters of every script are left out of onramp.
        return Err("write `(?i-u)` for `(?i)`: only A to Z have capital letters here".to_owned());
    }
    let mut builder = RegexBuilder::new(pattern);
    builder.size_limit(COMPILED).dfa_size_limit(COMPILED);
    builder.build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => {
            "the pattern is too large: let it repeat less".to_owned()
        }
        other => {
            // The last line says what is wrong; the ones before it draw the pattern.
            let told = other.to_string();
            let last = told.lines().last().unwrap_or_default();
            format!("the pattern cannot be read: {}", last.strip_prefix("error: ").unwrap_or(last))
        }
    })
}

/// The patterns written out in an expression, quotes included: what can be held against the rules
/// before anything was found.
pub(super) fn literals(source: &str) -> Vec<&str> {
    let calls = source.match_indices("matching");
    let arguments = calls.map(|(at, word)| source[at + word.len()..].trim_start());
    let arguments = arguments.map(|rest| rest.strip_prefix('(').unwrap_or(rest).trim_start());
    arguments.filter_map(literal).collect()
}

/// The quoted text at the beginning.
fn literal(source: &str) -> Option<&str> {
    let quote = source.chars().next().filter(|c| ['"', '\''].contains(c))?;
    let mut escaped = false;
    let end = source.char_indices().skip(1).find(|(_, c)| {
        let closes = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    end.map(|(end, _)| &source[..=end])
}
