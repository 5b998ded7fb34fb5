//! What each signature is worth, whatever made it: tells the kinds apart as git does, has the keys
//! listed once for all of them, and judges on all cores. A verdict is `good` only where the
//! signature holds, its key is sound and the user trusts it. Reads no configuration of any
//! repository, and knows no key of its own.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::thread;

use crate::pgp::check::Keys;
use crate::pgp::packet::{Unwrapped, unwrap};
use crate::pgp::sums::{Anew, Sums};
use crate::pgp::{Keyring, Listing, hex};
use crate::text::byte_lines;

use super::openpgp::{self, Bench};
use super::signers::Signers;
use super::ssh;
use super::verdict::{Verdict, Word};

/// Something that may be signed.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// The bytes the signature covers.
    pub payload: &'a [u8],
    /// The signature as it stands in the object.
    pub signature: Option<&'a [u8]>,
    /// The same out of its armour, where it was taken out before.
    opened: Option<&'a Opened>,
}

impl<'a> Signed<'a> {
    /// Something, and its signature where it has one.
    #[must_use]
    pub fn new(payload: &'a [u8], signature: Option<&'a [u8]>) -> Self {
        Self { payload, signature, opened: None }
    }

    /// With what [`Makers::add`] made of the signature, so that it is not taken out of its armour
    /// again.
    #[must_use]
    pub fn with(self, opened: &'a Opened) -> Self {
        Self { opened: Some(opened), ..self }
    }
}

/// An OpenPGP signature out of its armour, or why gpg reads nothing in it; none where it is none.
pub type Opened = Option<Result<Unwrapped, &'static str>>;

/// Whom to believe besides those whom the keyring names.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trust<'a> {
    /// Fingerprints or long ids of hosting sites' keys.
    pub forge_keys: &'a [String],
    /// Whose SSH keys are believed; none stands for nobody's.
    pub signers: Option<&'a Signers>,
}

/// Whether an SSH key made this signature, so that [`Trust::signers`] is asked.
#[must_use]
pub fn by_ssh(signature: &[u8]) -> bool {
    Form::of(signature) == Form::Ssh
}

/// Objects that a thread takes at least: fewer are judged before another has started.
const SHARE: usize = 64;

/// What the signatures of a history call their keys, gathered before any of them is judged.
#[derive(Debug, Default)]
pub struct Makers {
    /// As bytes.
    issuers: BTreeSet<Vec<u8>>,
    /// Whether there is an OpenPGP signature at all: one may name no key.
    any: bool,
}

impl Makers {
    /// Adds those of one object, and hands back what its signature is without its armour.
    pub fn add(&mut self, object: &Signed<'_>) -> Opened {
        let opened = openpgp(object).map(unwrap);
        self.any |= opened.is_some();
        if let Some(Ok(unwrapped)) = &opened {
            openpgp::name_issuers(unwrapped, &mut self.issuers);
        }
        opened
    }

    /// Lists their keys, once for all that is to be judged.
    #[must_use]
    pub fn list(self, keyring: &dyn Keyring) -> Listed {
        if !self.any {
            let keys = Err("no keys were asked for".to_owned());
            return Listed { keys, issuers: Vec::new() };
        }
        let issuers: Vec<String> = self.issuers.iter().map(|name| hex(name)).collect();
        let keys = keyring.public_keys(&issuers).map_err(|unknown| unknown.0);
        Listed { keys, issuers }
    }
}

/// The keys of a history, or why there are none.
#[derive(Debug)]
pub struct Listed {
    keys: Result<Listing, String>,
    issuers: Vec<String>,
}

impl Listed {
    /// What signatures and keys call the keys: fingerprints and long ids.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let keys = self.keys.iter().flat_map(|listing| &listing.keys);
        let parts = keys.flat_map(|key| &key.parts).map(|part| part.fingerprint.as_str());
        self.issuers.iter().map(String::as_str).chain(parts)
    }
}

/// What objects are judged by.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// The keys that the signatures name.
    pub listed: &'a Listed,
    /// Whom to believe besides those.
    pub trust: Trust<'a>,
    /// Does the sums, or knows how they come out.
    pub sums: &'a dyn Sums,
}

