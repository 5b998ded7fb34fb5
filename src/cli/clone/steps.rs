//! The steps of a clone and the note of which are finished. The note lies in the hidden folder; a
//! folder without it is never touched.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::Session;
use super::super::trouble::Trouble;
use super::transfer::{self, Ended, Fetched};
use super::{ClonePlan, place};
use crate::git::remote::{Depth, Git};
use crate::sys::{Access, Kind, Workbench};
use crate::text::{Line, Tone};

/// Everything decided before the first step.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) git: Git,
    pub(super) plan: ClonePlan,
    pub(super) depth: Depth,
    pub(super) base: String,
    pub(super) topic: String,
    pub(super) fork: Option<String>,
    /// The target as the user named it.
    pub(super) folder: PathBuf,
    pub(super) target: PathBuf,
    pub(super) hidden: PathBuf,
    pub(super) needs: u64,
}

/// How the steps ended.
pub(super) enum Outcome {
    Done,
    Stopped(i32),
}

/// What was asked for and what is done of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    /// Version of this note.
    onramp_clone: u32,
    repository: String,
    depth: String,
    base: String,
    /// Number of the newest transfer.
    attempt: u32,
    /// The transfer that was finished.
    finished: Option<u32>,
    /// The maintained branches that the server had then.
    branches: Vec<String>,
    /// The topic branch that was checked out, with the fork that was set.
    ready: Option<(String, Option<String>)>,
}

const NOTE: &str = "note.json";
const LOCK: &str = "lock";

impl Note {
    fn new(job: &Job) -> Self {
        Self {
            onramp_clone: 1,
            repository: job.plan.repository.clone(),
            depth: job.depth.word().to_owned(),
            base: job.base.clone(),
            attempt: 0,
            finished: None,
            branches: Vec::new(),
            ready: None,
        }
    }

    /// Whether it was made for the same clone.
    fn fits(&self, job: &Job) -> bool {
        let fresh = Self::new(job);
        let same = |note: &Self| {
            (note.onramp_clone, note.repository.clone(), note.depth.clone(), note.base.clone())
        };
        same(self) == same(&fresh)
    }

    fn read(bench: &dyn Workbench, job: &Job) -> Option<Self> {
        let bytes = bench.read(&job.hidden.join(NOTE), 64 * 1024).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    fn keep(&self, bench: &dyn Workbench, job: &Job) -> Result<(), Trouble> {
        let text = serde_json::to_vec(self).map_err(|error| Trouble::failed(error.to_string()))?;
        bench
            .write(&job.hidden.join(NOTE), &text, Access::Private)
            .map_err(|error| unwritable(&job.hidden, &error))
    }
}

fn folder(job: &Job, attempt: u32) -> PathBuf {
    job.hidden.join(format!("transfer-{attempt}"))
}

/// Does what is not done yet, from the transfer to the rename.
pub(super) fn run(session: &Session<'_>, job: &Job) -> Result<Outcome, Trouble> {
    let bench = session.bench;
    refuse_foreign(bench, job)?;
    let old = Note::read(bench, job);
    let attempts = old.as_ref().map_or(0, |note| note.attempt);
    let note = old.filter(|note| note.fits(job));
    if note.as_ref().is_some_and(|note| renamed(bench, job, note)) {
        // Killed between the rename and the clearing away.
        let _lock = lock(session, job)?;
        clear(bench, &job.hidden);
        return Ok(Outcome::Done);
    }
    place::refuse_existing(bench, job)?;
    if note.as_ref().is_none_or(|note| note.finished.is_none()) {
        place::room(bench, job)?;
    }
    let _lock = lock(session, job)?;
    // What was true before waiting for the lock need not be true any more.
    place::refuse_existing(bench, job)?;
    let note = Note::read(bench, job).filter(|note| note.fits(job));
    let mut note = note.unwrap_or_else(|| Note { attempt: attempts, ..Note::new(job) });
    for step in [transfer, check_out] {
        if let Some(signal) = step(session, job, &mut note)? {
            return Ok(Outcome::Stopped(signal));
        }
    }
    let Some(done) = note.finished.map(|attempt| folder(job, attempt)) else {
        return Err(Trouble::failed("the transfer was not finished"));
    };
    bench.rename_new(&done, &job.target).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Trouble::failed(format!("{} has appeared meanwhile", job.target.display()))
                .remedy("name another folder, and the same history is used")
        }
        _ => unwritable(&job.target, &error),
    })?;
    clear(bench, &job.hidden);
    Ok(Outcome::Done)
}

