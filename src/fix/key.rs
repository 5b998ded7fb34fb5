//! What can be chosen for a new key, and what each choice means. Pure; nothing here makes one.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::text::clean_line;

const DAY: i64 = 86_400;
/// A key's own clock ends in the year after this one, 32 bits of seconds; gpg takes no later day.
const LAST: i64 = 4_291_747_200;

/// A kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519.
    Ed25519,
    /// RSA with 4096 bits.
    Rsa4096,
}

impl Algorithm {
    /// All, the first by default.
    pub const ALL: [Self; 2] = [Self::Ed25519, Self::Rsa4096];

    /// As gpg and the options name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::Rsa4096 => "rsa4096",
        }
    }

    /// As people name it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::Rsa4096 => "RSA 4096",
        }
    }

    /// When to choose it.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Ed25519 => "small, fast and strong; right unless a rule says otherwise",
            Self::Rsa4096 => "where a rule or an old server asks for RSA; takes seconds to make",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name().eq_ignore_ascii_case(name))
    }
}

/// When a key ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiry {
    /// As gpg reads it.
    pub gpg: String,
    /// The day, such as `2028-11-21`; none for a key without an end.
    pub day: Option<String>,
}

/// Reads when a key is to end: `2y`, `18m`, `90d`, `12w`, a day, or `never`. `now` is seconds
/// since the epoch.
///
/// # Errors
/// Why it cannot be that, a fragment.
pub fn expiry(text: &str, now: i64) -> Result<Expiry, String> {
    let text = text.trim().to_ascii_lowercase();
    if ["never", "none", "0"].contains(&text.as_str()) {
        return Ok(Expiry { gpg: "never".to_owned(), day: None });
    }
    let (gpg, end) = match (span(&text), text.parse::<Date>()) {
        (Some(days), _) => {
            let end = days.checked_mul(DAY).and_then(|length| length.checked_add(now));
            (text.clone(), end)
        }
        // gpg takes a day without hyphens for a number of days.
        (None, Ok(date)) => {
            let end = date.to_zoned(TimeZone::UTC).ok().map(|day| day.timestamp().as_second());
            (date.to_string(), end)
        }
        (None, Err(_)) => {
            let text = clean_line(&text);
            return Err(format!("`{text}` is no time: write 2y, 18m, 90d, 2028-12-31 or never"));
        }
    };
    match end {
        Some(end) if end <= now => Err(format!("{text} is over already")),
        Some(end) if end < LAST => Ok(Expiry { gpg, day: crate::pgp::key::day(end) }),
        _ => Err("no key can last beyond the year 2105".to_owned()),
    }
}

/// The days of `2y` and the like, counted as gpg counts them.
fn span(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let days = match unit {
        "d" => 1,
        "w" => 7,
        "m" => 30,
        "y" => 365,
        _ => return None,
    };
    let plain = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    plain.then(|| number.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(days))
}

/// A day that was over when this was written, 24 July 2026.
const SINCE: i64 = 1_784_851_200;

/// What is wrong with this machine's clock, a fragment; a key carries its time for ever.
#[must_use]
pub fn odd_clock(now: i64) -> Option<String> {
    let today = crate::pgp::key::day(now).unwrap_or_else(|| "no day at all".to_owned());
    (now < SINCE).then(|| format!("this machine's clock says {today}, which is long over"))
}
