//! `--calibrate`: builds a few modules with several settings in turn and remembers the cheapest for
//! this machine, JDK and tree. Says first what it does and how long; writes below `target/` of those
//! modules, as every build does, and in the clone's git folder; installs nothing.

use std::path::Path;

use super::{BuildPlan, Ready, screen, tuned};
use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::maven::events::{Event, Events};
use crate::maven::run::{self, Invocation};
use crate::maven::tuning::calibration::{self, Record, Run};
use crate::maven::tuning::{Preset, tune_as};
use crate::sys::{Access, Command, Ended, System};
use crate::text::{Line, Tone};

/// Runs of each setting, after one that counts for nothing.
const RUNS: usize = 3;
/// No run begins later than this, in seconds.
const LONGEST: i64 = 600;

/// Seconds of processors below which the system's hundredths say little.
const TELLING: f64 = 1.0;

/// What is built, and how.
struct Trial<'a> {
    session: &'a Session<'a>,
    ready: &'a Ready,
    /// `-pl` and the modules' folders.
    modules: String,
    goals: Vec<String>,
}

/// What a run ended with.
enum Outcome {
    Took(Run),
    Stopped(i32),
    Failed,
}

/// Measures and remembers.
pub(super) fn run(session: &Session, ready: &Ready) -> anyhow::Result<Exit> {
    let compiles: Vec<_> =
        ready.reactor.modules.iter().map(|module| module.pom.packaging != "pom").collect();
    let chosen = calibration::sample(&ready.work.graph, &compiles).ok_or_else(|| {
        Trouble::usage("the project has too few modules that can be built by themselves").remedy(
            "`onramp build` chooses by the machine; `onramp build --explain-tuning` says what",
        )
    })?;
    let names: Vec<_> = chosen.iter().map(|at| ready.reactor.modules[*at].artifact()).collect();
    let trial = Trial {
        session,
        ready,
        modules: folders(ready, &chosen),
        goals: calibration::goals(&ready.plan.goals),
    };
    let threads = ready.tuning.threads.unwrap_or(1);
    let presets = calibration::candidates(&ready.plan.machine, &ready.work, threads);
    for line in announced(ready, &names, presets.len(), session.terminal.width) {
        session.terminal.say(line);
    }
    if ready.plan.machine.busy > 0 {
        let text =
            "the machine is busy with other work: on a quiet one this tells more, and sooner";
        session.terminal.say(Line::toned(Tone::Warn, text));
    }
    let mut runs = vec![Vec::new(); presets.len()];
    match trial.measure(&presets, &mut runs)? {
        None => {}
        Some(exit) => return Ok(exit),
    }
    trial.conclude(&presets, &runs, chosen.len())
}

fn folders(ready: &Ready, chosen: &[usize]) -> String {
    let folder = |at: &usize| match ready.reactor.modules[*at].folder.to_string_lossy() {
        root if root.is_empty() => ".".to_owned(),
        folder => folder.into_owned(),
    };
    chosen.iter().map(folder).collect::<Vec<_>>().join(",")
}

fn announced(ready: &Ready, names: &[&str], settings: usize, width: usize) -> Vec<Line> {
    let title = format!("calibrating {} in {}", ready.plan.title, ready.plan.root.display());
    let goals = calibration::goals(&ready.plan.goals).join(" ");
    let what = format!(
        "mvn {goals} of {} with {settings} settings in turn, {RUNS} times each after one run that \
         does not count; no run begins after {} min",
        names.join(", "),
        LONGEST / 60
    );
    let writes = "below target/ of these modules, which is built anew, and in the clone's git \
                  folder; nothing is installed";
    let mut lines = vec![
        Line::new().and(Tone::Strong, title),
        Line::plain("this runs the code of the work tree: its Maven plug-ins and scripts"),
    ];
    lines.extend(screen::labelled("runs", &what, width));
    lines.extend(screen::labelled("writes", writes, width));
    lines
}

