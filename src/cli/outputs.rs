//! Where reports go: `--report FORMAT[:FILE]`, several a run. Chooses and writes; what a format
//! looks like is `report`'s business.

use std::io;

use crate::report::{self, Report, human, json};
use crate::sys::{Access, Kind};

use super::Session;
use super::args::Global;
use super::trouble::Trouble;

/// Where a report goes, and as what.
pub struct Output {
    format: Format,
    file: Option<String>,
}

#[derive(Clone, Copy)]
enum Format {
    Human,
    Json,
    Junit,
    Github,
}

/// Reads every `--report`; without one the screen is meant.
///
/// # Errors
/// A format that is not there, a file that is not named, two reports for standard output.
pub fn wanted(wanted: &[String]) -> Result<Vec<Output>, Trouble> {
    if wanted.is_empty() {
        return Ok(vec![Output { format: Format::Human, file: None }]);
    }
    let outputs = wanted.iter().map(|text| output(text)).collect::<Result<Vec<_>, _>>()?;
    if outputs.iter().filter(|output| output.file.is_none()).count() > 1 {
        return Err(Trouble::usage("two reports cannot share standard output")
            .remedy("give all but one a file, as in `--report json:report.json`"));
    }
    Ok(outputs)
}

fn output(text: &str) -> Result<Output, Trouble> {
    let (name, file) = match text.split_once(':') {
        Some((name, file)) => (name, Some(file.to_owned())),
        None => (text, None),
    };
    let format = match name {
        "human" => Format::Human,
        "json" => Format::Json,
        "junit" => Format::Junit,
        "github" => Format::Github,
        _ => {
            let what = format!("there is no report format `{name}`");
            return Err(
                Trouble::usage(what).remedy("the formats are human, json, junit and github")
            );
        }
    };
    if file.as_ref().is_some_and(String::is_empty) {
        return Err(Trouble::usage(format!("`--report {text}` names no file"))
            .remedy(format!("write it as `--report {name}:FILE`")));
    }
    Ok(Output { format, file })
}

/// Writes one report where it goes.
///
/// # Errors
/// A file that cannot be written, a closed standard output.
pub fn write(
    session: &Session<'_>,
    global: &Global,
    report: &Report,
    output: &Output,
    replayed: bool,
) -> anyhow::Result<()> {
    let terminal = &session.terminal;
    let style = human::Style {
        verbose: global.verbose,
        quiet: global.quiet,
        replayed,
        width: terminal.width,
    };
    let text = match output.format {
        Format::Human if output.file.is_none() => {
            terminal.data(&human::write(report, style))?;
            return Ok(());
        }
        Format::Human => {
            let lines = human::write(report, style);
            lines.iter().map(|line| super::terminal::render(line, false) + "\n").collect()
        }
        Format::Json => json::write(report)?,
        Format::Junit => report::junit::junit(&report.findings, report.created)?,
        Format::Github => report::github::github(&report.findings),
    };
    let Some(file) = &output.file else {
        terminal.bytes(text.as_bytes())?;
        return Ok(());
    };
    let here = session.bench.current_dir().unwrap_or_default();
    let path = here.join(file);
    if session.bench.kind(&path) == Some(Kind::Other) {
        // Written beside and renamed, the report would take the device's place.
        return Err(Trouble::usage(format!("{file} is a device or a pipe, not a file"))
            .remedy("leave `:FILE` out to have the report on standard output")
            .into());
    }
    // A link stays a link: the file that it leads to is written.
    let path = session.bench.real_path(&path).unwrap_or(path);
    session.bench.write(&path, text.as_bytes(), Access::Shared).map_err(|error| {
        let remedy = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "make room, or name a file on another disk"
            }
            _ => "name a file in a folder that you may write to",
        };
        Trouble::usage(format!("{file}: the report could not be written: {error}")).remedy(remedy)
    })?;
    Ok(())
}
