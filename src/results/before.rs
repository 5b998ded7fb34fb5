//! Results as versions wrote them before there were shapes. Read only; nothing writes them any
//! more.

use serde::Deserialize;

use super::model::{Here, Recorded};
use super::{Build, Counts};

/// A build as onramp first recorded it.
#[derive(Deserialize)]
struct FirstBuild {
    head: Option<String>,
    finished: i64,
    seconds: i64,
    #[serde(flatten)]
    details: Build,
}

/// The build in such a file. Whether uncommitted files took part was not recorded then.
pub(super) fn build(bytes: &[u8]) -> Option<Recorded<Build>> {
    let first: FirstBuild = serde_json::from_slice(bytes).ok()?;
    let passed = first.details.passed;
    let modules = first.details.modules.unwrap_or_default();
    Some(Recorded {
        finished: first.finished,
        seconds: first.seconds,
        exit: u8::from(!passed),
        counts: Counts { ok: if passed { modules } else { 0 }, ..Counts::default() },
        line: format!("mvn {} {}", first.details.goals, if passed { "passed" } else { "failed" }),
        ..Recorded::new(Here { commit: first.head, ..Here::default() }, first.details)
    })
}
