//! The time this machine believes it is, beside times it cannot be earlier than: a day the check
//! names, and the newest commit. Asks no time server.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::observation::Unknown;

/// Looks at the clock.
pub struct Clock;

/// What to hold it against.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// A day that is over, as `2026-07-24`.
    since: String,
    /// The work tree, for the time of its newest commit.
    #[serde(default)]
    tree: Option<String>,
}

/// A moment.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Moment {
    /// Seconds since the epoch.
    seconds: i64,
    /// As people write it, in UTC.
    text: String,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always.
    present: bool,
    /// Now, as this machine believes.
    now: Moment,
    /// The day given.
    since: Moment,
    /// When the current commit was made; none where there is none to be read.
    commit: Option<Moment>,
}

impl Kind for Clock {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "clock";
    const WAITS: bool = true;
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> =
        Some(&[("since", Given::Anything), ("tree", super::THIS_TREE)]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let wrong = |error| Unknown(format!("`{}` is no day: {error}", arguments.since));
        let day: Date = arguments.since.parse().map_err(wrong)?;
        let since = day.to_zoned(TimeZone::UTC).map_err(wrong)?.timestamp().as_second();
        let tree = arguments.tree.as_deref().map(Path::new);
        let state = tree.and_then(|tree| world.git.state(tree).ok());
        let commit = state.and_then(|state| state.head.time);
        Ok(Found {
            present: true,
            now: moment(world.system.now()),
            since: moment(since),
            commit: commit.map(moment),
        })
    }
}

fn moment(seconds: i64) -> Moment {
    let zoned = Timestamp::from_second(seconds).map(|moment| moment.to_zoned(TimeZone::UTC));
    let text = zoned.map(|it| it.strftime("%Y-%m-%d %H:%M UTC").to_string());
    Moment { seconds, text: text.unwrap_or_else(|_| format!("second {seconds}")) }
}
