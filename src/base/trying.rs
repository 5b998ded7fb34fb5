//! Tries a change on the release branches that may take it: in memory, through git2. Fetches nothing.

use std::path::Path;

use super::maintained::Maintained;
use super::proposal::Tried;
use crate::git::{Candidate, Fitting, Repositories, Wanted};

/// How the change that is `wanted` fits onto each release branch among `candidates` that is, or may
/// be, maintained.
#[must_use]
pub fn tried(
    git: &dyn Repositories,
    tree: &Path,
    wanted: &Wanted,
    candidates: &[Candidate],
    maintained: &Maintained,
) -> Vec<Tried> {
    let possible = maintained.possible();
    let releases: Vec<&Candidate> = candidates
        .iter()
        .filter(|one| one.name != maintained.default && possible.contains(&one.name))
        .collect();
    let references: Vec<String> = releases.iter().map(|one| one.reference.clone()).collect();
    let fitting = match git.fits(tree, wanted, &references) {
        Ok(fits) => fits,
        Err(reason) => vec![Fitting::Unknown(reason.to_string()); references.len()],
    };
    let names = releases.iter().map(|one| one.name.clone());
    names.zip(fitting).map(|(branch, fitting)| Tried { branch, fitting }).collect()
}
