//! How it ended: what the server has, what is still to be done, how long that takes, and what comes
//! next. Words only.

use std::time::Instant;

use crate::net::key_server::Server;
use crate::text::{Line, Tone};

use super::Parcel;
use super::copy::{Copy, Outcome};

/// After publishing.
pub(super) fn lines(
    parcel: &Parcel,
    server: &Server,
    outcome: &Outcome,
    start: Instant,
    width: usize,
) -> Vec<Line> {
    let mut lines = compared(parcel, server, &outcome.copy, width);
    let seconds = start.elapsed().as_secs_f32();
    let name = server.name();
    let took = format!("sent and compared in {seconds:.1} s; {}", server.next);
    let mut add = |label: &str, text: &str| {
        lines.extend(super::shown::labelled(label, Tone::Plain, text, width));
    };
    if !outcome.mailed.is_empty() {
        let to = outcome.mailed.join(" and ");
        add("to do", &format!("{name} mails a link to {to}: click it, and your name appears"));
    }
    add("time", &took);
    let command = format!("gpg --keyserver hkps://{name} --recv-keys {}", parcel.fingerprint());
    lines.extend(super::shown::commanded("others", &command, width));
    let next = "GitHub asks no key server: `onramp key export` shows where to paste your key";
    lines.extend(super::shown::commanded("next", next, width));
    lines
}

/// What the server has.
pub(super) fn compared(parcel: &Parcel, server: &Server, copy: &Copy, width: usize) -> Vec<Line> {
    let name = server.name();
    let what = if copy.waiting.is_empty() {
        format!("{name} has your key, read back and compared: nothing is missing")
    } else {
        format!("{name} has your key, read back and compared")
    };
    let mut lines = Line::toned(Tone::Good, "✓ ").hanging(Tone::Plain, &what, width);
    for waiting in &copy.waiting {
        let to = parcel.public.names.iter().find(|name| name.text == *waiting);
        let to = to.and_then(|name| name.email.as_deref()).unwrap_or("you");
        let text = format!("{waiting}, until you click the link that is mailed to {to}");
        lines.extend(super::shown::labelled("not yet", Tone::Warn, &text, width));
    }
    if copy.extra > 0 {
        let text = format!(
            "{} more there that you did not send now: from earlier, or signatures of others",
            match copy.extra {
                1 => "one part".to_owned(),
                more => format!("{more} parts"),
            }
        );
        lines.extend(super::shown::labelled("besides", Tone::Dim, &text, width));
    }
    lines
}
