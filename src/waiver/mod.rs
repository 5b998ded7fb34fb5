//! Waivers: somebody decided that a finding does not count, for a reason and until a day. A waived
//! finding keeps its outcome and stays in sight. Pure: what is past its day, fits nothing or names
//! no check becomes a finding itself, so that no waiver outlives its reason unseen.

mod apply;
mod read;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use regex::bytes::Regex;

use crate::finding::Finding;
use crate::pack::check::called;

pub use apply::{apply, keep};
pub use read::read;

/// The pack of findings about onramp's own means, such as waivers: no file holds them.
pub const PACK: &str = "onramp";

/// One decision.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// The check, by id or the end of it.
    pub check: String,
    /// Why.
    pub reason: String,
    /// The last day it holds.
    pub until: Date,
    /// The files it is about; every one where it names none.
    pub files: Option<Files>,
    /// The file that it stands in.
    pub file: String,
    /// The line there.
    pub line: u64,
}

/// The files that a waiver is about.
#[derive(Debug, Clone)]
pub struct Files {
    /// As written.
    pub pattern: String,
    /// What it comes to.
    pub paths: Regex,
}

impl Waiver {
    /// Whether it is about this finding.
    #[must_use]
    pub fn fits(&self, finding: &Finding) -> bool {
        let file = finding.place.as_ref().and_then(|place| place.file.as_deref());
        let here = |files: &Files| file.is_some_and(|file| files.paths.is_match(file.as_bytes()));
        called(&finding.check, &self.check) && self.files.as_ref().is_none_or(here)
    }
}

/// The day of a moment, in UTC: the same everywhere.
#[must_use]
pub fn day(seconds: i64) -> Date {
    let moment = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    moment.to_zoned(TimeZone::UTC).date()
}
