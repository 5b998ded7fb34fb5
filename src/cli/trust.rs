//! The verb `trust`: shows what a work tree's `.onramp` would do, asks, and records its hash in the
//! user's state folder. What is recorded is what was shown. Runs nothing of it.

mod show;

use std::path::{Path, PathBuf};

use crate::exit::Exit;
use crate::sys::Workbench;
use crate::text::{Line, Tone, clean_line};
use crate::trust::closure::{self, Closure};
use crate::trust::standing::day;
use crate::trust::store::{Record, Store};

use super::Session;
use super::args::{Global, TrustArgs};
use super::brought;
use super::trouble::Trouble;
use super::workspace;

/// Runs the verb.
///
/// # Errors
/// No work tree, nothing to trust, nobody to answer, a no, a state folder that cannot be written.
pub fn trust(session: &Session<'_>, global: &Global, args: &TrustArgs) -> anyhow::Result<Exit> {
    let bench = session.bench;
    let store = Store::of(bench).ok_or_else(|| {
        Trouble::usage("there is no home folder to keep the record in")
            .remedy("set HOME, or XDG_STATE_HOME to a folder of your own")
    })?;
    if args.list {
        return list(session, &store);
    }
    let tree = workspace::tree(bench, global)?;
    if args.revoke {
        return revoke(session, &store, &tree);
    }
    let closure = read(bench, &tree)?;
    // A record that cannot be used is replaced below, and told then.
    let known = store.record(bench, &tree).ok().flatten();
    let view = show::View::of(session, global, &store, &closure, known.as_ref())?;
    session.terminal.data(&view.lines(&tree, session.terminal.width))?;
    if args.show {
        return Ok(Exit::Success);
    }
    if let Some(known) = known.filter(|known| known.hash == closure.hash) {
        let since = day(known.since);
        let line = match brought::foreign(bench, &tree, &closure) {
            None => Line::toned(Tone::Good, format!("trusted since {since}; nothing to do")),
            Some(reason) => Line::toned(
                Tone::Warn,
                format!("trusted since {since}, which does not count now: {reason}"),
            ),
        };
        session.terminal.say(line);
        return Ok(Exit::Success);
    }
    consent(session, args, &tree, &closure)?;
    record(session, &store, &tree, &closure)?;
    Ok(Exit::Success)
}

fn read(bench: &dyn Workbench, tree: &Path) -> Result<Closure, Trouble> {
    match closure::read(bench, tree) {
        Ok(Some(closure)) => Ok(closure),
        Ok(None) => Err(Trouble::usage(format!("{} brings no .onramp", tree.display()))
            .remedy("there is nothing to trust here")),
        Err(reason) => Err(Trouble::usage(format!("{reason}; nothing of the folder counts"))
            .remedy("a pack holds regular files alone: take it out, then look again")),
    }
}

/// Goes on only with a yes for a tree of one's own.
fn consent(
    session: &Session<'_>,
    args: &TrustArgs,
    tree: &Path,
    closure: &Closure,
) -> Result<(), Trouble> {
    if let Some(reason) = brought::foreign(session.bench, tree, closure) {
        return Err(Trouble::usage(format!("not trusted for good: {reason}"))
            .remedy("`onramp check --trust-tree` trusts it for that one run"));
    }
    if args.yes {
        return Ok(());
    }
    if !session.terminal.interactive() {
        return Err(Trouble::usage("there is nobody at a terminal to answer")
            .remedy("once you have read what it would do, say --yes"));
    }
    let question = "trust it until any of this changes? [y/N] ";
    let answer = session.terminal.ask(&Line::toned(Tone::Strong, question)).unwrap_or_default();
    if ["y", "yes"].contains(&answer.to_lowercase().as_str()) {
        return Ok(());
    }
    Err(Trouble::failed("not trusted; nothing was written"))
}

fn record(
    session: &Session<'_>,
    store: &Store,
    tree: &Path,
    closure: &Closure,
) -> Result<(), Trouble> {
    let aside = store.trust(session.bench, tree, closure).map_err(unwritten)?;
    if let Some(aside) = aside {
        let what = format!("the old record was damaged and lies in {}", aside.display());
        session.terminal.say(Line::toned(Tone::Warn, what));
    }
    let said = format!("trusted: {}/.onramp, until any of it changes", tree.display());
    session.terminal.say(Line::toned(Tone::Good, said));
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn unwritten(error: std::io::Error) -> Trouble {
    Trouble::usage(format!("the record could not be written: {error}"))
        .remedy("make the folder for state writable: XDG_STATE_HOME, or ~/.local/state")
}

fn revoke(session: &Session<'_>, store: &Store, tree: &Path) -> anyhow::Result<Exit> {
    let said = if store.revoke(session.bench, tree).map_err(unwritten)? {
        "trusted no longer"
    } else {
        "it was not trusted"
    };
    session.terminal.say(Line::plain(format!("{}: {said}", tree.display())));
    Ok(Exit::Success)
}

fn list(session: &Session<'_>, store: &Store) -> anyhow::Result<Exit> {
    let records = store.records(session.bench);
    let mut lines: Vec<Line> = records.iter().map(|record| row(session.bench, record)).collect();
    if lines.is_empty() {
        lines.push(Line::plain("no work tree is trusted"));
    }
    session.terminal.data(&lines)?;
    Ok(Exit::Success)
}

fn row(bench: &dyn Workbench, record: &Record) -> Line {
    let tree = PathBuf::from(&record.tree);
    let now = match closure::read(bench, &tree) {
        Ok(Some(closure)) if closure.hash == record.hash => "",
        Ok(Some(_)) => ", changed since",
        Ok(None) => ", gone since",
        Err(_) => ", not readable any more",
    };
    Line::toned(Tone::Command, clean_line(&record.tree))
        .and(Tone::Dim, format!("  since {}{now}", day(record.since)))
}
