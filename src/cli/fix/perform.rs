//! Takes the steps of a plan, each with consent, each on record before it runs and after. A step
//! that fails or is refused holds up only those that wait for it. Runs nothing in the work tree.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::consent::{Answer, Consent};
use super::mend;
use super::needs::{is_installed, settings_file};
use super::store::{FILE_LIMIT, Side, Store};
use crate::cli::Session;
use crate::cli::making::{self, Outcome};
use crate::cli::trouble::Trouble;
use crate::fix::{Act, Facts, Place, Plan, State, Step, Taken, Trace, words};
use crate::pgp::making::Passphrase;
use crate::sys::{Command, Ended, RunError};
use crate::text::{Line, Tone, clean_line};

/// Longest that writing one setting may take; it is a matter of milliseconds.
const SETTING: Duration = Duration::from_secs(30);

/// Less room than this is none.
const ROOM: u64 = 64 << 10;

/// What came of the plan.
#[derive(Default)]
pub(in crate::cli) struct Done {
    /// The steps that were taken and ended well.
    pub(in crate::cli) taken: Vec<usize>,
    /// Whether one failed.
    pub(in crate::cli) failed: bool,
    /// The signal that ended it.
    pub(in crate::cli) stopped: Option<i32>,
    /// The key that was made.
    pub(in crate::cli) made: Option<NewKey>,
}

/// A key that was made.
#[derive(Clone)]
pub(in crate::cli) struct NewKey {
    /// Its fingerprint.
    pub(in crate::cli) fingerprint: String,
    /// Where its revocation certificate lies, or why there is none.
    pub(in crate::cli) certificate: Result<PathBuf, String>,
}

/// How one step ended.
enum How {
    Well,
    Badly(String),
    Stopped(i32),
}

/// Takes the steps.
pub(in crate::cli) fn perform(
    session: &Session<'_>,
    plan: &Plan,
    facts: &Facts,
    passphrase: &Passphrase,
    all: bool,
) -> Result<Done, Trouble> {
    let mut consent = Consent::new(&session.terminal, all);
    let mut work = Work { session, facts, passphrase, store: None, made: None };
    let mut done = Done::default();
    for (at, step) in plan.steps.iter().enumerate() {
        if let Some(missing) = step.needs.iter().find(|need| !done.taken.contains(need)) {
            let text = format!(
                "{:>2}  {}: left out, it waits for step {}",
                at + 1,
                step.title(),
                missing + 1
            );
            session.terminal.complain(Line::toned(Tone::Dim, text));
            continue;
        }
        match consent.ask(at + 1, &step.title()) {
            Answer::Yes => {}
            Answer::No => continue,
            Answer::Quit => break,
        }
        match work.take(step)? {
            How::Well => done.taken.push(at),
            How::Badly(why) => {
                done.failed = true;
                let text = format!("{}: {why}", step.title());
                session.terminal.complain(Line::toned(Tone::Bad, "✗ ").and(Tone::Plain, text));
            }
            How::Stopped(signal) => {
                done.stopped = Some(signal);
                session.terminal.complain(Line::plain(work.stopped()));
                break;
            }
        }
    }
    done.made = work.made;
    Ok(done)
}

struct Work<'a> {
    session: &'a Session<'a>,
    facts: &'a Facts,
    passphrase: &'a Passphrase,
    store: Option<Store<'a>>,
    made: Option<NewKey>,
}

