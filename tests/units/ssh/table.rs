//! The table: each row is a signed object with a list of signers, what git says of it and what
//! onramp says. git and ssh-keygen are asked; where onramp says something else than git's letter
//! suggests, the row says why, and no other row may.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use onramp::git::split;
use onramp::observation::Unknown;
use onramp::pgp::{Keyring, Listing};
use onramp::signature::{Signed, Signers, Trust, Verdict, Word, judge};
use onramp::ssh::Clock;

use crate::support::keys::Elsewhere;
use crate::support::ssh::{Workshop, shown};

/// The author and committer of every row that says nothing else.
pub(super) const ADA: &str = "a@example.org";
/// 2021-01-01 00:00:00 UTC.
pub(super) const THEN: i64 = 1_609_459_200;

/// Where the list of signers is.
pub(super) enum List {
    Unset,
    At(PathBuf),
    Text(Vec<u8>),
}

/// One row.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) payload: Arc<[u8]>,
    pub(super) signature: Arc<[u8]>,
    pub(super) list: List,
    pub(super) revoked: Option<PathBuf>,
    pub(super) zone: &'static str,
    pub(super) word: Word,
    /// Why onramp says something else than git's letter suggests.
    pub(super) why: &'static str,
}

/// The keys of the table, and its rows.
pub(super) struct Table {
    pub(super) shop: Workshop,
    pub(super) rows: Vec<Row>,
    /// The usual commit, signed by `ed`.
    pub(super) usual: (Arc<[u8]>, Arc<[u8]>),
}

impl Table {
    fn new() -> Self {
        let shop = Workshop::new();
        for name in ["ed", "ed2", "ca"] {
            shop.make(name, &["-t", "ed25519"]);
        }
        let payload = commit(THEN.to_string().as_str());
        let signature = shop.sign("ed", &payload, &[]);
        let usual = (payload.into(), signature.into());
        Self { shop, rows: Vec::new(), usual }
    }

    /// The list that names Ada for the key `ed`.
    pub(super) fn plain(&self) -> List {
        self.listed(&format!("{ADA} %ed\n"))
    }

    /// A list in which `%ed` stands for the key `ed` and `%ca` for the certifying one.
    pub(super) fn listed(&self, text: &str) -> List {
        let text = text.replace("%ed", &self.shop.public("ed"));
        List::Text(text.replace("%ca", &self.shop.public("ca")).into_bytes())
    }

    /// The usual commit under a list.
    pub(super) fn usual(&mut self, name: &'static str, text: &str, word: Word, why: &'static str) {
        let list = self.listed(text);
        self.add(name, list, word, why);
    }

    pub(super) fn add(&mut self, name: &'static str, list: List, word: Word, why: &'static str) {
        let (payload, signature) = self.usual.clone();
        let row = Row { name, payload, signature, list, revoked: None, zone: "UTC", word, why };
        self.rows.push(row);
    }

    /// Puts other bytes into the row added last.
    pub(super) fn with(&mut self, payload: &[u8], signature: &[u8]) -> &mut Row {
        let row = self.rows.last_mut().unwrap();
        (row.payload, row.signature) = (payload.into(), signature.into());
        row
    }
}

/// A commit without its signature.
pub(super) fn commit(date: &str) -> Vec<u8> {
    by(&format!("A U Thor <{ADA}>"), &format!("A U Thor <{ADA}> {date} +0000"))
}

pub(super) fn by(author: &str, committer: &str) -> Vec<u8> {
    format!(
        "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor {author} {THEN} +0000\n\
         committer {committer}\n\nmend the door\n"
    )
    .into_bytes()
}

/// A tag without its signature.
pub(super) fn tag(tagger: &str) -> Vec<u8> {
    let tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    format!("object {tree}\ntype tree\ntag v1\n{tagger}\nthe first\n").into_bytes()
}

/// No key of the table is asked for there.
struct NoKeyring;

impl Keyring for NoKeyring {
    fn secret_keys(&self, _: Option<&str>) -> Result<Listing, Unknown> {
        unreachable!("an SSH signature needs no OpenPGP key")
    }
    fn public_keys(&self, _: &[String]) -> Result<Listing, Unknown> {
        unreachable!("an SSH signature needs no OpenPGP key")
    }
}

/// Judges one object under these signers.
pub(super) fn judged(payload: &[u8], signature: &[u8], signers: &Signers) -> Verdict {
    let signed = Signed::new(payload, Some(signature));
    let trust = Trust { forge_keys: &[], signers: Some(signers) };
    judge(&[signed], &NoKeyring, trust).pop().unwrap()
}

impl Row {
    fn verdict(&self, list: Option<&Path>) -> Verdict {
        let env = [("TZ".to_owned(), self.zone.into())].into();
        let machine = Elsewhere { home: None, env, gpg: false };
        let mut signers = Signers::unset(Clock::of(&machine));
        if let Some(list) = list {
            signers = signers.with_file(&machine, list);
        }
        if let Some(revoked) = &self.revoked {
            signers = signers.with_revoked(&machine, revoked);
        }
        if self.tag() {
            return judged(&self.payload, &self.signature, &signers);
        }
        // As it comes out of a commit.
        let signed = split(String::new(), &with_signature(&self.payload, &self.signature));
        judged(&signed.payload, &signed.signature.unwrap(), &signers)
    }

