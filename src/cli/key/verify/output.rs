//! Where verdicts go: to the screen as they come, as one JSON document, or to a file. Judges
//! nothing.

use std::fmt::Write;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::outputs;
use crate::cli::terminal;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::report::human::Style;
use crate::report::told::Stopped;
use crate::report::verified::tally::Tally;
use crate::report::verified::{self, Head, Tail, human};
use crate::signature::{Object, Row};
use crate::text::Line;

/// The one output of a run.
pub(super) struct Output<'a> {
    session: &'a Session<'a>,
    json: bool,
    /// The file, and what is to stand in it.
    file: Option<(String, String)>,
    style: Style,
    tally: Tally,
    begun: bool,
}

impl<'a> Output<'a> {
    /// Reads `--report` and `--json`.
    pub(super) fn wanted(
        session: &'a Session<'a>,
        global: &Global,
        report: Option<&str>,
        json: bool,
    ) -> Result<Self, Trouble> {
        let (format, file) = match report.map(|text| text.split_once(':').unwrap_or((text, ""))) {
            None => (if json { "json" } else { "human" }, None),
            Some((format, file)) => (format, Some(file).filter(|file| !file.is_empty())),
        };
        if report.is_some_and(|text| text.ends_with(':')) {
            return Err(Trouble::usage(format!("`--report {format}:` names no file"))
                .remedy(format!("write it as `--report {format}:FILE`")));
        }
        let json = match format {
            "json" => true,
            "human" => false,
            _ => {
                let what = format!("`onramp key verify` has no report format `{format}`");
                return Err(Trouble::usage(what).remedy("the formats are human and json"));
            }
        };
        // Whoever reads a file has room for whole lines.
        let width = if file.is_some() { 100 } else { session.terminal.width };
        let (verbose, quiet) = (global.verbose, global.quiet);
        let style = Style { verbose, quiet, replayed: false, width };
        let file = file.map(|file| (file.to_owned(), String::new()));
        Ok(Self { session, json, file, style, tally: Tally::default(), begun: false })
    }

    /// What is known before the first verdict.
    pub(super) fn head(&mut self, head: Head) -> anyhow::Result<()> {
        self.begun = true;
        if self.json {
            let text = head.json()?;
            return self.text(&text);
        }
        let lines = human::head(&head, self.style);
        self.lines(&lines)
    }

    /// Some verdicts.
    pub(super) fn rows(&mut self, objects: &[Object<'_>], rows: &[Row]) -> anyhow::Result<()> {
        let first = self.tally.total() == 0;
        for (object, row) in objects.iter().zip(rows) {
            self.tally.add(object, row);
        }
        if self.json {
            return self.text(&verified::rows(rows, first)?);
        }
        let lines: Vec<_> = rows.iter().flat_map(|row| human::row(row, self.style)).collect();
        self.lines(&lines)
    }

    /// What they come to.
    pub(super) fn tail(
        &mut self,
        vouched: bool,
        cut: Option<String>,
        mailmap: Option<String>,
    ) -> anyhow::Result<Exit> {
        let exit = self.tally.exit(cut.is_some());
        if self.json {
            let counts = self.tally.counts.clone();
            let tail = Tail { counts, mailmap, incomplete: cut, exit: exit.code() };
            self.text(&tail.json()?)?;
        } else {
            let lines = human::tail(&self.tally, vouched, cut.as_deref(), self.style);
            self.lines(&lines)?;
        }
        if let Some((file, text)) = &self.file {
            outputs::save(self.session, file, text)?;
        }
        Ok(exit)
    }

    /// Tells a program that nothing was judged, and hands the error back.
    pub(super) fn stopped(&mut self, error: anyhow::Error) -> anyhow::Error {
        if !self.json || self.begun {
            return error;
        }
        let (exit, remedy) = match error.downcast_ref::<Trouble>() {
            Some(trouble) => (trouble.exit, trouble.remedy.clone()),
            None => (Exit::Internal, None),
        };
        let stopped = Stopped::new(self.session.bench.now(), exit, format!("{error:#}"), remedy);
        // The first trouble is the cause; one that comes on top must not hide it.
        if let Ok(text) = serde_json::to_string_pretty(&stopped) {
            drop(match &self.file {
                Some((file, _)) => outputs::save(self.session, file, &(text + "\n")),
                None => self.session.terminal.bytes((text + "\n").as_bytes()),
            });
        }
        error
    }

    fn lines(&mut self, lines: &[Line]) -> anyhow::Result<()> {
        match &mut self.file {
            None => Ok(self.session.terminal.data(lines)?),
            Some((_, text)) => {
                for line in lines {
                    writeln!(text, "{}", terminal::render(line, false))?;
                }
                Ok(())
            }
        }
    }

    fn text(&mut self, more: &str) -> anyhow::Result<()> {
        match &mut self.file {
            None => Ok(self.session.terminal.bytes(more.as_bytes())?),
            Some((_, text)) => {
                text.push_str(more);
                Ok(())
            }
        }
    }
}