impl Trial<'_> {
    /// Runs all settings in turn; an exit where it ends early.
    fn measure(&self, presets: &[Preset], runs: &mut [Vec<Run>]) -> anyhow::Result<Option<Exit>> {
        let bench = self.session.bench;
        let begun = bench.now();
        for round in 0..=RUNS {
            let warming_up = round == 0;
            let some = if warming_up { &presets[..1] } else { presets };
            for (at, preset) in some.iter().enumerate() {
                if !warming_up && bench.now().saturating_sub(begun) > LONGEST {
                    return Ok(None);
                }
                let since = bench.steady();
                match self.build(preset)? {
                    Outcome::Stopped(signal) => return Ok(Some(self.stopped(signal))),
                    Outcome::Failed => return Ok(Some(self.failed())),
                    Outcome::Took(run) if warming_up => {
                        // Maven does not count the start of its JVM.
                        let took = bench.steady().saturating_sub(since).as_secs_f64();
                        self.foretell(took.max(run.wall), presets.len());
                    }
                    Outcome::Took(run) => runs[at].push(run),
                }
            }
        }
        Ok(None)
    }

    fn foretell(&self, seconds: f64, settings: usize) {
        let all = seconds * (settings * RUNS) as f64;
        let text = format!(
            "one run takes {}, so this takes about {}",
            screen::time(seconds),
            screen::time(all.min(LONGEST as f64))
        );
        self.session.terminal.say(Line::plain(text));
    }

    fn build(&self, preset: &Preset) -> anyhow::Result<Outcome> {
        let ready = self.ready;
        let tuning =
            tune_as(&ready.plan.machine, &ready.work, &ready.own, preset, Some("on trial"));
        let mut extra = vec!["-pl".to_owned(), self.modules.clone()];
        extra.extend(ready.args.maven.iter().cloned());
        let command = run::command(&Invocation {
            program: &ready.plan.maven.program,
            folder: &ready.plan.root,
            jdk: &ready.plan.jdk.home,
            skip_rc: ready.plan.skip_rc,
            goals: &self.goals,
            tuning: &tuning,
            resume_from: None,
            extra: &extra,
        });
        self.time(&command)
    }

    fn time(&self, command: &Command) -> anyhow::Result<Outcome> {
        let bench = self.session.bench;
        let mut log = bench.open_log(&log_of(&self.ready.plan)).ok();
        let (mut events, mut seconds) = (Events::new(), None);
        let before = (processors(bench), bench.now());
        let ended = bench.stream(command, &mut |_, bytes| {
            if let Some(file) = &mut log {
                // What is not kept is missed only by who wants to read on.
                let _ = file.write_all(bytes);
            }
            events.feed(bytes, &mut |_, event| {
                if let Some(Event::Total(took)) = event {
                    seconds = Some(took);
                }
            });
        });
        let ended = ended.map_err(|error| {
            Trouble::failed(error.to_string())
                .remedy("`onramp check machine` looks at Maven and the JDK")
        })?;
        let spent = processors(bench).zip(before.0).map(|(after, before)| after - before);
        let spent = spent.filter(|seconds| *seconds >= TELLING);
        Ok(match ended {
            Ended::Interrupted(signal) => Outcome::Stopped(signal),
            Ended::Exited(Some(0)) => {
                let clock = bench.now().saturating_sub(before.1) as f64;
                Outcome::Took(Run { wall: seconds.unwrap_or(clock), cpu: spent })
            }
            Ended::Exited(_) => Outcome::Failed,
        })
    }

    fn stopped(&self, signal: i32) -> Exit {
        let text = "stopped: nothing is remembered, and builds are tuned as before";
        self.session.terminal.complain(Line::toned(Tone::Warn, text));
        Exit::by(signal)
    }

    fn failed(&self) -> Exit {
        let text = "these modules cannot be built as they are, so there is nothing to measure";
        let terminal = &self.session.terminal;
        terminal.complain(Line::toned(Tone::Bad, text));
        terminal.complain(screen::then("onramp build"));
        let log = format!("whole log  {}", log_of(&self.ready.plan).display());
        terminal.complain(Line::toned(Tone::Dim, log));
        Exit::Findings
    }

    fn conclude(
        &self,
        presets: &[Preset],
        runs: &[Vec<Run>],
        modules: usize,
    ) -> anyhow::Result<Exit> {
        let terminal = &self.session.terminal;
        let Some((best, share)) = calibration::best(runs) else {
            terminal.complain(Line::toned(
                Tone::Warn,
                "time was up before each setting had run twice: nothing is remembered",
            ));
            return Ok(Exit::Findings);
        };
        for (at, (preset, runs)) in presets.iter().zip(runs).enumerate() {
            let label = match at {
                _ if at == best => "best",
                0 => "usual",
                _ => "",
            };
            let rows = screen::labelled(label, &told(preset, runs), terminal.width);
            rows.into_iter().for_each(|line| terminal.say(line));
        }
        let bench = self.session.bench;
        let rounds = calibration::whole_rounds(runs);
        let key = tuned::key(bench, &self.ready.plan, &self.ready.work, &self.ready.own);
        let record =
            Record { share, ..Record::new(key, presets[best], bench.now(), (rounds, modules)) };
        let path = tuned::record_of(&self.ready.plan.git_folder);
        bench.write(&path, &record.write(), Access::Private).map_err(|error| {
            Trouble::failed(format!("{} cannot be written: {error}", path.display()))
                .remedy("give yourself the right to write in the clone's git folder, and room")
        })?;
        let text = match best {
            0 => "the usual settings stay: none was clearly better here".to_owned(),
            _ => format!("remembered for later builds: {}", presets[best].told()),
        };
        let lines = Line::new().hanging(Tone::Good, &text, terminal.width);
        lines.into_iter().for_each(|line| terminal.say(line));
        Ok(Exit::Success)
    }
}

fn told(preset: &Preset, runs: &[Run]) -> String {
    let wall = calibration::median(runs.iter().map(|run| run.wall)).unwrap_or(0.0);
    let cpu = calibration::median(runs.iter().filter_map(|run| run.cpu));
    let cpu = cpu.map(|cpu| format!(", {cpu:.1} s of processors")).unwrap_or_default();
    format!("{}: {wall:.1} s{cpu}, {} runs", preset.told(), runs.len())
}

fn log_of(plan: &BuildPlan) -> std::path::PathBuf {
    plan.git_folder.join("onramp/calibration.log")
}

/// Seconds of processors that processes we started and waited for have taken; none where the system
/// does not tell.
fn processors(system: &dyn System) -> Option<f64> {
    let bytes = system.read(Path::new("/proc/self/stat"), 4096).ok()?;
    of_children(&String::from_utf8_lossy(&bytes))
}

/// From Linux's line about a process: the user's and the system's share, in hundredths of a second
/// on every machine that Maven runs on. The program's name may hold anything, in brackets.
fn of_children(line: &str) -> Option<f64> {
    let (_, fields) = line.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(13);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / 100.0)
}
