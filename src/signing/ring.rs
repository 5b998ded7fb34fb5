//! The user's OpenPGP keys, which of them git would sign with, and what is wrong with that one.
//! One listing by gpg, and a closer look at revoked ones where there are any. Starts no agent.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::observation::Unknown;
use crate::pgp::key::Revocation;
use crate::pgp::{Key, Listing};
use crate::probe::World;
use crate::sys::{Kind, System};

use super::care;
use super::named::{self, By, Meant};
use super::openpgp::{Beside, shown};
use super::shape::{self, Git, Gnupg, Problem, Weight};

/// Revoked keys that are looked at closer: nobody has more, and each costs time.
const MOST: usize = 50;

/// What there is to tell of the keys.
pub(super) struct Looked {
    pub(super) gnupg: Gnupg,
    /// The one that git uses first.
    pub(super) keys: Vec<shape::Key>,
    /// What is wrong with the one that git uses, and with where they are kept.
    pub(super) problems: Vec<Problem>,
}

/// Looks at the keys.
pub(super) fn look(world: World<'_>, git: &Git) -> Looked {
    let listing = match world.keyring.secret_keys(None) {
        Ok(listing) => listing,
        Err(Unknown(why)) => {
            let gnupg = Gnupg { present: true, home: None, nothing: Some(why.clone()) };
            let problem = Problem::new(Weight::Unknown, why).check("apache/identity/openpgp-key");
            return Looked { gnupg, keys: Vec::new(), problems: vec![problem] };
        }
    };
    let home = PathBuf::from(&listing.home);
    let beside = beside(world, git, &listing, &home);
    let choice = choose(git, &listing.keys);
    let keys = all(&listing.keys, &choice, &beside);
    let gnupg = Gnupg {
        present: listing.gpg,
        nothing: nothing(world.system, &listing, &home),
        home: Some(listing.home.clone()),
    };
    let mut problems = care::of_home(world.system, &home, &listing);
    problems.extend(of_choice(git, &choice, &keys, &gnupg));
    if let Some(used) = keys.iter().find(|key| key.used) {
        problems.extend(care::of_key(git, used, &home));
    }
    Looked { gnupg, keys, problems }
}

fn beside(world: World<'_>, git: &Git, listing: &Listing, home: &Path) -> Beside {
    Beside {
        now: world.system.now(),
        email: git.email.as_ref().map(|told| told.value.clone()),
        certificates: certificates(world.system, home),
        revocations: revocations(world, &listing.keys),
    }
}

/// When and why keys of one's own were revoked, asked for only where some are. Where that fails,
/// only the dates of what is dead anyway are missing.
fn revocations(world: World<'_>, keys: &[Key]) -> BTreeMap<String, Revocation> {
    let dead = keys.iter().filter(|key| key.revoked || key.parts.iter().any(|part| part.revoked));
    let dead: Vec<String> = dead.take(MOST).map(|key| key.fingerprint.clone()).collect();
    if dead.is_empty() {
        return BTreeMap::new();
    }
    let listed = world.keyring.public_keys(&dead).map(|listing| listing.keys).unwrap_or_default();
    let parts = listed.into_iter().flat_map(|key| key.parts);
    parts.filter_map(|part| Some((part.fingerprint, part.revocation?))).collect()
}

/// Fingerprints of keys with a certificate beside them, by the names of the files.
fn certificates(system: &dyn System, home: &Path) -> Option<BTreeSet<String>> {
    let folder = home.join("openpgp-revocs.d");
    if system.kind(&folder).is_none() {
        return Some(BTreeSet::new());
    }
    let names = system.list(&folder).ok()?;
    let stems = names.iter().filter_map(|name| name.to_str()?.strip_suffix(".rev"));
    Some(stems.map(str::to_ascii_uppercase).collect())
}

fn nothing(system: &dyn System, listing: &Listing, home: &Path) -> Option<String> {
    if !listing.keys.is_empty() {
        return None;
    }
    if system.kind(home) == Some(Kind::File) {
        return Some(format!("there are no keys: {} is a file, not a folder", listing.home));
    }
    Some(listing.nothing.clone().unwrap_or_else(|| {
        format!("{} holds secret keys, but their public halves are missing", listing.home)
    }))
}

