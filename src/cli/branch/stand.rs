//! Finds out where the branch stands: base, kind of change, the witnesses, upstream's news. Reads
//! through git2 only: runs nothing, fetches nothing.

use std::path::{Path, PathBuf};

use crate::base::{self, Asked, Fitting, Maintained, propose, work};
use crate::cli::Session;
use crate::cli::pr_plan;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::Workspace;
use crate::git::{self, Branch, Unreadable, Wanted};

use super::journal;
use super::shape::{News, Own, Stand};

/// Most commits listed.
const LIMIT: usize = 200;

/// Looks at the branch.
///
/// # Errors
/// No work tree, one of something else, or one that cannot be read.
pub fn look(session: &Session<'_>, workspace: &Workspace) -> Result<Stand, Trouble> {
    let root = root(session, workspace)?;
    let git = session.machine.world().git;
    let maintained = maintained(session, workspace, &root)?;
    let wanted = wanted(workspace, &maintained);
    let state = git.state(&root).map_err(unreadable)?;
    let branch = git.branch(&root, &wanted).map_err(unreadable)?;
    let head = branch.head.id.clone().ok_or_else(|| {
        unreadable(Unreadable::Unborn(branch.head.name.clone().unwrap_or_default()))
    })?;
    let based = branch.base.is_some();
    let commits =
        if based { Some(git.commits(&root, &wanted, LIMIT).map_err(unreadable)?) } else { None };
    let work =
        if based { work(git, &root, &wanted).map_err(unreadable)? } else { base::work_of(&[]) };
    let tried = if based {
        base::tried(git, &root, &wanted, &branch.candidates, &maintained)
    } else {
        Vec::new()
    };
    let current = branch.base.as_ref().map(|base| base.name.as_str());
    let proposal = propose(&work, &maintained, &tried, current);
    let total = commits.as_ref().map_or(0, |commits| commits.total);
    let commits = commits.map(|commits| commits.commits).unwrap_or_default();
    let mut stand = Stand {
        cut_short: journal::present(session.bench, Path::new(&state.git_folder)),
        operation: state.operation,
        head,
        on_base: branch.on_base,
        news: news(session, &root, &wanted, &branch),
        foreign: branch.foreign_commits,
        published: branch.pushed,
        branch: branch.head.name,
        base: branch.base,
        commits: commits.into_iter().map(own).collect(),
        work,
        maintained,
        tried,
        proposal,
        total,
        next: None,
    };
    stand.next = stand.step();
    Ok(stand)
}

/// The root of the project's work tree.
///
/// # Errors
/// No work tree, or one of something else.
pub(super) fn root(session: &Session<'_>, workspace: &Workspace) -> Result<PathBuf, Trouble> {
    Ok(workspace.clone_here(session.machine.world().git)?.root.clone())
}

/// The maintained branches and who says so.
///
/// # Errors
/// A repository that cannot be read.
pub(in crate::cli) fn maintained(
    session: &Session<'_>,
    workspace: &Workspace,
    root: &Path,
) -> Result<Maintained, Trouble> {
    let project = &workspace.project;
    let asked = Asked {
        tree: root,
        repository: project.repository.as_deref().unwrap_or_default(),
        branches: &project.branches,
        project: &project.name,
        now: session.bench.now(),
    };
    base::maintained(session.machine.world().git, asked).map_err(unreadable)
}

/// The history that counts: against every branch of the project that a witness names.
pub(super) fn wanted(workspace: &Workspace, maintained: &Maintained) -> Wanted {
    let branches = maintained.branches.iter().map(|standing| standing.branch.clone()).collect();
    Wanted { branches, ..pr_plan::wanted(workspace, None) }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
pub(super) fn unreadable(reason: Unreadable) -> Trouble {
    Trouble::usage(reason.to_string())
}

fn own(commit: git::Commit) -> Own {
    Own {
        commit: commit.commit,
        short: commit.short,
        subject: commit.subject,
        merge: commit.parents > 1,
        signed: commit.signed,
    }
}

/// What upstream has since, and whether it goes together with the branch.
fn news(session: &Session<'_>, root: &Path, wanted: &Wanted, branch: &Branch) -> Option<News> {
    let base = branch.base.as_ref()?;
    let fitting = match session.machine.world().git.merge(root, wanted) {
        Err(reason) => Fitting::Unknown(reason.to_string()),
        Ok(merge) if merge.conflicts.is_empty() => Fitting::Applies,
        Ok(merge) => {
            Fitting::Conflicts(merge.conflicts.into_iter().map(|conflict| conflict.file).collect())
        }
    };
    Some(News { commits: base.behind, fitting })
}
