//! Consent to publish one key on one server. Nothing but the whole word counts as yes, and nobody
//! is asked in CI.

use crate::cli::Session;
use crate::cli::brought::in_ci;
use crate::cli::trouble::Trouble;
use crate::net::key_server::Server;
use crate::text::{Line, Tone, clean_line};

use super::choice::without_blanks;
use super::{Parcel, PublishArgs};

/// What has to be typed.
const WORD: &str = "publish";

/// Goes on only with consent.
pub(super) fn consent(
    session: &Session<'_>,
    args: &PublishArgs,
    parcel: &Parcel,
    server: &Server,
) -> Result<(), Trouble> {
    let (fingerprint, name) = (parcel.fingerprint(), server.name());
    let command = format!("onramp key publish {fingerprint} --server {name} --yes");
    let ci = in_ci(session.bench);
    if args.yes {
        let named = args.key.as_deref().map(without_blanks).unwrap_or_default();
        let whole = named.trim_start_matches("0x").eq_ignore_ascii_case(fingerprint);
        if args.server.is_none() || ci && !whole {
            let what = if ci {
                "in CI, --yes needs --server and the key's whole fingerprint"
            } else {
                "--yes needs --server, so that it is clear where the key goes"
            };
            return Err(Trouble::usage(format!("{what}; nothing was sent"))
                .remedy(format!("once you have read what becomes public: {command}")));
        }
        return Ok(());
    }
    if ci || !session.terminal.interactive() {
        let what = if ci { "nobody is asked in CI" } else { "nobody is at a terminal to agree" };
        return Err(Trouble::usage(format!("{what}; nothing was sent"))
            .remedy(format!("once you have read what becomes public: {command}")));
    }
    let question = Line::toned(Tone::Strong, format!("put this key on {name}?"))
        .and(Tone::Plain, format!(" Type {WORD} to do it, anything else to leave it: "));
    let answer = session.terminal.ask(&question).unwrap_or_default();
    if answer.eq_ignore_ascii_case(WORD) {
        return Ok(());
    }
    Err(Trouble::failed("not published; nothing was sent"))
}

/// Whether names that were revoked go along: a server that never saw one learns of it only so.
pub(super) fn also_withdrawn(session: &Session<'_>, args: &PublishArgs, names: &[String]) -> bool {
    let asked = args.yes || args.dry_run || args.check;
    if args.revoked_names || asked || in_ci(session.bench) || !session.terminal.interactive() {
        return args.revoked_names;
    }
    let names: Vec<String> = names.iter().map(|name| clean_line(name)).collect();
    let what = format!(
        "You have revoked {}. Was that public before? Then publish the revocation; if not, this \
         would only make the name known.",
        names.join(", ")
    );
    for line in Line::new().hanging(Tone::Plain, &what, session.terminal.width) {
        session.terminal.complain(line);
    }
    let question = Line::toned(Tone::Strong, "publish it as revoked? [y/N] ");
    let answer = session.terminal.ask(&question).unwrap_or_default();
    ["y", "yes"].contains(&answer.to_lowercase().as_str())
}
