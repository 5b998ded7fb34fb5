//! `onramp build --last` and `--compare`: what earlier builds of this clone took, from the records
//! kept beside their logs. Reads those and builds nothing.

use std::path::{Path, PathBuf};

use super::BuildArgs;
use crate::cli::Session;
use crate::cli::outputs::save;
use crate::cli::terminal::render;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::maven::catalogue::{Catalogue, Kind};
use crate::maven::record::{Record, VERSION};
use crate::report::build::{compare, page, text};
use crate::sys::{System, stays_inside};
use crate::text::{Line, Tone};

/// Largest record read; one of a thousand modules has a tenth of it.
const LARGEST: u64 = 32 << 20;

/// Where the records lie and what is said of them.
pub(super) struct Kept<'a> {
    /// The project's name.
    pub(super) title: &'a str,
    /// The clone's git folder.
    pub(super) git_folder: &'a Path,
    /// Known failures; some of them are warnings that mean nothing.
    pub(super) catalogue: &'a Catalogue,
}

/// Does what `--last` or `--compare` asks for.
///
/// # Errors
/// [`Trouble`] where there is no such build, or its record cannot be read or told.
pub(super) fn tell(session: &Session, args: &BuildArgs, kept: &Kept<'_>) -> anyhow::Result<Exit> {
    match &args.compare {
        Some(names) => compared(session, names, kept)?,
        None => shown(session, args.last.as_deref().unwrap_or("text"), kept)?,
    }
    Ok(Exit::Success)
}

/// Whether the words ask for an earlier build, not for one.
pub(super) fn wanted(args: &BuildArgs) -> bool {
    args.last.is_some() || args.compare.is_some()
}

fn shown(session: &Session, wanted: &str, kept: &Kept<'_>) -> anyhow::Result<()> {
    let (format, file) = match wanted.split_once(':') {
        Some((format, file)) => (format, Some(file).filter(|file| !file.is_empty())),
        None => (wanted, None),
    };
    if !["text", "json", "html"].contains(&format) || wanted.ends_with(':') {
        return Err(Trouble::usage(format!("`--last {wanted}` is no form of a build's report"))
            .remedy("write `--last text`, `json` or `html`, with `:FILE` behind it for a file")
            .into());
    }
    let names = names(session.bench, kept.git_folder);
    let Some(name) = names.last() else { return Err(none(kept).into()) };
    let record = read(session.bench, &place(kept, name))?;
    let harmless = |text: &str| means_nothing(kept.catalogue, text);
    let style = text::Style { width: session.terminal.width, harmless: &harmless };
    let body = match format {
        "json" => serde_json::to_string_pretty(&record)? + "\n",
        "html" => page::write(&record, kept.title, &harmless),
        _ => {
            let mut lines = text::lines(&record, style);
            let log = place(kept, name).with_extension("log");
            lines.push(Line::toned(Tone::Dim, format!("{:<15}{}", "log", log.display())));
            if file.is_none() {
                return Ok(session.terminal.data(&lines)?);
            }
            lines.iter().map(|line| render(line, false) + "\n").collect()
        }
    };
    match file {
        Some(file) => save(session, file, &body)?,
        None => session.terminal.bytes(body.as_bytes())?,
    }
    Ok(())
}

fn compared(session: &Session, wanted: &[String], kept: &Kept<'_>) -> anyhow::Result<()> {
    let names = names(session.bench, kept.git_folder);
    let (before, now) = match (wanted, names.as_slice()) {
        ([before, now], _) => (named(session.bench, kept, before), named(session.bench, kept, now)),
        ([before], [.., now]) => (named(session.bench, kept, before), place(kept, now)),
        ([], [.., before, now]) => (place(kept, before), place(kept, now)),
        (_, []) => return Err(none(kept).into()),
        _ => {
            return Err(Trouble::usage("there is only one build to compare")
                .remedy("build once more, or name two records: `onramp build --compare A B`")
                .into());
        }
    };
    let (before, now) = (read(session.bench, &before)?, read(session.bench, &now)?);
    let mut lines = compare::lines(&before, &now, &|text| means_nothing(kept.catalogue, text));
    let times = format!("builds of {} and {}", text::when(now.started), text::when(before.started));
    lines.push(Line::toned(Tone::Dim, times));
    Ok(session.terminal.data(&lines)?)
}

/// The records kept, oldest first: their names are times.
fn names(system: &dyn System, git_folder: &Path) -> Vec<String> {
    let folder = git_folder.join("onramp/build");
    if !stays_inside(system, git_folder, &folder) {
        return Vec::new();
    }
    let names = system.list(&folder).unwrap_or_default();
    let names = names.iter().filter_map(|name| name.to_str()?.strip_suffix(".json"));
    names.map(str::to_owned).collect()
}

fn place(kept: &Kept<'_>, name: &str) -> PathBuf {
    kept.git_folder.join("onramp/build").join(format!("{name}.json"))
}

/// A build by the time in its name, or a file that `--last json` wrote.
fn named(system: &dyn System, kept: &Kept<'_>, name: &str) -> PathBuf {
    let stem = name.strip_suffix(".log").or(name.strip_suffix(".json")).unwrap_or(name);
    if names(system, kept.git_folder).iter().any(|kept| kept == stem) {
        return place(kept, stem);
    }
    // A log's path, as it is printed, stands for the record beside it.
    let path = system.current_dir().unwrap_or_default().join(name);
    if name.ends_with(".log") { path.with_extension("json") } else { path }
}

fn read(system: &dyn System, path: &Path) -> Result<Record, Trouble> {
    let odd = |what: String| {
        Trouble::usage(format!("{}: {what}", path.display())).remedy(
            "name a build as its log in .git/onramp/build is named, or a file that `onramp build \
             --last json` wrote",
        )
    };
    let bytes = system.read(path, LARGEST).map_err(|error| odd(error.to_string()))?;
    let value: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| odd(format!("no JSON: {error}")))?;
    match value.get("version").and_then(serde_json::Value::as_u64) {
        Some(version) if version == u64::from(VERSION) => serde_json::from_value(value)
            .map_err(|error| odd(format!("no record of a build: {error}"))),
        Some(version) => {
            Err(odd(format!("a record of version {version}; this onramp reads version {VERSION}")))
        }
        None => Err(odd("no record of a build: it names no version".to_owned())),
    }
}

fn none(kept: &Kept<'_>) -> Trouble {
    let folder = kept.git_folder.join("onramp/build");
    Trouble::usage(format!("no build has been recorded in {}", folder.display()))
        .remedy("run `onramp build` first")
}

fn means_nothing(catalogue: &Catalogue, text: &str) -> bool {
    let noise = catalogue.failures.iter().filter(|failure| failure.kind == Kind::Noise);
    noise.into_iter().any(|failure| failure.pattern.is_match(text))
}
