//! Takes the steps of a plan, each with consent, each on record before it runs and after. A step
//! that fails or is refused holds up only those that wait for it. Runs nothing in the work tree.

use std::time::Duration;

use super::consent::{Answer, Consent};
use super::needs::{is_installed, settings_file};
use super::store::{FILE_LIMIT, Side, Store};
use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::fix::{Act, Facts, Plan, State, Step, Taken, Trace, words};
use crate::sys::{Command, Ended, RunError};
use crate::text::{Line, Tone, clean_line};

/// Longest that writing one setting may take; it is a matter of milliseconds.
const SETTING: Duration = Duration::from_secs(30);

/// Less room than this is none.
const ROOM: u64 = 64 << 10;

/// What came of the plan.
#[derive(Default)]
pub(super) struct Done {
    /// The steps that were taken and ended well.
    pub(super) taken: Vec<usize>,
    /// Whether one failed.
    pub(super) failed: bool,
    /// The signal that ended it.
    pub(super) stopped: Option<i32>,
}

/// How one step ended.
enum How {
    Well,
    Badly(String),
    Stopped(i32),
}

/// Takes the steps.
pub(super) fn perform(
    session: &Session<'_>,
    plan: &Plan,
    facts: &Facts,
    all: bool,
) -> Result<Done, Trouble> {
    let mut consent = Consent::new(&session.terminal, all);
    let mut work = Work { session, facts, store: None, made: None };
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
                session.terminal.complain(Line::plain(
                    "stopped; what was done so far is on record, and `onramp fix --undo` takes it back",
                ));
                break;
            }
        }
    }
    Ok(done)
}

struct Work<'a> {
    session: &'a Session<'a>,
    facts: &'a Facts,
    store: Option<Store<'a>>,
    /// Fingerprint of the key that was made.
    made: Option<String>,
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
        let command = step.command(self.facts, self.made.as_deref());
        let typed = words::typed(&command);
        self.session.terminal.say(Line::toned(Tone::Dim, "→ ").and(Tone::Command, &typed));
        let taken =
            |trace| Taken { title: step.title(), command: typed, state: State::Begun, trace };
        match &step.act {
            Act::Install { packager, packages } => {
                let there = |name: &&String| is_installed(self.session.bench, packager, name);
                let fresh = packages.iter().filter(|name| !there(name)).cloned().collect();
                let trace = Trace::Packages { family: packager.family.to_owned(), fresh };
                self.recorded(&command, taken(trace)).map(|(how, _)| how)
            }
            Act::Set { .. } => self.set(&command, taken),
            Act::MakeKey { .. } => {
                let before = match self.keys() {
                    Ok(keys) => keys,
                    Err(why) => return Ok(How::Badly(why)),
                };
                self.make_key(&command, taken(Trace::Key { before, made: None }))
            }
            Act::AddAddress { key } => {
                let user_id = words::user_id(self.facts);
                let trace = Trace::Address { key: key.clone(), user_id };
                self.recorded(&command, taken(trace)).map(|(how, _)| how)
            }
        }
    }

    /// Runs a command at the terminal, on record; how it ended, and its number there.
    fn recorded(&mut self, command: &[String], taken: Taken) -> Result<(How, usize), Trouble> {
        let at = self.store()?.start(taken)?;
        let how = attend(self.session, command);
        let state = match how {
            How::Well => State::Done,
            How::Badly(_) => State::Failed,
            How::Stopped(_) => State::Begun,
        };
        self.store()?.note(at, state)?;
        Ok((how, at))
    }

    fn keys(&self) -> Result<Vec<String>, String> {
        let listing = self.session.machine.world().keyring.secret_keys(None);
        let keys =
            listing.map_err(|unknown| format!("your keys cannot be listed: {}", unknown.0))?;
        Ok(keys.keys.into_iter().map(|key| key.fingerprint).collect())
    }

    fn make_key(&mut self, command: &[String], taken: Taken) -> Result<How, Trouble> {
        let Trace::Key { before, .. } = taken.trace.clone() else { return Ok(How::Well) };
        let (how, at) = self.recorded(command, taken)?;
        let How::Well = how else { return Ok(how) };
        let now = self.keys().unwrap_or_default();
        let Some(new) = now.into_iter().find(|key| !before.contains(key)) else {
            return Ok(How::Badly("gpg ended well, but there is no new key".to_owned()));
        };
        self.made = Some(new.clone());
        let store = self.store()?;
        if let Some(step) = store.record.steps.get_mut(at) {
            step.trace = Trace::Key { before, made: Some(new) };
        }
        store.note(at, State::Done)?;
        Ok(How::Well)
    }

    /// Writes a setting by git itself, with its lock. What git will make of the file is found out
    /// on a copy first, so that a run killed in between can be told from somebody else's change.
    fn set(
        &mut self,
        command: &[String],
        taken: impl FnOnce(Trace) -> Taken,
    ) -> Result<How, Trouble> {
        let bench = self.session.bench;
        let Some(git) = bench.find_program("git") else {
            return Ok(How::Badly("git is not installed".to_owned()));
        };
        let Some(file) = settings_file(bench) else {
            let why = "the file of your git settings cannot be told: GIT_CONFIG_GLOBAL is a \
                       relative path, or there is no home folder";
            return Ok(How::Badly(why.to_owned()));
        };
        let before = match bench.read(&file, FILE_LIMIT) {
            Ok(content) => Some(content),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Ok(How::Badly(format!("{}: {error}", file.display()))),
        };
        let store = self.store()?;
        let at = store.record.steps.len();
        if let Some(content) = &before {
            store.put(at, Side::Before, content)?;
            store.put(at, Side::After, content)?;
        }
        let copy = store.path(at, Side::After);
        let words = &command[command.len().saturating_sub(2)..];
        let rehearsal = Command::question(&git).args(["config", "--file"]).args([copy]).args(words);
        if let Some(how) = ended(bench.run(&rehearsal)) {
            return Ok(how);
        }
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
