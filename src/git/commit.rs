//! One commit: who and what. Which bytes its signature covers stands in `signed`.

use git2::{Oid, Repository};
use schemars::JsonSchema;
use serde::Serialize;

use crate::text::byte_lines;

use super::Unreadable;
use super::open::promisor;
use super::signed::{SignatureKind, SignedObject, split};
use super::trailers::{self, Trailer};

/// An author or committer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Person {
    /// Name, foreign bytes replaced.
    pub name: String,
    /// E-mail address, foreign bytes replaced.
    pub email: String,
    /// Seconds since the epoch.
    pub time: i64,
}

/// One commit, as a check sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Commit {
    /// Full id.
    pub commit: String,
    /// The first ten digits of it.
    pub short: String,
    /// First line of the message, foreign bytes replaced.
    pub subject: String,
    /// Length of that line in characters.
    pub title_length: u64,
    /// Name or message holds bytes that are not UTF-8.
    pub foreign_bytes: bool,
    /// Who wrote it.
    pub author: Person,
    /// Who committed it.
    pub committer: Person,
    /// Number of parents.
    pub parents: u64,
    /// More than one parent, and a person made it so.
    pub merge: bool,
    /// A merge that the hosting site makes to test a pull request (`Merge ID into ID`).
    pub synthetic: bool,
    /// It carries a signature, good or bad.
    pub signed: bool,
    /// The kind of it.
    pub signature: SignatureKind,
    /// The line below the first is not blank, so git takes it for more of the title.
    pub title_runs_on: bool,
    /// Trailers of the message.
    pub trailers: Vec<Trailer>,
    /// Lines that name a co-author where nobody reads them: above the message's last paragraph.
    pub lost_trailers: Vec<String>,
}

/// Longest subject handed on, in characters: people read it in full, and one without end would
/// push everything else off the screen.
const SUBJECT: usize = 200;

/// First line of a message, foreign bytes replaced, cut where it is far too long.
pub(super) fn subject(commit: &git2::Commit<'_>) -> String {
    subject_of(commit.message_bytes())
}

/// The same of a message.
pub(super) fn subject_of(message: &[u8]) -> String {
    let line = first_line(message);
    match line.char_indices().nth(SUBJECT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn title(commit: &git2::Commit<'_>) -> String {
    first_line(commit.message_bytes())
}

/// The first line that is not blank, foreign bytes replaced.
fn first_line(message: &[u8]) -> String {
    let line = byte_lines(message).find(|line| !line.trim_ascii().is_empty());
    String::from_utf8_lossy(line.unwrap_or_default().trim_ascii()).into_owned()
}

fn title_runs_on(message: &[u8]) -> bool {
    let lines = message.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.skip_while(|line| line.is_empty()).nth(1).is_some_and(|line| !line.is_empty())
}

/// Reads one commit.
pub(super) fn read(repository: &Repository, id: Oid) -> Result<Commit, Unreadable> {
    let commit = find(repository, id)?;
    let raw = raw(repository, id)?;
    let signed = split(id.to_string(), &raw);
    let subject = subject(&commit);
    let synthetic = commit.parent_count() == 2 && is_test_merge(&subject);
    let trailers = trailers::of(commit.message_bytes());
    Ok(Commit {
        commit: id.to_string(),
        short: id.to_string()[..10].to_owned(),
        title_length: title(&commit).chars().count() as u64,
        foreign_bytes: std::str::from_utf8(&raw).is_err(),
        author: person(&commit.author()),
        committer: person(&commit.committer()),
        parents: commit.parent_count() as u64,
        merge: commit.parent_count() > 1 && !synthetic,
        synthetic,
        signed: signed.signature.is_some(),
        signature: signed.kind,
        title_runs_on: title_runs_on(commit.message_bytes()),
        lost_trailers: trailers::lost(commit.message_bytes(), &trailers),
        trailers,
        subject,
    })
}

/// Reads what one commit signs.
pub(super) fn signed(repository: &Repository, id: Oid) -> Result<SignedObject, Unreadable> {
    Ok(split(id.to_string(), &raw(repository, id)?))
}

fn find(repository: &Repository, id: Oid) -> Result<git2::Commit<'_>, Unreadable> {
    repository.find_commit(id).map_err(|error| absent(repository, id, &error))
}

fn raw(repository: &Repository, id: Oid) -> Result<Vec<u8>, Unreadable> {
    let database = repository.odb()?;
    let object = database.read(id).map_err(|error| absent(repository, id, &error))?;
    Ok(object.data().to_vec())
}

/// An object that cannot be read: left at the server, lost, or damaged.
pub(super) fn absent(repository: &Repository, id: Oid, error: &git2::Error) -> Unreadable {
    if error.code() == git2::ErrorCode::NotFound {
        return Unreadable::Missing(id.to_string(), promisor(repository).is_some());
    }
    error.into()
}

fn person(signature: &git2::Signature<'_>) -> Person {
    Person {
        name: String::from_utf8_lossy(signature.name_bytes()).into_owned(),
        email: String::from_utf8_lossy(signature.email_bytes()).into_owned(),
        time: signature.when().seconds(),
    }
}

fn is_test_merge(subject: &str) -> bool {
    let id = |word: &str| word.len() == 40 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words: Vec<_> = subject.split(' ').collect();
    matches!(words[..], ["Merge", head, "into", base] if id(head) && id(base))
}
