//! `onramp build --explain LOG`: what went wrong in a log of Maven, wherever it was written. Reads that
//! one file; asks this machine nothing, for it need not be the one that failed.

use std::io::{ErrorKind, Read};
use std::path::Path;

use super::failed::Failed;
use super::proof::Proofs;
use super::screen::labelled;
use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::maven::catalogue::Catalogue;
use crate::maven::explain::explain_all;
use crate::maven::log::{End, LoggedRun, runs};
use crate::text::{Line, Tone};

/// Largest log read, and largest one that a packed log may come to.
const LARGEST: u64 = 256 << 20;

/// Explains a log. Passes where the log shows no failure.
///
/// # Errors
/// [`Trouble`] for a file that cannot be read or holds no log of Maven.
pub fn explain(
    session: &Session<'_>,
    catalogue: &Catalogue,
    folder: &Path,
    log: &Path,
) -> anyhow::Result<Exit> {
    let bytes = read(session, &folder.join(log))?;
    let runs = runs(&bytes);
    let (lines, exit) = told(&runs, catalogue, session.terminal.width).ok_or_else(|| {
        Trouble::usage(format!("{} holds nothing that Maven wrote", log.display())).remedy(
            "name a file with all that `mvn` printed, such as `mvn install > build.log 2>&1`",
        )
    })?;
    session.terminal.data(&lines)?;
    Ok(exit)
}

fn read(session: &Session<'_>, path: &Path) -> Result<Vec<u8>, Trouble> {
    let large = || {
        Trouble::usage(format!("{} is larger than 256 MiB", path.display()))
            .remedy("cut its end off, where the failure stands, and name that")
    };
    let bytes = session.bench.read(path, LARGEST).map_err(|error| match error.kind() {
        ErrorKind::FileTooLarge => large(),
        _ => Trouble::usage(format!("{} cannot be read: {error}", path.display()))
            .remedy("name a file with all that `mvn` printed"),
    })?;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut whole = Vec::new();
    let mut packed = flate2::read::GzDecoder::new(bytes.as_slice()).take(LARGEST + 1);
    packed.read_to_end(&mut whole).map_err(|error| {
        Trouble::usage(format!("{} cannot be unpacked: {error}", path.display()))
            .remedy("fetch it once more; it is damaged or cut short")
    })?;
    if whole.len() as u64 > LARGEST { Err(large()) } else { Ok(whole) }
}

/// What is said of the first run that failed, else of the last one; none for a text that is no log of
/// Maven.
fn told(runs: &[LoggedRun], catalogue: &Catalogue, width: usize) -> Option<(Vec<Line>, Exit)> {
    let failed = runs.iter().position(|run| run.end() == End::Failed);
    let at = failed.unwrap_or(runs.len().saturating_sub(1));
    let run = runs.get(at)?;
    let known: Vec<(String, String)> = run
        .progress
        .started()
        .iter()
        .map(|module| (module.artifact.clone(), module.name.clone()))
        .collect();
    let told = explain_all(&run.evidence, &run.progress, catalogue, &known);
    let caused = told.iter().any(|one| one.causes.iter().any(|cause| !cause.fallback));
    if !run.is_mavens() && !caused {
        return None;
    }
    let which =
        if runs.len() > 1 { format!(" (run {} of {})", at + 1, runs.len()) } else { String::new() };
    Some(match run.end() {
        End::Passed => {
            let text = format!("no failure: the build in this log passed{which}");
            (vec![Line::toned(Tone::Good, text)], Exit::Success)
        }
        End::Cut if run.is_mavens() => (cut(run, &which, width), Exit::Incomplete),
        End::Cut | End::Failed => {
            let proofs = Proofs::default();
            let killed = false;
            let failed =
                Failed { root: None, told: &told, proofs: &proofs, killed, files: &[], width };
            (failed.lines(&format!("the build failed{which}")), Exit::Findings)
        }
    })
}

/// A log that stops before Maven said how it ended.
fn cut(run: &LoggedRun, which: &str, width: usize) -> Vec<Line> {
    let text = format!("cannot be told: the log ends before Maven does{which}");
    let mut lines = vec![Line::toned(Tone::Odd, text)];
    let running: Vec<String> = run
        .progress
        .running()
        .map(|module| match &module.goal {
            Some(goal) => format!("{} at {goal}", module.artifact),
            None => module.artifact.clone(),
        })
        .collect();
    if !running.is_empty() {
        lines.extend(labelled("running", &running.join(", "), width));
    }
    let last: Vec<&str> = run.evidence.tail().rev().take(3).collect();
    for line in last.iter().rev() {
        lines.extend(labelled("said last", line, width));
    }
    lines
}
