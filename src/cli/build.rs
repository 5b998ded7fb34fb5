//! `onramp build`: the project's own build with the right JDK, memory and threads; progress while
//! it runs, an explanation when it fails. Says first that it runs the tree's code, because it does.
//! Writes only below the clone's git folder; what Maven writes is Maven's.

mod after;
mod args;
mod blame;
mod calibrate;
mod emit;
mod explain;
mod explain_tuning;
mod failed;
pub mod hung;
mod jdk;
mod last;
mod live;
mod log;
mod proof;
mod reactor;
pub(super) mod resume;
mod screen;
mod select;
mod siblings;
mod state;
mod tuned;
mod watch;
mod way_on;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Session;
use super::build_maven::Maven;
use super::tree_lock;
use super::trouble::Trouble;
use crate::exit::Exit;
use crate::host::jdk::class_data::Place;
use crate::maven::catalogue::{Catalogue, Shelved};
use crate::maven::project::Reactor;
use crate::maven::run::{self, Invocation};
use crate::maven::tuning::{Machine, Own, Tuning, Work};
use crate::results::Here;
use crate::sys::{Command, System, stays_inside};
use crate::text::{Line, Tone};
pub(super) use after::read_report;
pub use args::BuildArgs;
pub use explain::explain;
pub use proof::Prover;
pub(super) use reactor::unreadable;
pub(super) use screen::again;
use select::Part;
use tuned::Measured;
pub(super) use tuned::tune;

/// The profile of a build for which nobody names another.
pub const USUAL: &str = "guide";

/// The JDK for the build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jdk {
    /// Its folder.
    pub home: PathBuf,
    /// Its feature release, such as 17, where known.
    pub feature: Option<u64>,
    /// Why this one, as a fragment.
    pub why: String,
}

/// What a build is about: the profile that was asked for, made out for this tree.
#[derive(Debug, Clone, Default)]
pub struct Way {
    /// Its name, such as `guide`.
    pub name: String,
    /// What it is, as a fragment.
    pub about: String,
    /// Goals and options.
    pub goals: Vec<String>,
    /// What is to be said of it.
    pub notes: Vec<String>,
    /// Checks that look before it, besides those of every build.
    pub checks: Vec<String>,
    /// What the branch touches, for a way that builds no more than that asks for.
    pub touched: Option<Touched>,
}

/// What a branch touches that a build could read.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    /// Files, from the tree's root.
    pub files: Vec<String>,
    /// How many more there are.
    pub unlisted: u64,
    /// The branch it is held against.
    pub since: String,
}

/// Everything that was found out before: the verb asks the machine for nothing but files of the
/// tree and the user's Maven variables.
#[derive(Debug, Clone)]
pub struct BuildPlan {
    /// The project's name.
    pub title: String,
    /// The work tree's root.
    pub root: PathBuf,
    /// Its git folder; of a linked work tree, its own.
    pub git_folder: PathBuf,
    /// The commit and whether all files are committed, before the build.
    pub here: Here,
    /// The JDK, unless `--jdk` names another.
    pub jdk: Jdk,
    /// Whether `/etc/mavenrc` or `~/.mavenrc` would set another JAVA_HOME and is left out.
    pub skip_rc: bool,
    /// The Maven that builds.
    pub maven: Maven,
    /// Goals and options of the project.
    pub goals: Vec<String>,
    /// The profile they come from.
    pub way: Way,
    /// It builds a part of the project only, and is no evidence for a request.
    pub partial: bool,
    /// Maven is to leave the network alone.
    pub offline: bool,
    /// Files that are not committed, by path, each with a digest; none where they are too many.
    pub changed: Option<BTreeMap<String, String>>,
    /// Cores and memory.
    pub machine: Machine,
    /// Known failures, the project's before its parent's.
    pub catalogue: Shelved,
}

/// A build ready to run.
struct Ready {
    plan: BuildPlan,
    args: BuildArgs,
    reactor: Reactor,
    own: Own,
    work: Work,
    /// The class-data archive of the JDK, where it can have one.
    class_data: Option<Place>,
    tuning: Tuning,
    command: Command,
}

/// Whether it is told of earlier builds, for which neither Maven nor a JDK is needed.
#[must_use]
pub fn looks_back(args: &BuildArgs) -> bool {
    last::wanted(args)
}

/// Tells of earlier builds of a clone.
///
/// # Errors
/// [`Trouble`] where there are none, or what is kept of them cannot be read.
pub fn look_back(
    session: &Session,
    args: &BuildArgs,
    title: &str,
    git_folder: &Path,
    catalogue: &Catalogue,
) -> anyhow::Result<Exit> {
    last::tell(session, args, &last::Kept { title, git_folder, catalogue })
}

/// Builds. `prover` looks into the likely causes of a failure.
///
/// # Errors
/// [`Trouble`] with the remedy: a module or JDK that is not there, a pom that cannot be read, a
/// build that is running already, a Maven that does not start.
pub fn build(
    session: &Session,
    args: &BuildArgs,
    plan: BuildPlan,
    prover: Option<&Prover<'_>>,
) -> anyhow::Result<Exit> {
    let args = &again_as_last(session.bench, args, &plan);
    let ready = match prepare(session.bench, args.clone(), plan)? {
        Prepared::Ready(ready) => *ready,
        Prepared::Nothing(why) => {
            screen::nothing(&why, session.terminal.width)
                .into_iter()
                .for_each(|line| session.terminal.say(line));
            return Ok(Exit::Success);
        }
    };
    blame::known::read(session.bench, args)?;
    if let (true, Some(prover)) = (args.blame, prover) {
        return blame::blame(session, &ready, prover);
    }
    if args.dry_run {
        session.terminal.data(&screen::plan(&ready, session.terminal.width))?;
        return Ok(Exit::Success);
    }
    if args.explain_tuning {
        let there = ready.class_data.as_ref().is_some_and(|place| place.ready(session.bench));
        session.terminal.data(&explain_tuning::lines(&ready, there, session.terminal.width))?;
        return Ok(Exit::Success);
    }
    own_folder(session.bench, &ready.plan)?;
    let _lock = lock(session, &ready.plan, &screen::again(&ready.args, None))?;
    let ready = share_class_data(session, ready);
    if args.calibrate {
        return calibrate::run(session, &ready);
    }
    for line in screen::start(&ready, session.terminal.width) {
        session.terminal.say(line);
    }
    watch::run(session, &ready, prover)
}

