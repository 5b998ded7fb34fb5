//! The log of a build on disk, private, in the clone's own git folder. A log that can no longer be
//! written never stops the build.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::cli::progress::Meter;
use crate::sys::{System, Workbench};
use crate::text::{Line, Tone};

/// Builds whose logs are kept, this one among them.
const LOGS_KEPT: usize = 5;
/// A build that prints more than this is in a loop.
const LARGEST_LOG: u64 = 1 << 30;

/// The log file, until it is full.
pub(super) struct Log {
    /// Where it lies.
    pub(super) path: PathBuf,
    file: Option<Box<dyn Write + Send>>,
    written: u64,
}

impl Log {
    /// Opens this build's log and removes the oldest ones.
    pub(super) fn open(bench: &dyn Workbench, folder: &Path, now: i64, meter: &Meter) -> Self {
        prune(bench, folder);
        let path = folder.join(format!("{}.log", stamp(now)));
        let file = bench.open_log(&path);
        let file = file.map_err(|error| {
            let text = format!("no log is kept: {}: {error}", path.display());
            meter.complain(Line::toned(Tone::Warn, text));
        });
        Self { path, file: file.ok(), written: 0 }
    }

    /// Writes what came.
    pub(super) fn write(&mut self, bytes: &[u8], meter: &Meter) {
        let Some(file) = &mut self.file else { return };
        let trouble = if self.written > LARGEST_LOG {
            Some("it has reached 1 GiB".to_owned())
        } else {
            file.write_all(bytes).err().map(|error| error.to_string())
        };
        self.written += bytes.len() as u64;
        if let Some(trouble) = trouble {
            self.file = None;
            let text =
                format!("the log {} ends here, the build goes on: {trouble}", self.path.display());
            meter.complain(Line::toned(Tone::Warn, text));
        }
    }
}

/// The log of the last build here; names are times.
pub(super) fn newest(system: &dyn System, git_folder: &Path) -> Option<PathBuf> {
    let folder = git_folder.join("onramp/build");
    let names = system.list(&folder).ok()?;
    let last = names.into_iter().rfind(|name| name.to_string_lossy().ends_with(".log"))?;
    Some(folder.join(last))
}

/// Makes room for one more build: of the oldest, everything that onramp kept goes. What cannot be
/// removed stays: it harms nobody.
fn prune(bench: &dyn Workbench, folder: &Path) {
    let names = bench.list(folder).unwrap_or_default();
    let names: Vec<String> =
        names.iter().filter_map(|name| name.to_str().map(str::to_owned)).collect();
    // Names are times, so that their order is that of the builds.
    let stamps = names.iter().filter_map(|name| name.strip_suffix(".log"));
    let stamps: Vec<&str> = stamps.collect();
    let old = stamps.len().saturating_sub(LOGS_KEPT - 1);
    for stamp in &stamps[..old] {
        let of_it = |name: &&String| name.strip_prefix(stamp).is_some_and(kept);
        for name in names.iter().filter(of_it) {
            let _ = bench.remove_file(&folder.join(name));
        }
    }
}

/// Whether onramp gives names such an ending.
fn kept(ending: &str) -> bool {
    let dumps = ending.starts_with(".threads-") && ending.ends_with(".txt");
    dumps || [".log", ".json"].contains(&ending)
}

fn stamp(now: i64) -> String {
    match jiff::Timestamp::from_second(now) {
        Ok(time) => time.strftime("%Y%m%d-%H%M%S").to_string(),
        Err(_) => now.to_string(),
    }
}
