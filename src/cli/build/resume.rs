//! Going on where the last build of this tree stopped, however it stopped: it leaves a note when it
//! begins, and its log tells how far it came. Says why not, where going on could build something
//! else than a whole build would.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::siblings::missing;
use super::{BuildArgs, BuildPlan, Ready, log};
use crate::cli::trouble::Trouble;
use crate::maven::events::Events;
use crate::maven::graph::Graph;
use crate::maven::progress::{Progress, Timings};
use crate::maven::project::Reactor;
use crate::maven::touched::folder_of;
use crate::maven::tuning::Own;
use crate::sys::{Access, System, Workbench};

/// The note's name in the clone's `onramp` folder.
const NOTE: &str = "unfinished.json";
/// Largest note and log that are read back.
const LARGEST_NOTE: u64 = 1 << 20;
const LARGEST_LOG: u64 = 256 << 20;

/// A build that has begun. What it was made of decides whether another may go on with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Unfinished {
    commit: Option<String>,
    /// Changed and new files by path, each with a digest; none where there are too many.
    changed: Option<BTreeMap<String, String>>,
    goals: Vec<String>,
    arguments: Vec<String>,
    /// Modules at a time, where the user said so.
    #[serde(default)]
    threads: Option<u16>,
    jdk: PathBuf,
    /// What the user's environment gave every JVM, and Maven's.
    #[serde(default)]
    options: Option<String>,
    /// It did not begin at the first module itself.
    resumed: bool,
    log: PathBuf,
}

impl Unfinished {
    fn read(system: &dyn System, git_folder: &Path) -> std::io::Result<Self> {
        let bytes = system.read(&note(git_folder), LARGEST_NOTE)?;
        Ok(serde_json::from_slice(&bytes)?)
    }

    fn of(plan: &BuildPlan, args: &BuildArgs, log: &Path) -> Self {
        Self {
            commit: plan.here.commit.clone(),
            changed: plan.changed.clone(),
            goals: plan.goals.clone(),
            arguments: args.maven.clone(),
            threads: args.threads,
            jdk: plan.jdk.home.clone(),
            options: None,
            resumed: args.resume_from.is_some(),
            log: log.to_owned(),
        }
    }
}

/// Notes that a build begins. Without the note it only cannot be resumed.
pub(super) fn begin(bench: &dyn Workbench, ready: &Ready, log: &Path) {
    let options = Some(options(&ready.own));
    let unfinished = Unfinished { options, ..Unfinished::of(&ready.plan, &ready.args, log) };
    if let Ok(bytes) = serde_json::to_vec_pretty(&unfinished) {
        let _ = bench.write(&note(&ready.plan.git_folder), &bytes, Access::Private);
    }
}

/// What the environment gives to Maven's JVM and to those it starts.
fn options(own: &Own) -> String {
    [own.maven_opts.trim(), own.java_tool_options.trim()].join(" ").trim().to_owned()
}

/// What was asked of the build whose log is the last one, where it did not end well: arguments for
/// Maven, and modules at a time.
pub(super) fn last_asked(
    system: &dyn System,
    git_folder: &Path,
) -> Option<(Vec<String>, Option<u16>)> {
    let last = Unfinished::read(system, git_folder).ok()?;
    let newest = log::newest(system, git_folder)?;
    (last.log.file_name() == newest.file_name()).then_some((last.arguments, last.threads))
}

/// What was not the same about the last build, where it did not end well.
pub(super) fn unlike_the_last(system: &dyn System, ready: &Ready) -> Option<String> {
    let then = Unfinished::read(system, &ready.plan.git_folder).ok()?;
    let now = Unfinished::of(&ready.plan, &ready.args, &then.log);
    let files = || match (&then.changed, &now.changed) {
        (Some(then), Some(now)) if then == now => None,
        (Some(_), Some(_)) => Some("files that are not committed have changed since".to_owned()),
        _ => Some("more files are not committed than onramp keeps track of".to_owned()),
    };
    let options = || {
        let (then, now) = (then.options.clone()?, options(&ready.own));
        let differ = then != now;
        let told = |text: String| match text.as_str() {
            "" => "nothing".to_owned(),
            _ => format!("`{text}`"),
        };
        let (then, now) = (told(then), told(now));
        differ.then(|| format!("it had {then} in MAVEN_OPTS and JAVA_TOOL_OPTIONS, this one {now}"))
    };
    other_build(&then, &now).or_else(files).or_else(options)
}

/// Notes that a build ended well.
pub(super) fn end(bench: &dyn Workbench, ready: &Ready) {
    // Where it was never written there is nothing to remove.
    let _ = bench.remove_file(&note(&ready.plan.git_folder));
}

