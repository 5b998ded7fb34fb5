//! A machine as one look at it found it: many probes ask for the same programs, links and small
//! files, and each answer is fetched once. For the time of one look only: what changes afterwards
//! is not seen. Remembers no failure, and nothing that was run.

use std::collections::HashMap;
use std::ffi::OsString;
use std::hash::Hash;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{Bounds, Command, DiskSpace, Item, Kind, Output, Platform, RunError, Seekable, System};

/// Larger files are read again: hardly two probes want the same one.
const SMALL: usize = 16 * 1024;

/// Looks at a machine through what it was already told.
pub struct Steady {
    machine: Arc<dyn System>,
    programs: Known<String, Option<PathBuf>>,
    links: Known<OsString, PathBuf>,
    files: Known<OsString, Vec<u8>>,
}

/// Answers by what was asked.
struct Known<K, V>(Mutex<HashMap<K, V>>);

impl<K: Hash + Eq, V: Clone> Known<K, V> {
    fn new() -> Self {
        Self(Mutex::default())
    }

    fn of(&self, key: &K) -> Option<V> {
        // A map is whole between any two calls.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn keep(&self, key: K, value: &V) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, value.clone());
    }
}

impl Steady {
    /// Knows nothing yet.
    #[must_use]
    pub fn new(machine: Arc<dyn System>) -> Self {
        let (programs, links, files) = (Known::new(), Known::new(), Known::new());
        Self { machine, programs, links, files }
    }
}

impl System for Steady {
    fn find_program(&self, name: &str) -> Option<PathBuf> {
        let name = name.to_owned();
        self.programs.of(&name).unwrap_or_else(|| {
            let found = self.machine.find_program(&name);
            self.programs.keep(name, &found);
            found
        })
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        let asked = path.as_os_str().to_owned();
        if let Some(known) = self.links.of(&asked) {
            return Ok(known);
        }
        let real = self.machine.real_path(path)?;
        self.links.keep(asked, &real);
        Ok(real)
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let asked = path.as_os_str().to_owned();
        if let Some(known) = self.files.of(&asked).filter(|known| known.len() as u64 <= limit) {
            return Ok(known);
        }
        let content = self.machine.read(path, limit)?;
        if content.len() <= SMALL {
            self.files.keep(asked, &content);
        }
        Ok(content)
    }

    fn platform(&self) -> Platform {
        self.machine.platform()
    }

    fn now(&self) -> i64 {
        self.machine.now()
    }

    fn env(&self, name: &str) -> Option<OsString> {
        self.machine.env(name)
    }

    fn env_names(&self) -> Vec<OsString> {
        self.machine.env_names()
    }

    fn home(&self) -> Option<PathBuf> {
        self.machine.home()
    }

    fn current_dir(&self) -> io::Result<PathBuf> {
        self.machine.current_dir()
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        self.machine.kind(path)
    }

    fn read_private(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        self.machine.read_private(path, limit)
    }

    fn open(&self, path: &Path, limit: u64) -> io::Result<Box<dyn Seekable>> {
        self.machine.open(path, limit)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        self.machine.list(folder)
    }

    fn shun(&self, tree: &Path) {
        self.machine.shun(tree);
    }

    fn run(&self, command: &Command) -> Result<Output, RunError> {
        self.machine.run(command)
    }

    fn cores(&self) -> usize {
        self.machine.cores()
    }

    fn disk_space(&self, path: &Path) -> io::Result<DiskSpace> {
        self.machine.disk_space(path)
    }

    fn user(&self) -> u32 {
        self.machine.user()
    }

    fn owner(&self, path: &Path) -> io::Result<u32> {
        self.machine.owner(path)
    }

    fn gather(&self, above: &Path, name: &str, bounds: Bounds) -> io::Result<Vec<Item>> {
        self.machine.gather(above, name, bounds)
    }

    fn may_write(&self, path: &Path) -> bool {
        self.machine.may_write(path)
    }

    fn mode(&self, path: &Path) -> io::Result<u32> {
        self.machine.mode(path)
    }

    fn terminal(&self) -> Option<PathBuf> {
        self.machine.terminal()
    }

    fn read_handed(&self, number: u32, limit: u64, patience: Duration) -> io::Result<Vec<u8>> {
        self.machine.read_handed(number, limit, patience)
    }
}
