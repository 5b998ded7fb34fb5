//! What becomes public, in words: exactly what the bytes hold that would be sent, where they go,
//! and what that means. Sends nothing.

use crate::net::Route;
use crate::net::target::bracketed;
use crate::pgp::key::{Part, day};
use crate::signature::strength::{Strength, strength};
use crate::text::{Line, Tone, size};

use super::{Destination, Parcel};

/// Columns of the words at the left.
const LABEL: usize = 10;

/// A line with a word at the left.
pub(super) fn labelled(label: &str, tone: Tone, text: &str, width: usize) -> Vec<Line> {
    Line::toned(Tone::Dim, format!("{label:<LABEL$}")).hanging(tone, text, width)
}

/// A line with a word at the left and a command, which stays whole.
pub(super) fn commanded(label: &str, text: &str, width: usize) -> Vec<Line> {
    Line::toned(Tone::Dim, format!("{label:<LABEL$}")).remedy(text, width)
}

/// Everything, in the order it matters.
pub(super) fn lines(parcel: &Parcel, destination: &Destination, width: usize) -> Vec<Line> {
    let server = &destination.server;
    let title = format!("what becomes public on {}", server.name());
    let mut lines = vec![Line::toned(Tone::Strong, title), Line::new()];
    let row = |label: &str, text: &str| labelled(label, Tone::Plain, text, width);
    for (at, part) in parcel.public.parts.iter().enumerate() {
        let label = if at == 0 { "key" } else { "subkey" };
        lines.extend(row(label, &grouped(&part.fingerprint)));
        lines.extend(labelled("", tone(part), &described(part), width));
    }
    for name in &parcel.public.names {
        let revoked = name.revoked && !revoked(parcel);
        let text = if revoked { format!("{}, revoked", name.text) } else { name.text.clone() };
        lines.extend(labelled("name", Tone::Strong, &text, width));
    }
    for name in &parcel.left_out {
        lines.extend(labelled("not sent", Tone::Dim, name, width));
    }
    let bytes = u64::try_from(parcel.armoured.len()).unwrap_or(u64::MAX);
    let sent = format!("{}: the public key alone, with your own signatures on it", size(bytes));
    lines.extend(row("sent", &sent));
    lines.extend(row("way", &way(&destination.way.route)));
    lines.push(Line::new());
    let addresses = parcel.addresses().join(" and ");
    let addresses = if addresses.is_empty() { "you" } else { &addresses };
    let becomes = server.becomes.replace("{addresses}", addresses);
    lines.extend(Line::new().hanging(Tone::Warn, &becomes, width));
    lines.extend(advice(parcel, width));
    lines.push(Line::new());
    lines
}

/// How a run ends that only shows.
pub(super) fn not_sent() -> Vec<Line> {
    vec![Line::plain("nothing was sent: this was a dry run")]
}

fn revoked(parcel: &Parcel) -> bool {
    parcel.public.parts.first().is_some_and(|part| part.revoked)
}

fn tone(part: &Part) -> Tone {
    if part.revoked || part.expired { Tone::Warn } else { Tone::Plain }
}

/// Fingerprints in groups of four, as people compare them.
pub(super) fn grouped(fingerprint: &str) -> String {
    let letters: Vec<char> = fingerprint.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

fn described(part: &Part) -> String {
    let uses = part.abilities.chars().filter_map(|ability| match ability {
        's' => Some("signs"),
        'c' => Some("certifies"),
        'e' => Some("encrypts"),
        'a' => Some("logs in"),
        _ => None,
    });
    let mut text = vec![part.kind()];
    text.extend(uses.map(ToOwned::to_owned));
    text.extend(part.created.and_then(day).map(|day| format!("made on {day}")));
    text.push(match part.expires.and_then(day) {
        Some(day) if part.expired => format!("expired on {day}"),
        Some(day) => format!("expires on {day}"),
        None => "does not expire".to_owned(),
    });
    if part.revoked {
        text.push("revoked".to_owned());
    }
    text.join(", ")
}

fn way(route: &Route) -> String {
    match route {
        Route::Through(proxy) => format!(
            "encrypted, through the proxy {}:{} from {}",
            bracketed(&proxy.host),
            proxy.port,
            proxy.named_by
        ),
        Route::Unclear(why) => format!("none: {why}"),
        Route::Direct => "encrypted, directly".to_owned(),
    }
}

/// Something to know before agreeing, and the command that mends it.
struct Advice {
    tone: Tone,
    text: String,
    command: Option<String>,
}

impl Advice {
    fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), command: None }
    }

    fn with(self, command: impl Into<String>) -> Self {
        Self { command: Some(command.into()), ..self }
    }

    fn lines(&self, width: usize) -> Vec<Line> {
        let mut lines = vec![Line::new()];
        lines.extend(Line::new().hanging(self.tone, &self.text, width));
        lines.extend(
            self.command
                .as_ref()
                .map(|command| Line::toned(Tone::Dim, "  → ").and(Tone::Command, command)),
        );
        lines
    }
}

fn advice(parcel: &Parcel, width: usize) -> Vec<Line> {
    let Some(primary) = parcel.public.parts.first() else { return Vec::new() };
    let mut advice = Vec::new();
    if primary.revoked {
        let what = "This key is revoked. Publishing it is right: it is how others learn that it no \
                    longer counts.";
        advice.push(Advice::new(Tone::Warn, what));
    } else if primary.expired {
        let what = "This key has expired. To use it on, first give it more time:";
        let command = format!("gpg --quick-set-expire {} 2y", primary.fingerprint);
        advice.push(Advice::new(Tone::Warn, what).with(command));
    }
    advice.extend(weakness(primary));
    if !primary.revoked {
        advice.push(revocation(parcel, &primary.fingerprint));
    }
    advice.iter().flat_map(|advice| advice.lines(width)).collect()
}

fn weakness(primary: &Part) -> Option<Advice> {
    let kind = primary.kind();
    let what = match strength(&primary.algorithm, primary.bits.map(u64::from)) {
        Strength::Weak => format!(
            "This key is weak ({kind}): what it signs can be forged, and signatures by it do not \
             pass. A strong one is made by:"
        ),
        Strength::Short => {
            format!(
                "This key ({kind}) is shorter than the 4096 bits asked for. Another is made by:"
            )
        }
        Strength::Strong | Strength::Unknown => return None,
    };
    Some(Advice::new(Tone::Warn, what).with("onramp key new"))
}

fn revocation(parcel: &Parcel, fingerprint: &str) -> Advice {
    const PURPOSE: &str = "A published key can be declared void, should it be lost or stolen, only \
                           with the key itself or with its revocation certificate";
    match &parcel.revocation {
        Some(file) => Advice::new(
            Tone::Plain,
            format!("{PURPOSE}. Yours lies in {file}: keep a copy away from this machine."),
        ),
        None => {
            let what = format!("{PURPOSE}, and there is none of the latter here. Make one first:");
            let command = format!("gpg --output revoke.asc --gen-revoke {fingerprint}");
            Advice::new(Tone::Warn, what).with(command)
        }
    }
}
