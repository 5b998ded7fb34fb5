//! Whether whoever signed is who wrote: a key's addresses held against those that a commit or tag
//! names. Pure. A signature that holds says nothing about the author until this does.
//!
//! Addresses are the same where they differ in nothing but the case of ASCII letters. By the
//! standard that is sure of the domain only, but no provider tells mailboxes apart by case, and
//! neither do the forges.

use crate::git::{Mailmap, Person};

/// How a key speaks for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// It carries it.
    Key,
    /// It carries another no-reply address of the same account at the same forge.
    Account,
    /// The project's `.mailmap` says that it is an address of the same person.
    Mailmap,
}

/// The people a commit or tag names: each none where it does not name exactly one.
#[derive(Debug, Clone, Copy)]
pub enum People<'a> {
    /// A commit's author and committer.
    Commit(Option<&'a Person>, Option<&'a Person>),
    /// Who made a tag.
    Tag(Option<&'a Person>),
}

/// What a key says about the people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bond {
    /// Whether it speaks for the author; none for a tag.
    pub author: Option<bool>,
    /// Whether it speaks for the committer, or for who made the tag.
    pub committer: bool,
    /// The project's `.mailmap` was needed for that.
    pub mapped: bool,
    /// Why it is not all theirs, as a fragment; none where it is.
    pub mismatch: Option<String>,
}

/// Holds a key's addresses against the people.
#[must_use]
pub fn bind(emails: &[String], people: People<'_>, mailmap: Option<&Mailmap>) -> Bond {
    let link = |person: Option<&Person>| person.and_then(|person| link(emails, person, mailmap));
    let (author, committer) = match people {
        People::Commit(author, committer) => (Some(link(author)), link(committer)),
        People::Tag(tagger) => (None, link(tagger)),
    };
    let mapped = [author.flatten(), committer].contains(&Some(Link::Mailmap));
    let author = author.map(|link| link.is_some());
    let committer = committer.is_some();
    let whole = author != Some(false) && committer;
    let mismatch = (!whole).then(|| mismatch(emails, people, (author, committer)));
    Bond { author, committer, mapped, mismatch }
}

/// How a key with these addresses speaks for a person.
#[must_use]
pub fn link(emails: &[String], person: &Person, mailmap: Option<&Mailmap>) -> Option<Link> {
    if let Some(link) = direct(emails, &person.email) {
        return Some(link);
    }
    let mailmap = mailmap?;
    let meant = mailmap.address(&person.name, &person.email);
    let mut own = emails.iter().map(|email| mailmap.address("", email));
    own.any(|own| same(&own, &meant)).then_some(Link::Mailmap)
}

/// Whether a key with these addresses speaks for an address by itself.
#[must_use]
pub fn speaks_for(emails: &[String], address: &str) -> bool {
    direct(emails, address).is_some()
}

fn direct(emails: &[String], address: &str) -> Option<Link> {
    if emails.iter().any(|own| same(own, address)) {
        return Some(Link::Key);
    }
    emails.iter().any(|own| same_account(own, address)).then_some(Link::Account)
}

/// Whether two addresses are one. An empty one is nobody's.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    !one.is_empty() && one.eq_ignore_ascii_case(other)
}

/// Whether two no-reply addresses of one forge name one account: `ada@users.noreply.github.com`
/// and `123+ada@users.noreply.github.com` do, and with two numbers they must be equal.
fn same_account(one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (account(one), account(other)) else { return false };
    let numbers = (one.number, other.number);
    let agree = matches!(numbers, (None, _) | (_, None)) || numbers.0 == numbers.1;
    same(one.forge, other.forge) && same(one.name, other.name) && agree
}

struct Account<'a> {
    number: Option<&'a str>,
    name: &'a str,
    forge: &'a str,
}

/// The account in a no-reply address. No account's name has a plus sign in it.
fn account(address: &str) -> Option<Account<'_>> {
    let (user, forge) = address.trim().split_once('@')?;
    let place = forge.get(.."users.noreply.".len())?;
    if !place.eq_ignore_ascii_case("users.noreply.") {
        return None;
    }
    match user.split_once('+') {
        None => Some(Account { number: None, name: user, forge }),
        Some((number, name)) => {
            let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            digits.then_some(Account { number: Some(number), name, forge })
        }
    }
}

/// Names both sides.
fn mismatch(
    emails: &[String],
    people: People<'_>,
    (author, committer): (Option<bool>, bool),
) -> String {
    let key = match emails {
        [] => "its key names no e-mail address".to_owned(),
        emails => format!("its key belongs to {}", emails.join(", ")),
    };
    let (writer, maker) = match people {
        People::Commit(writer, maker) => (writer, maker),
        People::Tag(maker) => return format!("{key}, but {} made the tag", address(maker)),
    };
    let (writer, maker) = (address(writer), address(maker));
    match (author, committer) {
        (_, true) => {
            format!("{key}, who committed it, but {writer} is its author")
        }
        (Some(true), false) => format!("{key}, its author, but {maker} committed it"),
        _ if writer == maker => format!("{key}, but it is by {writer}"),
        _ => format!("{key}, but it is by {writer} and {maker} committed it"),
    }
}

fn address(person: Option<&Person>) -> &str {
    match person {
        None => "nobody clearly named",
        Some(person) if person.email.is_empty() => "somebody without an address",
        Some(person) => &person.email,
    }
}
