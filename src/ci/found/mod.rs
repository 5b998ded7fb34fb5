//! What tools say about files, read from what they print. Pure; what is not understood is left to
//! the log.

mod eslint;
mod hooks;
mod maven;

pub use maven::{Maven, maven};

use std::path::Path;

use regex::Regex;

use super::rules::Reads;

/// Most findings taken from one tool.
const MOST: usize = 500;

/// One thing that a tool found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The file, as the tool names it.
    pub file: Option<String>,
    /// One-based line.
    pub line: Option<u64>,
    /// What is wrong there.
    pub text: String,
    /// The rule or hook that says so.
    pub rule: Option<String>,
}

/// What hooks or a linter found; for Maven see [`maven`].
#[must_use]
pub fn found(reads: Reads, log: &str) -> Vec<Found> {
    let found = match reads {
        Reads::Hooks => hooks::found(log),
        Reads::Eslint => eslint::found(log),
        Reads::Maven | Reads::Nothing => Vec::new(),
    };
    once(found)
}

#[expect(clippy::expect_used, reason = "constants; a test uses every one of them")]
fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

/// The same without repetitions, as many as are told.
fn once(found: Vec<Found>) -> Vec<Found> {
    let mut told: Vec<Found> = Vec::new();
    for one in found {
        if told.len() >= MOST {
            break;
        }
        if !told.contains(&one) {
            told.push(one);
        }
    }
    told
}

/// Finds the file that a tool means: its path below the root, or the one changed file that ends in
/// what the tool calls it.
#[must_use]
pub fn placed(file: &str, root: &str, folder: Option<&str>, changed: &[String]) -> String {
    // By whole names, for a folder beside the root may be called like it and more.
    let inside = Path::new(file).strip_prefix(root).ok().and_then(Path::to_str);
    if let Some(inside) = inside.filter(|inside| !inside.is_empty()) {
        return inside.to_owned();
    }
    let plain = file.trim_start_matches("./");
    if let Some(folder) = folder
        && !plain.starts_with('/')
    {
        return format!("{folder}/{plain}");
    }
    if changed.iter().any(|known| known == plain) {
        return plain.to_owned();
    }
    let end = format!("/{plain}");
    let mut fitting = changed.iter().filter(|known| known.ends_with(&end));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => only.clone(),
        _ => plain.to_owned(),
    }
}
