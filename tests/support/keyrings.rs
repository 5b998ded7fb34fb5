//! What `key show` looks at, made by hand: keyrings of any keys, and recorded machines with any
//! settings of git's.

use std::collections::BTreeMap;
use std::path::Path;

use onramp::cli::key::show::screen;
use onramp::cli::terminal::render;
use onramp::observation::Unknown;
use onramp::pgp::key::{Part, Revocation, Secret, UserId};
use onramp::pgp::{Key, Keyring, Listing};
use onramp::probe::World;
use onramp::signing::look;
use onramp::signing::shape::{Shown, Weight, Works};
use onramp::sys::recorded::Recorded;
use onramp::{git, net};

pub(crate) const ADA: &str = "08045932CF9E717D0C8A98EFC2D6862407A2B876";
pub(crate) const SUB: &str = "1111111111111111111111110000000012345678";
pub(crate) const NOW: i64 = 1_790_000_000;
pub(crate) const DAY: i64 = 86_400;

/// A keyring as somebody wrote it down.
#[derive(Clone, Default)]
pub(crate) struct Ring {
    pub(crate) keys: Vec<Key>,
    pub(crate) nothing: Option<String>,
    pub(crate) revocations: BTreeMap<String, Revocation>,
    pub(crate) hung: bool,
}

impl Keyring for Ring {
    fn secret_keys(&self, _: Option<&str>) -> Result<Listing, Unknown> {
        if self.hung {
            return Err(Unknown::because("/usr/bin/gpg did not answer within 5 s"));
        }
        Ok(Listing {
            gpg: true,
            home: "/home/ada/.gnupg".to_owned(),
            nothing: self.nothing.clone(),
            stale_trust: false,
            now: NOW,
            unreadable: Vec::new(),
            keys: self.keys.clone(),
        })
    }

    fn public_keys(&self, _: &[String]) -> Result<Listing, Unknown> {
        let mut listing = Self { hung: false, ..self.clone() }.secret_keys(None)?;
        for part in listing.keys.iter_mut().flat_map(|key| &mut key.parts) {
            part.revocation = self.revocations.get(&part.fingerprint).cloned();
        }
        Ok(listing)
    }
}

pub(crate) fn part(fingerprint: &str) -> Part {
    Part {
        fingerprint: fingerprint.to_owned(),
        key_id: fingerprint[fingerprint.len() - 16..].to_owned(),
        algorithm: "EdDSA".to_owned(),
        bits: Some(255),
        curve: Some("ed25519".to_owned()),
        created: Some(NOW - 100 * DAY),
        expires: Some(NOW + 400 * DAY),
        signs: true,
        abilities: "sc".to_owned(),
        secret: Secret::Here,
        ..Part::default()
    }
}

pub(crate) fn key(fingerprint: &str, name: &str, email: &str) -> Key {
    Key {
        fingerprint: fingerprint.to_owned(),
        revoked: false,
        disabled: false,
        trusted: true,
        accepted: true,
        user_ids: vec![UserId { text: format!("{name} <{email}>"), email: Some(email.to_owned()) }],
        parts: vec![part(fingerprint)],
    }
}

pub(crate) fn ada() -> Key {
    key(ADA, "Ada Lovelace", "ada@example.org")
}

pub(crate) fn holds(keys: Vec<Key>) -> Ring {
    Ring { keys, ..Ring::default() }
}

/// git's answer about settings, all the user's own.
pub(crate) fn settings(pairs: &[(&str, &str)]) -> String {
    pairs.iter().map(|(name, value)| one("global", "/home/ada/.gitconfig", name, value)).collect()
}

pub(crate) fn one(scope: &str, file: &str, name: &str, value: &str) -> String {
    format!("{scope}\\0file:{file}\\0{name}\\n{value}\\0")
}

/// The settings of somebody with nothing left to do.
pub(crate) const FINE: [(&str, &str); 5] = [
    ("user.name", "Ada Lovelace"),
    ("user.email", "ada@example.org"),
    ("user.signingkey", ADA),
    ("commit.gpgsign", "true"),
    ("tag.gpgsign", "true"),
];

pub(crate) fn but(name: &str, value: &str) -> String {
    settings(&FINE) + &one("global", "/home/ada/.gitconfig", name, value)
}

pub(crate) fn machine(answer: &str, more: &str) -> Recorded {
    let text = format!(
        "folder: /home/ada/tree
files:
  /usr/bin/gpg: program
  /home/ada/.gnupg/pubring.kbx: ''
  /home/ada/.gnupg/openpgp-revocs.d/{ADA}.rev: ''
{more}
run:
  git --no-pager config --list -z --show-scope --show-origin: \"{answer}\"
"
    );
    Recorded::read(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

pub(crate) fn shown(machine: &Recorded, ring: &Ring) -> Shown {
    let world = World { system: machine, git: &git::Absent, keyring: ring, net: &net::Absent };
    look(world, Some(Path::new("/home/ada/tree")))
}

pub(crate) fn told(answer: &str, ring: &Ring) -> Shown {
    shown(&machine(answer, ""), ring)
}

pub(crate) fn screen(shown: &Shown) -> String {
    let lines = screen::lines(shown, 80, false);
    lines.iter().map(|line| render(line, false) + "\n").collect()
}

#[track_caller]
pub(crate) fn fails(shown: &Shown, what: &str, remedy: &str) {
    let worst = &shown.problems[0];
    assert_eq!((shown.works, worst.weight), (Works::No, Weight::Error), "{shown:#?}");
    assert!(worst.what.contains(what), "{}", worst.what);
    let text = worst.remedy.as_deref().unwrap_or_default();
    assert!(text.contains(remedy), "{text}");
}

#[track_caller]
pub(crate) fn warns(shown: &Shown, what: &str, remedy: &str) {
    assert_eq!(shown.works, Works::Yes, "{shown:#?}");
    let found = shown.problems.iter().find(|problem| problem.what.contains(what));
    let text = found.unwrap_or_else(|| panic!("{:#?}", shown.problems)).remedy.clone();
    assert!(text.as_deref().unwrap_or_default().contains(remedy), "{text:?}");
}

/// What is shown of Ada's key on such a machine.
pub(crate) fn shown_on(machine: &Recorded) -> Shown {
    shown(machine, &holds(vec![ada()]))
}
