//! What the verb works on: the tree, the change, the known steps, and what a pull request with that
//! change meets. Reads plain files and git's own; runs nothing.

use std::path::{Path, PathBuf};

use super::CiArgs;
use super::sources::TreeFiles;
use crate::ci::plan::{Change, Plan, plan};
use crate::ci::rules::{Rules, Tool};
use crate::cli::Session;
use crate::cli::pr_plan;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::Workspace;
use crate::git::{Changes, Unreadable};
use crate::sys::System;

/// The file of known steps, one per pack.
const STEPS: &str = "ci-steps.yaml";
/// What runs hooks, the faster first.
const HOOK_RUNNERS: [&str; 2] = ["prek", "pre-commit"];

/// All that was found out before anything runs.
pub(super) struct Seen {
    /// The work tree.
    pub(super) root: PathBuf,
    /// What a pull request meets.
    pub(super) plan: Plan,
    /// The change, or why it cannot be told.
    pub(super) changes: Result<Changes, Unreadable>,
}

/// The root of the work tree.
///
/// # Errors
/// Where there is none.
pub(super) fn place(workspace: &Workspace) -> Result<PathBuf, Trouble> {
    Ok(workspace.any_tree()?.root.clone())
}

/// Lists what a pull request from this tree meets.
///
/// # Errors
/// A base that is not known, a mistake in a table of steps, a tree without workflows.
pub(super) fn look(
    session: &Session<'_>,
    workspace: &Workspace,
    root: PathBuf,
    args: &CiArgs,
) -> anyhow::Result<Seen> {
    let wanted = pr_plan::wanted(workspace, args.base.as_deref());
    let changes = session.machine.world().git.changes(&root, &wanted);
    if let (Err(reason @ Unreadable::Revision(_)), true) = (&changes, args.base.is_some()) {
        return Err(Trouble::usage(reason.to_string())
            .remedy(
                "name a branch, a tag or a commit id; `git fetch upstream` brings the project's",
            )
            .into());
    }
    let change = Change {
        base: changes.as_ref().ok().map(|changes| changes.base.name.clone()),
        files: match &changes {
            Ok(changes) => Ok(changes.files.iter().map(|file| file.file.clone()).collect()),
            Err(reason) => Err(reason.to_string()),
        },
        repository: workspace.project.repository.as_deref().and_then(owner_and_name),
    };
    let rules = rules(workspace)?;
    let files = TreeFiles::of(session.bench, &root);
    let plan = plan(&files, &rules, &change, &|tool, program| has(session.bench, tool, program));
    if plan.totals.workflows == 0 {
        let state = session.machine.world().git.state(&root);
        let patterns = state.map(|state| Path::new(&state.git_folder).join("info/sparse-checkout"));
        if patterns.is_ok_and(|patterns| session.bench.kind(&patterns).is_some()) {
            return Err(Trouble::usage(format!("{} has no workflows checked out", root.display()))
                .remedy("git sparse-checkout add .github")
                .into());
        }
        return Err(Trouble::usage(format!("{} has no workflows", root.display()))
            .remedy("a project's CI is read from .github/workflows; `onramp check patch` runs onramp's own checks")
            .into());
    }
    Ok(Seen { root, plan, changes })
}

/// `https://github.com/apache/cloudstack.git` is `apache/cloudstack`.
fn owner_and_name(url: &str) -> Option<String> {
    let plain = url.trim_end_matches('/');
    let plain = plain.strip_suffix(".git").unwrap_or(plain);
    let mut parts = plain.rsplit(['/', ':']);
    let (name, owner) = (parts.next()?, parts.next()?);
    Some(format!("{owner}/{name}"))
}

fn rules(workspace: &Workspace) -> Result<Rules, Trouble> {
    let tables = workspace.tables(STEPS);
    let files = tables.iter().map(|(path, text)| (path.as_str(), *text));
    Rules::read(files).map_err(Trouble::usage)
}

/// The program that a tool is here, where it is installed.
pub(super) fn program(system: &dyn System, tool: Tool, program: &str) -> Option<PathBuf> {
    match tool {
        Tool::Maven => system.find_program("mvn"),
        Tool::PreCommit => HOOK_RUNNERS.into_iter().find_map(|name| system.find_program(name)),
        Tool::Program => system.find_program(program),
        Tool::Onramp => None,
    }
}

fn has(system: &dyn System, tool: Tool, name: &str) -> bool {
    tool == Tool::Onramp || program(system, tool, name).is_some()
}
