//! Looks where the gate before a request stands: what the last check of the patch came to, held
//! against what is here. Runs no check itself.

use std::path::Path;

use crate::cli::Session;
use crate::cli::here;
use crate::cli::workspace::Workspace;
use crate::git::{Branch, Status};
use crate::pr::gate::Gate;
use crate::results::{Here, Recorded};

/// Where the gate stands in a clone. `base` is the branch the author asked for.
#[must_use]
pub fn gate(
    session: &Session<'_>,
    workspace: &Workspace,
    git_folder: &Path,
    (branch, status): (&Branch, Option<&Status>),
    base: Option<&str>,
) -> Gate {
    let checks = here::patch_checks(workspace);
    if checks.is_empty() {
        return Gate::Absent;
    }
    let now = here::with_status(branch.head.id.clone(), status);
    let now = Here { base: branch.base.as_ref().map(here::base), ..now };
    let now = here::judged(now, workspace, &checks);
    Gate::of(Recorded::read(session.bench, git_folder).as_ref(), &now, base)
}
