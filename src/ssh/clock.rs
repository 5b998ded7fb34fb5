//! Points in time as an allowed-signers file writes them and as git hands them to ssh-keygen.
//!
//! ssh-keygen takes every local time for one without summer time, and git hands the time of a
//! commit over as local time. So in a zone with summer time git judges summer's commits an hour
//! late; both readings are kept here, git's for its letter and the clock's for what is true.

use std::path::Path;

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};

use crate::sys::System;

/// The user's time zone, and the present.
#[derive(Debug, Clone)]
pub struct Clock {
    zone: TimeZone,
    /// Seconds since the epoch.
    pub now: i64,
}

/// A point in time that was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// As ssh-keygen reads it.
    pub keygen: i64,
    /// As a clock on the wall would show it.
    pub wall: i64,
}

/// Longest description of a time zone.
const LARGEST: u64 = 1 << 20;

/// Where descriptions of time zones lie.
const ZONES: &str = "/usr/share/zoneinfo";

impl Clock {
    /// The user's, as C finds it: TZ, else the machine's.
    #[must_use]
    pub fn of(system: &dyn System) -> Self {
        let zone = match system.env("TZ") {
            None => described(system, Path::new("/etc/localtime")),
            Some(name) => {
                let name = name.to_string_lossy();
                let name = name.strip_prefix(':').unwrap_or(&name);
                // An absolute name replaces the folder, as in C.
                described(system, &Path::new(ZONES).join(name))
                    .or_else(|| TimeZone::posix(name).ok())
            }
        };
        Self { zone: zone.unwrap_or(TimeZone::UTC), now: system.now() }
    }

    /// A clock of UTC.
    #[must_use]
    pub fn utc(now: i64) -> Self {
        Self { zone: TimeZone::UTC, now }
    }

    /// A clock of a zone.
    #[must_use]
    pub fn with(zone: TimeZone, now: i64) -> Self {
        Self { zone, now }
    }

    /// The time that ssh-keygen judges by when git hands it a commit of this time; none beyond the
    /// year 9999, which git cannot hand over.
    #[must_use]
    pub fn handed_over(&self, time: i64) -> Option<i64> {
        let time = Timestamp::from_second(time).ok()?;
        self.without_summer(self.zone.to_datetime(time))
    }

    /// A date as `YYYYMMDD`, with hour and minute, perhaps seconds, perhaps `Z` or `UTC`. None for
    /// what ssh-keygen refuses, the epoch and before among it.
    pub(super) fn moment(&self, text: &[u8]) -> Option<Moment> {
        let (digits, utc) = stripped(text);
        let written = civil(digits)?;
        let (keygen, wall) = if utc {
            let time = TimeZone::UTC.to_timestamp(written).ok()?.as_second();
            (time, time)
        } else {
            (self.without_summer(written)?, self.zone.to_timestamp(written).ok()?.as_second())
        };
        (keygen > 0).then_some(Moment { keygen, wall })
    }

    /// C's mktime with summer time said to be off: where it is on, the nearest time without gives
    /// the offset, sought in the same strides.
    fn without_summer(&self, written: DateTime) -> Option<i64> {
        const STRIDE: i64 = 601_200;
        const FARTHEST: i64 = 536_454_000 / 2 + STRIDE;
        let time = self.zone.to_timestamp(written).ok()?;
        let at = |time: Timestamp| {
            let info = self.zone.to_offset_info(time);
            (!info.dst().is_dst()).then(|| info.offset())
        };
        let mut strides = (0..=FARTHEST / STRIDE).flat_map(|count| [-count, count]);
        let offset = strides
            .find_map(|count| at(Timestamp::from_second(time.as_second() + count * STRIDE).ok()?));
        let offset = offset.unwrap_or_else(|| self.zone.to_offset(time));
        Offset::to_timestamp(offset, written).ok().map(Timestamp::as_second)
    }
}

fn described(system: &dyn System, file: &Path) -> Option<TimeZone> {
    let bytes = system.read(file, LARGEST).ok()?;
    TimeZone::tzif("", &bytes).ok()
}

/// Without the mark of UTC, and whether there was one.
fn stripped(text: &[u8]) -> (&[u8], bool) {
    for mark in [&b"Z"[..], b"UTC"] {
        let Some(head) = text.len().checked_sub(mark.len()).filter(|length| *length > 0) else {
            continue;
        };
        if text[head..].eq_ignore_ascii_case(mark) {
            return (&text[..head], true);
        }
    }
    (text, false)
}

/// What the digits say, days beyond a month's end counted into the next as C does.
fn civil(digits: &[u8]) -> Option<DateTime> {
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |from: usize, to: usize| {
        let digits = digits.get(from..to).unwrap_or_default();
        digits.iter().fold(0_i16, |sum, digit| sum * 10 + i16::from(digit - b'0'))
    };
    let small =
        |from: usize, most: i16| Some(number(from, from + 2)).filter(|value| *value <= most);
    let (month, day) = (small(4, 12)?, small(6, 31).filter(|day| *day > 0)?);
    let (hour, minute, second) = (small(8, 23)?, small(10, 59)?, small(12, 61)?);
    let first = Date::new(number(0, 4), i8::try_from(month).ok()?, 1).ok()?.at(0, 0, 0, 0);
    let span = Span::new().days(day - 1).hours(hour).minutes(minute).seconds(second);
    first.checked_add(span).ok()
}