/// Judges each object, in order. The keyring is listed once for all of them.
pub fn judge(objects: &[Signed<'_>], keyring: &dyn Keyring, trust: Trust<'_>) -> Vec<Verdict> {
    let mut makers = Makers::default();
    let opened: Vec<Opened> = objects.iter().map(|object| makers.add(object)).collect();
    let objects: Vec<Signed<'_>> =
        objects.iter().zip(&opened).map(|(object, opened)| object.with(opened)).collect();
    judge_by(&objects, By { listed: &makers.list(keyring), trust, sums: &Anew })
}

/// Judges each object, in order, by keys that were listed before.
#[must_use]
pub fn judge_by(objects: &[Signed<'_>], by: By<'_>) -> Vec<Verdict> {
    let keys = by.listed.keys.as_ref().map(|listing| Keys::of(listing).with(by.sums));
    let bench = Bench { keys: keys.map_err(Clone::clone), forge_keys: by.trust.forge_keys };
    on_all_cores(objects, |object| one(*object, &bench, by.trust.signers))
}

fn openpgp<'a>(object: &Signed<'a>) -> Option<&'a [u8]> {
    object.signature.filter(|signature| Form::of(signature) == Form::OpenPgp)
}

/// How a signature begins, by which git knows what made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    OpenPgp,
    Ssh,
    X509,
    Other,
}

impl Form {
    fn of(signature: &[u8]) -> Self {
        const FORMS: [(&[u8], Form); 4] = [
            (b"-----BEGIN PGP SIGNATURE-----", Form::OpenPgp),
            (b"-----BEGIN PGP MESSAGE-----", Form::OpenPgp),
            (b"-----BEGIN SIGNED MESSAGE-----", Form::X509),
            (b"-----BEGIN SSH SIGNATURE-----", Form::Ssh),
        ];
        let mut forms = FORMS.into_iter();
        forms.find(|(mark, _)| signature.starts_with(mark)).map_or(Self::Other, |(_, form)| form)
    }
}

fn one(object: Signed<'_>, bench: &Bench<'_>, signers: Option<&Signers>) -> Verdict {
    let Some(signature) = object.signature else {
        return Verdict::plain(Word::Unsigned, 'N', "it is not signed");
    };
    let unsupported = |git, what: &str| Verdict::plain(Word::Unsupported, git, what);
    match Form::of(signature) {
        // git ends with an error, and prints nothing of what follows.
        Form::Other => unsupported('?', "it is signed in a form that git does not know"),
        _ if !names_its_maker(object.payload) => {
            unsupported('N', "git looks at no signature of an object that does not say who made it")
        }
        Form::Ssh => ssh::judge(object.payload, signature, signers),
        Form::X509 => unsupported(
            '?',
            "it is signed with an X.509 certificate; `git verify-commit` checks it with gpgsm",
        ),
        Form::OpenPgp => match object.opened {
            Some(Some(opened)) => bench.judge(object.payload, opened.as_ref()),
            _ => bench.judge(object.payload, unwrap(signature).as_ref()),
        },
    }
}

/// Whether a commit has a committer, or a tag a tagger: without one, git looks no further.
fn names_its_maker(payload: &[u8]) -> bool {
    let who: &[u8] = match payload {
        [b't', b'r', b'e', b'e', b' ', ..] => b"committer ",
        [b'o', b'b', b'j', b'e', b'c', b't', b' ', ..] => b"tagger ",
        _ => return true,
    };
    let lines = byte_lines(payload).take_while(|line| !line.is_empty());
    let mut makers = lines.filter_map(|line| line.strip_prefix(who));
    makers.next().is_some_and(|maker| maker.contains(&b'<') && maker.contains(&b'>'))
}

fn on_all_cores<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if items.len() <= SHARE {
        return items.iter().map(work).collect();
    }
    // Finding this out takes the reading of several files.
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(cores).max(SHARE);
    let (own, others) = items.split_at(share.min(items.len()));
    let work = &work;
    let all = |chunk: &[T]| chunk.iter().map(work).collect::<Vec<R>>();
    thread::scope(|scope| {
        let started: Vec<_> =
            others.chunks(share).map(|chunk| (chunk, scope.spawn(move || all(chunk)))).collect();
        let mut done = all(own);
        for (chunk, thread) in started {
            // A thread that fell over is an error in the judge; its share is judged again here.
            done.extend(thread.join().unwrap_or_else(|_| all(chunk)));
        }
        done
    })
}
