//! The keyring of the matrix and its repository: nearly all keys are written by hand and imported
//! at once.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Index;
use std::process::{Command, Stdio};

use super::{Letters, Row};
use crate::support::keys::Home;
use crate::support::openpgp::{Certificate, Form, Key, Subkey, armored, packet};
use crate::support::repository::Ground;

/// The first days of some years. All are long past, so what has expired stays so.
pub(super) const Y20: u32 = 1_577_836_800;
pub(super) const Y21: u32 = 1_609_459_200;
pub(super) const Y22: u32 = 1_640_995_200;
pub(super) const DAY: u32 = 86_400;
pub(super) const YEAR: u32 = 365 * DAY;

/// Names of the keys made by hand.
const NAMES: &[&str] = &[
    "me",
    "full",
    "intro",
    "marginal",
    "stranger",
    "gone",
    "switched off",
    "primary",
    "subkey",
    "expired later",
    "expired before",
    "expired primary",
    "its subkey",
    "primary 2",
    "expired subkey",
    "replaced later",
    "replaced before",
    "stolen",
    "unexplained",
    "expired and stolen",
    "primary 3",
    "replaced subkey",
    "certifies",
    "primary 4",
    "encrypts",
    "primary 5",
    "unbound",
    "primary 6",
    "bound to another",
    "thief",
    "primary 7",
    "wanted",
    "early thief",
    "nameless",
    "unsigned name",
    "hostile name",
    "latin name",
    "empty name",
];

/// A key that was made a second after everything else was signed.
const LATE: &str = "late";

/// Keys by their names.
pub(super) struct Keys(BTreeMap<&'static str, Key>);

impl Keys {
    fn new() -> Self {
        let seeded = (1..).zip(NAMES).map(|(seed, name)| (*name, Key::new(seed, Y20)));
        Self(seeded.chain([(LATE, Key::new(200, Y21 + 1))]).collect())
    }
}

impl Index<&str> for Keys {
    type Output = Key;
    fn index(&self, name: &str) -> &Key {
        &self.0[name]
    }
}

/// A GnuPG home that knows them, and a repository.
pub(super) struct Ring {
    pub(super) home: Home,
    pub(super) keys: Keys,
    ground: Ground,
}

impl Ring {
    pub(super) fn new() -> Self {
        let (home, keys) = (Home::new(), Keys::new());
        let file = home.path().join("certificates");
        fs::write(&file, certificates(&keys)).unwrap();
        let file = file.to_str().unwrap();
        home.gpg(&["--allow-non-selfsigned-uid", "--import", file]);
        // Ultimate is 6, marginal 4; a stranger gets none, nor does who is vouched for.
        let trust: String = keys
            .0
            .iter()
            .filter(|(name, _)| !["stranger", "full", "marginal", "gone"].contains(name))
            .map(|(name, key)| (key.hex(), if *name == "intro" { 4 } else { 6 }))
            .map(|(key, trust)| format!("{key}:{trust}:\n"))
            .collect();
        fs::write(file, trust).unwrap();
        home.gpg(&["--import-ownertrust", file]);
        home.gpg(&["--edit-key", &keys["switched off"].hex(), "disable", "save"]);
        Self { home, keys, ground: Ground::new() }
    }

    /// A commit that a key signed in the plain form.
    pub(super) fn signed(&self, name: &str, key: &str) -> Vec<u8> {
        self.formed(name, key, |form| form)
    }

    /// A commit that a key signed in some form.
    pub(super) fn formed(&self, name: &str, key: &str, form: impl Fn(Form) -> Form) -> Vec<u8> {
        let body = commit(name);
        with_signature(&body, &armored(&self.packet(&body, key, form)))
    }

    /// The packet of a signature over some bytes.
    pub(super) fn packet(&self, body: &[u8], key: &str, form: impl Fn(Form) -> Form) -> Vec<u8> {
        let key = &self.keys[key];
        packet(2, &key.sign(body, &form(key.form(Y21))))
    }

    /// What `git log` says of each row, under nobody's configuration.
    pub(super) fn asked_of_git(&self, rows: &[Row]) -> Letters {
        let tree = self.ground.repository("matrix");
        let ids: Vec<String> = rows.iter().map(|row| self.store(&tree, &row.raw)).collect();
        let mut letters = Letters::new();
        let log = |ids: &[&str]| {
            let format = "--format=%H %G? %GF";
            let words = [&["log", "--no-walk=unsorted", format][..], ids].concat();
            let mut command = self.ground.command(&tree, &words);
            command.env("GNUPGHOME", self.home.path()).output().unwrap()
        };
        let living: Vec<&str> =
            rows.iter().zip(&ids).filter(|(row, _)| !row.ends).map(|(_, id)| id.as_str()).collect();
        let output = log(&living);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let [id, letter, rest @ ..] = &line.split(' ').collect::<Vec<_>>()[..] else {
                panic!()
            };
            let by = rest.concat();
            let same = rows.iter().zip(&ids).filter(|(_, other)| other == id);
            for (row, _) in same {
                letters.insert(row.name.clone(), (letter.chars().next().unwrap(), by.clone()));
            }
        }
        for (row, id) in rows.iter().zip(&ids).filter(|(row, _)| row.ends) {
            assert!(!log(&[id]).status.success(), "{}: git was to end at it", row.name);
        }
        letters
    }

    fn store(&self, tree: &std::path::Path, raw: &[u8]) -> String {
        let words = ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"];
        let mut command: Command = self.ground.command(tree, &words);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("git starts");
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), raw).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

