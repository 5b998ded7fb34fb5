//! A project's word on who is who: the `.mailmap` of one revision. Never the work tree's file, nor
//! one that git's settings name.

use git2::{ErrorCode, Repository, Signature, Time};

use super::Unreadable;
use super::open::promisor;

/// Largest file read: CloudStack's and Linux's take a few kilobytes.
const LIMIT: usize = 1 << 20;
/// Its name at the root of the tree.
const NAME: &str = ".mailmap";

/// Which address stands for which.
pub struct Mailmap(git2::Mailmap);

impl Mailmap {
    /// Reads a file's content; none where it is no text.
    #[must_use]
    pub fn read(content: &[u8]) -> Option<Self> {
        // Case makes no difference to git; to libgit2 it does.
        let content = String::from_utf8_lossy(content).to_ascii_lowercase();
        git2::Mailmap::from_buffer(&content).ok().map(Self)
    }

    /// The address that stands for this person's, itself where none does; in small letters.
    #[must_use]
    pub fn address(&self, name: &str, email: &str) -> String {
        // libgit2 takes no person without a name; nobody is called by a question mark.
        let name = if name.trim().is_empty() { "?" } else { name };
        let (name, email) = (name.to_ascii_lowercase(), email.to_ascii_lowercase());
        let person = Signature::new(&name, &email, &Time::new(0, 0));
        let mapped = person.and_then(|person| self.0.resolve_signature(&person));
        mapped.map_or_else(
            |_| email.clone(),
            |person| String::from_utf8_lossy(person.email_bytes()).into_owned(),
        )
    }
}

/// The mailmap of a revision.
pub(super) fn mailmap(
    repository: &Repository,
    revision: &str,
) -> Result<Option<Mailmap>, Unreadable> {
    let id = super::open::revision(repository, revision)?;
    let absent = |id: git2::Oid, error: &git2::Error| match error.code() {
        ErrorCode::NotFound => Unreadable::Missing(id.to_string(), promisor(repository).is_some()),
        _ => error.into(),
    };
    let commit = repository.find_commit(id).map_err(|error| absent(id, &error))?;
    let tree = commit.tree().map_err(|error| absent(commit.tree_id(), &error))?;
    let Some(entry) = tree.get_name(NAME) else { return Ok(None) };
    if entry.kind() != Some(git2::ObjectType::Blob) || entry.filemode() == 0o120_000 {
        return Ok(None);
    }
    let blob = repository.find_blob(entry.id()).map_err(|error| absent(entry.id(), &error))?;
    Ok(Some(blob.content()).filter(|content| content.len() <= LIMIT).and_then(Mailmap::read))
}
