//! A build while it runs: its log on disk, its state on the screen, and what is kept for an
//! explanation. A log that can no longer be written never stops the build.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::after::Over;
use super::proof::Prover;
use super::{Ready, screen};
use crate::cli::Session;
use crate::cli::here;
use crate::cli::progress::Meter;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::maven::events::{Event, Events};
use crate::maven::evidence::Evidence;
use crate::maven::progress::{Progress, Timings};
use crate::results::{Build, Counts, Recorded};
use crate::sys::{Access, Ended, Stream, Workbench};
use crate::text::{Line, Tone};

/// Logs kept, this build's among them.
const LOGS_KEPT: usize = 5;
/// A build that prints more than this is in a loop.
const LARGEST_LOG: u64 = 1 << 30;

struct Watch<'a> {
    bench: &'a dyn Workbench,
    log: Log,
    meter: Meter,
    out: Events,
    err: Events,
    state: State,
    started: i64,
}

/// What the events of both streams add up to.
struct State {
    progress: Progress,
    evidence: Evidence,
    fetching: Option<String>,
}

/// The log file, until it is full.
struct Log {
    path: PathBuf,
    file: Option<Box<dyn Write + Send>>,
    written: u64,
}

/// Runs the build to its end and tells how it went.
pub(super) fn run(
    session: &Session,
    ready: &Ready,
    prover: Option<&Prover<'_>>,
) -> anyhow::Result<Exit> {
    let bench = session.bench;
    let folder = ready.plan.git_folder.join("onramp");
    let timings = bench.read(&folder.join("timings.json"), 1 << 20).unwrap_or_default();
    let meter = Meter::start(&session.terminal, "modules");
    let started = bench.now();
    let log = Log::open(bench, &folder.join("build"), started, &meter);
    let state = State {
        progress: Progress::new(Timings::read(&timings)),
        evidence: Evidence::default(),
        fetching: None,
    };
    let (out, err) = (Events::new(), Events::new());
    let mut watch = Watch { bench, log, meter, out, err, state, started };
    let ended = bench.stream(&ready.command, &mut |stream, bytes| watch.take(stream, bytes));
    watch.finish();
    let Watch { log, state, meter, .. } = watch;
    drop(meter);
    let ended = ended.map_err(|error| {
        Trouble::failed(error.to_string())
            .remedy("`onramp check machine` looks at Maven and the JDK")
    })?;
    keep_timings(session, &folder.join("timings.json"), &state.progress);
    let seconds = bench.now().saturating_sub(started);
    keep_result(session, ready, &state.progress, ended, seconds);
    let facts = screen::Facts { seconds, log: &log.path };
    Ok(tell(session, ready, prover, &state, ended, &facts))
}

fn tell(
    session: &Session,
    ready: &Ready,
    prover: Option<&Prover<'_>>,
    state: &State,
    ended: Ended,
    facts: &screen::Facts<'_>,
) -> Exit {
    let (lines, exit) = match ended {
        Ended::Interrupted(signal) => {
            let exit = Exit::by(signal);
            (
                screen::stopped(
                    session.bench,
                    ready,
                    &state.progress,
                    session.terminal.width,
                    facts,
                ),
                exit,
            )
        }
        Ended::Exited(code) if Over::failed(code, &state.progress) => {
            let (evidence, progress) = (&state.evidence, &state.progress);
            let over = Over { ready, evidence, progress, code };
            (over.lines(session, prover, facts), Exit::Findings)
        }
        Ended::Exited(_) => (screen::built(&state.progress, facts), Exit::Success),
    };
    for line in lines {
        session.terminal.complain(line);
    }
    exit
}

fn keep_timings(session: &Session, path: &Path, progress: &Progress) {
    if progress.summary.is_empty() {
        return;
    }
    let written = session.bench.write(path, &progress.timings().write(), Access::Private);
    if let Err(error) = written {
        let text = format!("the times of this build were not kept: {}: {error}", path.display());
        session.terminal.say(Line::toned(Tone::Dim, text));
    }
}

/// Remembers how the build ended, for the journey and for the request's test section. An
/// interrupted build says nothing about the tree.
fn keep_result(session: &Session, ready: &Ready, progress: &Progress, ended: Ended, seconds: i64) {
    let Ended::Exited(code) = ended else { return };
    let result = result(session, ready, progress, !Over::failed(code, progress), seconds);
    if let Err(reason) = result.keep(session.bench, &ready.plan.git_folder) {
        let text = format!("the result of this build was not kept: {reason}");
        session.terminal.say(Line::toned(Tone::Dim, text));
    }
}