impl<'a> Work<'a> {
    /// The record, begun with the first step.
    fn store(&mut self) -> Result<&mut Store<'a>, Trouble> {
        if self.store.is_none() {
            self.store = Some(Store::begin(self.session.bench)?);
        }
        self.store.as_mut().ok_or_else(|| Trouble::failed("there is no record"))
    }

    fn take(&mut self, step: &Step) -> Result<How, Trouble> {
        let made = self.made.as_ref().map(|key| key.fingerprint.as_str());
        let commands = step.commands(self.facts, made);
        let typed = step.typed(self.facts, made);
        self.session.terminal.say(Line::toned(Tone::Dim, "→ ").and(Tone::Command, &typed));
        let taken =
            |trace| Taken { title: step.title(), command: typed, state: State::Begun, trace };
        let command = commands.first().map_or(&[][..], Vec::as_slice);
        match &step.act {
            Act::Install { packager, packages } => {
                let there = |name: &&String| is_installed(self.session.bench, packager, name);
                let fresh = packages.iter().filter(|name| !there(name)).cloned().collect();
                let trace = Trace::Packages { family: packager.family.to_owned(), fresh };
                self.recorded(command, taken(trace))
            }
            Act::Set { .. } => self.set(command, taken),
            Act::SetTogether { .. } => self.set_together(&commands, taken),
            Act::MakeKey { .. } => self.make_key(command, taken),
            Act::Mend { file, .. } => self.mend(file, taken),
            Act::AddAddress { key } => {
                let user_id = words::user_id(self.facts);
                let trace = Trace::Address { key: key.clone(), user_id };
                self.recorded(command, taken(trace))
            }
        }
    }

    /// Mends a file, on record.
    fn mend(&mut self, file: &str, taken: impl FnOnce(Trace) -> Taken) -> Result<How, Trouble> {
        let (session, facts) = (self.session, self.facts);
        let (Some(tree), Some(Ok(mended))) = (&facts.tree, facts.files.get(file)) else {
            return Ok(How::Badly("it is not known what it should be".to_owned()));
        };
        let written = mend::write(session, self.store()?, (tree, file), mended, taken)?;
        Ok(written.map_or_else(How::Badly, |()| How::Well))
    }

    /// Runs a command at the terminal, on record.
    fn recorded(&mut self, command: &[String], taken: Taken) -> Result<How, Trouble> {
        let at = self.store()?.start(taken)?;
        let how = attend(self.session, command);
        let state = match how {
            How::Well => State::Done,
            How::Badly(_) => State::Failed,
            How::Stopped(_) => State::Begun,
        };
        self.store()?.note(at, state)?;
        Ok(how)
    }

    /// What stands once a signal came.
    fn stopped(&self) -> &'static str {
        match &self.store {
            Some(store) if self.made.is_some() && store.record.steps.len() == 1 => {
                "stopped; the key stays, and `onramp key new` finds it and sets git up"
            }
            Some(store) if !store.record.undone() => {
                "stopped; what was done so far is on record, and `onramp fix --undo` takes it back"
            }
            _ => "stopped; nothing of it was done",
        }
    }

    fn keys(&self) -> Result<Vec<String>, String> {
        let listing = self.session.machine.world().keyring.secret_keys(None);
        let keys =
            listing.map_err(|unknown| format!("your keys cannot be listed: {}", unknown.0))?;
        Ok(keys.keys.into_iter().map(|key| key.fingerprint).collect())
    }

    /// Makes a key, on record. What stands where a signal stopped it is said.
    fn make_key(
        &mut self,
        command: &[String],
        taken: impl FnOnce(Trace) -> Taken,
    ) -> Result<How, Trouble> {
        let workshop = match making::workshop(self.session) {
            Ok(workshop) => workshop,
            Err(Trouble { what, remedy, .. }) => {
                let remedy = remedy.map(|remedy| format!("\n  → {remedy}")).unwrap_or_default();
                return Ok(How::Badly(what + &remedy));
            }
        };
        let before = match self.keys() {
            Ok(keys) => keys,
            Err(why) => return Ok(How::Badly(why)),
        };
        let session = self.session;
        let passphrase = self.passphrase;
        let store = self.store()?;
        let at = store.start(taken(Trace::Key { before: before.clone(), made: None }))?;
        match making::run(session, &workshop, command, passphrase) {
            Outcome::Failed(why) => {
                store.note(at, State::Failed)?;
                Ok(How::Badly(why))
            }
            Outcome::Stopped(signal) => {
                session.terminal.complain(Line::plain("no key was made"));
                store.note(at, State::Undone)?;
                Ok(How::Stopped(signal))
            }
            Outcome::Made { key, certificate, stopped } => {
                if let Some(step) = store.record.steps.get_mut(at) {
                    step.trace = Trace::Key { before, made: Some(key.clone()) };
                }
                store.note(at, State::Done)?;
                if stopped.is_some() {
                    let text = format!("key {key} was made, whole; git does not sign with it yet");
                    session.terminal.complain(Line::plain(text));
                }
                self.made = Some(NewKey { fingerprint: key, certificate });
                Ok(stopped.map_or(How::Well, How::Stopped))
            }
        }
    }

    /// What a step that writes settings begins with: git, the file, its content, and a copy beside
    /// the record. What git will make of the file is found out on the copy first, so that a run
    /// killed in between can be told from somebody else's change.
    fn rehearsed(&mut self, commands: &[&[String]]) -> Result<Result<Rehearsal, How>, Trouble> {
        let bench = self.session.bench;
        let badly = |why: &str| Ok(Err(How::Badly(why.to_owned())));
        let Some(git) = bench.find_program("git") else { return badly("git is not installed") };
        let file = match &self.facts.place {
            Place::User => settings_file(bench),
            Place::Clone(file) => Some(file.clone()),
        };
        let Some(file) = file else {
            return badly(
                "the file of your git settings cannot be told: GIT_CONFIG_GLOBAL is a relative \
                 path, or there is no home folder",
            );
        };
        let before = match bench.read(&file, FILE_LIMIT) {
            Ok(content) => Some(content),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return badly(&format!("{}: {error}", file.display())),
        };
        let store = self.store()?;
        let at = store.record.steps.len();
        if let Some(content) = &before {
            store.put(at, Side::Before, content)?;
            store.put(at, Side::After, content)?;
        }
        let copy = store.path(at, Side::After);
        for command in commands {
            let words = &command[command.len().saturating_sub(2)..];
            let several = (commands.len() > 1).then_some("--replace-all");
            let rehearsal = Command::question(&git).args(["config", "--file"]).args([&copy]);
            let rehearsal = rehearsal.args(several).args(words);
            if let Some(how) = ended(bench.run(&rehearsal)) {
                return Ok(Err(how));
            }
        }
        Ok(Ok(Rehearsal { git, file, before, at }))
    }

    /// Writes a setting by git itself, with its lock.
    fn set(
        &mut self,
        command: &[String],
        taken: impl FnOnce(Trace) -> Taken,
    ) -> Result<How, Trouble> {
        let bench = self.session.bench;
        let Rehearsal { git, file, before, at } = match self.rehearsed(&[command])? {
            Ok(rehearsal) => rehearsal,
            Err(how) => return Ok(how),
        };
        let store = self.store()?;
        store.start(taken(Trace::Settings { file: file.clone(), existed: before.is_some() }))?;
        // GIT_CONFIG would lead git to yet another file.
        let real = Command::work(&git).args(&command[1..]).without("GIT_CONFIG").within(SETTING);
        let how = ended(bench.run(&real));
        let now = bench.read(&file, FILE_LIMIT).ok();
        if let (None, Some(now)) = (&how, &now) {
            store.put(at, Side::After, now)?;
        }
        let full = bench.disk_space(&file).is_ok_and(|space| space.free < ROOM);
        let how = how.map(|how| match how {
            How::Badly(why) if full => {
                How::Badly(format!("{why}; there is no room left where {} lies", file.display()))
            }
            how => how,
        });
        let state = match &how {
            None => State::Done,
            Some(How::Stopped(_)) => State::Begun,
            Some(_) => State::Failed,
        };
        store.note(at, state)?;
        Ok(how.unwrap_or(How::Well))
    }

    /// Writes several settings at once: git says on the copy what the file is to be, and that takes
    /// the file's place as a whole, under git's lock.
    fn set_together(
        &mut self,
        commands: &[Vec<String>],
        taken: impl FnOnce(Trace) -> Taken,
    ) -> Result<How, Trouble> {
        let bench = self.session.bench;
        let commands: Vec<&[String]> = commands.iter().map(Vec::as_slice).collect();
        let Rehearsal { file, before, at, .. } = match self.rehearsed(&commands)? {
            Ok(rehearsal) => rehearsal,
            Err(how) => return Ok(how),
        };
        let store = self.store()?;
        let Some(after) = store.get(at, Side::After) else {
            return Ok(How::Badly("the record lacks what the settings are to be".to_owned()));
        };
        store.start(taken(Trace::Settings { file: file.clone(), existed: before.is_some() }))?;
        let replaced = bench.replace(&file, before.as_deref(), &after);
        store.note(at, if replaced.is_ok() { State::Done } else { State::Failed })?;
        Ok(match replaced {
            Ok(()) => How::Well,
            Err(error) => How::Badly(unreplaced(&file, &error)),
        })
    }
}

