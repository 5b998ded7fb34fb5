//! `onramp build`: the project's own build with the right JDK, memory and threads; progress while
//! it runs, an explanation when it fails. Says first that it runs the tree's code, because it does.
//! Writes only below the clone's git folder; what Maven writes is Maven's.

mod after;
mod blame;
mod calibrate;
mod emit;
mod explain;
mod explain_tuning;
mod failed;
pub mod hung;
mod last;
mod live;
mod log;
mod proof;
mod screen;
mod state;
mod tuned;
mod watch;
mod way_on;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

use super::Session;
use super::trouble::Trouble;
use crate::exit::Exit;
use crate::host::jdk::class_data::Place;
use crate::maven::catalogue::Catalogue;
use crate::maven::project::{self, Reactor};
use crate::maven::run::{self, Invocation};
use crate::maven::tuning::{Machine, Own, Tuning, Work};
use crate::results::Here;
use crate::sys::{Command, Kind, System, stays_inside};
use crate::text::{Line, Tone};
pub use explain::explain;
use hung::Patience;
pub use proof::Prover;
use tuned::Measured;
pub(super) use tuned::tune;

/// Build the project and explain what goes wrong.
///
/// Runs Maven in the work tree, and with it the tree's own code. The whole log is kept inside the
/// clone's git folder.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct BuildArgs {
    /// Go on from this module, as `:artifact-id`
    #[arg(long, value_name = "MODULE")]
    pub resume_from: Option<String>,
    /// Modules built at a time; onramp chooses from cores and memory otherwise
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub threads: Option<u16>,
    /// Folder of the JDK to build with
    #[arg(long, value_name = "HOME")]
    pub jdk: Option<PathBuf>,
    /// Print the command and the reason for each part of it; run nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print each choice of memory, compilers and threads, and why; run nothing
    #[arg(long, conflicts_with = "dry_run")]
    pub explain_tuning: bool,
    /// Build a few modules with several settings in turn and remember the best for this machine
    #[arg(long, conflicts_with_all = ["dry_run", "explain_tuning", "resume_from", "threads"])]
    pub calibrate: bool,
    /// Explain what went wrong in this log of Maven, this machine's, another's or a CI's; run nothing
    #[arg(
        long,
        value_name = "LOG",
        conflicts_with_all = ["resume_from", "threads", "jdk", "dry_run", "maven"]
    )]
    pub explain: Option<PathBuf>,
    /// Find out whose fault the last failure is: runs it again, here and on the base
    #[arg(long, conflicts_with_all = ["resume_from", "explain"])]
    pub blame: bool,
    /// With --blame, the branch or commit that the work started from
    #[arg(long, value_name = "REVISION", requires = "blame")]
    pub base: Option<String>,
    /// File of failures that are known, each with a reason and a last day; --blame adds to it
    #[arg(long, value_name = "FILE")]
    pub known_failures: Option<PathBuf>,
    /// Write what happens as JSON lines to this file, `-` for standard output; `onramp schema
    /// build-events` prints their shape
    #[arg(long, value_name = "FILE")]
    pub events: Option<PathBuf>,
    /// Look at the threads once nothing was printed for so long, as `90s`, `10m` (the default) or
    /// `1h`; or `never`
    #[arg(long, value_name = "TIME")]
    pub hung_after: Option<Patience>,
    /// Build nothing: tell what the last build took, as `text`, `json` or `html`, in a file with
    /// `:FILE` behind it
    #[arg(long, value_name = "FORMAT[:FILE]", num_args = 0..=1, default_missing_value = "text")]
    #[arg(conflicts_with_all = ["dry_run", "maven"])]
    pub last: Option<String>,
    /// Build nothing: tell what sets the last build apart from the one before, or two that are named
    /// as their logs are
    #[arg(long, value_names = ["A", "B"], num_args = 0..=2)]
    #[arg(conflicts_with_all = ["dry_run", "maven", "last"])]
    pub compare: Option<Vec<String>>,
    /// Arguments for Maven itself
    #[arg(last = true, value_name = "MAVEN ARGUMENTS")]
    pub maven: Vec<String>,
}

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
    /// `mvn`, absolute.
    pub maven: PathBuf,
    /// Its version, where known.
    pub maven_version: Option<String>,
    /// Goals and options of the project.
    pub goals: Vec<String>,
    /// Cores and memory.
    pub machine: Machine,
    /// Known failures, the project's before its parent's.
    pub catalogue: Catalogue,
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
    let ready = prepare(session.bench, args.clone(), plan)?;
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
    let _lock = lock(session, &ready.plan)?;
    let ready = share_class_data(session, ready);
    if args.calibrate {
        return calibrate::run(session, &ready);
    }
    for line in screen::start(&ready, session.terminal.width) {
        session.terminal.say(line);
    }
    watch::run(session, &ready, prover)
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