/// A hidden folder that does not carry our note is somebody else's.
fn refuse_foreign(bench: &dyn Workbench, job: &Job) -> Result<(), Trouble> {
    let hidden = &job.hidden;
    let ours = match bench.kind(hidden) {
        None => return Ok(()),
        Some(Kind::Folder) => {
            let names = bench.list(hidden).unwrap_or_default();
            // A run killed in its first moments has left the lock and part of a note.
            let begun = |name: &std::ffi::OsString| {
                name == LOCK || name.to_string_lossy().starts_with(&format!(".{NOTE}"))
            };
            bench.kind(&hidden.join(NOTE)).is_some() || names.iter().all(begun)
        }
        Some(_) => false,
    };
    if ours {
        return Ok(());
    }
    Err(Trouble::usage(format!("{} is in the way, and onramp did not make it", hidden.display()))
        .remedy("move it away, or name another folder"))
}

fn lock(session: &Session<'_>, job: &Job) -> Result<Box<dyn Send>, Trouble> {
    let (bench, path) = (session.bench, job.hidden.join(LOCK));
    let busy = |error: &io::Error| error.kind() == io::ErrorKind::WouldBlock;
    let lock = match bench.lock(&path, Duration::ZERO) {
        Err(error) if busy(&error) => {
            let text = "another run, or the git it left behind, is still at work here; waiting";
            session.terminal.say(Line::toned(Tone::Dim, text));
            bench.lock(&path, job.plan.patience)
        }
        lock => lock,
    };
    lock.map_err(|error| {
        if busy(&error) {
            let what = format!("another onramp is busy cloning to {}", job.target.display());
            Trouble::failed(what).remedy("wait for it to end, then run this again")
        } else {
            unwritable(&job.hidden, &error)
        }
    })
}

/// Whether the rename was done and only the clearing away is left.
fn renamed(bench: &dyn Workbench, job: &Job, note: &Note) -> bool {
    let gone = note.finished.is_some_and(|attempt| bench.kind(&folder(job, attempt)).is_none());
    note.ready.is_some() && gone && bench.kind(&job.target.join(".git")).is_some()
}

fn transfer(session: &Session<'_>, job: &Job, note: &mut Note) -> Result<Option<i32>, Trouble> {
    let bench = session.bench;
    if note.finished.is_some_and(|attempt| bench.kind(&folder(job, attempt)).is_some()) {
        return Ok(None);
    }
    // Each attempt has a folder of its own: git may outlive a killed onramp for a moment, and must
    // not write into the new one. Whatever was cut off is removed before.
    note.finished = None;
    note.ready = None;
    note.attempt += 1;
    note.keep(bench, job)?;
    let into = folder(job, note.attempt);
    clear_attempts(bench, job);
    match transfer::fetch(session, job, &into) {
        Ok(Fetched::Well(branches)) => note.branches = branches,
        Ok(Fetched::Stopped(signal)) => return Ok(Some(signal)),
        Err(trouble) => {
            clear(bench, &job.hidden);
            return Err(trouble);
        }
    }
    note.finished = Some(note.attempt);
    note.keep(bench, job)?;
    Ok(None)
}

fn check_out(session: &Session<'_>, job: &Job, note: &mut Note) -> Result<Option<i32>, Trouble> {
    let bench = session.bench;
    let wanted = Some((job.topic.clone(), job.fork.clone()));
    if note.ready == wanted {
        return Ok(None);
    }
    let Some(tree) = note.finished.map(|attempt| folder(job, attempt)) else { return Ok(None) };
    unlock(bench, job, &tree);
    let prepared = transfer::prepare(session, job, &tree, &note.branches).map_err(|trouble| {
        let kept = format!("; the history is kept in {}", job.hidden.display());
        let remedy = trouble.remedy.clone().unwrap_or_default() + &kept;
        trouble.remedy(remedy)
    })?;
    if let Ended::Stopped(signal) = prepared {
        return Ok(Some(signal));
    }
    note.ready = wanted;
    note.keep(bench, job)?;
    Ok(None)
}

/// Removes the locks that a killed git left in our own, not yet published clone.
fn unlock(bench: &dyn Workbench, job: &Job, tree: &Path) {
    let git = tree.join(".git");
    let branch = format!("refs/heads/{}.lock", job.topic);
    for name in ["index.lock", "HEAD.lock", "config.lock", "packed-refs.lock", &branch] {
        // Not there is the usual case; where it cannot be removed, git says so.
        let _ = bench.remove_file(&git.join(name));
    }
}

fn clear_attempts(bench: &dyn Workbench, job: &Job) {
    for name in bench.list(&job.hidden).unwrap_or_default() {
        if name.to_string_lossy().starts_with("transfer-") {
            clear(bench, &job.hidden.join(name));
        }
    }
}

/// Removes what is ours. Where that fails, the next run tries again.
fn clear(bench: &dyn Workbench, path: &Path) {
    let _ = bench.remove_folder(path);
}

pub(super) fn unwritable(path: &Path, error: &io::Error) -> Trouble {
    let full = error.kind() == io::ErrorKind::StorageFull;
    let what = if full { "the disk is full".to_owned() } else { error.to_string() };
    Trouble::failed(format!("{} cannot be written: {what}", path.display()))
        .remedy("make room or name another folder, then run the same command again")
}
