//! A build while it runs: its log on disk, its state on the screen, and what is kept for an
//! explanation. Interprets nothing itself.

use std::path::Path;
use std::time::Duration;

use super::after::Over;
use super::emit::Emit;
use super::hung::{Look, Quiet};
use super::live;
use super::log::Log;
use super::proof::Prover;
use super::state::{State, Surroundings, kind};
use super::{Ready, resume, screen};
use crate::cli::Session;
use crate::cli::here;
use crate::cli::progress::Meter;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::maven::events::Events;
use crate::maven::progress::{Progress, Timings};
use crate::maven::record::{Asked, Ending, Failure, Record};
use crate::maven::recorder;
use crate::report::build::happening::Happening;
use crate::results::{Build, Counts, Recorded};
use crate::sys::{Access, Ended, Follower, Stream, Workbench};
use crate::text::{Line, Tone, duration, shell_word};

/// How often the screen is renewed while nothing is printed.
const TICK: Duration = Duration::from_secs(1);
/// Seconds that a clock may gain on the other before one tells of it.
const SLEPT: f64 = 60.0;

struct Watch<'a> {
    bench: &'a dyn Workbench,
    ready: &'a Ready,
    log: Log,
    meter: Meter,
    emit: Emit,
    out: Events,
    err: Events,
    state: State,
    quiet: Quiet,
    /// When the screen was last renewed, in seconds since the build began.
    shown: f64,
    /// The clock when the build began, which takes no note of the machine's sleep.
    began: Duration,
    /// Columns.
    width: usize,
}

/// Runs the build to its end and tells how it went.
pub(super) fn run(
    session: &Session,
    ready: &Ready,
    prover: Option<&Prover<'_>>,
) -> anyhow::Result<Exit> {
    let bench = session.bench;
    let folder = ready.plan.git_folder.join("onramp");
    let timings = bench.read(&folder.join("timings.json"), 4 << 20).unwrap_or_default();
    let mut emit = Emit::open(session, ready.args.events.as_deref())?;
    let meter = Meter::start(&session.terminal, "modules");
    let (started, began) = (bench.now(), bench.steady());
    let width = session.terminal.width;
    let log = Log::open(bench, &folder.join("build"), started, &meter);
    resume::begin(bench, ready, &log.path);
    let state = State::new(ready, Timings::read(&timings));
    emit.tell(0.0, begun(ready, started, &log.path), &meter);
    let (out, err) = (Events::new(), Events::new());
    let quiet = Quiet::new(ready.args.hung_after.unwrap_or_default());
    let mut watch =
        Watch { bench, ready, log, meter, emit, out, err, state, quiet, shown: 0.0, began, width };
    let ended = bench.follow(&ready.command, &mut watch);
    watch.finish();
    let seconds = watch.elapsed();
    let Watch { log, mut state, meter, mut emit, .. } = watch;
    let ended = ended.map_err(|error| {
        Trouble::failed(error.to_string())
            .remedy("`onramp check machine` looks at Maven and the JDK")
    })?;
    let mut record = record(ready, &mut state, Began { started, seconds }, ended);
    emit.tell(seconds, finished(&record, &state.progress, ended), &meter);
    drop(meter);
    let kept = keep_record(session, &log.path, &record, "report of this build");
    if matches!(ended, Ended::Exited(code) if !Over::failed(code, &state.progress)) {
        resume::end(bench, ready);
    }
    keep_timings(session, ready, &folder.join("timings.json"), &state.progress);
    let whole = seconds.round() as i64;
    keep_result(session, ready, &state.progress, ended, whole);
    let (exit, failures) = tell(
        session,
        ready,
        prover,
        &state,
        ended,
        &screen::Facts { seconds: whole, log: &log.path },
    );
    if kept && !failures.is_empty() {
        record.failures = failures;
        keep_record(session, &log.path, &record, "word of why it failed");
    }
    let slept = bench.now().saturating_sub(started) as f64 - seconds;
    for line in live::afterwards(&state.timeline.transfers, Some(slept).filter(|s| *s > SLEPT)) {
        session.terminal.say(line);
    }
    Ok(exit)
}

fn begun(ready: &Ready, started: i64, log: &Path) -> Happening {
    Happening::BuildStarted {
        onramp: env!("CARGO_PKG_VERSION").to_owned(),
        started,
        goals: asked(ready),
        log: log.display().to_string(),
    }
}

fn finished(record: &Record, progress: &Progress, ended: Ended) -> Happening {
    let exit = match ended {
        Ended::Interrupted(signal) => Exit::by(signal),
        Ended::Exited(code) if Over::failed(code, progress) => Exit::Findings,
        Ended::Exited(_) => Exit::Success,
    };
    Happening::BuildFinished {
        ending: record.ending,
        seconds: record.seconds,
        exit: exit.code(),
        done: progress.done(),
        total: progress.total(),
    }
}

/// Goals and options as typed.
fn asked(ready: &Ready) -> String {
    let words = ready.plan.goals.iter().chain(&ready.args.maven).cloned();
    let from = ready.args.resume_from.iter().flat_map(|module| ["-rf".to_owned(), module.clone()]);
    words.chain(from).map(|word| shell_word(&word)).collect::<Vec<_>>().join(" ")
}

/// When a build began, on the clock of people, and how long it took.
struct Began {
    started: i64,
    seconds: f64,
}