/// Whether the last build did not end well.
pub(in crate::cli) fn is_unfinished(system: &dyn System, git_folder: &Path) -> bool {
    system.kind(&note(git_folder)).is_some()
}

fn note(git_folder: &Path) -> PathBuf {
    git_folder.join("onramp").join(NOTE)
}

/// The module to go on from, as `:artifact`; none where the last build did not come far enough to
/// have anything to spare.
///
/// # Errors
/// Why the last build cannot be gone on with.
pub(super) fn module(
    system: &dyn System,
    plan: &BuildPlan,
    args: &BuildArgs,
    reactor: &Reactor,
) -> Result<Option<String>, Trouble> {
    let then = Unfinished::read(system, &plan.git_folder).map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            let none = "there is nothing to resume: the last build here passed, or there was none";
            Trouble::usage(none).remedy("`onramp build` builds everything")
        }
        _ => cannot(&format!("its note cannot be read: {error}")),
    })?;
    let now = Unfinished::of(plan, args, &then.log);
    if let Some(why) = other_build(&then, &now) {
        return Err(cannot(&why));
    }
    let log = system
        .read(&then.log, LARGEST_LOG)
        .map_err(|error| cannot(&format!("its log {}: {error}", then.log.display())))?;
    let progress = replay(&log, reactor);
    if progress.done() == 0 {
        return Ok(None);
    }
    let from = progress
        .resume_from(&reactor.names())
        .ok_or_else(|| cannot("its log does not tell in which module it stopped"))?;
    let open = |artifact: &str| match progress.started().iter().find(|it| it.artifact == artifact) {
        Some(module) => !module.done,
        None => !then.resumed,
    };
    if let Some(file) = changed_since(&then, &now, reactor, &open) {
        return Err(cannot(&format!("{file} has changed, of which something is built already")));
    }
    if let Some(module) = missing(system, plan, args, reactor, &progress, &from).first() {
        return Err(cannot(&format!(
            "{module} is not in the local repository, where what is left to build may look for it"
        )));
    }
    Ok(Some(format!(":{from}")))
}

fn cannot(why: &str) -> Trouble {
    Trouble::usage(format!("the last build cannot be resumed: {why}")).remedy(
        "`onramp build` builds everything; `--resume-from :MODULE` goes on without this check",
    )
}

/// What makes the two builds different ones.
fn other_build(then: &Unfinished, now: &Unfinished) -> Option<String> {
    let short = |commit: &Option<String>| -> String {
        commit.as_deref().unwrap_or("none").chars().take(10).collect()
    };
    if then.commit != now.commit {
        let (then, now) = (short(&then.commit), short(&now.commit));
        return Some(format!("it was of commit {then}, and {now} is checked out"));
    }
    if then.jdk != now.jdk {
        let (then, now) = (then.jdk.display(), now.jdk.display());
        return Some(format!("it used the JDK in {then}, and this one would use {now}"));
    }
    let words = |build: &Unfinished| [&build.goals[..], &build.arguments].concat().join(" ");
    (words(then) != words(now)).then(|| {
        format!("it was `mvn {}`, and this one would be `mvn {}`", words(then), words(now))
    })
}

/// What a log says of how far its build came.
fn replay(log: &[u8], reactor: &Reactor) -> Progress {
    let mut progress = Progress::new(Timings::default()).knowing(reactor, &Graph::of(reactor));
    let mut events = Events::new();
    let mut take = |_: &str, event: Option<crate::maven::events::Event>| {
        if let Some(event) = event {
            progress.apply(&event);
        }
    };
    events.feed(log, &mut take);
    events.finish(&mut take);
    progress
}

/// The first file that differs from what the build was made of and lies in a module that is not open
/// any more, or in none.
fn changed_since(
    then: &Unfinished,
    now: &Unfinished,
    reactor: &Reactor,
    open: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let (Some(before), Some(after)) = (&then.changed, &now.changed) else {
        return Some("one of many files that are not committed".to_owned());
    };
    let all = before.keys().chain(after.keys());
    let differing = all.filter(|file| before.get(*file) != after.get(*file));
    let built = |file: &&String| {
        let of = |folder: &Path| reactor.modules.iter().find(|module| module.folder == folder);
        let folder = folder_of(file, &|folder| of(folder).is_some());
        let module = folder.and_then(of);
        module.is_none_or(|module| module.folder == Path::new("") || !open(module.artifact()))
    };
    differing.into_iter().find(built).cloned()
}
