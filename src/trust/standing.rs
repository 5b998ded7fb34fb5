//! Whether a tree's `.onramp` is trusted on this run. Pure: what was recorded, where onramp runs and
//! whose tree it is go in, and a standing with its reason comes out. Never trusts by default.

use std::fmt;

use super::store::Record;

/// What the person said on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flag {
    /// Nothing.
    Absent,
    /// To trust whatever is there.
    Any,
    /// To trust what has this hash.
    Hash(String),
}

/// Everything that decides.
pub struct Facts<'a, F: FnOnce() -> Option<String>> {
    /// The hash of what is there.
    pub hash: &'a str,
    /// What the person said.
    pub flag: &'a Flag,
    /// What was recorded for this tree; the error where the record cannot be used.
    pub record: Result<Option<Record>, String>,
    /// Why there is nobody who could have been asked.
    pub unattended: Option<&'static str>,
    /// Why the tree is somebody else's; asked only where it matters.
    pub foreign: F,
}

/// How a tree's `.onramp` stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Trusted, by a record of this moment in seconds since the epoch.
    Recorded(i64),
    /// Trusted by the flag, for this run.
    Flagged,
    /// Nobody trusted it.
    Never,
    /// It is not what was trusted at this moment.
    Changed(i64),
    /// The same was trusted, and does not count here for this reason.
    Withheld(String),
    /// Whether it was trusted cannot be read, for this reason.
    Unread(String),
}

impl Standing {
    /// Whether it may do what a folder of the user's may.
    #[must_use]
    pub fn trusted(&self) -> bool {
        matches!(self, Self::Recorded(_) | Self::Flagged)
    }
}

/// Decides.
///
/// # Errors
/// The hash that is there, where the flag names another.
pub fn standing<F: FnOnce() -> Option<String>>(facts: Facts<'_, F>) -> Result<Standing, String> {
    match facts.flag {
        Flag::Any => return Ok(Standing::Flagged),
        Flag::Hash(wanted) if wanted.eq_ignore_ascii_case(facts.hash) => {
            return Ok(Standing::Flagged);
        }
        Flag::Hash(_) => return Err(facts.hash.to_owned()),
        Flag::Absent => {}
    }
    let record = match facts.record {
        Ok(Some(record)) => record,
        Ok(None) => return Ok(Standing::Never),
        Err(reason) => return Ok(Standing::Unread(reason)),
    };
    if record.hash != facts.hash {
        return Ok(Standing::Changed(record.since));
    }
    let withheld = facts.unattended.map(str::to_owned).or_else(facts.foreign);
    Ok(withheld.map_or(Standing::Recorded(record.since), Standing::Withheld))
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recorded(since) => write!(f, "trusted since {}", day(*since)),
            Self::Flagged => f.write_str("trusted for this run"),
            Self::Never => f.write_str("not trusted"),
            Self::Changed(since) => {
                write!(f, "changed since you trusted it on {}", day(*since))
            }
            Self::Withheld(reason) => write!(f, "trusted before, but not here: {reason}"),
            Self::Unread(reason) => {
                write!(f, "not trusted, for the record cannot be used: {reason}")
            }
        }
    }
}

/// The day, in UTC.
#[must_use]
pub fn day(seconds: i64) -> String {
    match jiff::Timestamp::from_second(seconds) {
        Ok(moment) => moment.strftime("%Y-%m-%d").to_string(),
        Err(_) => "an unknown day".to_owned(),
    }
}
