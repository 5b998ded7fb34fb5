//! What is known of a build before it is tuned, and the tuning. Reads the user's variables and the
//! tree's `.mvn` folder; starts nothing.

use std::path::{Path, PathBuf};

use super::{BuildArgs, BuildPlan};
use crate::host::jdk::class_data::Place;
use crate::host::jdk::home;
use crate::maven::graph::Graph;
use crate::maven::options;
use crate::maven::progress::Timings;
use crate::maven::project::Reactor;
use crate::maven::tuning::calibration::{Key, Record};
use crate::maven::tuning::{self, Compiler, Own, Tuning, Work};
use crate::sys::{Kind, System, read_in_tree};

/// Weight of a module that compiles nothing, where no earlier build tells.
const POM: f64 = 0.1;

/// Tunes a build of these goals, with the arguments of its own.
pub(in crate::cli) fn tune(
    system: &dyn System,
    args: &BuildArgs,
    goals: &[String],
    plan: &BuildPlan,
    reactor: &Reactor,
) -> Tuning {
    let place = Place::of(system, &plan.jdk.home, Some(&plan.root));
    let archive = place.filter(|place| place.ready(system)).map(|place| place.archive());
    let work = Work { archive, ..work(system, args, goals, plan, reactor) };
    let own = own(system, args, plan);
    let measured = measured(system, plan, &work, &own);
    settle(args, plan, &work, &own, measured.as_ref())
}

/// Tunes what is known already, by what was measured here or by what is usual.
pub(super) fn settle(
    args: &BuildArgs,
    plan: &BuildPlan,
    work: &Work,
    own: &Own,
    measured: Option<&Measured>,
) -> Tuning {
    let mut tuning = match measured {
        Some(Measured::Counts(record)) => {
            let why = told(record);
            tuning::tune_as(&plan.machine, work, own, &record.preset, Some(&why))
        }
        _ => tuning::tune(&plan.machine, work, own),
    };
    if let Some(Measured::Stale(why)) = measured {
        tuning.aside("what was calibrated no longer counts", why);
    }
    // Counted as decided by the user, and so left out there.
    tuning.threads =
        args.threads.map(usize::from).filter(|threads| *threads > 1).or(tuning.threads);
    tuning
}

/// What calibration found.
pub(super) enum Measured {
    Counts(Record),
    Stale(String),
}

/// What calibration found for this machine, JDK and tree, if it was ever asked to.
pub(super) fn measured(
    system: &dyn System,
    plan: &BuildPlan,
    work: &Work,
    own: &Own,
) -> Option<Measured> {
    let bytes = system.read(&record_of(&plan.git_folder), 64 * 1024).ok()?;
    let record = Record::read(&bytes)?;
    Some(match record.stale(&key(system, plan, work, own)) {
        Some(why) => Measured::Stale(format!("{why}; `onramp build --calibrate` measures anew")),
        None => Measured::Counts(record),
    })
}

/// What a measurement here depends on.
pub(super) fn key(system: &dyn System, plan: &BuildPlan, work: &Work, own: &Own) -> Key {
    let jdk = home::read(system, &plan.jdk.home).and_then(|jdk| jdk.version);
    let options: Vec<_> = own.set().map(|(place, text)| format!("{place}: {text}")).collect();
    Key {
        jdk: format!("{} {}", plan.jdk.home.display(), jdk.unwrap_or_default()),
        maven: plan.maven.version.clone().unwrap_or_default(),
        cores: plan.machine.cores,
        memory: plan.machine.limit.unwrap_or(plan.machine.total),
        options: options.join("\n"),
        skips_tests: work.skips_tests,
    }
}

/// Where it is kept.
pub(super) fn record_of(git_folder: &Path) -> PathBuf {
    git_folder.join("onramp/calibration.json")
}

fn told(record: &Record) -> String {
    let day =
        jiff::Timestamp::from_second(record.measured).map(|time| time.strftime("%F").to_string());
    let (runs, modules) = (record.runs, record.modules);
    let how =
        format!("measured here on {}, {modules} modules, {runs} runs", day.unwrap_or_default());
    if record.share < 1.0 {
        format!("{how}: {:.2} of the cost of the usual settings", record.share)
    } else {
        format!("{how}: nothing else was clearly better")
    }
}

