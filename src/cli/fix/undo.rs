//! `onramp fix --undo` and `--list`: the way back, last step first. A file that somebody changed
//! since is left alone, and what differs is shown; packages that something else needs by now stay;
//! keys and GnuPG's own files always do.

use std::path::Path;

use super::consent::{Answer, Consent};
use super::needs::{asked, facts_for_undo, is_installed};
use super::store::{self, FILE_LIMIT, Side, Store};
use super::{FixArgs, mend, perform, unwritable};
use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::fix::record::{WayBack, difference, way_back};
use crate::fix::{Facts, Packager, Record, State, Trace, words};
use crate::sys::Access;
use crate::text::{Line, Tone, clean_line, shell_word};

/// Most differing lines that are shown.
const SHOWN: usize = 20;

/// Lists the fixes on record.
pub(super) fn list(session: &Session<'_>) -> anyhow::Result<Exit> {
    let all = store::all(session.bench)?;
    let mut lines = Vec::new();
    for (name, record) in &all {
        let Some(record) = record else {
            let what = "  cannot be used; another user or a newer onramp may have written it";
            lines.push(Line::toned(Tone::Strong, name).and(Tone::Dim, what));
            continue;
        };
        let state = if record.undone() { "taken back" } else { "can be taken back" };
        lines.push(Line::toned(Tone::Strong, name).and(Tone::Dim, format!("  {state}")));
        lines.extend(record.steps.iter().map(|step| {
            let text = format!("    {}  {}", word(step.state), clean_line(&step.command));
            Line::plain(text)
        }));
    }
    if all.is_empty() {
        lines.push(Line::plain("no fix is on record"));
    }
    session.terminal.data(&lines)?;
    Ok(Exit::Success)
}

fn word(state: State) -> &'static str {
    match state {
        State::Begun => "cut short ",
        State::Done => "done      ",
        State::Failed => "failed    ",
        State::Undone => "taken back",
    }
}

/// Takes a fix back.
pub(super) fn undo(session: &Session<'_>, args: &FixArgs, which: &str) -> anyhow::Result<Exit> {
    let terminal = &session.terminal;
    let Some((name, record)) = chosen(session, which)? else {
        terminal.data(&[Line::plain("no fix is on record, so there is nothing to take back")])?;
        return Ok(Exit::Success);
    };
    if record.undone() {
        let text = format!("the fix {name} is taken back; `onramp fix --list` shows all");
        terminal.data(&[Line::plain(text)])?;
        return Ok(Exit::Success);
    }
    let facts = facts_for_undo(session, args.yes);
    let mut lines = vec![Line::toned(Tone::Strong, format!("taking back the fix {name}"))];
    for (at, step) in record.steps.iter().enumerate().rev() {
        if step.state != State::Undone {
            let text = format!("{}: {}", step.title, outlook(&step.trace, &facts));
            let number = Line::toned(Tone::Strong, format!("{:>2}  ", at + 1));
            lines.extend(number.hanging(Tone::Plain, &text, terminal.width));
        }
    }
    terminal.data(&lines)?;
    if args.dry_run {
        return Ok(Exit::Success);
    }
    if !args.yes && !terminal.interactive() {
        let text = "nothing was taken back, for nobody could be asked: add `--yes`";
        terminal.complain(Line::plain(text));
        return Ok(Exit::Findings);
    }
    let store = Store::open(session.bench, &name, record)?;
    Ok(Back { session, facts, store, left: false }.walk(args.yes)?)
}

fn chosen(session: &Session<'_>, which: &str) -> Result<Option<(String, Record)>, Trouble> {
    let mut all = store::all(session.bench)?;
    let found = match which {
        "" if all.is_empty() => return Ok(None),
        "" => all.pop(),
        _ => all.into_iter().find(|(name, _)| name == which),
    };
    match found {
        Some((name, Some(record))) => Ok(Some((name, record))),
        Some((name, None)) => {
            Err(Trouble::failed(format!("the record of the fix {name} cannot be used")).remedy(
                "if a newer onramp wrote it, update onramp; another user's is theirs to take back",
            ))
        }
        None => Err(Trouble::usage(format!("there is no fix {} on record", clean_line(which)))
            .remedy("`onramp fix --list` shows all")),
    }
}

