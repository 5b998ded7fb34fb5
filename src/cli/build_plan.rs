//! Finds what a build needs: the JDK that fits, Maven, memory, and the known failures. Joins
//! probes and packs; runs nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::json;

use crate::exit::Exit;
use crate::git::Status;
use crate::host::{load, memory};
use crate::maven::catalogue::{Catalogue, Shelved};
use crate::maven::project;
use crate::maven::tuning::Machine;
use crate::observation::Unknown;
use crate::pack::load::is_embedded;
use crate::profile::Tree;
use crate::results::digest;
use crate::run::Observer;
use crate::sys::System;
use crate::text;

use super::Session;
use super::build::{self, BuildArgs, BuildPlan, Jdk, Way};
use super::build_maven::{self, OnPath};
use super::here;
use super::trouble::Trouble;
use super::workspace::Workspace;

/// The file of known failures, one per pack.
const FAILURES: &str = "build-failures.yaml";

/// A source file is smaller; of a larger one only its name counts.
const LARGEST_SOURCE: u64 = 16 << 20;

/// What the probe `jdk` found, as far as a build needs it.
#[derive(Debug, Deserialize)]
struct FoundJdk {
    home: Option<PathBuf>,
    feature: Option<u64>,
    chosen_by: Option<String>,
    compiler: bool,
    set_in: Option<serde_json::Value>,
    problem: Option<String>,
    installed: Vec<Installed>,
}

#[derive(Debug, Deserialize)]
struct Installed {
    home: PathBuf,
    feature: Option<u64>,
    compiler: bool,
}

#[derive(Debug, Deserialize)]
struct FoundMaven {
    path: Option<PathBuf>,
    version: Option<String>,
}

/// Works out the plan of a build in the work tree.
///
/// # Errors
/// No work tree, no Maven, no JDK that fits, a mistake in a table of failures.
pub fn build_plan(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &BuildArgs,
    way: Way,
    offline: bool,
) -> anyhow::Result<BuildPlan> {
    let tree = tree(session, workspace)?;
    let state = session
        .machine
        .world()
        .git
        .state(&tree.root)
        .map_err(|reason| Trouble::usage(reason.to_string()))?;
    let status = session.machine.world().git.status(&tree.root).ok();
    let maven: FoundMaven = look(session, workspace, "maven")?;
    let found = OnPath { path: maven.path, version: maven.version };
    let maven = build_maven::choose(session.bench, &tree.root, args, found, offline)?;
    let (chosen, skip_rc) = match &args.jdk {
        // The verb looks at it itself.
        Some(home) => (Jdk { home: home.clone(), feature: None, why: "--jdk".to_owned() }, true),
        None => choose(look(session, workspace, "jdk")?, workspace)?,
    };
    Ok(BuildPlan {
        title: workspace.project.title.clone(),
        root: tree.root.clone(),
        git_folder: PathBuf::from(state.git_folder),
        here: here::with_status(state.head.id, status.as_ref()),
        changed: status.as_ref().and_then(|status| changed(session.bench, &tree.root, status)),
        jdk: chosen,
        skip_rc,
        goals: way.goals.clone(),
        way,
        partial: maven.reuses,
        maven,
        offline,
        machine: machine(session),
        catalogue: catalogue(workspace)?,
    })
}

/// Tells of earlier builds in the work tree.
///
/// # Errors
/// No work tree, no earlier build, a mistake in a table of failures.
pub fn look_back(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &BuildArgs,
) -> anyhow::Result<Exit> {
    let tree = workspace.any_tree()?;
    let state = session.machine.world().git.state(&tree.root);
    let state = state.map_err(|reason| Trouble::usage(reason.to_string()))?;
    let (title, folder) = (&workspace.project.title, PathBuf::from(state.git_folder));
    build::look_back(session, args, title, &folder, catalogue(workspace)?.open())
}

/// The work tree that is built.
///
/// # Errors
/// None, one without a pom that can be read, or one of something else than the project.
pub(super) fn tree<'a>(
    session: &Session<'_>,
    workspace: &'a Workspace,
) -> Result<&'a Tree, Trouble> {
    let tree = workspace.any_tree()?;
    if tree.pom.is_some() {
        // Building runs a tree's code, and a stranger's was not meant.
        return workspace.clone_here(session.machine.world().git);
    }
    if session.bench.kind(&tree.root.join("pom.xml")).is_none() {
        let what = format!("the work tree {} has no pom.xml", tree.root.display());
        return Err(Trouble::usage(what)
            .remedy("run it inside a clone that Maven builds; `onramp clone` makes one"));
    }
    match project::reactor(session.bench, &tree.root) {
        Err(problem) => Err(build::unreadable(&tree.root, &problem)),
        Ok(_) => Ok(tree),
    }
}