fn record(ready: &Ready, state: &mut State, began: Began, ended: Ended) -> Record {
    let plan = &ready.plan;
    let asked = Asked {
        goals: asked(ready),
        threads: state.progress.threads(),
        jdk: plan.jdk.feature,
        maven: plan.maven.version.clone(),
    };
    let ending = match ended {
        Ended::Interrupted(_) => Ending::Stopped,
        Ended::Exited(code) if Over::failed(code, &state.progress) => Ending::Failed,
        Ended::Exited(_) => Ending::Passed,
    };
    let artifacts: Vec<String> = state.known.names.iter().map(|(_, id)| id.clone()).collect();
    let known = recorder::Known {
        started: began.started,
        seconds: began.seconds,
        ending,
        asked,
        graph: &state.known.graph,
        artifacts: &artifacts,
    };
    std::mem::take(&mut state.recorder).record(&state.progress, &state.timeline, known)
}

/// Keeps the record beside the log; whether that went well, for a build does not fail for it.
fn keep_record(session: &Session, log: &Path, record: &Record, what: &str) -> bool {
    let Ok(bytes) = serde_json::to_vec(record) else { return false };
    let path = log.with_extension("json");
    let written = session.bench.write(&path, &bytes, Access::Private);
    if let Err(error) = &written {
        let text = format!("no {what} was kept: {}: {error}", path.display());
        session.terminal.say(Line::toned(Tone::Dim, text));
    }
    written.is_ok()
}

/// Says how it went; the exit, and why it failed.
fn tell(
    session: &Session,
    ready: &Ready,
    prover: Option<&Prover<'_>>,
    state: &State,
    ended: Ended,
    facts: &screen::Facts<'_>,
) -> (Exit, Vec<Failure>) {
    let progress = &state.progress;
    let mut failures = Vec::new();
    let (lines, exit) = match ended {
        Ended::Interrupted(signal) => {
            let width = session.terminal.width;
            (screen::stopped(session.bench, ready, progress, width, facts), Exit::by(signal))
        }
        Ended::Exited(code) if Over::failed(code, progress) => {
            let over = Over { ready, evidence: &state.evidence, progress, code };
            let (lines, told) = over.told(session, prover, facts);
            failures = told;
            (lines, Exit::Findings)
        }
        Ended::Exited(_) => (screen::built(progress, facts), Exit::Success),
    };
    for line in lines {
        session.terminal.complain(line);
    }
    (exit, failures)
}

fn keep_timings(session: &Session, ready: &Ready, path: &Path, progress: &Progress) {
    let took = |(name, seconds): (&str, f64)| (name.to_owned(), seconds);
    if progress.summary.is_empty() {
        return;
    }
    let mut timings = progress.timings();
    timings.keep(&kind(ready), progress.took().map(took));
    let written = session.bench.write(path, &timings.write(), Access::Private);
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
        maven: plan.maven.version.clone(),
        partial: plan.partial || ready.args.resume_from.is_some() || !ready.args.maven.is_empty(),
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

impl Follower for Watch<'_> {
    fn output(&mut self, stream: Stream, bytes: &[u8]) {
        let at = self.elapsed();
        if let Some(seconds) = self.quiet.heard(at) {
            let text = format!("something is printed again, after {}", duration(seconds));
            self.meter.complain(Line::toned(Tone::Dim, text));
            self.emit.tell(at, Happening::Resumed { seconds }, &self.meter);
        }
        self.log.write(bytes, &self.meter);
        let Self { out, err, state, meter, bench, ready, emit, .. } = self;
        let events = if stream == Stream::Out { out } else { err };
        let mut around = Surroundings { meter, bench: *bench, ready, emit };
        let mut news = false;
        events.feed(bytes, &mut |line, event| news |= state.take(line, event, at, &mut around));
        if news || at - self.shown >= TICK.as_secs_f64() {
            self.show();
        }
    }

    fn patience(&self) -> Option<Duration> {
        let wait = self.quiet.patience(self.elapsed());
        if self.meter.live() { Some(wait.map_or(TICK, |wait| wait.min(TICK))) } else { wait }
    }

    fn silent(&mut self, leader: i32) {
        let at = self.elapsed();
        let wait = self.quiet.patience(self.quiet.looked()).unwrap_or(TICK);
        let wait = if self.meter.live() { wait.min(TICK) } else { wait };
        self.state.timeline.advance(at);
        if self.quiet.due(at, wait.as_secs_f64()).is_some() {
            let busy = self.state.busy();
            let (log, jdk) = (self.log.path.clone(), self.ready.plan.jdk.home.clone());
            let look = Look {
                bench: self.bench,
                leader,
                jdk: &jdk,
                log: &log,
                busy: busy.as_deref(),
                width: self.width,
            };
            let (silence, lines) = self.quiet.look(&look, at);
            lines.into_iter().for_each(|line| self.meter.complain(line));
            self.state.recorder.silences.push(silence.clone());
            self.emit.tell(at, Happening::Silent(silence), &self.meter);
        }
        self.show();
    }
}

impl Watch<'_> {
    /// Seconds since the build began.
    fn elapsed(&self) -> f64 {
        self.bench.steady().saturating_sub(self.began).as_secs_f64()
    }

    fn finish(&mut self) {
        let at = self.elapsed();
        let Self { out, err, state, meter, bench, ready, emit, .. } = self;
        let mut around = Surroundings { meter, bench: *bench, ready, emit };
        for events in [out, err] {
            events.finish(&mut |line, event| {
                state.take(line, event, at, &mut around);
            });
        }
    }

    fn show(&mut self) {
        let at = self.elapsed();
        self.shown = at;
        self.state.judge(at);
        if self.meter.live() {
            let (done, total) = (self.state.timeline.over(), self.state.progress.total());
            let shown = self.state.live(at);
            let total = total.map(|total| total as u64);
            self.meter.show(done as u64, total, &shown.head(), &shown.lanes());
        }
    }
}
