//! Why a key server did not do what it was asked, in words. Pure.

use serde::Deserialize;

use crate::net::https::{Answer, Failed};
use crate::text::clean_line;

/// Longest piece of a server's own words that is shown.
const SHOWN: usize = 200;

/// Why a request came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind it is.
    pub why: Why,
    /// A fragment that names no server.
    pub what: String,
}

/// Kinds of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The server was not reached, or not believed: nothing was sent.
    NotReached,
    /// The connection broke off: whether the request arrived is not known.
    BrokenOff,
    /// Not now: it is busy or being repaired.
    NotNow,
    /// It refuses the request.
    Refused,
    /// Its answer cannot be understood.
    Odd,
}

impl Refusal {
    pub(super) fn new(why: Why, what: impl Into<String>) -> Self {
        Self { why, what: what.into() }
    }
}

impl From<Failed> for Refusal {
    fn from(failed: Failed) -> Self {
        Self::new(if failed.sent { Why::BrokenOff } else { Why::NotReached }, failed.what)
    }
}

/// What an answer other than a good one means.
pub(super) fn refused(answer: &Answer) -> Refusal {
    let said = said(&answer.body);
    let quoted = if said.is_empty() { String::new() } else { format!(": «{said}»") };
    match answer.status {
        300..=399 => {
            let place = answer.location.as_deref().map_or("elsewhere".to_owned(), clean_line);
            let what =
                format!("it sends on to {place}, and your key goes nowhere you did not name");
            Refusal::new(Why::Refused, what)
        }
        413 => Refusal::new(Why::Refused, "the key is too large for it (HTTP 413)"),
        429 => {
            let wait = answer.retry_after.map(|seconds| format!(", again in {seconds} s"));
            let what = format!("it takes no more for now (HTTP 429){}", wait.unwrap_or_default());
            Refusal::new(Why::NotNow, what)
        }
        status @ 500..=599 if status != 501 => {
            Refusal::new(Why::NotNow, format!("it is out of order (HTTP {status}){quoted}"))
        }
        status => Refusal::new(Why::Refused, format!("it refuses (HTTP {status}){quoted}")),
    }
}

/// A JSON error, or the text of a page, on one line.
pub(super) fn said(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Told {
        error: String,
    }
    let text = match serde_json::from_slice::<Told>(body) {
        Ok(told) => told.error,
        Err(_) => words(&String::from_utf8_lossy(body)),
    };
    clean_line(&text).chars().take(SHOWN).collect()
}

/// A page without its tags and its head.
fn words(page: &str) -> String {
    let body = page.split_once("<body>").map_or(page, |(_, body)| body);
    let mut text = String::new();
    for piece in body.split('<') {
        let after = piece.split_once('>').map_or(if text.is_empty() { piece } else { "" }, |p| p.1);
        text.push_str(after);
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