    fn tag(&self) -> bool {
        self.payload.starts_with(b"object ")
    }
}

/// What git says: its letter and the fingerprint it names.
fn said_by_git(row: &Row, list: Option<&Path>, folder: &Path) -> (char, String) {
    let git = |arguments: &[&str], input: &[u8]| -> Output {
        let mut command = Command::new("git");
        command.arg("-C").arg(folder);
        if let Some(list) = list {
            command.args(["-c", &format!("gpg.ssh.allowedSignersFile={}", shown(list))]);
        }
        if let Some(revoked) = &row.revoked {
            command.args(["-c", &format!("gpg.ssh.revocationFile={}", shown(revoked))]);
        }
        command.args(arguments).env("TZ", row.zone).env("LC_ALL", "C").env("HOME", folder);
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().expect("git is installed");
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), input).unwrap();
        child.wait_with_output().unwrap()
    };
    let tag = row.tag();
    let object = if tag {
        [&row.payload[..], &row.signature].concat()
    } else {
        with_signature(&row.payload, &row.signature)
    };
    let kind = if tag { "tag" } else { "commit" };
    let id = git(&["hash-object", "-t", kind, "-w", "--stdin", "--literally"], &object);
    let id = String::from_utf8(id.stdout).unwrap().trim().to_owned();
    if tag {
        // git has no letter for tags: what it says of one leads to the same letters.
        let said = git(&["verify-tag", "--raw", &id], b"");
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        let letter = match () {
            () if said.contains("Good \"git\" signature for") => 'G',
            () if said.contains("Good \"git\" signature with") => 'U',
            () if said.contains("Could not verify") || said.contains("verification failed") => 'B',
            () => 'N',
        };
        return (letter, String::new());
    }
    let ask = || git(&["log", "-1", "--format=%G?%GF", &id], b"");
    // git dies of a broken pipe where ssh-keygen refuses the date before it has read the commit.
    let piped = |said: &Output| said.status.signal() == Some(13);
    let said = (0..20).map(|_| ask()).find(|said| !piped(said)).expect("an answer of git");
    if !said.status.success() {
        return ('?', String::new());
    }
    let text = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    (text.chars().next().unwrap(), text[1..].to_owned())
}

/// The signature among the headers, as git puts it there.
fn with_signature(payload: &[u8], signature: &[u8]) -> Vec<u8> {
    let end = payload.windows(2).position(|two| two == b"\n\n").unwrap() + 1;
    let lines = signature.strip_suffix(b"\n").unwrap_or(signature).split(|byte| *byte == b'\n');
    let folded: Vec<&[u8]> = lines.collect();
    let folded = folded.join(&b"\n "[..]);
    [&payload[..end], b"gpgsig ", &folded, b"\n", &payload[end..]].concat()
}

/// What a letter suggests to someone who reads no further.
fn suggested(letter: char) -> Word {
    match letter {
        'G' => Word::Good,
        'U' => Word::Untrusted,
        'B' => Word::Bad,
        'N' => Word::Unsigned,
        _ => Word::Unchecked,
    }
}

#[test]
fn every_row_agrees_with_git_or_says_why_not() {
    let mut table = Table::new();
    super::lists::rows(&mut table);
    super::forms::rows(&mut table);
    super::certificates::rows(&mut table);
    assert!(table.rows.len() >= 100, "{} rows", table.rows.len());
    let repository = table.shop.path("repository");
    fs::create_dir(&repository).unwrap();
    let made = Command::new("git").args(["init", "-q"]).arg(&repository).status().unwrap();
    assert!(made.success());
    let mut wrong = Vec::new();
    for (row, number) in table.rows.iter().zip(0..) {
        let list = match &row.list {
            List::Unset => None,
            List::At(path) => Some(path.clone()),
            List::Text(text) => Some(table.shop.write(&format!("list-{number}"), text)),
        };
        let (letter, fingerprint) = said_by_git(row, list.as_deref(), &repository);
        let verdict = row.verdict(list.as_deref());
        let own = verdict.fingerprint.clone().unwrap_or_default();
        let tag = row.tag();
        let told =
            if suggested(letter) == row.word { row.why.is_empty() } else { !row.why.is_empty() };
        let odd = row.why.starts_with("not followed: ");
        let letters = if odd { verdict.git == '?' } else { verdict.git == letter };
        let named = odd || tag || own == fingerprint;
        if verdict.word != row.word || !letters || !named || !told {
            wrong.push(format!(
                "{}: git {letter} {fingerprint}, onramp {} {own} {:?} ({:?}), wanted {:?}, why: {:?}",
                row.name, verdict.git, verdict.word, verdict.reason, row.word, row.why
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), table.rows.len(), wrong.join("\n"));
}
