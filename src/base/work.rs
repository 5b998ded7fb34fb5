//! What kind of change it is, as far as the choice of a base needs it, and what shows it. A kind
//! that nothing shows is told as such.

use schemars::JsonSchema;
use serde::Serialize;

use crate::git::Fix;

/// The kind of change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase", tag = "kind", content = "because")]
pub enum Work {
    /// It mends something, and what says so.
    Fix(String),
    /// It adds something, and what says so.
    Feature(String),
    /// Nothing tells.
    Untold,
}

/// The kind of change: a sign of a bug fix counts most, for it is what every check goes by; then
/// what the request's own type says, where that is no guess.
#[must_use]
pub fn work(fix: &Fix, feature: Option<String>) -> Work {
    match (&fix.because, feature) {
        (Some(because), _) if fix.yes => Work::Fix(because.clone()),
        (_, Some(because)) => Work::Feature(because),
        _ => Work::Untold,
    }
}