/// The key that git would sign with, and how it came to be.
struct Choice<'a> {
    /// What git hands to gpg; none where it does not sign with OpenPGP.
    text: Option<String>,
    /// Nobody named a key: git takes the committer's name and address.
    guessed: bool,
    meant: Option<Meant>,
    /// The keys it names.
    named: Vec<&'a Key>,
    /// Those of them that could sign.
    able: Vec<&'a Key>,
}

fn choose<'a>(git: &Git, keys: &'a [Key]) -> Choice<'a> {
    let told = git.key.as_ref().map(|told| told.value.clone());
    let guessed = told.is_none();
    let text = told.or_else(|| guess(git)).filter(|_| git.format == "openpgp");
    let meant = text.as_deref().map(|text| match (guessed, text.contains(" <")) {
        (true, false) => named::meant(&format!("<{text}>")),
        _ => named::meant(text),
    });
    let named: Vec<&Key> = match &meant {
        Some(meant) => keys.iter().filter(|key| meant.names(key)).collect(),
        None => Vec::new(),
    };
    let able = |key: &&&Key| meant.as_ref().is_some_and(|meant| meant.signer(key).is_some());
    let able = named.iter().filter(|key| able(key)).copied().collect();
    Choice { text, guessed, meant, named, able }
}

/// Without a key named, git has gpg look for one by the committer.
fn guess(git: &Git) -> Option<String> {
    let email = &git.email.as_ref()?.value;
    Some(match &git.name {
        Some(name) => format!("{} <{email}>", name.value),
        None => email.clone(),
    })
}

fn all(keys: &[Key], choice: &Choice<'_>, beside: &Beside) -> Vec<shape::Key> {
    let used = choice.able.first().or(choice.named.first()).map(|key| &key.fingerprint);
    let mut all: Vec<shape::Key> = keys
        .iter()
        .map(|key| {
            let used = used == Some(&key.fingerprint);
            let meant = choice.meant.as_ref().filter(|_| used);
            shape::Key { used, ..shown(key, meant, beside) }
        })
        .collect();
    all.sort_by_key(|key| (!key.used, !key.can_sign()));
    all
}

/// What is wrong with the way the key is chosen.
fn of_choice(
    git: &Git,
    choice: &Choice<'_>,
    keys: &[shape::Key],
    gnupg: &Gnupg,
) -> Option<Problem> {
    if git.format != "openpgp" {
        return None;
    }
    if let Some(why) = gnupg.nothing.clone() {
        let remedy = if gnupg.present { "onramp key new" } else { "onramp fix openpgp-key" };
        let problem = Problem::new(Weight::Error, why).remedy(remedy);
        return Some(problem.check("apache/identity/openpgp-key"));
    }
    let set = |key: Option<&shape::Key>| match key.and_then(|key| key.fingerprint.as_ref()) {
        Some(fingerprint) => format!("git config --global user.signingkey {fingerprint}"),
        None => "onramp key new".to_owned(),
    };
    let first = keys.iter().find(|key| key.can_sign());
    let Some(text) = &choice.text else { return None };
    if choice.named.is_empty() {
        let what = if choice.guessed {
            format!(
                "user.signingkey names no key, and none of yours carries {text}, by which git looks"
            )
        } else {
            format!("git is to sign with {text}, which names none of your secret keys")
        };
        let problem = Problem::new(Weight::Error, what).about("user.signingkey");
        return Some(problem.remedy(set(first)).check("apache/identity/key-matches-email"));
    }
    let problem = chosen_loosely(choice, text)?;
    Some(problem.about("user.signingkey").remedy(set(keys.iter().find(|key| key.used))))
}

/// The key is found, but by something that may name another tomorrow.
fn chosen_loosely(choice: &Choice<'_>, text: &str) -> Option<Problem> {
    let count = choice.able.len();
    if count > 1 {
        let what =
            format!("{text} names {count} of your keys, and git takes whichever gpg finds first");
        return Some(Problem::new(Weight::Warn, what));
    }
    if choice.able.is_empty() {
        return None;
    }
    if choice.guessed {
        let what = "user.signingkey names no key, so git guesses one from your name and address";
        return Some(Problem::new(Weight::Warn, what).check("apache/identity/signing-configured"));
    }
    let short = matches!(choice.meant.as_ref()?.by, By::ShortId(_));
    short.then(|| {
        let what = format!("{text} is a short key id, which anybody can give a key of their own");
        Problem::new(Weight::Advice, what)
    })
}
