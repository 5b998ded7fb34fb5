//! What a run would be about if it were made now: the commit, the files beside it, the base and the
//! checks. Looks through git's own files only; decides nothing.

use std::path::Path;

use crate::git::Base;
use crate::pack::Check;
use crate::results::{BasePoint, Here, Tree, digest};

use super::Session;
use super::workspace::Workspace;

/// The commit that is checked out in `root`, and whether anything differs from it.
#[must_use]
pub fn now(session: &Session<'_>, root: &Path) -> Here {
    let state = session.machine.world().git.state(root);
    of_tree(session, root, state.ok().and_then(|state| state.head.id))
}

/// The same where the commit is known already.
#[must_use]
pub fn of_tree(session: &Session<'_>, root: &Path, commit: Option<String>) -> Here {
    let status = session.machine.world().git.status(root).ok();
    let tree = status.map(|status| Tree {
        changed: status.changed_total > 0 || status.repository.operation.is_some(),
        untracked: status.untracked_total > 0,
    });
    Here { onramp: env!("CARGO_PKG_VERSION").to_owned(), commit, tree, ..Here::default() }
}

/// Adds what a run depends on that judges: the base, the policy, and these checks with the
/// project's values.
///
/// # Errors
/// Where a value cannot be written as plain data; no project has one.
pub fn judged(
    here: Here,
    workspace: &Workspace,
    base: Option<&Base>,
    checks: &[&Check],
) -> serde_json::Result<Here> {
    let project = serde_json::to_string(&workspace.project)?;
    // Another version of onramp may write a check differently, and its results count as stale
    // anyway.
    let checks: Vec<String> = checks.iter().map(|check| format!("{check:?}")).collect();
    let parts = std::iter::once(project.as_str()).chain(checks.iter().map(String::as_str));
    let base = base.map(|base| BasePoint {
        name: base.name.clone(),
        tip: base.id.clone(),
        parting: base.merge_base.clone(),
    });
    let policy = Some(workspace.policy.name.clone());
    Ok(Here { base, policy, digest: Some(digest(parts)), ..here })
}
