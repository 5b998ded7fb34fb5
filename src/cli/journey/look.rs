//! Gathers what the road is drawn from: where the user is and how the clone stands. Decides
//! nothing about the road.

use std::collections::BTreeMap;
use std::path::Path;

use super::facts::{Clone, Network, Place, Remotes};
use crate::cli::Session;
use crate::cli::clone::TOPIC;
use crate::cli::pr::gate;
use crate::cli::pr_plan::{wanted, whereabouts};
use crate::cli::workspace::Workspace;
use crate::git::{self, Entry, Repositories, Unreadable, Wanted};
use crate::pack::Check;
use crate::profile::{Tree, detect};
use crate::results::Recorded;

/// The probe that connects.
const REACH: &str = "reach";

/// The checks of the network, with whom they ask.
pub(super) fn network(checks: &[&Check]) -> BTreeMap<String, Network> {
    let asking = checks.iter().filter(|check| check.probe == REACH);
    let whom = |check: &Check| {
        let git = check.arguments.to_string().contains("run.git_urls");
        if git { Network::Git } else { Network::Maven }
    };
    asking.map(|check| (check.id.clone(), whom(check))).collect()
}

/// Where the user is.
pub(super) fn place(session: &Session<'_>, workspace: &Workspace) -> Place {
    let git = session.machine.world().git;
    let here = workspace.folder.display().to_string();
    let Some(tree) = &workspace.tree else {
        return match git.state(&workspace.folder) {
            Ok(state) if state.bare => occupied(
                format!("{here} lies in a bare repository, without files to work on"),
                Path::new(&state.git_folder),
            ),
            _ => outside(session, workspace),
        };
    };
    let root = tree.root.as_path();
    if !workspace.fits() {
        let why = format!("{} is a repository of something else", root.display());
        return occupied(why, root);
    }
    clone(session, workspace, root).unwrap_or_else(|why| Place::Unreadable(why.to_string()))
}

fn occupied(why: String, root: &Path) -> Place {
    Place::Occupied(why, root.parent().unwrap_or(root).display().to_string())
}

/// In no repository: perhaps right beside the clone.
fn outside(session: &Session<'_>, workspace: &Workspace) -> Place {
    let (folder, name) = (workspace.folder.display().to_string(), workspace.project.name.clone());
    let child = workspace.folder.join(&name);
    let repository = session.bench.kind(&child.join(".git")).is_some();
    let pom = repository.then(|| Tree::read(session.bench, &child).pom).flatten();
    let project = pom.and_then(|pom| detect(&workspace.checks.packs.projects, &pom));
    if project.is_some_and(|project| workspace.chain.contains(&project)) {
        return Place::Beside(folder, name);
    }
    Place::Outside(folder)
}

fn clone(session: &Session<'_>, workspace: &Workspace, root: &Path) -> Result<Place, Unreadable> {
    let git = session.machine.world().git;
    let wanted = wanted(workspace, None);
    let state = git.state(root)?;
    let branch = git.branch(root, &wanted)?;
    let status = git.status(root)?;
    let git_folder = Path::new(&state.git_folder);
    let seen = (&branch, Some(&status));
    let gate = gate::gate(session, workspace, git_folder, seen, None);
    let names = |entries: Vec<Entry>| entries.into_iter().map(|entry| entry.file).collect();
    Ok(Place::Clone(Box::new(Clone {
        folder: root.display().to_string(),
        here: whereabouts(workspace, &branch),
        remotes: remotes(&branch.remotes),
        topic: topic(git, root, wanted),
        base: branch.base.as_ref().map(|base| base.name.clone()),
        commits: branch.base.map_or(0, |base| base.ahead),
        on_base: branch.on_base,
        branch: branch.head.name,
        head: branch.head.state,
        commit: branch.head.id,
        operation: state.operation,
        changed: names(status.changed),
        untracked: names(status.untracked),
        build: Recorded::read(session.bench, git_folder),
        gate,
        handed: Recorded::read(session.bench, git_folder),
    })))
}

fn remotes(all: &git::Remotes) -> Remotes {
    Remotes {
        project: all.project.clone(),
        upstream: all.upstream.is_some(),
        adoptable: all.all.iter().any(|remote| remote.project || remote.fork),
    }
}

/// Whether the usual topic branch is there: it can be compared with itself.
fn topic(git: &dyn Repositories, root: &Path, wanted: Wanted) -> bool {
    let branch = Some(format!("refs/heads/{TOPIC}"));
    git.commits(root, &Wanted { head: branch.clone(), base: branch, ..wanted }, 1).is_ok()
}
