//! Failures that are known to be nobody's in particular: a file in the shape of waivers, which a team
//! can share, says which, why and until when. Reads it, says which of them a build met, and adds what
//! was found out.

use std::path::Path;

use jiff::ToSpan;

use crate::cli::Session;
use crate::cli::build::{BuildArgs, Ready};
use crate::cli::trouble::Trouble;
use crate::git::Base;
use crate::maven::blame::{Failing, Verdict};
use crate::sys::{Access, System};
use crate::text::{Line, Tone};
use crate::waiver::{self, Waiver};

/// Largest file read.
const LARGEST: u64 = 1 << 20;
/// Days for which a new entry holds.
const DAYS: i64 = 30;

/// The known failures of the file that was named; none where none was, or it is yet to be made.
///
/// # Errors
/// Every mistake in it.
pub(in crate::cli::build) fn read(
    system: &dyn System,
    args: &BuildArgs,
) -> Result<Vec<Waiver>, Trouble> {
    let Some(file) = &args.known_failures else { return Ok(Vec::new()) };
    let text = text(system, file)?;
    let name = file.display().to_string();
    waiver::read(&name, &text).map_err(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Trouble::usage(all.join("\n"))
            .remedy("each entry has an `id`, a `reason` and `until`, a day")
    })
}

fn text(system: &dyn System, file: &Path) -> Result<String, Trouble> {
    match system.read(file, LARGEST) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Trouble::usage(format!("{} cannot be read: {error}", file.display()))
            .remedy("name a file that you may read")),
    }
}

/// Says which of the failures are known.
pub(in crate::cli::build) fn told(
    known: &[Waiver],
    failing: &[Failing],
    now: i64,
) -> Vec<(bool, String)> {
    let today = waiver::day(now);
    let names: Vec<String> = failing.iter().flat_map(Failing::names).collect();
    let met = known.iter().filter(|waiver| names.contains(&waiver.check));
    met.map(|waiver| {
        let holds = waiver.until >= today;
        let until = if holds { "until" } else { "was known until" };
        (holds, format!("{}: {}, {until} {}", waiver.check, waiver.reason, waiver.until))
    })
    .collect()
}

/// Adds what is not the change's fault to the file that was named, and says how it is shared.
///
/// # Errors
/// A file that cannot be written.
pub(super) fn keep(
    session: &Session<'_>,
    ready: &Ready,
    verdict: &Verdict,
    failing: &[Failing],
    base: &Base,
) -> Result<(), Trouble> {
    let commit = base.merge_base.as_deref().unwrap_or(&base.id);
    let commit = commit.get(..10).unwrap_or(commit);
    let own: &[String] = if let Verdict::Partly(own) = verdict { own } else { &[] };
    let reason = match verdict {
        Verdict::Base | Verdict::Partly(_) => {
            format!("fails on {} at {commit} as well", base.name)
        }
        Verdict::Flaky => format!("failed once and passed since, seen at {commit}"),
        _ => return Ok(()),
    };
    let Some(file) = &ready.args.known_failures else {
        let text =
            "add `--known-failures FILE` to write it down for others, with a day on which it ends";
        session.terminal.say(Line::toned(Tone::Dim, text));
        return Ok(());
    };
    let before = text(session.bench, file)?;
    let known = read(session.bench, &ready.args)?;
    let until = waiver::day(session.bench.now()).saturating_add(DAYS.days());
    let mut after = before.clone();
    if !after.is_empty() && !after.ends_with('\n') {
        after.push('\n');
    }
    for name in failing.iter().flat_map(Failing::names) {
        if !own.contains(&name) && !known.iter().any(|waiver| waiver.check == name) {
            let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
            after += &format!(
                "- id: {}\n  reason: {}\n  until: {until}\n",
                quoted(&name),
                quoted(&reason)
            );
        }
    }
    if after != before {
        session.bench.write(file, after.as_bytes(), Access::Shared).map_err(|error| {
            Trouble::usage(format!("{} cannot be written: {error}", file.display()))
                .remedy("name a file that you may write")
        })?;
        session.terminal.say(Line::plain(format!("written down in {}", file.display())));
    }
    Ok(())
}