/// A commit of the first day of 2021 without a signature.
pub(super) fn commit(name: &str) -> Vec<u8> {
    let who = format!("A U Thor <a@example.org> {Y21} +0000");
    format!(
        "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor {who}\ncommitter {who}\n\n{name}\n"
    )
    .into_bytes()
}

/// Folds a signature into the headers of a commit, at their end.
pub(super) fn with_signature(commit: &[u8], signature: &[u8]) -> Vec<u8> {
    with_header(commit, "gpgsig", signature)
}

pub(super) fn with_header(commit: &[u8], name: &str, value: &[u8]) -> Vec<u8> {
    let end = commit.windows(2).position(|pair| pair == b"\n\n").unwrap() + 1;
    let value = value.strip_suffix(b"\n").unwrap_or(value);
    let folded: Vec<u8> =
        value.split(|byte| *byte == b'\n').flat_map(|line| [b" ", line, b"\n"].concat()).collect();
    [&commit[..end], name.as_bytes(), &folded, &commit[end..]].concat()
}

/// Everybody's public keys.
fn certificates(keys: &Keys) -> Vec<u8> {
    let of = |name: &str| Certificate::of(&keys[name], &format!("{name} <someone@example.org>"));
    let plain = ["me", "stranger", "switched off", "late"].map(of);
    let mut all = Vec::from(plain);
    all.push(Certificate { certified_by: Some(&keys["me"]), ..of("full") });
    all.push(Certificate { certified_by: Some(&keys["me"]), ..of("intro") });
    all.push(Certificate { certified_by: Some(&keys["intro"]), ..of("marginal") });
    all.push(Certificate { flags: 1, ..of("certifies") });
    all.extend(mortal(keys));
    all.extend(with_subkeys(keys));
    all.push(Certificate { name_revoked: true, ..of("nameless") });
    all.push(Certificate { self_signed: false, ..of("unsigned name") });
    let hostile = b"\x1b[31mx\n[GNUPG:] GOODSIG 0123456789ABCDEF x\0 <h@example.org>".to_vec();
    all.push(Certificate { name: hostile, ..of("hostile name") });
    all.push(Certificate { name: b"J\xf6rg <j@example.org>".to_vec(), ..of("latin name") });
    all.push(Certificate { name: Vec::new(), ..of("empty name") });
    all.iter().flat_map(Certificate::bytes).collect()
}

/// Keys that have expired or are revoked.
fn mortal(keys: &Keys) -> Vec<Certificate<'_>> {
    let of = |name: &str| Certificate::of(&keys[name], &format!("{name} <someone@example.org>"));
    let revoked = |name, when, code| Certificate { revoked: Some((when, code)), ..of(name) };
    vec![
        Certificate { lifetime: Some(2 * YEAR), ..of("expired later") },
        Certificate { lifetime: Some(DAY), ..of("expired before") },
        revoked("replaced later", Y22, 1),
        revoked("replaced before", Y20 + DAY, 1),
        revoked("stolen", Y22, 2),
        revoked("unexplained", Y22, 0),
        Certificate { lifetime: Some(2 * YEAR), ..revoked("expired and stolen", Y22, 2) },
    ]
}

fn with_subkeys(keys: &Keys) -> Vec<Certificate<'_>> {
    let of = |name: &str| Certificate {
        flags: 1,
        ..Certificate::of(&keys[name], &format!("{name} <someone@example.org>"))
    };
    let nothing = |_: &mut Subkey<'_>| {};
    let lapsed = Certificate { lifetime: Some(2 * YEAR), ..of("expired primary") };
    vec![
        of("primary").sub(&keys["subkey"], nothing),
        lapsed.sub(&keys["its subkey"], nothing),
        of("primary 2").sub(&keys["expired subkey"], |sub| sub.lifetime = Some(DAY)),
        of("primary 3").sub(&keys["replaced subkey"], |sub| sub.revoked = Some((Y22, 1))),
        of("primary 4").sub(&keys["encrypts"], |sub| sub.flags = 12),
        of("primary 5").sub(&keys["unbound"], |sub| sub.acknowledges = None),
        of("primary 6")
            .sub(&keys["bound to another"], |sub| sub.acknowledges = Some(&keys["primary"])),
        // Both list the subkey of another as theirs, one before its owner is known.
        of("thief").sub(&keys["subkey"], |sub| sub.acknowledges = None),
        of("early thief").sub(&keys["wanted"], |sub| sub.acknowledges = None),
        of("primary 7").sub(&keys["wanted"], nothing),
    ]
}
