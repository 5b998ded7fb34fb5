//! What steps that move a branch leave behind so that they can be taken back: two references, where
//! the branch was before and after. Reads them; the git program writes them.

use git2::Repository;

use super::Unreadable;

/// Where they are kept.
pub const PLACE: &str = "refs/onramp/backup/";

/// One step that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Name of the branch.
    pub branch: String,
    /// When it was, as `20260724T120000Z`.
    pub stamp: String,
    /// Which step it was, such as `retarget`.
    pub verb: String,
    /// Full id of the commit the branch was at.
    pub before: String,
    /// Full id of the commit it went to.
    pub after: String,
}

impl Backup {
    /// The folder of its two references.
    #[must_use]
    pub fn folder(&self) -> String {
        format!("{PLACE}{}/{}-{}", self.branch, self.stamp, self.verb)
    }
}

/// The backups of a branch, newest first.
pub(super) fn backups(repository: &Repository, branch: &str) -> Result<Vec<Backup>, Unreadable> {
    let folder = format!("{PLACE}{branch}/");
    let mut found = Vec::new();
    for reference in repository.references_glob(&format!("{folder}*/before"))? {
        let reference = reference?;
        let Ok(name) = std::str::from_utf8(reference.name_bytes()) else { continue };
        let Some(step) = name.strip_prefix(&folder).and_then(|rest| rest.strip_suffix("/before"))
        else {
            continue;
        };
        // The backups of `a/b` lie below those of `a`.
        let Some((stamp, verb)) = step.split_once('-').filter(|_| !step.contains('/')) else {
            continue;
        };
        let after = repository.find_reference(&format!("{folder}{step}/after"));
        let (Some(before), Some(after)) =
            (reference.target(), after.ok().and_then(|after| after.target()))
        else {
            continue;
        };
        found.push(Backup {
            branch: branch.to_owned(),
            stamp: stamp.to_owned(),
            verb: verb.to_owned(),
            before: before.to_string(),
            after: after.to_string(),
        });
    }
    found.sort_by(|one, other| other.stamp.cmp(&one.stamp));
    Ok(found)
}
