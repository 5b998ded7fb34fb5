//! What an SSH signature is worth: the signature, the list of allowed signers and the commit's own
//! word on who made it, joined to one verdict and to the letter that git would give. Where git
//! leaves off (it compares no name with the author, and takes a missing list for an unsigned
//! commit), this goes on.

use crate::pgp::key::day;
use crate::ssh::{AllowedSigners, Answer, Clock, Fault, Held, Line, Moment, Signature};

use super::signers::{List, Revocation, Signers};
use super::verdict::{Verdict, Word};
use super::who::{When, Who, who};

/// Stands where git gives up, or was not followed so far.
const NO_LETTER: char = '?';

/// What git signs for.
const NAMESPACE: &str = "git";

/// Judges one object that an SSH key signed.
pub(super) fn judge(payload: &[u8], signature: &[u8], signers: Option<&Signers>) -> Verdict {
    let unset = Signers::unset(Clock::utc(0));
    let signers = signers.unwrap_or(&unset);
    let Some(who) = who(payload) else {
        let reason = "git looks at no signature of an object that does not say who made it";
        return Verdict::plain(Word::Unsupported, 'N', reason);
    };
    let signature = match Signature::read(signature) {
        Ok(signature) => signature,
        Err(fault) => return faulty(fault, signers),
    };
    match signature.check(NAMESPACE, payload) {
        Ok(held) => Case { signers, who: &who, signature: &signature, held }.verdict(),
        Err(fault) => {
            let key = Some(signature.key.fingerprint());
            Verdict { key, ..faulty(fault, signers) }
        }
    }
}

/// A signature that does not hold, or cannot be told to.
fn faulty(fault: Fault, signers: &Signers) -> Verdict {
    let (word, reason, letter) = match fault {
        Fault::Bad(reason) => (Word::Bad, reason.to_owned(), 'B'),
        Fault::Newer(reason) => (Word::Unsupported, reason, 'B'),
        Fault::Unsupported(reason) => (Word::Unsupported, reason, NO_LETTER),
    };
    let git = if matches!(signers.list, List::Unset(_)) { 'N' } else { letter };
    Verdict::plain(word, git, reason)
}

/// A signature that holds.
struct Case<'a> {
    signers: &'a Signers,
    who: &'a Who,
    signature: &'a Signature,
    held: Held,
}

