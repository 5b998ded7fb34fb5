//! Whether somebody has commits in a history. Looks at authors only, newest commit first, and at a
//! bounded number of them; fetches nothing.

use git2::{Repository, Sort};

use super::commit::absent;
use super::{Unreadable, open};

/// What a history says about one author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authored {
    /// Full id of the newest commit of theirs; none where there is none among those looked at.
    pub commit: Option<String>,
    /// How many commits were looked at.
    pub looked: u64,
    /// These were all that there are.
    pub whole: bool,
}

/// Looks for a commit whose author, by name and address, `is_theirs`.
pub(super) fn authored(
    repository: &Repository,
    revision: &str,
    limit: u64,
    is_theirs: &dyn Fn(&str, &str) -> bool,
) -> Result<Authored, Unreadable> {
    let mut walk = repository.revwalk()?;
    walk.set_sorting(Sort::TIME)?;
    walk.push(open::revision(repository, revision)?)?;
    let mut looked = 0;
    for id in walk {
        let id = id?;
        if looked == limit {
            return Ok(Authored { commit: None, looked, whole: false });
        }
        let commit = repository.find_commit(id).map_err(|error| absent(repository, id, &error))?;
        looked += 1;
        let author = commit.author();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if is_theirs(&text(author.name_bytes()), &text(author.email_bytes())) {
            return Ok(Authored { commit: Some(id.to_string()), looked, whole: false });
        }
    }
    Ok(Authored { commit: None, looked, whole: !repository.is_shallow() })
}
