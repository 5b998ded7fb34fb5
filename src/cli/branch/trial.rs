//! Makes the new commits in a work tree of their own, which is taken away again. The user's files,
//! index and branches are not touched, whatever comes out.

use std::path::Path;

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::git::rewrite::{NO_FILES, Rewrite, Way};
use crate::sys::Access;

use super::git::{run, run_well};

/// What came out.
pub(super) enum Outcome {
    /// Full id of the newest of the new commits.
    Made(String),
    /// The commit that does not fit, where git knows it, and the files in conflict.
    Conflict(Option<String>, Vec<String>),
}

/// Puts the commits between `past` and `tip` onto `onto`.
///
/// # Errors
/// Where git fails for another reason than a conflict.
pub(super) fn attempt(
    session: &Session<'_>,
    rewrite: &Rewrite,
    way: Way,
    (onto, past, tip): (&str, &str, &str),
) -> Result<Outcome, Trouble> {
    let _trial = Trial { session, rewrite };
    run_well(session, &rewrite.begin(tip), "no place could be made to try it")?;
    let unusable = "the place to try it cannot be used";
    let folder = run_well(session, &rewrite.trial_folder(), unusable)?;
    let patterns = Path::new(&folder.text()).join("info/sparse-checkout");
    session.bench.write(&patterns, NO_FILES.as_bytes(), Access::Private).map_err(|error| {
        Trouble::failed(format!("{} cannot be written: {error}", patterns.display()))
            .remedy("make room on the disk")
    })?;
    run_well(session, &rewrite.fill(), "the place to try it cannot be filled")?;
    let rebased = run(session, &rewrite.rebase(way, onto, past))?;
    if !rebased.ok() {
        let files = run(session, &rewrite.unmerged())?.names();
        if files.is_empty() {
            return Err(rebased.trouble("the commits could not be made"));
        }
        let commit = run(session, &rewrite.stopped_at())?;
        return Ok(Outcome::Conflict(commit.ok().then(|| commit.text()), files));
    }
    let made = run_well(session, &rewrite.outcome(), "the new commits cannot be read")?;
    Ok(Outcome::Made(made.text()))
}

/// Takes away what a killed run left of its trial. Only whoever holds the clone's lock may.
///
/// # Errors
/// A folder that cannot be removed.
pub(super) fn clear(session: &Session<'_>, rewrite: &Rewrite) -> Result<(), Trouble> {
    if session.bench.kind(&rewrite.trial).is_none() {
        return Ok(());
    }
    // Where git knows it no longer, the folder still has to go.
    run(session, &rewrite.end())?;
    if session.bench.kind(&rewrite.trial).is_some() {
        session.bench.remove_folder(&rewrite.trial).map_err(|error| {
            Trouble::failed(format!("{} cannot be removed: {error}", rewrite.trial.display()))
                .remedy("remove it by hand; an earlier run was killed and left it")
        })?;
    }
    run(session, &rewrite.prune())?;
    Ok(())
}

struct Trial<'a> {
    session: &'a Session<'a>,
    rewrite: &'a Rewrite,
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        // What cannot be taken away now is at the next run.
        let _ = clear(self.session, self.rewrite);
    }
}