/// Settings about to be written.
struct Rehearsal {
    git: PathBuf,
    file: PathBuf,
    before: Option<Vec<u8>>,
    at: usize,
}

fn unreplaced(file: &Path, error: &std::io::Error) -> String {
    let file = file.display();
    match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            format!("git is writing {file}, or left {file}.lock behind; nothing was changed")
        }
        std::io::ErrorKind::WouldBlock => {
            format!("{file} was changed by somebody else just now; nothing was changed, try again")
        }
        std::io::ErrorKind::StorageFull => format!("there is no room left where {file} lies"),
        _ => format!("{file} cannot be written: {error}"),
    }
}

/// How a short command ended that did not end well.
fn ended(result: Result<crate::sys::Output, RunError>) -> Option<How> {
    match result {
        Ok(output) if output.ok() => None,
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.err).trim().to_owned();
            Some(How::Badly(format!("git says: {}", clean_line(&said))))
        }
        Err(RunError::Interrupted(signal)) => Some(How::Stopped(signal)),
        Err(error) => Some(How::Badly(error.to_string())),
    }
}

/// Runs a command that may ask at the terminal, from the root folder.
fn attend(session: &Session<'_>, words: &[String]) -> How {
    let Some((name, arguments)) = words.split_first() else {
        return How::Badly("there is no command".to_owned());
    };
    let Some(program) = session.bench.find_program(name) else {
        return How::Badly(format!("there is no {name} on PATH"));
    };
    let command = Command::work(program).args(arguments).attended();
    match session.bench.stream(&command, &mut |_, _| {}) {
        Ok(Ended::Exited(Some(0))) => How::Well,
        Ok(Ended::Exited(Some(code))) => How::Badly(format!("{name} ended with {code}")),
        Ok(Ended::Exited(None)) => How::Badly(format!("{name} was killed")),
        Ok(Ended::Interrupted(signal)) | Err(RunError::Interrupted(signal)) => How::Stopped(signal),
        Err(error) => How::Badly(error.to_string()),
    }
}

/// Runs a command of the way back; why it did not end well.
pub(super) fn run(session: &Session<'_>, words: &[String]) -> Result<(), (String, Option<i32>)> {
    match attend(session, words) {
        How::Well => Ok(()),
        How::Badly(why) => Err((why, None)),
        How::Stopped(signal) => Err(("it was stopped".to_owned(), Some(signal))),
    }
}
