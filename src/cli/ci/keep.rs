//! What a run leaves in the clone's own git folder: the output of every tool, and what it all came
//! to. Private; a log that cannot be written stops nothing.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::decide::Ground;
use crate::cli::tree_lock;
use crate::cli::trouble::Trouble;
use crate::sys::{Workbench, stays_inside};

/// A tool that prints more than this is in a loop; the rest is not kept.
const LARGEST_LOG: usize = 256 << 20;
/// As much is read for findings, of the end and at least.
const READ: usize = 16 << 20;

/// Where logs go, and who may be there.
pub(super) struct Logs {
    folder: PathBuf,
    _locks: Vec<Box<dyn Send>>,
}

impl Logs {
    /// Makes sure of the folder, takes the locks, and removes the logs of the last run. `building`:
    /// Maven runs too, and must not meet a build.
    ///
    /// # Errors
    /// A folder that leads elsewhere, and another run or build.
    pub(super) fn begin(ground: &Ground<'_>, building: bool) -> Result<Self, Trouble> {
        let bench = ground.session.bench;
        let own = ground.git_folder.join("onramp");
        let folder = own.join("ci");
        if !stays_inside(bench, &ground.git_folder, &folder) {
            return Err(Trouble::usage(format!("{} leads out of the clone", folder.display()))
                .remedy("it is a link that onramp did not make: remove it"));
        }
        let mut locks = vec![lock(bench, &own.join("ci.lock"), "its CI steps are run")?];
        if building {
            let (git, root) = (&ground.git_folder, &ground.seen.root);
            locks.push(tree_lock::take(bench, git, root, "onramp ci")?);
        }
        let old = bench.list(&folder).unwrap_or_default();
        for name in old.iter().filter(|name| name.to_string_lossy().ends_with(".log")) {
            // One that stays is overwritten, or harms nobody.
            let _ = bench.remove_file(&folder.join(name));
        }
        Ok(Self { folder, _locks: locks })
    }

    /// A log for one step.
    pub(super) fn open(&self, bench: &dyn Workbench, number: usize, name: &str) -> Log {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let slug: String = name.chars().take(40).map(plain).collect();
        let path = self.folder.join(format!("{number:02}-{}.log", slug.trim_matches('-')));
        let (file, trouble) = match bench.open_log(&path) {
            Ok(file) => (Some(file), None),
            Err(error) => (None, Some(error.to_string())),
        };
        Log { path, file, written: 0, kept: Vec::new(), trouble }
    }
}

fn lock(bench: &dyn Workbench, path: &Path, what: &str) -> Result<Box<dyn Send>, Trouble> {
    bench.lock(path, Duration::ZERO).map_err(|error| match error.kind() {
        ErrorKind::WouldBlock => {
            Trouble::failed(format!("this work tree is in use: {what} already"))
                .remedy("wait for that to end, or stop it with Ctrl-C")
        }
        _ => Trouble::failed(format!("{} cannot be written: {error}", path.display()))
            .remedy("give yourself the right to write there, and room"),
    })
}

/// What a tool printed, on disk and, as far as it is read again, here.
pub(super) struct Log {
    pub(super) path: PathBuf,
    file: Option<Box<dyn Write + Send>>,
    written: usize,
    kept: Vec<u8>,
    /// Why the file ends before the output did.
    pub(super) trouble: Option<String>,
}

impl Log {
    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.kept.extend(bytes);
        if self.kept.len() > 2 * READ {
            // What went wrong stands at the end.
            self.kept.drain(..self.kept.len() - READ);
        }
        self.written = self.written.saturating_add(bytes.len());
        let Some(file) = &mut self.file else { return };
        let written = if self.written > LARGEST_LOG {
            Err("it is full".to_owned())
        } else {
            file.write_all(bytes).map_err(|error| error.to_string())
        };
        if let Err(trouble) = written {
            self.file = None;
            self.trouble = Some(trouble);
        }
    }

    /// What was printed, as text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.kept).into_owned()
    }
}