/// What taking a step back will come to.
fn outlook(trace: &Trace, facts: &Facts) -> String {
    match trace {
        Trace::Packages { fresh, .. } if fresh.is_empty() => {
            "nothing to take back, the packages were there before".to_owned()
        }
        Trace::Packages { family, fresh } => match removal(family, fresh, facts) {
            Some(words) => format!("runs `{}`", words::typed(&words)),
            None => "by hand, the package program of this system is not known".to_owned(),
        },
        Trace::Settings { file, existed: true } => {
            format!("puts {} back as it was before the step", file.display())
        }
        Trace::Settings { file, existed: false } => {
            format!("removes {}, which was not there before", file.display())
        }
        Trace::File { file, .. } => {
            format!("puts {} back as it was before the step", file.display())
        }
        Trace::Key { .. } => "stays, for onramp never removes keys".to_owned(),
        Trace::Address { .. } => "stays, for onramp never changes a key back".to_owned(),
    }
}

fn removal(family: &str, packages: &[String], facts: &Facts) -> Option<Vec<String>> {
    let packager = Packager::of(family)?;
    Some(words::raised(facts, packager.root, packager.remove(packages, facts.silent)))
}

struct Back<'a> {
    session: &'a Session<'a>,
    facts: Facts,
    store: Store<'a>,
    /// Something that should have been taken back was not.
    left: bool,
}

/// What came of one step.
enum How {
    /// It is as before, or as near to that as onramp goes; what to say.
    Undone(String),
    /// It stays, for this reason.
    Left(String),
    Stopped(i32),
}

