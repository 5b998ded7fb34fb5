//! The file that says whose SSH keys to believe (ALLOWED SIGNERS in ssh-keygen(1)), read line by
//! line as ssh-keygen reads it, and asked as git asks it. A line that cannot be read is passed
//! over, and remembered for whoever looks for a key in vain.

use std::collections::HashMap;

use super::certificate::Certificate;
use super::clock::{Clock, Moment};
use super::key::{Blanks, Identity, PublicKey};
use super::{options, pattern};

/// One line: names, and the key that speaks for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, counted from one.
    pub number: u64,
    /// The names, as patterns parted by commas.
    pub names: Vec<u8>,
    /// The key.
    pub key: PublicKey,
    /// The key certifies others and signs nothing itself.
    pub authority: bool,
    /// What it may sign, as patterns; anything where absent.
    pub namespaces: Option<Vec<u8>>,
    /// From when on it is believed.
    pub valid_after: Option<Moment>,
    /// Until when it is believed.
    pub valid_before: Option<Moment>,
}

/// A line that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its number, counted from one.
    pub number: u64,
    /// Why, a sentence without its end.
    pub reason: &'static str,
}

/// The whole file.
#[derive(Debug, Clone, Default)]
pub struct AllowedSigners {
    lines: Vec<Line>,
    by_key: HashMap<Identity, Vec<usize>>,
    /// The first line that cannot be read.
    pub unreadable: Option<Unreadable>,
}

/// Longest line that is read, and most names on one: walking them takes time.
const LONGEST: usize = 32 << 10;
const MOST_NAMES: usize = 1_000;

/// What git makes of a signature that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Somebody is believed to have made it.
    Believed,
    /// Nobody is named for the key at that time.
    Nobody,
    /// Somebody is named, and may not sign commits.
    Refused,
}

impl AllowedSigners {
    /// Reads the file. There is no file that cannot be read, only lines.
    #[must_use]
    pub fn read(bytes: &[u8], clock: &Clock) -> Self {
        let mut file = Self::default();
        for (text, number) in bytes.split(|byte| *byte == b'\n').zip(1_u64..) {
            // C ends a line at a zero.
            let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
            let text = text.trim_ascii_start_blank();
            if text.trim_ascii().is_empty() || text.starts_with(b"#") {
                continue;
            }
            match line(text, number, clock) {
                Ok(line) => {
                    let place = file.lines.len();
                    file.by_key.entry(line.key.identity.clone()).or_default().push(place);
                    file.lines.push(line);
                }
                Err(reason) => {
                    file.unreadable.get_or_insert(Unreadable { number, reason });
                }
            }
        }
        file
    }

    /// The lines that speak for a key, by itself or by the key that certifies it, in order.
    #[must_use]
    pub fn about(&self, key: &PublicKey) -> Vec<&Line> {
        let authority = key.certificate.as_ref().map(|it| &it.authority.identity);
        let places = [Some(&key.identity), authority].into_iter().flatten();
        let mut places: Vec<usize> =
            places.filter_map(|it| self.by_key.get(it)).flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|place| &self.lines[place]).filter(|line| line.means(key)).collect()
    }

    /// What git says of a key that signed at a time, as ssh-keygen takes that time: git looks for
    /// names first, whatever they may sign, and then asks for each whether it may.
    #[must_use]
    pub fn ask(&self, key: &PublicKey, namespace: &str, time: i64) -> Answer {
        let lines = self.about(key);
        let first = lines.iter().find_map(|line| {
            let names = line.names_of(key, time)?;
            line.in_time(|moment| moment.keygen, time).then_some(names)
        });
        // An empty list of names prints nothing, and git takes that for nobody.
        let asked: Vec<Vec<u8>> = match first {
            Some(names) => until_empty(&names).map(<[u8]>::to_vec).collect(),
            None => return Answer::Nobody,
        };
        if asked.is_empty() {
            return Answer::Nobody;
        }
        let believed = asked.iter().any(|name| {
            lines.iter().any(|line| {
                pattern::list(name, &line.names)
                    && line.certified(key, name, time)
                    && line.allows(namespace)
                    && line.in_time(|moment| moment.keygen, time)
            })
        });
        if believed { Answer::Believed } else { Answer::Refused }
    }
}

impl Line {
    /// Whether it is about this key: the same one, or the one that certifies it.
    fn means(&self, key: &PublicKey) -> bool {
        match (&key.certificate, self.authority) {
            (Some(certificate), true) => certificate.authority.identity == self.key.identity,
            (None, true) => false,
            (signed, false) => {
                let own = self.key.certificate.as_ref().map(|it| &it.whole);
                self.key.identity == key.identity && own == signed.as_ref().map(|it| &it.whole)
            }
        }
    }

    /// Whether it lets the key sign this.
    #[must_use]
    pub fn allows(&self, namespace: &str) -> bool {
        self.namespaces.as_ref().is_none_or(|list| pattern::list(namespace.as_bytes(), list))
    }

