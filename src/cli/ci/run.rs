//! Runs the steps one after the other: a line for each as it ends, the findings at the end. A signal
//! ends the tool and the run; nothing is recorded of a run that was cut short.

use std::time::Duration;

use super::CiArgs;
use super::decide::{self, Doing, Ground};
use super::keep::{Log, Logs};
use super::screen;
use super::stand_in::{self, StandIns};
use crate::ci::found::{self, Found, placed};
use crate::ci::rules::{Label, Reads, Tool};
use crate::ci::work::{Chosen, Work};
use crate::cli::build;
use crate::cli::here;
use crate::cli::progress::Meter;
use crate::exit::Exit;
use crate::maven::explain::unlicensed;
use crate::results::{Ci, Counts, Ended, Here, How, Ran, Recorded};
use crate::sys::{self, Command, RunError};
use crate::text::{Line, Tone};

/// Characters of a tool's last line that are told.
const LAST_WORDS: usize = 200;

/// How one piece of work went.
pub(super) struct Row {
    pub(super) work: Work,
    pub(super) how: How,
    pub(super) ended: Ended,
    /// This change cannot alter its verdict, so that it did not run.
    pub(super) spared: bool,
    /// What is to be said about it.
    pub(super) why: Option<String>,
    /// What to do about it.
    pub(super) remedy: Option<String>,
    pub(super) found: Vec<Found>,
    pub(super) seconds: i64,
    pub(super) command: Option<String>,
    /// The tool's whole output.
    pub(super) log: Option<String>,
}

/// Runs all of it.
///
/// # Errors
/// Another run under way, a folder that leads elsewhere.
pub(super) fn run(
    ground: &Ground<'_>,
    args: &CiArgs,
    chosen: &Chosen,
    doing: Vec<Doing>,
) -> anyhow::Result<Exit> {
    let session = ground.session;
    let runs = |tool: Tool| {
        let mut pairs = chosen.work.iter().zip(&doing);
        pairs.any(|(work, one)| work.action.tool == tool && matches!(one, Doing::Run { .. }))
    };
    let logs = Logs::begin(ground, runs(Tool::Maven))?;
    for line in screen::start(ground, &doing, runs(Tool::PreCommit), session.terminal.width) {
        session.terminal.say(line);
    }
    let (started, before) = (session.bench.now(), here::now(session, &ground.seen.root));
    let ids = stand_in::wanted(&doing);
    let checks = stand_in::checks(ground, &ids)?;
    let stand_ins = StandIns::look(ground, &checks, args.base.clone())?;
    let mut rows = Vec::new();
    let meter = Meter::start(&session.terminal, "steps");
    let total = doing.len();
    for (number, (work, one)) in chosen.work.iter().zip(doing).enumerate() {
        meter.set(number as u64, Some(total as u64), &work.action.name);
        let runner = Runner { ground, args, logs: &logs, number: number + 1 };
        match runner.work(work, one, &stand_ins) {
            Ok(row) => {
                meter.say(screen::ended(&row));
                rows.push(row);
            }
            Err(signal) => {
                drop(meter);
                let done = rows.len();
                let text = format!("stopped; {done} of {total} steps had ended");
                session.terminal.complain(Line::toned(Tone::Warn, text));
                return Ok(Exit::by(signal));
            }
        }
    }
    drop(meter);
    let exit = exit(&rows);
    let width = session.terminal.width;
    session.terminal.data(&screen::findings(ground, chosen, &rows, &mended(ground), width))?;
    let about = about(ground, before, &checks);
    keep(ground, about, args, chosen, &rows, exit, started);
    Ok(exit)
}

/// The files that hooks changed, in a tree in which nothing was changed before.
fn mended(ground: &Ground<'_>) -> Vec<String> {
    let status = ground.session.machine.world().git.status(&ground.seen.root);
    let changed = status.map(|status| status.changed).unwrap_or_default();
    changed.into_iter().filter(|_| ground.clean).map(|entry| entry.file).collect()
}

fn exit(rows: &[Row]) -> Exit {
    let any = |ended: Ended| rows.iter().any(|row| row.ended == ended);
    if any(Ended::Failed) {
        Exit::Findings
    } else if any(Ended::Unknown) {
        Exit::Incomplete
    } else if !any(Ended::Ok) && !rows.iter().any(|row| row.spared) {
        // Nothing ran, and that is no success.
        Exit::Usage
    } else {
        Exit::Success
    }
}

/// One step at a time.
struct Runner<'a> {
    ground: &'a Ground<'a>,
    args: &'a CiArgs,
    logs: &'a Logs,
    number: usize,
}