impl Back<'_> {
    fn walk(mut self, all: bool) -> Result<Exit, Trouble> {
        let session = self.session;
        let mut consent = Consent::new(&session.terminal, all);
        for at in (0..self.store.record.steps.len()).rev() {
            let Some(step) = self.store.record.steps.get(at).cloned() else { break };
            if step.state == State::Undone {
                continue;
            }
            match consent.ask(at + 1, &format!("take back: {}", step.title)) {
                Answer::Yes => {}
                Answer::No => continue,
                Answer::Quit => break,
            }
            match self.step(at, &step.trace)? {
                How::Undone(text) => {
                    self.store.note(at, State::Undone)?;
                    session.terminal.say(Line::toned(Tone::Good, "✓ ").and(Tone::Plain, text));
                }
                How::Left(text) => {
                    self.left = true;
                    let line = Line::toned(Tone::Bad, "✗ ").and(Tone::Plain, text);
                    session.terminal.complain(line);
                }
                How::Stopped(signal) => {
                    session.terminal.complain(Line::plain("stopped; `onramp fix --undo` goes on"));
                    let end = Exit::by(signal);
                    return Ok(end);
                }
            }
        }
        Ok(if self.left { Exit::Findings } else { Exit::Success })
    }

    fn step(&mut self, at: usize, trace: &Trace) -> Result<How, Trouble> {
        match trace {
            Trace::Packages { family, fresh } => Ok(self.packages(family, fresh)),
            Trace::Settings { file, existed } => self.settings(at, file, *existed),
            Trace::File { file, runnable } => self.file(at, file, *runnable),
            Trace::Key { before, made } => Ok(How::Undone(self.key(before, made.as_ref()))),
            Trace::Address { key, user_id } => Ok(How::Undone(format!(
                "the address stays on your key: onramp never changes a key back. `gpg \
                 --quick-revoke-uid {key} {}` revokes it",
                shell_word(user_id)
            ))),
        }
    }

    fn packages(&self, family: &str, fresh: &[String]) -> How {
        let bench = self.session.bench;
        let Some(packager) = Packager::of(family) else {
            return How::Left(format!("the package program of {family} is not known"));
        };
        let there = |name: &&String| is_installed(bench, packager, name);
        let there: Vec<String> = fresh.iter().filter(there).cloned().collect();
        let Some(words) = removal(family, &there, &self.facts).filter(|_| !there.is_empty()) else {
            return How::Undone("no package is left to remove".to_owned());
        };
        let needed = packager.rehearsal(&there).and_then(|words| asked(bench, &words));
        if needed.is_some_and(|(ok, out)| packager.says_needed(ok, &out, &there)) {
            return How::Left(format!(
                "{} stay, for something else needs them by now; by hand: `{}`",
                there.join(", "),
                words::typed(&words)
            ));
        }
        match perform::run(self.session, &words) {
            Ok(()) => How::Undone(format!("removed {}", there.join(", "))),
            Err((_, Some(signal))) => How::Stopped(signal),
            Err((why, None)) => How::Left(format!("{why}; by hand: `{}`", words::typed(&words))),
        }
    }

    fn key(&self, before: &[String], made: Option<&String>) -> String {
        let removes = |key: &str| format!("`gpg --delete-secret-and-public-key {key}` removes it");
        if let Some(key) = made {
            return format!(
                "key {key} stays: onramp never removes keys, nor anything of GnuPG's. If you are \
                 sure that nothing was signed with it: {}",
                removes(key)
            );
        }
        let listing = self.session.machine.world().keyring.secret_keys(None);
        let now = listing.map(|listing| listing.keys).unwrap_or_default();
        let since = now.into_iter().map(|key| key.fingerprint);
        let since: Vec<String> = since.filter(|key| !before.contains(key)).collect();
        match since.as_slice() {
            [] => "no key was made".to_owned(),
            keys => format!(
                "keys made since then stay: onramp never removes keys. They are {}",
                keys.join(", ")
            ),
        }
    }

    /// Puts a file of a work tree back, if it is still as the step left it.
    fn file(&self, at: usize, file: &Path, runnable: Option<bool>) -> Result<How, Trouble> {
        let bench = self.session.bench;
        let shown = clean_line(&file.to_string_lossy());
        let Some(before) = self.store.get(at, Side::Before) else {
            let folder = self.store.folder().display();
            return Ok(How::Left(format!(
                "{shown} cannot be put back: its old content is gone from {folder}"
            )));
        };
        let after = self.store.get(at, Side::After);
        Ok(match mend::put_back(bench, file, runnable, &before, after.as_deref()) {
            Ok(WayBack::Restore | WayBack::AsBefore) => {
                How::Undone(format!("{shown} is as it was before"))
            }
            Ok(WayBack::Changed) => {
                let now = bench.read(file, FILE_LIMIT).ok();
                How::Left(self.changed(at, file, after, now))
            }
            Err(error) => How::Left(unwritable(&shown, &error).what),
        })
    }

    /// Puts a file back, if it is still as the step left it.
    fn settings(&mut self, at: usize, file: &Path, existed: bool) -> Result<How, Trouble> {
        let bench = self.session.bench;
        let shown = file.display();
        let before = existed.then(|| self.store.get(at, Side::Before)).flatten();
        if existed && before.is_none() {
            let folder = self.store.folder().display();
            return Ok(How::Left(format!(
                "{shown} cannot be put back: its old content is gone from {folder}"
            )));
        }
        let after = self.store.get(at, Side::After);
        let now = match bench.read(file, FILE_LIMIT) {
            Ok(content) => Some(content),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Ok(How::Left(format!("{shown} cannot be read: {error}"))),
        };
        match way_back(before.as_deref(), after.as_deref(), now.as_deref()) {
            WayBack::AsBefore => Ok(How::Undone(format!("{shown} is as it was before"))),
            WayBack::Changed => Ok(How::Left(match self.later(at, file) {
                Some(later) => format!("{shown} waits for step {later}, which wrote it later"),
                None => self.changed(at, file, after, now),
            })),
            WayBack::Restore => {
                // A link stays a link: the file that it leads to is put back.
                let real = bench.real_path(file).unwrap_or_else(|_| file.to_owned());
                let put = match &before {
                    Some(content) => bench.write(&real, content, Access::Kept),
                    None => bench.remove_file(&real),
                };
                put.map_err(|error| {
                    unwritable(&shown.to_string(), &error)
                        .remedy("it is as the fix left it; make room there, then run this again")
                })?;
                Ok(How::Undone(format!("{shown} is as it was before")))
            }
        }
    }

    /// The number of a later step that wrote the same file and still stands.
    fn later(&self, at: usize, file: &Path) -> Option<usize> {
        let steps = self.store.record.steps.iter().enumerate().skip(at + 1);
        let mut standing = steps.filter(|(_, step)| step.state != State::Undone);
        let wrote =
            |trace: &Trace| matches!(trace, Trace::Settings { file: other, .. } if other == file);
        standing.find(|(_, step)| wrote(&step.trace)).map(|(later, _)| later + 1)
    }

    fn changed(
        &self,
        at: usize,
        file: &Path,
        after: Option<Vec<u8>>,
        now: Option<Vec<u8>>,
    ) -> String {
        let differs = difference(&after.unwrap_or_default(), &now.unwrap_or_default());
        let rest = differs.len().saturating_sub(SHOWN);
        let shown: Vec<String> =
            differs.iter().take(SHOWN).map(|line| format!("    {}", clean_line(line))).collect();
        let more = if rest > 0 { format!("\n    and {rest} lines more") } else { String::new() };
        let old = self.store.path(at, Side::Before);
        let old = match self.session.bench.kind(&old) {
            Some(_) => format!("its content before the step lies in {}", old.display()),
            None => "it was not there before the step".to_owned(),
        };
        format!(
            "{} was changed since and is left alone; {old}. What differs:\n{}{more}",
            file.display(),
            shown.join("\n")
        )
    }
}
