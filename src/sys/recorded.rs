//! A machine read from a text file: what tests and mentors look at instead of a laptop.
//! Knows only what was written down; anything else is absent, and nothing is ever run.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::gather;
use super::{
    Access, Bounds, Command, DiskSpace, Ended, Item, Kind, Output, Platform, RunError, Stream,
    System, Temporary, Workbench,
};

/// The file's shape. Paths are absolute; folders follow from the files in them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Which machine.
    #[serde(default = "debian")]
    pub platform: Platform,
    /// Seconds since the epoch.
    #[serde(default = "autumn")]
    pub now: i64,
    /// Environment variables. PATH defaults to `/usr/local/bin:/usr/bin:/bin`.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Home folder; empty for a machine that has none.
    #[serde(default = "home")]
    pub home: String,
    /// Current folder.
    #[serde(default = "home")]
    pub folder: String,
    /// Text files by path.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Zip archives, such as jars, by path and entry.
    #[serde(default)]
    pub jars: BTreeMap<String, BTreeMap<String, String>>,
    /// Files that are there but may not be read.
    #[serde(default)]
    pub denied: BTreeSet<String>,
    /// Folders that this user may not write to, nor anything below them.
    #[serde(default)]
    pub read_only: BTreeSet<String>,
    /// Empty folders.
    #[serde(default)]
    pub folders: BTreeSet<String>,
    /// Links by path, with where they lead.
    #[serde(default)]
    pub links: BTreeMap<String, String>,
    /// Number of the user.
    #[serde(default = "ada")]
    pub user: u32,
    /// Files and folders of other users, by path.
    #[serde(default)]
    pub owners: BTreeMap<String, u32>,
    /// Files and folders that others than the user may use, by path, with their mode.
    #[serde(default)]
    pub modes: BTreeMap<String, u32>,
    /// Commands, the words joined by blanks and the program by name (`git --version`), with what
    /// they print. A program named here is on PATH as `/usr/bin/NAME`, unless `files` or `links`
    /// have it elsewhere on PATH. What a command reads is not part of it: a plug-in is recorded as
    /// `onramp-probe-NAME observe`.
    #[serde(default)]
    pub run: BTreeMap<String, String>,
    /// Commands that print on standard error, fail or never answer.
    #[serde(default)]
    pub trouble: BTreeMap<String, Answer>,
    /// Cores.
    #[serde(default = "cores")]
    pub cores: usize,
    /// Room on the one disk, in bytes.
    #[serde(default = "disk")]
    pub disk: DiskSpace,
    /// Observations of the adapters past `sys` (git, keyring, network), by probe name.
    #[serde(default)]
    pub found: BTreeMap<String, serde_json::Value>,
}

/// What a recorded command answers when it does not simply print.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// It never answers.
    pub hangs: bool,
}

fn debian() -> Platform {
    Platform {
        os: "linux".into(),
        family: "debian".into(),
        name: "Debian GNU/Linux 12 (bookworm)".into(),
        arch: "x86_64".into(),
    }
}

fn autumn() -> i64 {
    1_790_000_000
}

fn home() -> String {
    "/home/ada".into()
}

fn ada() -> u32 {
    1000
}

fn cores() -> usize {
    8
}

fn disk() -> DiskSpace {
    DiskSpace { free: 200 << 30, total: 500 << 30 }
}

impl Recorded {
    /// Reads a machine.
    ///
    /// # Errors
    /// The place and kind of the mistake in the text.
    pub fn read(text: &str) -> Result<Self, String> {
        serde_saphyr::from_str(text).map_err(|error| error.to_string())
    }

    /// Follows recorded links in every part of the path, at most 16 of them.
    fn resolve(&self, path: &Path) -> PathBuf {
        let mut current = normal(path);
        for _ in 0..16 {
            let Some((at, target)) = current
                .ancestors()
                .find_map(|part| Some((part.to_owned(), self.links.get(part.to_str()?)?)))
            else {
                return current;
            };
            let rest = current.strip_prefix(&at).map(Path::to_owned).unwrap_or_default();
            let base = at.parent().unwrap_or(Path::new("/")).join(target);
            current = normal(&base.join(rest));
        }
        current
    }

    fn is_file(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.jars.contains_key(path) || self.denied.contains(path)
    }

    fn paths(&self) -> impl Iterator<Item = &Path> {
        let files = self.files.keys().chain(self.jars.keys()).chain(&self.denied);
        files.chain(self.links.keys()).chain(&self.folders).map(Path::new)
    }

    fn runs(&self, name: &str) -> bool {
        let mut lines = self.run.keys().chain(self.trouble.keys());
        lines.any(|line| line.split(' ').next() == Some(name))
    }
}

/// Takes dots out of a path without asking a file system.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

impl System for Recorded {
    fn platform(&self) -> Platform {
        self.platform.clone()
    }

    fn now(&self) -> i64 {
        self.now
    }

    fn env(&self, name: &str) -> Option<OsString> {
        let default = (name == "PATH").then(|| "/usr/local/bin:/usr/bin:/bin".to_owned());
        let value = self.env.get(name).cloned().or(default)?;
        (!value.is_empty()).then(|| value.into())
    }

    fn env_names(&self) -> Vec<OsString> {
        self.env.keys().map(OsString::from).collect()
    }

    fn home(&self) -> Option<PathBuf> {
        (!self.home.is_empty()).then(|| PathBuf::from(&self.home))
    }

