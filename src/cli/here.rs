//! What a run would be about if it were made now: the commit, the files beside it, the base and the
//! checks. Looks through git's own files only; decides nothing.

use std::path::Path;

use crate::git::{Base, Status};
use crate::pack::Check;
use crate::results::{BasePoint, Here, Tree, digest};

use super::Session;
use super::workspace::Workspace;

/// The stage that is about the patch.
pub const PATCH: &str = "patch";

/// The commit that is checked out in `root`, and whether anything differs from it.
#[must_use]
pub fn now(session: &Session<'_>, root: &Path) -> Here {
    let state = session.machine.world().git.state(root);
    of_tree(session, root, state.ok().and_then(|state| state.head.id))
}

/// The same where the commit is known already.
#[must_use]
pub fn of_tree(session: &Session<'_>, root: &Path, commit: Option<String>) -> Here {
    with_status(commit, session.machine.world().git.status(root).ok().as_ref())
}

/// The same where the files were looked at already.
#[must_use]
pub fn with_status(commit: Option<String>, status: Option<&Status>) -> Here {
    let tree = status.map(|status| Tree {
        changed: status.changed_total > 0 || status.repository.operation.is_some(),
        untracked: status.untracked_total > 0,
    });
    Here { onramp: env!("CARGO_PKG_VERSION").to_owned(), commit, tree, ..Here::default() }
}

/// What the commits are held against.
#[must_use]
pub fn base(base: &Base) -> BasePoint {
    BasePoint { name: base.name.clone(), tip: base.id.clone(), parting: base.merge_base.clone() }
}

/// The checks of the patch, in order.
#[must_use]
pub fn patch_checks(workspace: &Workspace) -> Vec<&Check> {
    let mut checks = workspace.all_checks();
    checks.retain(|check| check.stage() == PATCH);
    checks
}

/// Adds what a run depends on that judges: the policy, and these checks with the project's values.
#[must_use]
pub fn judged(here: Here, workspace: &Workspace, checks: &[&Check]) -> Here {
    // Another version of onramp may write these differently, and its results are stale anyway.
    let project = format!("{:?}", workspace.project);
    let checks: Vec<String> = checks.iter().map(|check| format!("{check:?}")).collect();
    let parts = std::iter::once(project.as_str()).chain(checks.iter().map(String::as_str));
    let policy = Some(workspace.policy.name.clone());
    Here { policy, digest: Some(digest(parts)), ..here }
}