fn lock(session: &Session, plan: &BuildPlan) -> anyhow::Result<Box<dyn Send>> {
    let path = plan.git_folder.join("onramp/build.lock");
    session.bench.lock(&path, Duration::ZERO).map_err(|error| match error.kind() {
        ErrorKind::WouldBlock => {
            Trouble::failed(format!("{} is being built already", plan.root.display()))
                .remedy("wait for the other build to end, or stop it with Ctrl-C")
                .into()
        }
        _ => Trouble::failed(format!("{} cannot be written: {error}", path.display()))
            .remedy(
                "a build keeps its log in the clone's git folder: give yourself the right to \
                     write there, and room",
            )
            .into(),
    })
}

fn prepare(system: &dyn System, mut args: BuildArgs, mut plan: BuildPlan) -> anyhow::Result<Ready> {
    choose_jdk(system, &args, &mut plan)?;
    let reactor = project::reactor(system, &plan.root).map_err(|problem| {
        let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
        let file = plan.root.join(&problem.file);
        Trouble::failed(format!("{}{line}: {}", file.display(), problem.what))
            .remedy("mend the file; Maven could not read it either")
    })?;
    args.resume_from = args.resume_from.map(|named| module(&named, &reactor)).transpose()?;
    let own = tuned::own(system, &args, &plan);
    let class_data = Place::of(system, &plan.jdk.home, Some(&plan.root));
    let archive = class_data.as_ref().map(Place::archive);
    let work = Work { archive, ..tuned::work(system, &args, &plan.goals, &plan, &reactor) };
    let measured = tuned::measured(system, &plan, &work, &own);
    let (tuning, command) = settle(&args, &plan, &work, &own, measured.as_ref());
    Ok(Ready { plan, args, reactor, own, work, class_data, tuning, command })
}

fn settle(
    args: &BuildArgs,
    plan: &BuildPlan,
    work: &Work,
    own: &Own,
    measured: Option<&Measured>,
) -> (Tuning, Command) {
    let tuning = tuned::settle(args, plan, work, own, measured);
    let command = run::command(&Invocation {
        program: &plan.maven,
        folder: &plan.root,
        jdk: &plan.jdk.home,
        skip_rc: plan.skip_rc,
        goals: &plan.goals,
        tuning: &tuning,
        resume_from: args.resume_from.as_deref(),
        extra: &args.maven,
    });
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

fn choose_jdk(system: &dyn System, args: &BuildArgs, plan: &mut BuildPlan) -> anyhow::Result<()> {
    let Some(named) = &args.jdk else { return Ok(()) };
    let home = system.real_path(named).unwrap_or_else(|_| named.clone());
    if system.kind(&home.join("bin/javac")) != Some(Kind::File) {
        let what = format!("--jdk {}: there is no bin/javac in it", named.display());
        let remedy = "name the JDK's own folder; `onramp check machine` lists those installed";
        return Err(Trouble::usage(what).remedy(remedy).into());
    }
    plan.jdk = Jdk { home, feature: None, why: "named by --jdk".into() };
    // A file that sets another JAVA_HOME must not undo what was asked for.
    plan.skip_rc = true;
    Ok(())
}

/// The module as Maven's `-rf` takes it. A bare artifact id is accepted; a wrong one gets the
/// nearest right one, before Maven spends minutes to find out.
fn module(named: &str, reactor: &Reactor) -> Result<String, Trouble> {
    let id = named.rsplit(':').next().unwrap_or(named);
    let mut artifacts = reactor.modules.iter().map(project::ReactorModule::artifact);
    if artifacts.any(|artifact| artifact == id) {
        return Ok(if named.contains(':') { named.to_owned() } else { format!(":{named}") });
    }
    let folder = Path::new(named);
    if reactor.modules.iter().any(|module| module.folder == folder) {
        return Ok(named.to_owned());
    }
    let all = reactor.modules.iter().map(project::ReactorModule::artifact);
    let nearest = all.max_by(|a, b| strsim::jaro(a, id).total_cmp(&strsim::jaro(b, id)));
    let trouble = Trouble::usage(format!("the project has no module `{named}`"));
    Err(match nearest.filter(|artifact| strsim::jaro(artifact, id) > 0.7) {
        Some(artifact) => trouble.remedy(format!("did you mean `:{artifact}`?")),
        None => trouble.remedy("write it as `:artifact-id`, the id in the module's pom.xml"),
    })
}

/// What was asked of Maven, as far as modules take longer or shorter for it.
fn kind(ready: &Ready) -> String {
    let words = ready.plan.goals.iter().chain(&ready.args.maven);
    let words: Vec<&str> = words.map(String::as_str).filter(|w| !w.starts_with("-T")).collect();
    words.join(" ")
}

/// Reads a file of the tree that Maven named, if it really lies inside the tree.
pub(super) fn read_inside(system: &dyn System, root: &Path, file: &str) -> anyhow::Result<String> {
    let root = system.real_path(root).context("the work tree is gone")?;
    let path = system.real_path(&root.join(file))?;
    anyhow::ensure!(path.starts_with(&root), "{file} lies outside the work tree");
    Ok(String::from_utf8_lossy(&system.read(&path, 16 << 20)?).into_owned())
}
