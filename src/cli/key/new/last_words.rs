//! What is said once it is done: the fingerprint, the next steps, and what a terminal needs so that
//! git can ask for the passphrase later.

use super::proposal::Proposal;
use crate::cli::Session;
use crate::cli::fix::perform::NewKey;
use crate::cli::trouble::Trouble;
use crate::pgp::making::Passphrase;
use crate::sys::System;
use crate::text::{Line, Tone};

/// After a key was made, or one that was there was taken into use. The fingerprint alone is data.
pub(super) fn done(
    session: &Session<'_>,
    proposal: &Proposal,
    made: Option<&NewKey>,
    passphrase: &Passphrase,
) -> Result<(), Trouble> {
    let key = made.map(|key| &key.fingerprint).or(proposal.used.as_ref());
    let said = if made.is_some() { "made, and git signs with it" } else { "git signs with it" };
    session.terminal.say(Line::toned(Tone::Good, "✓ ").and(Tone::Plain, said));
    session.terminal.data(&[Line::toned(Tone::Strong, key.cloned().unwrap_or_default())])?;
    match made.map(|key| &key.certificate) {
        Some(Ok(file)) => say(
            session,
            &format!(
                "Should you lose the key or its passphrase, {} revokes it; keep a copy where only \
                 you get at it.",
                file.display()
            ),
        ),
        Some(Err(why)) => session.terminal.complain(
            Line::toned(Tone::Warn, "! ")
                .and(Tone::Plain, format!("no revocation certificate: {why}")),
        ),
        None => {}
    }
    if *passphrase != Passphrase::Without {
        terminal(session);
    }
    next(session);
    Ok(())
}

/// Where everything was as it should be.
pub(super) fn nothing_to_do(session: &Session<'_>, proposal: &Proposal) -> Result<(), Trouble> {
    let key = proposal.used.clone().unwrap_or_default();
    session.terminal.data(&[Line::toned(Tone::Strong, key)])?;
    next(session);
    Ok(())
}

fn next(session: &Session<'_>) {
    for (command, what) in [
        ("onramp key rehearse", "proves that git can sign with it"),
        ("onramp key export", "brings it to the forge"),
        ("onramp key publish", "puts it on a key server; optional, and public for ever"),
    ] {
        let line = Line::toned(Tone::Command, format!("  {command:<21}"));
        session.terminal.say(line.and(Tone::Dim, what));
    }
}

fn say(session: &Session<'_>, text: &str) {
    for line in Line::new().hanging(Tone::Plain, text, session.terminal.width) {
        session.terminal.say(line);
    }
}

/// gpg is told the terminal by a variable; git starts it where it cannot find out by itself.
fn terminal(session: &Session<'_>) {
    let bench = session.bench;
    let screen = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| bench.env(name).is_some());
    if bench.env("GPG_TTY").is_some() || screen || !session.terminal.interactive() {
        return;
    }
    let (file, line) = start_up(bench);
    let text = format!(
        "So that gpg can ask for the passphrase when git signs in a terminal, add this line to \
         {file} and open a new one:"
    );
    say(session, &text);
    session.terminal.say(Line::plain("  ").and(Tone::Command, line));
}

/// The shell's own file, and the line in its language.
fn start_up(system: &dyn System) -> (&'static str, &'static str) {
    let shell = system.env("SHELL").unwrap_or_default();
    let shell = std::path::Path::new(&shell).file_name().and_then(|name| name.to_str());
    match shell {
        Some("fish") => ("~/.config/fish/config.fish", "set -gx GPG_TTY (tty)"),
        Some("zsh") => ("~/.zshrc", "export GPG_TTY=$(tty)"),
        Some("bash") => ("~/.bashrc", "export GPG_TTY=$(tty)"),
        _ => ("~/.profile", "export GPG_TTY=$(tty)"),
    }
}
