//! Commits and tags as their signatures see them: the bytes covered, and the people named in them.
//! Reads the raw objects, so that nothing is lost on the way; never judges a signature.

use git2::{ObjectType, Oid, Repository};

use crate::text::byte_lines;

use super::Unreadable;
use super::aim::ObjectId;
use super::commit::{Person, absent, subject_of};
use super::odb::Objects;
use super::signed::{SignedObject, split, split_tag};

/// What may carry a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignableKind {
    /// A commit.
    Commit,
    /// An annotated tag.
    Tag,
}

/// A commit or tag, its signature apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signable {
    /// What it is.
    pub kind: SignableKind,
    /// First line of its message, foreign bytes replaced.
    pub subject: String,
    /// Who wrote a commit; none where the commit does not name exactly one.
    pub author: Option<Person>,
    /// Who committed it, or who made the tag; none where it does not name exactly one.
    pub committer: Option<Person>,
    /// The name that a tag gives itself.
    pub tag: Option<String>,
    /// The message credits somebody with `Co-authored-by`.
    pub co_authored: bool,
    /// The message has a line `Signed-off-by`.
    pub signed_off: bool,
    /// What is covered, and the signature.
    pub signed: SignedObject,
}

/// Reads objects in order until they fill the room.
pub(super) fn signables(
    repository: &Repository,
    ids: &[ObjectId],
    room: usize,
) -> Result<Vec<Result<Signable, Unreadable>>, Unreadable> {
    let objects = Objects::of(repository)?;
    let (mut found, mut used) = (Vec::new(), 0_usize);
    for ObjectId(id) in ids {
        if used >= room {
            break;
        }
        found.push(match objects.read(*id) {
            Ok(object) => {
                used = used.saturating_add(object.len());
                signable(*id, object.kind(), object.data())
            }
            Err(error) => Err(absent(repository, *id, &error)),
        });
    }
    Ok(found)
}

/// Parts one object.
pub(super) fn signable(id: Oid, kind: ObjectType, raw: &[u8]) -> Result<Signable, Unreadable> {
    let name = id.to_string();
    let (kind, by, signed) = match kind {
        ObjectType::Commit => (SignableKind::Commit, &b"committer "[..], split(name, raw)),
        ObjectType::Tag => (SignableKind::Tag, &b"tagger "[..], split_tag(name, raw)),
        _ => return Err(Unreadable::Unsigned(name, "no commit")),
    };
    // People and message are read from what the signature covers, and from nothing else.
    let (head, message) = parted(&signed.payload);
    let says = |word: &str| has_trailer(message, word);
    let [tag, author, committer] = values(head, [b"tag ", b"author ", by]);
    let tag = tag.first.map(text).filter(|_| kind == SignableKind::Tag);
    let (author, committer) = (only(author), only(committer));
    let (co_authored, signed_off) = (says("co-authored-by:"), says("signed-off-by:"));
    let subject = subject_of(message);
    Ok(Signable { kind, subject, author, committer, tag, co_authored, signed_off, signed })
}

/// Headers and message.
fn parted(payload: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memmem::find(payload, b"\n\n") {
        Some(end) => (&payload[..end], &payload[end + 2..]),
        None => (payload, b""),
    }
}

/// A header: its first value, and whether there are more.
#[derive(Default, Clone, Copy)]
struct Value<'a> {
    first: Option<&'a [u8]>,
    more: bool,
}

/// The headers that begin with these words and a blank, in one go: a history has many lines.
fn values<'a, const N: usize>(head: &'a [u8], words: [&[u8]; N]) -> [Value<'a>; N] {
    let mut found = [Value::default(); N];
    for line in byte_lines(head) {
        for (word, value) in words.iter().zip(&mut found) {
            if let Some(rest) = line.strip_prefix(*word) {
                value.more = value.first.is_some();
                value.first = value.first.or(Some(rest));
            }
        }
    }
    found
}

/// The person a header names. git's commands do not agree on which of several counts, so of
/// several none does.
fn only(value: Value<'_>) -> Option<Person> {
    value.first.filter(|_| !value.more).and_then(person)
}

/// Name and address as git parts them: the first angle brackets count.
fn person(value: &[u8]) -> Option<Person> {
    let open = memchr::memchr(b'<', value)?;
    let close = open + memchr::memchr(b'>', &value[open..])?;
    let after = &value[memchr::memrchr(b'>', value)? + 1..];
    let time = String::from_utf8_lossy(after);
    Some(Person {
        name: text(value[..open].trim_ascii()),
        email: text(value[open + 1..close].trim_ascii()),
        time: time.split_whitespace().next().and_then(|time| time.parse().ok()).unwrap_or_default(),
    })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whether a line of a message begins with a word, in any case.
fn has_trailer(message: &[u8], word: &str) -> bool {
    byte_lines(message).any(|line| {
        line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    })
}
