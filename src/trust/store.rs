//! What the user trusted: a record for each tree, and a private copy of what was trusted, from
//! which differences are shown and programs are run. Files are written beside and renamed, and
//! readable after a newer onramp wrote them. Holds nothing that a tree could have written.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::closure::{self, Closure, digest};
use crate::sys::{Access, System, Workbench};

/// A record may be this long.
const LIMIT: u64 = 64 << 10;
/// Longest wait for another onramp that writes here.
const PATIENCE: Duration = Duration::from_secs(5);
/// How the name of a record ends.
const ENDING: &str = ".json";

/// What was trusted. Keys that a newer onramp added are no mistake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Version of this shape.
    pub version: u32,
    /// The work tree.
    pub tree: String,
    /// The hash of its `.onramp` when it was trusted.
    pub hash: String,
    /// When, in seconds since the epoch.
    pub since: i64,
}

/// The part of the user's state folder that holds all this.
#[derive(Debug, Clone)]
pub struct Store(PathBuf);

impl Store {
    /// Where it lies; `None` for a user without a home.
    #[must_use]
    pub fn of(system: &dyn System) -> Option<Self> {
        let absolute = |path: PathBuf| path.is_absolute().then_some(path);
        let state = system.env("XDG_STATE_HOME").map(PathBuf::from).and_then(absolute);
        let state = state.or_else(|| Some(system.home()?.join(".local/state")))?;
        Some(Self(state.join("onramp/trust")))
    }

    fn record_of(&self, tree: &Path) -> PathBuf {
        let name = digest(tree.as_os_str().as_encoded_bytes());
        self.0.join("trees").join(name + ENDING)
    }

    fn copies(&self) -> PathBuf {
        self.0.join("copies")
    }

    /// The folder with the copy of what has this hash.
    #[must_use]
    pub fn copy_of(&self, hash: &str) -> PathBuf {
        self.copies().join(hash)
    }

    /// What was recorded for a tree.
    ///
    /// # Errors
    /// Why the record cannot be used.
    pub fn record(&self, system: &dyn System, tree: &Path) -> Result<Option<Record>, String> {
        let record = read(system, &self.record_of(tree))?;
        match record {
            Some(record) if Path::new(&record.tree) != tree => {
                Err("it is about another work tree".to_owned())
            }
            record => Ok(record),
        }
    }

    /// Every record there is, by tree; those that cannot be used are left out.
    #[must_use]
    pub fn records(&self, system: &dyn System) -> Vec<Record> {
        let folder = self.0.join("trees");
        let names = system.list(&folder).unwrap_or_default();
        let files = names.iter().filter(|name| name.to_string_lossy().ends_with(ENDING));
        let mut records: Vec<Record> =
            files.filter_map(|name| read(system, &folder.join(name)).ok().flatten()).collect();
        records.sort_by(|one, other| one.tree.cmp(&other.tree));
        records
    }

    /// The copy of what has this hash; `None` where there is none, or it is no longer that.
    #[must_use]
    pub fn copy(&self, system: &dyn System, hash: &str) -> Option<Closure> {
        let copy = closure::read_folder(system, &self.copies(), hash).ok().flatten()?;
        (copy.hash == hash && copy.owners == [system.user()]).then_some(copy)
    }

    /// Keeps a copy of what is there, where none is.
    ///
    /// # Errors
    /// Those of the file system; a copy in part is never taken for a whole one.
    pub fn keep(&self, bench: &dyn Workbench, closure: &Closure) -> io::Result<PathBuf> {
        let _lock = self.locked(bench)?;
        self.put(bench, closure)
    }

