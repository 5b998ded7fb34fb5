//! The formats that a report can be told in: one file each, and one line here. Whatever lists or
//! looks up formats draws on [`ALL`]; nothing else names one.

use super::told::{Body, Stopped, Told};
use super::{github, human, json, jsonl, junit, markdown, receipt, sarif, tap};

/// One way to tell a report.
pub struct Format {
    /// The word for it in `--report`.
    pub name: &'static str,
    /// Who it is for, as a fragment of a sentence.
    pub about: &'static str,
    /// Tells a report.
    pub tell: fn(&Told<'_>) -> anyhow::Result<Body>,
    /// Tells why there is none.
    pub stopped: fn(&Stopped) -> anyhow::Result<Body>,
}

/// Every format.
pub const ALL: [&Format; 9] = [
    &human::FORMAT,
    &json::FORMAT,
    &jsonl::FORMAT,
    &junit::FORMAT,
    &tap::FORMAT,
    &sarif::FORMAT,
    &github::FORMAT,
    &markdown::FORMAT,
    &receipt::FORMAT,
];

/// The format of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Format> {
    ALL.into_iter().find(|format| format.name == name)
}

/// The names as a list in words: `one, two and three`.
#[must_use]
pub fn names() -> String {
    let names: Vec<&str> = ALL.iter().map(|format| format.name).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// Each format with what it is for, a line each, for the help of `--report`.
#[must_use]
pub fn help() -> String {
    let longest = ALL.iter().map(|format| format.name.len()).max().unwrap_or(0);
    let rows = ALL.iter().map(|format| format!("{:<longest$}  {}", format.name, format.about));
    rows.collect::<Vec<_>>().join("\n")
}
