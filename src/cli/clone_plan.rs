//! Finds what a clone needs: git, the documented address, the branches and the room. Joins the
//! profile and the machine; runs nothing.

use std::path::PathBuf;
use std::time::Duration;

use super::Session;
use super::clone::{CloneArgs, ClonePlan, Needs};
use super::trouble::Trouble;
use super::workspace::Workspace;

/// Longest silence of a server before a transfer is given up.
const STALL: Duration = Duration::from_secs(120);

/// Longest wait for another run, or for the git that a killed run has left behind.
const PATIENCE: Duration = Duration::from_secs(60);

/// Works out the plan, and the arguments with the folder made absolute.
///
/// # Errors
/// A project that documents no repository.
pub fn clone_plan(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &CloneArgs,
    offline: bool,
) -> Result<(CloneArgs, ClonePlan), Trouble> {
    let project = &workspace.project;
    if offline && !args.adopt && !args.dry_run {
        return Err(Trouble::usage("a clone needs the network, and --offline leaves it alone")
            .remedy("leave --offline out; --dry-run shows what would be done"));
    }
    let repository = project.repository.clone().ok_or_else(|| {
        Trouble::usage(format!("{} documents no repository of its own", project.title))
            .remedy("name the project to clone with --project, such as `--project cloudstack`")
    })?;
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from(&project.name));
    if workspace.folder.join(&folder).to_str().is_none() {
        let what = format!("{} is not UTF-8", workspace.folder.join(&folder).display());
        return Err(Trouble::usage(what)
            .remedy("name another folder; in this one onramp could not name the clone's files"));
    }
    let args = CloneArgs { folder: Some(workspace.folder.join(folder)), ..args.clone() };
    let plan = ClonePlan {
        git: session.bench.find_program("git"),
        project: project.name.clone(),
        title: project.title.clone(),
        repository,
        branches: project.branches.maintained.clone(),
        needs: Needs {
            partial: project.disk.partial,
            full: project.disk.full,
            shallow: project.disk.shallow,
        },
        stall: STALL,
        patience: PATIENCE,
    };
    Ok((args, plan))
}
