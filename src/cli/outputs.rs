//! Where reports go: `--report FORMAT[:FILE]`, several a run. Chooses and writes; what a format
//! looks like is `report`'s business.

use std::io;

use crate::exit::Exit;
use crate::finding::Severity;
use crate::report::Report;
use crate::report::format::{self, Format};
use crate::report::human::{self, Style};
use crate::report::told::{Body, Stopped, Told};
use crate::sys::{Access, Kind};

use super::Session;
use super::args::Global;
use super::terminal;
use super::trouble::Trouble;

/// Where a report goes, and as what.
pub struct Output {
    format: &'static Format,
    file: Option<String>,
}

impl Output {
    /// Whether it is what people read at the screen.
    #[must_use]
    pub fn is_for_people(&self) -> bool {
        self.file.is_none() && self.format.name == human::FORMAT.name
    }
}

/// How a run ends, which every format tells.
#[derive(Debug, Clone, Copy)]
pub struct Verdict {
    /// The lowest severity that counts.
    pub fail_on: Severity,
    /// The exit code.
    pub exit: Exit,
    /// The findings come from an earlier report.
    pub replayed: bool,
}

/// Reads every `--report`; without one the screen is meant.
///
/// # Errors
/// A format that is not there, a file that is not named, two reports for standard output.
pub fn wanted(wanted: &[String]) -> Result<Vec<Output>, Trouble> {
    if wanted.is_empty() {
        return Ok(vec![Output { format: &human::FORMAT, file: None }]);
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
    let Some(format) = format::find(name) else {
        return Err(Trouble::usage(format!("there is no report format `{name}`"))
            .remedy(format!("the formats are {}", format::names())));
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
    verdict: Verdict,
) -> anyhow::Result<()> {
    let style = Style {
        verbose: global.verbose,
        quiet: global.quiet,
        replayed: verdict.replayed,
        width: session.terminal.width,
    };
    let told = Told { report, fail_on: verdict.fail_on, exit: verdict.exit, style };
    deliver(session, output, (output.format.tell)(&told)?)
}

/// Tells every output that nothing was judged, so that none is left empty or from an earlier run,
/// and hands the error back.
#[must_use]
pub fn stopped(session: &Session<'_>, outputs: &[Output], error: anyhow::Error) -> anyhow::Error {
    let (exit, remedy) = match error.downcast_ref::<Trouble>() {
        Some(trouble) => (trouble.exit, trouble.remedy.clone()),
        None => (Exit::Internal, None),
    };
    let stopped = Stopped::new(session.bench.now(), exit, format!("{error:#}"), remedy);
    for output in outputs {
        let told = match (output.format.stopped)(&stopped) {
            // Standard error tells people.
            Ok(Body::Lines(_)) if output.file.is_none() => Ok(()),
            Ok(body) => deliver(session, output, body),
            Err(error) => Err(error),
        };
        // The first trouble is the cause; one that comes on top must not hide it.
        drop(told);
    }
    error
}

fn deliver(session: &Session<'_>, output: &Output, body: Body) -> anyhow::Result<()> {
    match (body, &output.file) {
        (Body::Lines(lines), None) => session.terminal.data(&lines)?,
        (Body::Text(text), None) => session.terminal.bytes(text.as_bytes())?,
        (Body::Text(text), Some(file)) => save(session, file, &text)?,
        (Body::Lines(lines), Some(file)) => {
            let lines = lines.iter().map(|line| terminal::render(line, false) + "\n");
            save(session, file, &lines.collect::<String>())?;
        }
    }
    Ok(())
}

pub(super) fn save(session: &Session<'_>, file: &str, text: &str) -> Result<(), Trouble> {
    let here = session.bench.current_dir().unwrap_or_default();
    let path = here.join(file);
    if session.bench.kind(&path) == Some(Kind::Other) {
        // Written beside and renamed, the report would take the device's place.
        return Err(Trouble::usage(format!("{file} is a device or a pipe, not a file"))
            .remedy("leave `:FILE` out to have the report on standard output"));
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
    })
}