impl Runner<'_> {
    /// Does one piece of work; the error is the signal that stopped it.
    fn work(&self, work: &Work, doing: Doing, stand_ins: &StandIns) -> Result<Row, i32> {
        let row = |how, ended, why: Option<String>| Row {
            work: work.clone(),
            how,
            ended,
            spared: false,
            why,
            remedy: None,
            found: Vec::new(),
            seconds: 0,
            command: None,
            log: None,
        };
        match doing {
            Doing::Spared(why) => {
                Ok(Row { spared: true, ..row(how(work.label), Ended::Skipped, Some(why)) })
            }
            Doing::NotHere(why) => Ok(row(how(work.label), Ended::Skipped, Some(why))),
            Doing::Untold { why, remedy } => {
                Ok(Row { remedy, ..row(how(work.label), Ended::Unknown, Some(why)) })
            }
            Doing::StandIn { checks, why } => {
                let (found, untold) = stand_ins.of(&checks);
                let ended = match (found.is_empty(), untold.is_empty()) {
                    (false, _) => Ended::Failed,
                    (true, false) => Ended::Unknown,
                    (true, true) => Ended::Ok,
                };
                let why = if untold.is_empty() { why } else { untold.join("; ") };
                Ok(Row { found, ..row(How::StandIn, ended, Some(why)) })
            }
            Doing::Run { commands, label, note } => {
                self.commands(work, commands, row(how(label), Ended::Unknown, note))
            }
        }
    }

    fn commands(&self, work: &Work, commands: Vec<Command>, mut row: Row) -> Result<Row, i32> {
        let bench = self.ground.session.bench;
        let mut log = self.logs.open(bench, self.number, &work.action.name);
        let started = bench.now();
        row.command = Some(decide::plainly(&commands));
        row.log = Some(log.path.display().to_string());
        let last = commands.len().saturating_sub(1);
        for (at, command) in commands.into_iter().enumerate() {
            let command = command.within(Duration::from_secs(self.args.deadline * 60));
            let ended = bench.stream(&command, &mut |_, bytes| log.write(bytes));
            match ended {
                Ok(sys::Ended::Interrupted(signal)) => return Err(signal),
                Ok(sys::Ended::Exited(Some(0))) if at == last => row.ended = Ended::Ok,
                Ok(sys::Ended::Exited(Some(0))) => {}
                Ok(sys::Ended::Exited(code)) => {
                    self.judge(work, code, &log, &mut row);
                    break;
                }
                Err(error) => {
                    row.why = Some(untold(&error));
                    break;
                }
            }
        }
        if let Some(trouble) = &log.trouble {
            row.log = Some(format!("{} (cut short: {trouble})", log.path.display()));
        }
        row.seconds = bench.now().saturating_sub(started);
        Ok(row)
    }

    /// What a tool that did not end well came to.
    fn judge(&self, work: &Work, code: Option<i32>, log: &Log, row: &mut Row) {
        let text = log.text();
        // What was to be said of a run that ends well.
        row.why = None;
        if work.action.reads == Reads::Maven {
            self.judge_maven(&text, row);
        } else {
            row.found = found::found(work.action.reads, &text);
        }
        let (root, files) = (self.ground.seen.root.to_string_lossy(), self.ground.files());
        for one in &mut row.found {
            let folder = work.action.folder.as_deref();
            one.file = one.file.take().map(|file| placed(&file, &root, folder, &files));
        }
        if !row.found.is_empty() {
            row.ended = Ended::Failed;
        } else if row.why.is_none() {
            let code = code.map_or_else(|| "by a signal".to_owned(), |code| format!("with {code}"));
            let last = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
            let last = last.map(|line| line.chars().take(LAST_WORDS).collect::<String>());
            let last = last.map(|line| format!(", saying: {line}")).unwrap_or_default();
            row.why = Some(format!("it ended {code} and named no file{last}"));
        }
    }

    fn judge_maven(&self, text: &str, row: &mut Row) {
        let Ok(plan) = self.ground.build() else { return };
        let told = found::maven(text, plan.catalogue.open());
        row.found = told.found;
        if let Some(report) = told.report {
            let read = build::read_report(self.ground.session.bench, &plan.root, &report);
            let files = read.map(|report| unlicensed(&report)).unwrap_or_default();
            row.found.extend(files.into_iter().map(|file| Found {
                file: Some(file),
                text: "no licence header that RAT approves".to_owned(),
                ..Found::default()
            }));
        }
        row.why = told.no_verdict.map(|why| format!("Maven came to no verdict: {why}"));
        row.remedy = told.remedy;
    }
}

fn how(label: Label) -> How {
    if label == Label::Exact { How::Exact } else { How::Approximate }
}

fn untold(error: &RunError) -> String {
    match error {
        RunError::TimedOut(_, limit) => {
            format!("it had not ended after {} minutes (--deadline)", limit.as_secs() / 60)
        }
        other => other.to_string(),
    }
}

/// What the run was about.
fn about(ground: &Ground<'_>, before: Here, checks: &[&crate::pack::Check]) -> Here {
    let during = before.until(&here::now(ground.session, &ground.seen.root));
    let base = ground.seen.changes.as_ref().ok().map(|changes| here::base(&changes.base));
    here::judged(Here { base, ..during }, ground.workspace, checks)
}

/// Remembers what it came to, for the journey and the request's test section.
fn keep(
    ground: &Ground<'_>,
    about: Here,
    args: &CiArgs,
    chosen: &Chosen,
    rows: &[Row],
    exit: Exit,
    started: i64,
) {
    let session = ground.session;
    let ran = |row: &Row| Ran {
        name: row.work.action.name.clone(),
        command: row.command.clone(),
        how: row.how,
        ended: row.ended,
        seconds: row.seconds,
    };
    let count = |ended: Ended| rows.iter().filter(|row| row.ended == ended).count();
    let details = Ci {
        steps: rows.iter().map(ran).collect(),
        partial: !args.only.is_empty() || !chosen.later.is_empty(),
    };
    let now = session.bench.now();
    let result = Recorded {
        finished: now,
        seconds: now.saturating_sub(started),
        exit: exit.code(),
        counts: Counts {
            ok: count(Ended::Ok),
            failed: count(Ended::Failed),
            warned: count(Ended::Warned),
            unknown: count(Ended::Unknown),
            skipped: count(Ended::Skipped),
        },
        line: screen::sum(rows),
        ..Recorded::new(about, details)
    };
    if let Err(reason) = result.keep(session.bench, &ground.git_folder) {
        let text = format!("the result of this run was not kept: {reason}");
        session.terminal.say(Line::toned(Tone::Dim, text));
    }
}