/// What failed is run again with the arguments it failed with, unless others are given.
fn again_as_last(system: &dyn System, args: &BuildArgs, plan: &BuildPlan) -> BuildArgs {
    let mut args = args.clone();
    if !args.blame {
        return args;
    }
    let (words, threads) = resume::last_asked(system, &plan.git_folder).unwrap_or_default();
    args.threads = args.threads.or(threads);
    if args.maven.is_empty() {
        args.maven = words;
    }
    args
}

/// Logs are written, and old ones removed, in the clone's own git folder: a link planted there
/// must not lead that anywhere else.
fn own_folder(system: &dyn System, plan: &BuildPlan) -> Result<(), Trouble> {
    let folder = plan.git_folder.join("onramp");
    for place in [folder.join("build"), folder.clone()] {
        if !stays_inside(system, &plan.git_folder, &place) {
            return Err(Trouble::usage(format!("{} leads out of the clone", place.display()))
                .remedy("it is a link that onramp did not make: remove it"));
        }
    }
    Ok(())
}

/// Keeps other builds out of the tree while `command` works in it.
fn lock(session: &Session, plan: &BuildPlan, command: &str) -> Result<Box<dyn Send>, Trouble> {
    tree_lock::take(session.bench, &plan.git_folder, &plan.root, command)
}

enum Prepared {
    Ready(Box<Ready>),
    /// There is nothing to build; why.
    Nothing(String),
}

fn prepare(
    system: &dyn System,
    mut args: BuildArgs,
    mut plan: BuildPlan,
) -> anyhow::Result<Prepared> {
    jdk::choose(system, &args, &mut plan)?;
    let reactor = reactor::read(system, &plan, &args)?;
    match select::part(system, &plan, &args.maven, &reactor) {
        Part::Whole => {}
        Part::Nothing(why) => return Ok(Prepared::Nothing(why)),
        Part::WholeAfterAll(why) => plan.way.notes.push(format!("all modules: {why}")),
        Part::Some(words, notes) => {
            plan.goals.extend(words);
            plan.way.notes.extend(notes);
            plan.partial = true;
        }
    }
    if args.resume {
        args.resume_from = resume::module(system, &plan, &args, &reactor)?;
    }
    args.resume_from =
        args.resume_from.map(|named| reactor::module(&named, &reactor)).transpose()?;
    let own = tuned::own(system, &args, &plan);
    let class_data = Place::of(system, &plan.jdk.home, Some(&plan.root));
    let archive = class_data.as_ref().map(Place::archive);
    let work = Work { archive, ..tuned::work(system, &args, &plan.goals, &plan, &reactor) };
    let measured = tuned::measured(system, &plan, &work, &own);
    let (tuning, command) = settle(&args, &plan, &work, &own, measured.as_ref());
    let ready = Ready { plan, args, reactor, own, work, class_data, tuning, command };
    Ok(Prepared::Ready(Box::new(ready)))
}

fn settle(
    args: &BuildArgs,
    plan: &BuildPlan,
    work: &Work,
    own: &Own,
    measured: Option<&Measured>,
) -> (Tuning, Command) {
    let tuning = tuned::settle(args, plan, work, own, measured);
    let offline = plan.offline.then(|| "-o".to_owned());
    let ours = offline.into_iter().chain(plan.maven.words.iter().cloned());
    let extra: Vec<String> = ours.chain(args.maven.iter().cloned()).collect();
    let mut command = run::command(&Invocation {
        program: &plan.maven.program,
        folder: &plan.root,
        jdk: &plan.jdk.home,
        skip_rc: plan.skip_rc,
        goals: &plan.goals,
        tuning: &tuning,
        resume_from: args.resume_from.as_deref(),
        extra: &extra,
    });
    command.guarded = !plan.maven.leaves;
    (tuning, command)
}

/// Makes the class-data archive where there is none yet; without one the build is slower, and that
/// is all.
fn share_class_data(session: &Session, mut ready: Ready) -> Ready {
    let Some(place) = ready.class_data.as_ref().filter(|_| ready.tuning.uses_archive) else {
        return ready;
    };
    if place.ready(session.bench) {
        return ready;
    }
    session.terminal.say(Line::toned(
        Tone::Dim,
        "preparing the compiler's class data once for this JDK: a few seconds",
    ));
    if let Err(error) = place.make(session.bench) {
        session.terminal.say(Line::toned(
            Tone::Dim,
            format!("it could not be made, and the build goes on without: {error}"),
        ));
        ready.work.archive = None;
        let measured = tuned::measured(session.bench, &ready.plan, &ready.work, &ready.own);
        (ready.tuning, ready.command) =
            settle(&ready.args, &ready.plan, &ready.work, &ready.own, measured.as_ref());
    }
    ready
}