fn look<T: for<'a> Deserialize<'a>>(
    session: &Session<'_>,
    workspace: &Workspace,
    probe: &str,
) -> anyhow::Result<T> {
    let tree = workspace.tree.as_ref().map(|tree| tree.root.to_string_lossy().into_owned());
    let arguments = json!({ "tree": tree, "deep": false });
    match session.machine.observe(probe, &arguments) {
        Ok(found) => Ok(serde_json::from_value(found)?),
        Err(Unknown(reason)) => {
            Err(Trouble::usage(reason).remedy("`onramp check machine` tells more").into())
        }
    }
}

/// The files that are not committed, each with a digest of what is in it; none where not all of them
/// are listed.
fn changed(system: &dyn System, root: &Path, status: &Status) -> Option<BTreeMap<String, String>> {
    let listed = status.changed.len() + status.untracked.len();
    if status.changed_total + status.untracked_total > listed as u64 {
        return None;
    }
    let entries = status.changed.iter().chain(&status.untracked);
    let digested = entries.map(|entry| {
        // One that is gone, or a folder as a whole, is told by its kind alone.
        let content = system.read(&root.join(&entry.file), LARGEST_SOURCE).unwrap_or_default();
        (
            entry.file.clone(),
            format!("{} {}", entry.status, digest([&*String::from_utf8_lossy(&content)])),
        )
    });
    Some(digested.collect())
}

/// The JDK that Maven would use where the project accepts it, else the best one installed; and
/// whether start-up files that set another must be left out.
fn choose(found: FoundJdk, workspace: &Workspace) -> Result<(Jdk, bool), Trouble> {
    let wanted = &workspace.project.jdk;
    let fits =
        |feature: Option<u64>| feature.is_some_and(|feature| wanted.accepted.contains(&feature));
    if let (Some(home), true, true) = (&found.home, fits(found.feature), found.compiler) {
        let why = found.chosen_by.unwrap_or_else(|| "what Maven would use".to_owned());
        return Ok((Jdk { home: home.clone(), feature: found.feature, why }, false));
    }
    let fitting = || found.installed.iter().filter(|jdk| jdk.compiler && fits(jdk.feature));
    let best =
        fitting().find(|jdk| jdk.feature == Some(wanted.recommended)).or_else(|| fitting().next());
    let accepted = text::releases(&wanted.accepted);
    let Some(best) = best else {
        let seen = found
            .problem
            .clone()
            .or_else(|| Some(format!("Maven would use JDK {}", found.feature?)));
        let seen = seen.map(|seen| format!(" ({seen})")).unwrap_or_default();
        return Err(Trouble::usage(format!("no JDK {accepted} is installed here{seen}"))
            .remedy("`onramp check jdk` says how to install one; `--jdk HOME` names one that onramp does not know"));
    };
    let why = match (found.feature, &found.chosen_by) {
        (Some(feature), Some(by)) if !fits(found.feature) => {
            format!("installed here, and accepted; {by} has {feature}, which is not")
        }
        _ => match &found.problem {
            Some(problem) => format!("installed here, and accepted; {problem}"),
            None => "installed here, and accepted".to_owned(),
        },
    };
    let jdk = Jdk { home: best.home.clone(), feature: best.feature, why };
    Ok((jdk, found.set_in.is_some()))
}

fn machine(session: &Session<'_>) -> Machine {
    // Where memory cannot be read the tuning is that of a small machine.
    let memory = memory::look(session.bench).ok();
    let total = memory.as_ref().map_or(4 << 30, |memory| memory.total);
    Machine {
        cores: session.bench.cores(),
        busy: load::busy(session.bench),
        total,
        available: memory.as_ref().and_then(|memory| memory.available).unwrap_or(total / 2),
        limit: memory.and_then(|memory| memory.limit),
    }
}

/// The known failures of the project and its parents. A user's own tables are read at once, so that
/// a mistake in them is not found after an hour of building.
///
/// # Errors
/// A mistake in a table.
pub(super) fn catalogue(workspace: &Workspace) -> anyhow::Result<Shelved> {
    let tables = workspace.tables(FAILURES);
    let files = || tables.iter().map(|(path, text)| (path.as_str(), *text));
    if files().all(|(path, text)| is_embedded(path, text)) {
        return Ok(Shelved::of_onramp(files()));
    }
    Ok(Catalogue::read(files()).map_err(Trouble::usage)?.into())
}