    /// Whether it holds at a time; both its ends are within.
    #[must_use]
    pub fn in_time(&self, reading: impl Fn(Moment) -> i64, time: i64) -> bool {
        self.valid_after.is_none_or(|after| time >= reading(after))
            && self.valid_before.is_none_or(|before| time <= reading(before))
    }

    /// The names it gives a key, parted by commas; for a certificate those of its own that the
    /// line covers.
    fn names_of(&self, key: &PublicKey, time: i64) -> Option<Vec<u8>> {
        let Some(certificate) = key.certificate.as_ref().filter(|_| self.authority) else {
            return Some(self.names.clone());
        };
        if !certificate.in_time(time) {
            return None;
        }
        let patterns: Vec<&[u8]> = until_empty(&self.names).collect();
        let covered = patterns.iter().flat_map(|wanted| {
            certificate.principals.iter().filter(|name| pattern::matches(name, wanted))
        });
        let names: Vec<&[u8]> = covered.map(Vec::as_slice).collect();
        (!names.is_empty()).then(|| names.join(&b","[..]))
    }

    /// Whether a certificate was given out for this name and counts at that time; a plain key
    /// needs none.
    fn certified(&self, key: &PublicKey, name: &[u8], time: i64) -> bool {
        let Some(certificate) = key.certificate.as_ref().filter(|_| self.authority) else {
            return true;
        };
        certificate.in_time(time) && certificate.principals.iter().any(|own| own == name)
    }

    /// The names under which this line believes the key, patterns left as they are. Only names
    /// that the line itself covers: those it excludes are nobody's.
    #[must_use]
    pub fn usable<'a>(&'a self, key: &'a PublicKey) -> Vec<&'a [u8]> {
        let names: Vec<&[u8]> = match key.certificate.as_ref().filter(|_| self.authority) {
            Some(certificate) => certificate.principals.iter().map(Vec::as_slice).collect(),
            None => until_empty(&self.names).collect(),
        };
        names.into_iter().filter(|name| pattern::list(name, &self.names)).collect()
    }

    /// Whether the key speaks for an address here, in whatever case it is written.
    #[must_use]
    pub fn covers(&self, key: &PublicKey, address: &str) -> bool {
        let (address, names) =
            (address.to_ascii_lowercase().into_bytes(), self.names.to_ascii_lowercase());
        let certified = match key.certificate.as_ref().filter(|_| self.authority) {
            Some(it) => it.principals.iter().any(|own| own.eq_ignore_ascii_case(&address)),
            None => true,
        };
        certified && pattern::list(&address, &names)
    }
}

impl Certificate {
    /// Whether it speaks for a person and counts at a time.
    #[must_use]
    pub fn in_time(&self, time: i64) -> bool {
        u64::try_from(time)
            .is_ok_and(|time| self.user && time >= self.valid_after && time < self.valid_before)
    }
}

/// The parts of a list up to the first empty one, as OpenSSH walks it.
fn until_empty(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|byte| *byte == b',').take_while(|part| !part.is_empty())
}

fn line(text: &[u8], number: u64, clock: &Clock) -> Result<Line, &'static str> {
    if text.len() > LONGEST {
        return Err("it is longer than 32 KiB");
    }
    let (names, rest) = names(text)?;
    if names.iter().filter(|byte| **byte == b',').count() >= MOST_NAMES {
        return Err("it has more than 1000 names");
    }
    let (key, options) = match PublicKey::read_line(rest) {
        Some((key, _)) => (key, options::Options::default()),
        None => {
            let end = options::end(rest)?;
            let (options, rest) = rest.split_at(end);
            if rest.is_empty() {
                return Err("it names no key");
            }
            let (key, _) = PublicKey::read_line(rest.trim_ascii_start_blank())
                .ok_or("its key or an option cannot be read")?;
            (key, options::read(options, clock)?)
        }
    };
    let options::Options { authority, namespaces, valid_after, valid_before } = options;
    Ok(Line { number, names, key, authority, namespaces, valid_after, valid_before })
}

/// The names at the start of a line, which may hold blanks between quotes, and what follows.
fn names(text: &[u8]) -> Result<(Vec<u8>, &[u8]), &'static str> {
    let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'"');
    let end = text.iter().position(ends).ok_or("it names no key")?;
    let (head, rest) = text.split_at(end);
    let spaced = |rest: &'_ [u8]| {
        rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count()
    };
    let Some(inside) = rest.strip_prefix(b"\"") else {
        return Ok((head.to_vec(), &rest[spaced(rest)..]));
    };
    let close = inside.iter().position(|byte| *byte == b'"').ok_or("a quote is not closed")?;
    let rest = &inside[close + 1..];
    Ok(([head, &inside[..close]].concat(), &rest[spaced(rest)..]))
}
