//! Messages of commits with the files each touches: what a request is written from. Reads only.

use git2::Oid;

use super::changes::touched;
use super::commit::{absent, subject_of};
use super::range::find;
use super::store::Opened;
use super::{Unreadable, Wanted};

/// Bytes read of a message: nobody writes so many, and a request would be refused with them.
const LONGEST: usize = 256 << 10;

/// What a commit says and touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Full id.
    pub commit: String,
    /// First line, foreign bytes replaced, cut where it is far too long.
    pub subject: String,
    /// The rest, trailers included, foreign bytes replaced.
    pub body: String,
    /// E-mail address of the author, foreign bytes replaced.
    pub author: String,
    /// More than one parent.
    pub merge: bool,
    /// Paths that differ from the first parent, foreign bytes replaced.
    pub files: Vec<String>,
}

/// The messages since the base, newest first.
pub(super) fn messages(
    repository: &Opened,
    wanted: &Wanted,
    limit: usize,
) -> Result<Vec<Message>, Unreadable> {
    let range = find(repository, wanted, limit)?;
    range.ids.iter().map(|id| message(repository, *id)).collect()
}

fn message(repository: &Opened, id: Oid) -> Result<Message, Unreadable> {
    let commit = repository.find_commit(id).map_err(|error| absent(repository, id, &error))?;
    let bytes = commit.message_bytes();
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST)]);
    let (_, body) = text.split_once('\n').unwrap_or((&text, ""));
    Ok(Message {
        commit: id.to_string(),
        subject: subject_of(bytes),
        body: body.trim().to_owned(),
        author: String::from_utf8_lossy(commit.author().email_bytes()).into_owned(),
        merge: commit.parent_count() > 1,
        files: touched(repository, id)?,
    })
}