fn result(
    session: &Session,
    ready: &Ready,
    progress: &Progress,
    passed: bool,
    seconds: i64,
) -> Recorded<Build> {
    let plan = &ready.plan;
    let details = Build {
        passed,
        modules: progress.total(),
        goals: plan.goals.join(" "),
        jdk: plan.jdk.feature,
        maven: plan.maven_version.clone(),
        partial: ready.args.resume_from.is_some() || !ready.args.maven.is_empty(),
    };
    let done = progress.done();
    let exit = if passed { Exit::Success } else { Exit::Findings };
    Recorded {
        finished: session.bench.now(),
        seconds,
        exit: exit.code(),
        counts: Counts { ok: done, failed: usize::from(!passed), ..Counts::default() },
        line: format!("mvn {} {}", details.goals, if passed { "passed" } else { "failed" }),
        ..Recorded::new(plan.here.clone().until(&here::now(session, &plan.root)), details)
    }
}

impl Watch<'_> {
    fn take(&mut self, stream: Stream, bytes: &[u8]) {
        self.log.write(bytes, &self.meter);
        let (state, meter) = (&mut self.state, &self.meter);
        let events = if stream == Stream::Out { &mut self.out } else { &mut self.err };
        let mut news = false;
        events.feed(bytes, &mut |line, event| news |= state.take(line, event, meter));
        if news {
            self.show();
        }
    }

    fn finish(&mut self) {
        let (state, meter) = (&mut self.state, &self.meter);
        for events in [&mut self.out, &mut self.err] {
            events.finish(&mut |line, event| {
                state.take(line, event, meter);
            });
        }
    }

    fn show(&self) {
        let elapsed = self.bench.now().saturating_sub(self.started);
        let (done, total) = (self.state.progress.done(), self.state.progress.total());
        let message =
            screen::message(&self.state.progress, self.state.fetching.as_deref(), elapsed);
        self.meter.set(done as u64, total.map(|total| total as u64), &message);
    }
}

impl State {
    /// Takes in a line; whether there is something new to show.
    fn take(&mut self, line: &str, event: Option<Event>, meter: &Meter) -> bool {
        self.evidence.take(line, event.as_ref());
        let Some(event) = event else { return false };
        self.progress.apply(&event);
        match event {
            Event::Started { name, place, .. } => {
                self.fetching = None;
                if !meter.live() {
                    meter.say(screen::started(&name, place));
                }
            }
            Event::Goal { .. } | Event::Downloaded { .. } => self.fetching = None,
            Event::Downloading { url, .. } => {
                self.fetching = url.rsplit('/').next().map(str::to_owned);
            }
            _ => return false,
        }
        true
    }
}

impl Log {
    /// Opens this build's log and removes the oldest ones.
    fn open(bench: &dyn Workbench, folder: &Path, now: i64, meter: &Meter) -> Self {
        prune(bench, folder);
        let path = folder.join(format!("{}.log", stamp(now)));
        let file = bench.open_log(&path);
        let file = file.map_err(|error| {
            let text = format!("no log is kept: {}: {error}", path.display());
            meter.complain(Line::toned(Tone::Warn, text));
        });
        Self { path, file: file.ok(), written: 0 }
    }

    fn write(&mut self, bytes: &[u8], meter: &Meter) {
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

/// Makes room for one more log. One that cannot be removed stays: it harms nobody.
fn prune(bench: &dyn Workbench, folder: &Path) {
    let names = bench.list(folder).unwrap_or_default();
    let logs = names.into_iter().filter(|name| name.to_string_lossy().ends_with(".log"));
    // Names are times, so that their order is that of the builds.
    let logs: Vec<_> = logs.collect();
    let old = logs.len().saturating_sub(LOGS_KEPT - 1);
    for name in &logs[..old] {
        let _ = bench.remove_file(&folder.join(name));
    }
}

fn stamp(now: i64) -> String {
    match jiff::Timestamp::from_second(now) {
        Ok(time) => time.strftime("%Y%m%d-%H%M%S").to_string(),
        Err(_) => now.to_string(),
    }
}
