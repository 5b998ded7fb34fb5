//! The records of fixes in the user's state folder: one folder a fix, with the old and the new
//! content of every file a step wrote. Private, and safe to delete once nothing is to be taken
//! back. Holds one lock, so that two fixes never mix.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::unwritable;
use crate::cli::trouble::Trouble;
use crate::fix::{Record, State, Taken};
use crate::sys::{Access, Kind, System, Workbench};

const RECORD: &str = "record.json";
/// A record is small; anything larger is not ours.
const RECORD_LIMIT: u64 = 1 << 20;
/// A file of settings is small.
pub(super) const FILE_LIMIT: u64 = 4 << 20;

/// One fix being made or taken back.
pub(super) struct Store<'a> {
    bench: &'a dyn Workbench,
    folder: PathBuf,
    /// What was done.
    pub(super) record: Record,
    _lock: Box<dyn Send>,
}

/// Which of a step's two files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

/// Where the records lie.
pub(super) fn place(system: &dyn System) -> Result<PathBuf, Trouble> {
    let state = system.env("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let state = state.or_else(|| Some(system.home()?.join(".local/state")));
    state.map(|state| state.join("onramp/fixes")).ok_or_else(|| {
        Trouble::failed("there is no home folder to keep a record in").remedy("set HOME")
    })
}

/// The fixes on record, oldest first; none for a record that this onramp cannot
/// read, and for another user's.
pub(super) fn all(system: &dyn System) -> Result<Vec<(String, Option<Record>)>, Trouble> {
    let place = place(system)?;
    let names = match system.list(&place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            let what = format!("{} cannot be read: {error}", place.display());
            return Err(Trouble::failed(what).remedy("give yourself the right to read it"));
        }
        Ok(names) => names,
    };
    let names = names.into_iter().filter_map(|name| name.into_string().ok());
    let record = |name: String| {
        let folder = place.join(&name);
        system.kind(&folder.join(RECORD))?;
        let record = read(system, &folder);
        let empty = record.as_ref().is_some_and(|record| record.steps.is_empty());
        (!empty).then_some((name, record))
    };
    Ok(names.filter_map(record).collect())
}

/// A record names files to put back and packages to remove, so another user's is none of ours.
fn read(system: &dyn System, folder: &Path) -> Option<Record> {
    let file = folder.join(RECORD);
    let ours = |path: &Path| system.owner(path).is_ok_and(|owner| owner == system.user());
    if !ours(folder) || !ours(&file) {
        return None;
    }
    let bytes = system.read(&file, RECORD_LIMIT).ok()?;
    serde_json::from_slice(&bytes).ok()
}

impl<'a> Store<'a> {
    /// Begins a record. Nothing is done that could not be written down, so this comes first.
    pub(super) fn begin(bench: &'a dyn Workbench) -> Result<Self, Trouble> {
        let place = place(bench)?;
        let lock = lock(bench, &place)?;
        let now = bench.now();
        let folder = free_name(bench, &place, now);
        let store = Self { bench, folder, record: Record::new(now), _lock: lock };
        store.save()?;
        Ok(store)
    }

    /// Opens a record to take steps back.
    pub(super) fn open(
        bench: &'a dyn Workbench,
        name: &str,
        record: Record,
    ) -> Result<Self, Trouble> {
        let place = place(bench)?;
        let lock = lock(bench, &place)?;
        let folder = place.join(name);
        // Another run may have taken steps back while this one waited for an answer.
        let record = read(bench, &folder).unwrap_or(record);
        Ok(Self { bench, folder, record, _lock: lock })
    }

    /// Writes down that a step is about to run; its number.
    pub(super) fn start(&mut self, step: Taken) -> Result<usize, Trouble> {
        self.record.steps.push(step);
        self.save()?;
        Ok(self.record.steps.len() - 1)
    }

    /// Writes down how far a step came.
    pub(super) fn note(&mut self, at: usize, state: State) -> Result<(), Trouble> {
        if let Some(step) = self.record.steps.get_mut(at) {
            step.state = state;
        }
        self.save()
    }

    fn save(&self) -> Result<(), Trouble> {
        let text = serde_json::to_vec_pretty(&self.record)
            .map_err(|error| Trouble::failed(error.to_string()))?;
        self.keep(RECORD, &text)
    }

    fn keep(&self, name: &str, content: &[u8]) -> Result<(), Trouble> {
        self.bench.write(&self.folder.join(name), content, Access::Private).map_err(|error| {
            unwritable(&format!("the record in {}", self.folder.display()), &error).remedy(
                "make room, then run it again; what was done before is on record, and \
                 `onramp fix --undo` takes it back",
            )
        })
    }

    /// The folder of this fix.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the content of a step's file is kept.
    pub(super) fn path(&self, at: usize, side: Side) -> PathBuf {
        self.folder.join(name(at, side))
    }

    /// Keeps the content of a step's file.
    pub(super) fn put(&self, at: usize, side: Side, content: &[u8]) -> Result<(), Trouble> {
        self.keep(&name(at, side), content)
    }

    /// The content that was kept.
    pub(super) fn get(&self, at: usize, side: Side) -> Option<Vec<u8>> {
        self.bench.read(&self.path(at, side), FILE_LIMIT).ok()
    }
}

fn name(at: usize, side: Side) -> String {
    let side = if side == Side::Before { "before" } else { "after" };
    format!("{}-{side}", at + 1)
}

fn lock(bench: &dyn Workbench, place: &Path) -> Result<Box<dyn Send>, Trouble> {
    bench.lock(&place.join("lock"), Duration::ZERO).map_err(|error| match error.kind() {
        io::ErrorKind::WouldBlock => Trouble::failed("another `onramp fix` is at work")
            .remedy("let it end, then run this again"),
        _ => unwritable(&place.display().to_string(), &error)
            .remedy("make room and give yourself the right to write there; nothing was done"),
    })
}

/// A name by the moment, which sorts by age; two fixes of one second have two.
fn free_name(system: &dyn System, place: &Path, now: i64) -> PathBuf {
    let moment = jiff::Timestamp::from_second(now).unwrap_or_default();
    let name = moment.strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut names = (1..).map(|count: u32| match count {
        1 => place.join(&name),
        _ => place.join(format!("{name}-{count}")),
    });
    let free = names.find(|folder| system.kind(folder) != Some(Kind::Folder));
    free.unwrap_or_else(|| place.join(&name))
}