    fn current_dir(&self) -> io::Result<PathBuf> {
        Ok(PathBuf::from(&self.folder))
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        let path = self.resolve(path);
        if self.is_file(path.to_str()?) {
            return Some(Kind::File);
        }
        self.paths().any(|other| other.starts_with(&path)).then_some(Kind::Folder)
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let real = self.resolve(path);
        let name = real.to_string_lossy();
        let bytes = if let Some(text) = self.files.get(&*name) {
            text.clone().into_bytes()
        } else if let Some(entries) = self.jars.get(&*name) {
            jar(entries)?
        } else if self.denied.contains(&*name) {
            return Err(io::ErrorKind::PermissionDenied.into());
        } else if self.kind(&real).is_some() {
            return Err(io::ErrorKind::InvalidInput.into());
        } else {
            return Err(io::ErrorKind::NotFound.into());
        };
        if bytes.len() as u64 > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        let folder = self.resolve(folder);
        if self.kind(&folder) != Some(Kind::Folder) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let below = self.paths().filter_map(|path| path.strip_prefix(&folder).ok());
        let names = below.filter_map(|rest| rest.components().next());
        let names: BTreeSet<OsString> = names.map(|name| name.as_os_str().to_owned()).collect();
        Ok(names.into_iter().collect())
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        let real = self.resolve(path);
        self.kind(&real).map(|_| real).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn find_program(&self, name: &str) -> Option<PathBuf> {
        let path = self.env("PATH")?;
        let found = std::env::split_paths(&path)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(name))
            .find(|program| self.kind(program) == Some(Kind::File));
        found.or_else(|| self.runs(name).then(|| Path::new("/usr/bin").join(name)))
    }

    fn run(&self, command: &Command) -> Result<Output, RunError> {
        let name = command.program.file_name().unwrap_or_default().to_string_lossy();
        let words = command.arguments.iter().map(|word| word.to_string_lossy());
        let line = std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ");
        let limit = command.deadline.unwrap_or(Duration::ZERO);
        let answer = match (self.run.get(&line), self.trouble.get(&line)) {
            (Some(text), _) => Answer { out: text.clone(), ..Answer::default() },
            (None, Some(answer)) => answer.clone(),
            (None, None) => {
                let error =
                    io::Error::new(io::ErrorKind::NotFound, format!("`{line}` was not recorded"));
                return Err(RunError::Start(command.program.clone(), error));
            }
        };
        if answer.hangs {
            return Err(RunError::TimedOut(command.program.clone(), limit));
        }
        Ok(Output {
            code: Some(answer.code),
            out: answer.out.into_bytes(),
            err: answer.err.into_bytes(),
        })
    }

    fn cores(&self) -> usize {
        self.cores
    }

    fn disk_space(&self, _path: &Path) -> io::Result<DiskSpace> {
        Ok(self.disk)
    }

    fn user(&self) -> u32 {
        self.user
    }

    fn owner(&self, path: &Path) -> io::Result<u32> {
        self.kind(path).ok_or(io::ErrorKind::NotFound)?;
        let owned = self.owners.iter().find(|(owned, _)| Path::new(owned) == path);
        Ok(owned.map_or(self.user, |(_, owner)| *owner))
    }

    fn mode(&self, path: &Path) -> io::Result<u32> {
        self.kind(path).ok_or(io::ErrorKind::NotFound)?;
        let set = self.modes.iter().find(|(set, _)| Path::new(set) == path);
        Ok(set.map_or(0o700, |(_, mode)| *mode))
    }

    fn gather(&self, above: &Path, name: &str, bounds: Bounds) -> io::Result<Vec<Item>> {
        gather::recorded(self, above, name, bounds)
    }

    fn may_write(&self, path: &Path) -> bool {
        let path = self.resolve(path);
        !self.read_only.iter().any(|folder| path.starts_with(folder))
    }
}

/// A recorded machine cannot be changed and runs nothing long.
impl Workbench for Recorded {
    fn write(&self, _: &Path, _: &[u8], _: Access) -> io::Result<()> {
        Err(only_looked_at())
    }

    fn replace(&self, _: &Path, _: Option<&[u8]>, _: &[u8]) -> io::Result<()> {
        Err(only_looked_at())
    }

    fn open_log(&self, _: &Path) -> io::Result<Box<dyn io::Write + Send>> {
        Err(only_looked_at())
    }

    fn create_folder(&self, _: &Path) -> io::Result<()> {
        Err(only_looked_at())
    }

    fn create_private_folder(&self, _: &Path) -> io::Result<()> {
        Err(only_looked_at())
    }

    fn temporary_folder(&self) -> io::Result<Temporary> {
        Err(only_looked_at())
    }

    fn rename_new(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(only_looked_at())
    }

    fn remove_file(&self, _: &Path) -> io::Result<()> {
        Err(only_looked_at())
    }

    fn remove_folder(&self, _: &Path) -> io::Result<()> {
        Err(only_looked_at())
    }

    fn lock(&self, _: &Path, _: Duration) -> io::Result<Box<dyn Send>> {
        Err(only_looked_at())
    }

    fn stream(
        &self,
        command: &Command,
        _: &mut dyn FnMut(Stream, &[u8]),
    ) -> Result<Ended, RunError> {
        Err(RunError::Start(command.program.clone(), only_looked_at()))
    }

    fn stream_whole(
        &self,
        command: &Command,
        sink: &mut dyn FnMut(Stream, &[u8]),
        _: &dyn Fn(),
    ) -> Result<Ended, RunError> {
        self.stream(command, sink)
    }

    fn end_process(&self, _: i32) -> io::Result<()> {
        Err(only_looked_at())
    }
}

fn only_looked_at() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, "a recorded machine can only be looked at")
}

fn jar(entries: &BTreeMap<String, String>) -> io::Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, text) in entries {
        archive.start_file(name, zip::write::SimpleFileOptions::default())?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}
