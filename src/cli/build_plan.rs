//! Finds what a build needs: the JDK that fits, Maven, memory, and the known failures. Joins
//! probes and packs; runs nothing.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::json;

use crate::exit::Exit;
use crate::host::{load, memory};
use crate::maven::catalogue::Catalogue;
use crate::maven::tuning::Machine;
use crate::observation::Unknown;
use crate::run::Observer;
use crate::text;

use super::Session;
use super::build::{self, BuildArgs, BuildPlan, Jdk};
use super::here;
use super::trouble::Trouble;
use super::workspace::Workspace;

/// The file of known failures, one per pack.
const FAILURES: &str = "build-failures.yaml";

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
    jdk: Option<&PathBuf>,
) -> anyhow::Result<BuildPlan> {
    let tree = workspace.tree.as_ref().filter(|tree| tree.pom.is_some()).ok_or_else(|| {
        Trouble::usage(format!(
            "{} lies in no work tree with a pom.xml",
            workspace.folder.display()
        ))
        .remedy("run it inside the clone; `onramp clone` makes one")
    })?;
    let state = session
        .machine
        .world()
        .git
        .state(&tree.root)
        .map_err(|reason| Trouble::usage(reason.to_string()))?;
    let maven: FoundMaven = look(session, workspace, "maven")?;
    let program = maven.path.ok_or_else(|| {
        Trouble::usage("Maven is not installed: there is no `mvn` on PATH")
            .remedy("`onramp check maven` says how to install it")
    })?;
    let (chosen, skip_rc) = match jdk {
        // The verb looks at it itself.
        Some(home) => (Jdk { home: home.clone(), feature: None, why: "--jdk".to_owned() }, true),
        None => choose(look(session, workspace, "jdk")?, workspace)?,
    };
    Ok(BuildPlan {
        title: workspace.project.title.clone(),
        root: tree.root.clone(),
        git_folder: PathBuf::from(state.git_folder),
        here: here::of_tree(session, &tree.root, state.head.id),
        jdk: chosen,
        skip_rc,
        maven: program,
        maven_version: maven.version,
        goals: workspace.project.build.goals.clone(),
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
    let tree = workspace.tree.as_ref().ok_or_else(|| {
        Trouble::usage(format!("{} lies in no work tree", workspace.folder.display()))
            .remedy("run it inside the clone; `onramp clone` makes one")
    })?;
    let state = session.machine.world().git.state(&tree.root);
    let state = state.map_err(|reason| Trouble::usage(reason.to_string()))?;
    let (title, folder) = (&workspace.project.title, PathBuf::from(state.git_folder));
    build::look_back(session, args, title, &folder, &catalogue(workspace)?)
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
        let seen =
            found.problem.or_else(|| Some(format!("Maven would use JDK {}", found.feature?)));
        let seen = seen.map(|seen| format!(" ({seen})")).unwrap_or_default();
        return Err(Trouble::usage(format!("no JDK {accepted} is installed here{seen}"))
            .remedy("`onramp check jdk` says how to install one; `--jdk HOME` names one that onramp does not know"));
    };
    let why = match (found.feature, &found.chosen_by) {
        (Some(feature), Some(by)) if !fits(found.feature) => {
            format!("installed here, and accepted; {by} has {feature}, which is not")
        }
        _ => "installed here, and accepted".to_owned(),
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

/// The known failures of the project and its parents.
///
/// # Errors
/// A mistake in a table.
pub(super) fn catalogue(workspace: &Workspace) -> anyhow::Result<Catalogue> {
    let tables = workspace.tables(FAILURES);
    let files = tables.iter().map(|(path, text)| (path.as_str(), *text));
    Ok(Catalogue::read(files).map_err(Trouble::usage)?)
}
