//! Why a build failed, from its record: where, the first errors, the causes with how sure they are,
//! and what to do. Rows of text; the page has its own form of the same words.

use crate::maven::record::{Certainty, Failure, Reason, Record};
use crate::maven::recorder::short;
use crate::text::{wrap, wrap_remedy};

/// Failures told of; the page and JSON have more.
const FAILURES: usize = 8;
/// Errors of one failure, likewise.
const ERRORS: usize = 3;
/// Columns of what stands before a cause and a remedy.
const WORD: usize = 8;
/// Instead of a cause.
pub const UNKNOWN: &str = "unknown: nothing that onramp knows looks like this";

/// The rows, each of at most so many columns, but for commands, which stay whole.
#[must_use]
pub(super) fn rows(record: &Record, width: usize) -> Vec<String> {
    let width = width.max(30);
    let told = record.failures.iter().take(FAILURES);
    let mut rows: Vec<String> = told.flat_map(|failure| one(record, failure, width)).collect();
    rows.extend(more(record.failures.len(), FAILURES));
    rows
}

fn one(record: &Record, failure: &Failure, width: usize) -> Vec<String> {
    let mut rows = wrap(&place(record, failure), width);
    let errors = failure.errors.iter().take(ERRORS);
    rows.extend(errors.flat_map(|error| behind("  ", wrap(error, width - 2))));
    rows.extend(more(failure.errors_total, ERRORS).map(|more| format!("  {more}, in the log")));
    if failure.causes.is_empty() {
        rows.extend(behind("cause   ", wrap(UNKNOWN, width - WORD)));
    }
    for reason in &failure.causes {
        rows.extend(behind("cause   ", wrap(&cause(reason), width - WORD)));
        rows.extend(behind("remedy  ", wrap_remedy(&reason.remedy, width - WORD)));
    }
    rows
}

/// Rows behind a word, the later ones below the first.
fn behind(word: &str, rows: Vec<String>) -> impl Iterator<Item = String> {
    let blank = " ".repeat(word.len());
    let row =
        move |(at, row): (usize, String)| format!("{}{row}", if at == 0 { word } else { &blank });
    rows.into_iter().enumerate().map(row).collect::<Vec<_>>().into_iter()
}

/// `and 3 more`, where not all are shown.
#[must_use]
pub(super) fn more(all: usize, shown: usize) -> Option<String> {
    (all > shown).then(|| format!("and {} more", all - shown))
}

/// `core, at compiler:compile`.
#[must_use]
pub(super) fn place(record: &Record, failure: &Failure) -> String {
    let nowhere = match record.modules.len() {
        0 => "before the first module",
        _ => "in no module that Maven named",
    };
    let module = failure.module.as_deref().unwrap_or(nowhere);
    let goal = failure.goal.as_deref().map(|goal| format!(", at {}", short(goal)));
    format!("{module}{}", goal.unwrap_or_default())
}

/// `likely on this machine: no compiler is there`.
#[must_use]
pub(super) fn cause(reason: &Reason) -> String {
    let (likely, proof) = match reason.certainty {
        Certainty::Told => ("", ""),
        Certainty::Likely => ("likely ", ""),
        Certainty::Proved => ("", " (proved)"),
        Certainty::Doubted => ("likely ", " (a check right after the build saw nothing of it)"),
    };
    format!("{likely}{}: {}{proof}", reason.kind.place(), reason.cause)
}