impl Case<'_> {
    fn verdict(&self) -> Verdict {
        let key = &self.signature.key;
        let fingerprint = key.fingerprint();
        let (word, reason) = self.word();
        let git = self.letter();
        let believed = self.believed();
        let weak = self.held.weak || key.certificate.as_ref().is_some_and(|it| it.weak);
        Verdict {
            key: Some(fingerprint.clone()),
            signer: self.signer(&believed),
            emails: self.emails(&believed),
            own: self.signers.own.as_ref().is_some_and(|own| *own == key.identity),
            algorithm: Some(key.kind.title().to_owned()),
            bits: u32::try_from(key.bits()).ok(),
            hash: Some(if weak { "SHA-1" } else { self.signature.digest() }.to_owned()),
            weak,
            reason: (!reason.is_empty()).then_some(reason),
            fingerprint: matches!(git, 'G' | 'U').then_some(fingerprint),
            then: (!believed.is_empty()).then_some(true),
            ..Verdict::plain(word, git, "")
        }
    }

    fn word(&self) -> (Word, String) {
        if let Some(reason) = self.unfit() {
            return (Word::Unsupported, reason);
        }
        let key = &self.signature.key;
        match &self.signers.revoked {
            Revocation::Read(file, list) if list.holds(key) => {
                return (
                    Word::GoodRevokedKey,
                    format!("its key is in your list of revoked keys {file}"),
                );
            }
            Revocation::Missing(reason) | Revocation::Unreadable(reason) => {
                return (Word::Unchecked, reason.clone());
            }
            Revocation::Read(..) | Revocation::Unset => {}
        }
        let nobody = |why: &str| {
            let fingerprint = key.fingerprint();
            format!(
                "it is signed with the SSH key {fingerprint}, and nobody said whose keys to believe: {why}"
            )
        };
        match &self.signers.list {
            List::Unset(why) | List::Unreadable(why) => (Word::Untrusted, nobody(why)),
            List::TooLarge(why) => (Word::Unchecked, why.clone()),
            List::Read(file, list) => self.listed(file, list),
        }
    }

    /// What makes the whole unfit for a verdict, although its signature holds.
    fn unfit(&self) -> Option<String> {
        let certificate = self.signature.key.certificate.as_ref();
        let condition = certificate.and_then(|it| it.conditions.first());
        if self.signature.odd_version {
            Some("its SSH signature is of version 0, which OpenSSH never made".to_owned())
        } else if self.signature.trailing && self.who.tag {
            Some("something follows its signature that nobody signed".to_owned())
        } else if self.time().is_none() {
            Some("its date lies beyond the year 9999".to_owned())
        } else {
            condition.map(|name| {
                let name = short(&String::from_utf8_lossy(name));
                format!("its certificate holds on a condition that is not known here: {name}")
            })
        }
    }

    /// When it says it was made; the epoch where it does not say.
    fn time(&self) -> Option<i64> {
        match self.who.when {
            When::At(time) => self.signers.clock.handed_over(time).map(|_| time),
            When::Unset => Some(0),
            When::Beyond => None,
        }
    }

    fn listed(&self, file: &str, list: &AllowedSigners) -> (Word, String) {
        let believed = self.believed();
        if believed.is_empty() {
            return (Word::Untrusted, self.doubt(file, list));
        }
        let key = &self.signature.key;
        let named = |address: &String| believed.iter().any(|line| line.covers(key, address));
        if self.who.addresses.iter().any(named) {
            return (Word::Good, String::new());
        }
        let signer = self.signer(&believed).unwrap_or_default();
        let reason = format!("its key speaks for {signer}, not for {}", short(&self.who.author));
        (Word::IdentityMismatch, reason)
    }

    /// The lines that believe this key for this purpose at the time it says.
    fn believed(&self) -> Vec<&Line> {
        let (List::Read(_, list), Some(time)) = (&self.signers.list, self.time()) else {
            return Vec::new();
        };
        let key = &self.signature.key;
        let certified = key.certificate.as_ref().is_none_or(|it| it.in_time(time));
        let mut lines = list.about(key);
        lines.retain(|line| {
            line.allows(NAMESPACE)
                && line.in_time(|moment| moment.wall, time)
                && (!line.authority || certified)
                && !line.usable(key).is_empty()
        });
        lines
    }

    /// Why a list that was read believes nobody.
    fn doubt(&self, file: &str, list: &AllowedSigners) -> String {
        let key = &self.signature.key;
        let Some(line) = list.about(key).into_iter().next() else {
            let lost = list.unreadable.as_ref().map_or(String::new(), |it| {
                format!("; its line {} cannot be read: {}", it.number, it.reason)
            });
            let fingerprint = key.fingerprint();
            return format!(
                "its SSH key {fingerprint} is not among the allowed signers of {file}{lost}"
            );
        };
        let (number, time) = (line.number, self.time().unwrap_or(0));
        if !line.allows(NAMESPACE) {
            return format!("line {number} of {file} does not let its key sign for git");
        }
        if let Some(bounds) = self.out_of_time(line, time) {
            return format!("line {number} of {file} believes its key only {bounds}");
        }
        match key.certificate.as_ref().filter(|_| line.authority) {
            Some(certificate) if !certificate.user => "its certificate is one of a host".to_owned(),
            Some(certificate) if !certificate.in_time(time) => {
                "its certificate was not valid at the time of the commit".to_owned()
            }
            Some(_) => {
                format!("its certificate names nobody whom line {number} of {file} believes")
            }
            None => format!("line {number} of {file} names nobody for its key"),
        }
    }

    /// Between which days a line believes its key, where the commit lies outside of them.
    fn out_of_time(&self, line: &Line, time: i64) -> Option<String> {
        if line.in_time(|moment| moment.wall, time) {
            return None;
        }
        let bound = |word: &str, moment: Option<Moment>| {
            moment.and_then(|moment| day(moment.wall)).map(|day| format!("{word} {day}"))
        };
        let bounds = [bound("from", line.valid_after), bound("until", line.valid_before)];
        let bounds: Vec<String> = bounds.into_iter().flatten().collect();
        let made = day(time).unwrap_or_default();
        Some(format!("{}, and this was made on {made}", bounds.join(" ")))
    }

    /// The names the key is believed for, as they are listed.
    fn signer(&self, believed: &[&Line]) -> Option<String> {
        let names = believed.first()?.usable(&self.signature.key);
        let names: Vec<_> = names.into_iter().map(String::from_utf8_lossy).collect();
        Some(short(&names.join(", ")))
    }

    /// Addresses the key is believed for: those listed in full, and of the commit's own those that
    /// a pattern covers.
    fn emails(&self, believed: &[&Line]) -> Vec<String> {
        let key = &self.signature.key;
        let mut emails: Vec<String> = Vec::new();
        for line in believed {
            let plain = |name: &&[u8]| !name.iter().any(|byte| matches!(byte, b'*' | b'?' | b'!'));
            let listed = line.usable(key).into_iter().filter(plain);
            emails.extend(listed.map(|name| String::from_utf8_lossy(name).into_owned()));
            let covered = self.who.addresses.iter().filter(|it| line.covers(key, it));
            emails.extend(covered.cloned());
        }
        emails.dedup();
        emails
    }

    /// git's letter, as it and ssh-keygen come to it.
    fn letter(&self) -> char {
        if matches!(self.signers.list, List::Unset(_)) {
            return 'N';
        }
        let clock = &self.signers.clock;
        let (time, dated) = match self.who.when {
            When::Beyond => return NO_LETTER,
            When::Unset => (clock.now, false),
            When::At(time) => match clock.handed_over(time) {
                Some(time) => (time, true),
                None => return 'B',
            },
        };
        let list = match &self.signers.list {
            List::Read(_, list) => list,
            List::TooLarge(_) => return NO_LETTER,
            List::Unset(_) | List::Unreadable(_) => return 'U',
        };
        match list.ask(&self.signature.key, NAMESPACE, time) {
            Answer::Nobody => 'U',
            Answer::Refused => 'B',
            // Without a date, git hands over an empty word that hides the list of revoked keys.
            Answer::Believed if dated && self.called_back() => 'B',
            Answer::Believed => 'G',
        }
    }

    /// Whether ssh-keygen fails over the list of revoked keys.
    fn called_back(&self) -> bool {
        match &self.signers.revoked {
            Revocation::Unset | Revocation::Missing(_) => false,
            Revocation::Unreadable(_) => true,
            Revocation::Read(_, list) => list.holds(&self.signature.key),
        }
    }
}

/// Foreign text, cut where it would push everything else away.
fn short(text: &str) -> String {
    const MOST: usize = 200;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
