//! One build at a time in a work tree, and who it is: a kernel lock that is free as soon as the last
//! process of a build is gone, and beside it a note of who took it. The note alone never keeps
//! anybody out.

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::trouble::Trouble;
use crate::sys::{Access, Workbench};
use crate::text::clean_line;

/// What a killed onramp leaves behind has gone by then: its watcher gives it five seconds.
const PATIENCE: Duration = Duration::from_secs(8);
/// A note is small.
const LARGEST: u64 = 16 << 10;

/// Who holds the lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Holder {
    /// The process of onramp.
    process: u32,
    /// Since when, seconds since the epoch.
    since: i64,
    /// What was typed, as far as it matters here.
    command: String,
}

/// Takes the lock `onramp/build.lock` of a git folder for `command`.
///
/// # Errors
/// Who holds it, since when and with which command; a folder that cannot be written.
pub fn take(
    bench: &dyn Workbench,
    git_folder: &Path,
    root: &Path,
    command: &str,
) -> Result<Box<dyn Send>, Trouble> {
    let path = git_folder.join("onramp/build.lock");
    let note = git_folder.join("onramp/build.lock.json");
    let taken = bench.lock(&path, Duration::ZERO).or_else(|error| {
        let left_behind = holder(bench, &note).is_some_and(|it| !bench.is_running(it.process));
        match error.kind() {
            // Nobody who could be asked to wait for; what was left behind is ending just now.
            ErrorKind::WouldBlock if left_behind => bench.lock(&path, PATIENCE),
            _ => Err(error),
        }
    });
    let lock = taken.map_err(|error| match error.kind() {
        ErrorKind::WouldBlock => held(bench, root, holder(bench, &note)),
        _ => unwritable(&path, &error),
    })?;
    let own = Holder { process: bench.process(), since: bench.now(), command: command.to_owned() };
    let written = serde_json::to_vec(&own).map_err(std::io::Error::from);
    let written = written.and_then(|bytes| bench.write(&note, &bytes, Access::Private));
    written.map_err(|error| unwritable(&note, &error))?;
    Ok(lock)
}

fn holder(bench: &dyn Workbench, note: &Path) -> Option<Holder> {
    serde_json::from_slice(&bench.read(note, LARGEST).ok()?).ok()
}

fn held(bench: &dyn Workbench, root: &Path, holder: Option<Holder>) -> Trouble {
    let root = root.display();
    let Some(holder) = holder else {
        return Trouble::failed(format!("{root} is being built already"))
            .remedy("wait for the other build to end, or stop it with Ctrl-C");
    };
    let Holder { process, since, command } = holder;
    let (command, since) = (clean_line(&command), time(since, bench.now()));
    if bench.is_running(process) {
        return Trouble::failed(format!(
            "{root} is being built already, since {since}: `{command}`, process {process}"
        ))
        .remedy(format!("wait for it to end, or stop it with Ctrl-C there, or `kill {process}`"));
    }
    Trouble::failed(format!(
        "something that `{command}` started {since} still runs in {root}, though onramp itself was killed"
    ))
    .remedy(format!("look for it with `fuser -v {root}/.git/onramp/build.lock`, and end it"))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Trouble {
    Trouble::failed(format!("{} cannot be written: {error}", path.display())).remedy(
        "a build keeps its log in the clone's git folder: give yourself the right to write there, \
         and room",
    )
}

/// `14:03 UTC (12 minutes ago)`.
fn time(since: i64, now: i64) -> String {
    let clock = jiff::Timestamp::from_second(since);
    let clock = clock.map_or_else(|_| since.to_string(), |it| it.strftime("%H:%M UTC").to_string());
    let minutes = now.saturating_sub(since) / 60;
    match minutes {
        ..1 => format!("{clock} (just now)"),
        1 => format!("{clock} (a minute ago)"),
        _ => format!("{clock} ({minutes} minutes ago)"),
    }
}