/// What the user and the tree have decided.
pub(super) fn own(system: &dyn System, args: &BuildArgs, plan: &BuildPlan) -> Own {
    let variable = |name| {
        system.env(name).map(|value| value.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let file = |name| {
        let bytes = read_in_tree(system, &plan.root, name, 64 * 1024).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let threads = args.threads.map(|threads| format!("-T{threads}"));
    Own {
        maven_opts: variable("MAVEN_OPTS"),
        start_up: if plan.skip_rc { None } else { start_up(system) },
        java_tool_options: variable("JAVA_TOOL_OPTIONS"),
        jdk_java_options: variable("JDK_JAVA_OPTIONS"),
        jvm_config: file(".mvn/jvm.config"),
        maven_config: file(".mvn/maven.config"),
        maven_args: variable("MAVEN_ARGS"),
        toolchains: system
            .home()
            .is_some_and(|home| system.kind(&home.join(".m2/toolchains.xml")) == Some(Kind::File)),
        arguments: args.maven.iter().cloned().chain(threads).collect(),
    }
}

/// MAVEN_OPTS as a file of the user's or the system's sets it, whatever the environment has.
fn start_up(system: &dyn System) -> Option<(String, String)> {
    let words = options::of_jvm(system, None, None);
    let words: Vec<_> = words.into_iter().filter(|word| word.file.is_some()).collect();
    let place = words.first()?.place.clone();
    Some((place, words.into_iter().map(|word| word.text).collect::<Vec<_>>().join(" ")))
}

/// What there is to build.
pub(super) fn work(
    system: &dyn System,
    args: &BuildArgs,
    goals: &[String],
    plan: &BuildPlan,
    reactor: &Reactor,
) -> Work {
    let (weights, timed) = weights(system, &plan.git_folder, reactor);
    let compiler = reactor.modules.first().and_then(|root| root.pom.compiler.as_ref());
    let forked = compiler.filter(|compiler| compiler.fork);
    let skips = |word: &String| word == "-DskipTests" || word.starts_with("-Dmaven.test.skip");
    Work {
        graph: Graph::of(reactor),
        weights,
        timed,
        compiler: forked.map_or(Compiler::InProcess, |compiler| Compiler::Forked(compiler.memory)),
        skips_tests: goals.iter().chain(&args.maven).any(skips),
        other_jdk: other_jdk(reactor),
        archive: None,
    }
}

/// Seconds of each module in earlier builds, if most are known, else a guess.
fn weights(system: &dyn System, git_folder: &Path, reactor: &Reactor) -> (Vec<f64>, bool) {
    let bytes = system.read(&git_folder.join("onramp/timings.json"), 1 << 20).unwrap_or_default();
    let timings = Timings::read(&bytes);
    let known = |title: Option<&str>| title.and_then(|title| timings.modules.get(title)).copied();
    let times: Vec<_> = reactor.modules.iter().map(|module| known(module.pom.title())).collect();
    let all = times.iter().flatten().count();
    if all * 10 >= times.len() * 9 && all > 0 {
        let ordinary = times.iter().flatten().sum::<f64>() / all as f64;
        return (times.into_iter().map(|time| time.unwrap_or(ordinary)).collect(), true);
    }
    let guess = reactor.modules.iter().map(|module| match module.pom.packaging.as_str() {
        "pom" => POM,
        _ => 1.0,
    });
    (guess.collect(), false)
}

/// Whether the build may start the Java of another JDK, which knows other options.
fn other_jdk(reactor: &Reactor) -> Option<&'static str> {
    let mut used = reactor.modules.iter().flat_map(|module| &module.pom.uses);
    let compilers = || reactor.modules.iter().filter_map(|module| module.pom.compiler.as_ref());
    if used.any(|used| used.artifact.contains("toolchain")) {
        Some("a pom has the toolchains plug-in choose a JDK, which may be another one")
    } else if compilers().any(|compiler| compiler.elsewhere) {
        Some("a pom names the compiler's program or JDK, which may be another one")
    } else {
        None
    }
}
