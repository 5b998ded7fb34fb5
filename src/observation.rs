//! What a probe brought back: plain data, or the reason it could not look.
//! Never a judgement: a missing tool is data (`present: false`), not an unknown.

use serde::Serialize;
use serde_json::Value;

/// Why a probe could not look. The text is a sentence fragment without capital or
/// full stop, fit to stand after a dash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown(pub String);

impl Unknown {
    /// An unknown with the given reason.
    pub fn because(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// The erased form every layer above probes works with.
pub type Observation = Result<Value, Unknown>;

/// Turns a probe's typed answer into the erased form.
///
/// # Errors
/// Passes on the unknown, and becomes one if the answer cannot be written as JSON.
pub fn erase<T: Serialize>(found: Result<T, Unknown>) -> Observation {
    let found = found?;
    serde_json::to_value(found)
        .map_err(|error| Unknown(format!("the observation cannot be written down: {error}")))
}