    fn put(&self, bench: &dyn Workbench, closure: &Closure) -> io::Result<PathBuf> {
        let folder = self.copy_of(&closure.hash);
        if self.copy(bench, &closure.hash).is_some() {
            return Ok(folder);
        }
        if bench.kind(&folder).is_some() {
            // Begun by a run that was killed.
            bench.remove_folder(&folder)?;
        }
        bench.create_private_folder(&folder)?;
        for file in &closure.files {
            let access = if file.executable { Access::Program } else { Access::Private };
            let path = folder.join(&file.path);
            if let Some(above) = path.parent() {
                bench.create_private_folder(above)?;
            }
            bench.write(&path, &file.content, access)?;
        }
        match self.copy(bench, &closure.hash) {
            Some(_) => Ok(folder),
            None => Err(io::Error::other(format!("{} did not take it", folder.display()))),
        }
    }

    /// Waits until no other onramp writes here.
    fn locked(&self, bench: &dyn Workbench) -> io::Result<Box<dyn Send>> {
        bench.create_private_folder(&self.0)?;
        bench.lock(&self.0.join("lock"), PATIENCE)
    }

    /// Records that a tree is trusted as it is. The name of a record that could not be used, and
    /// was moved aside, comes back.
    ///
    /// # Errors
    /// Those of the file system; nothing is then trusted that was not before.
    pub fn trust(
        &self,
        bench: &dyn Workbench,
        tree: &Path,
        closure: &Closure,
    ) -> io::Result<Option<PathBuf>> {
        let file = self.record_of(tree);
        let _lock = self.locked(bench)?;
        self.put(bench, closure)?;
        let aside = self.move_aside(bench, tree)?;
        let record = Record {
            version: 1,
            tree: tree.to_string_lossy().into_owned(),
            hash: closure.hash.clone(),
            since: bench.now(),
        };
        bench.create_private_folder(&self.0.join("trees"))?;
        bench.write(&file, &serde_json::to_vec_pretty(&record)?, Access::Private)?;
        self.clear(bench);
        Ok(aside)
    }

    /// Moves a record that cannot be used out of the way, and says where to.
    fn move_aside(&self, bench: &dyn Workbench, tree: &Path) -> io::Result<Option<PathBuf>> {
        let file = self.record_of(tree);
        if self.record(bench, tree).is_ok() {
            return Ok(None);
        }
        let aside = file.with_extension(format!("{}.unreadable", bench.now()));
        match bench.rename_new(&file, &aside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
            result => result.map(|()| Some(aside)),
        }
    }

    /// Forgets a tree; whether there was anything to forget.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn revoke(&self, bench: &dyn Workbench, tree: &Path) -> io::Result<bool> {
        let _lock = self.locked(bench)?;
        let removed = bench.remove_file(&self.record_of(tree));
        if matches!(&removed, Err(error) if error.kind() == io::ErrorKind::NotFound) {
            return Ok(false);
        }
        removed?;
        self.clear(bench);
        Ok(true)
    }

    /// Removes copies that no record speaks of any more.
    fn clear(&self, bench: &dyn Workbench) {
        let records = self.records(bench);
        for name in bench.list(&self.copies()).unwrap_or_default() {
            if !records.iter().any(|record| name == *record.hash) {
                // What is left behind is private, small and in nobody's way.
                let _ = bench.remove_folder(&self.copies().join(name));
            }
        }
    }
}

fn read(system: &dyn System, file: &Path) -> Result<Option<Record>, String> {
    let bytes = match system.read(file, LIMIT) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        bytes => bytes.map_err(|error| format!("{}: {error}", file.display()))?,
    };
    if system.owner(file).ok() != Some(system.user()) {
        return Err(format!("{} belongs to another user", file.display()));
    }
    let record = serde_json::from_slice::<Record>(&bytes).ok();
    // It names a folder of ours, so it must be nothing but a hash.
    let whole = record.filter(|record| is_hash(&record.hash));
    whole.map(Some).ok_or_else(|| format!("{} is damaged", file.display()))
}

/// Whether a text reads as a hash.
#[must_use]
pub fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|letter| letter.is_ascii_hexdigit())
}
