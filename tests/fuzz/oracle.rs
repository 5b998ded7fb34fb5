//! Who knows better: gpg, asked about the same bytes, its status lines read as git reads them.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use onramp::observation::Unknown;
use onramp::pgp::{GnuPg, Keyring, Listing};
use onramp::signature::{Signed, Signers, Trust, Verdict, Word, by_ssh, judge};
use onramp::ssh::Clock;
use onramp::sys::Real;

use super::corpus::{Corpus, folder};
use crate::support::keys::{Elsewhere, Home};
use crate::support::process;
use crate::support::world::LIMIT;

/// What became of a signature; no two of one outcome are kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seen {
    /// git's letter.
    pub(super) git: char,
    word: String,
    reason: String,
}

impl Seen {
    fn of(verdict: &Verdict) -> Self {
        // Ids and days differ from one to the next.
        let reason = verdict.reason.as_deref().unwrap_or_default();
        let words = reason.split(' ').filter(|word| !word.contains(|c: char| c.is_ascii_digit()));
        let word = serde_json::to_value(verdict.word).unwrap().as_str().unwrap().to_owned();
        Self { git: verdict.git, word, reason: words.collect::<Vec<_>>().join(" ") }
    }

    /// Whether somebody's signature was found to hold.
    pub(super) fn holds(&self) -> bool {
        let bare =
            [Word::Bad, Word::MissingKey, Word::Unsupported, Word::Unchecked, Word::Unsigned];
        !bare.iter().any(|word| serde_json::to_value(word).unwrap() == *self.word)
    }

    /// A name for a file with it.
    pub(super) fn file_stem(&self) -> String {
        let fits = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let text: String = format!("{} {}", self.word, self.reason).chars().map(fits).collect();
        let parts: Vec<&str> = text.split('-').filter(|part| !part.is_empty()).collect();
        parts.join("-").chars().take(90).collect()
    }
}

/// A ring that was listed once: nothing is started for a signature.
struct Listed(Listing);

impl Keyring for Listed {
    fn secret_keys(&self, _hint: Option<&str>) -> Result<Listing, Unknown> {
        Ok(self.0.clone())
    }

    fn public_keys(&self, _ids: &[String]) -> Result<Listing, Unknown> {
        Ok(self.0.clone())
    }
}

pub(super) struct Bench {
    home: Home,
    ring: Listed,
    signers: Signers,
}

impl Bench {
    pub(super) fn new() -> Self {
        let home = Home::new();
        let keys = folder().join("keys.asc");
        home.gpg(&["--import", keys.to_str().unwrap()]);
        let text = String::from_utf8(home.gpg(&["--with-colons", "--list-keys"]).stdout).unwrap();
        let lines = text.lines().filter(|line| line.starts_with("pub:"));
        let ids: Vec<String> = lines.map(|line| line.split(':').nth(4).unwrap().into()).collect();
        let gnupg = GnuPg::live(Arc::new(Elsewhere::with(home.path())));
        let ring = Listed(gnupg.public_keys(&ids).unwrap());
        assert!(ring.0.keys.len() >= 3, "the keys of the corpus");
        let signers = Signers::unset(Clock::utc(1_577_836_800));
        let signers = signers.with_file(&Real::default(), &folder().join("allowed_signers"));
        Self { home, ring, signers }
    }

    pub(super) fn judge(&self, payload: &[u8], signature: &[u8]) -> Seen {
        let signed = Signed::new(payload, Some(signature));
        Seen::of(&judge(&[signed], &self.ring, self.trust())[0])
    }

    fn trust(&self) -> Trust<'_> {
        Trust { signers: Some(&self.signers), ..Trust::default() }
    }

    /// What sets gpg and onramp apart, if anything does; nothing for SSH, which gpg does not know.
    pub(super) fn difference(
        &self,
        corpus: &Corpus,
        signature: &[u8],
        seen: &Seen,
    ) -> Option<String> {
        if by_ssh(signature) {
            return None;
        }
        // Where git stops at the first line there is no letter to compare.
        if seen.git == '?' {
            return seen.holds().then(|| "it holds, and git would not look at it".to_owned());
        }
        // What is put together as nobody does is never good here, whatever gpg makes of the rest.
        if seen.word == "unsupported" {
            return None;
        }
        let letter = self.letter(corpus.payload(), signature);
        // How exactly gpg says no is what the table of letters is about.
        let no = |letter: char| matches!(letter, 'B' | 'E' | 'N');
        (letter != seen.git && !(no(letter) && no(seen.git)))
            .then(|| format!("gpg: {letter}, onramp: {seen:?}"))
    }

    /// The letter that git makes of what gpg says.
    fn letter(&self, payload: &[u8], signature: &[u8]) -> char {
        let (content, file) = (self.home.path().join("content"), self.home.path().join("sig"));
        fs::write(&content, payload).unwrap();
        fs::write(&file, signature).unwrap();
        let mut command = std::process::Command::new("gpg");
        command.env_remove("GNUPGHOME").arg("--homedir").arg(self.home.path());
        command.args(["--no-autostart", "--status-fd", "1", "--verify"]).arg(file).arg(content);
        letter(&process::finish(command, b"", LIMIT).stdout())
    }
}

fn letter(said: &str) -> char {
    let (mut found, mut count, mut trusted) = ('N', 0, true);
    for line in said.lines().filter_map(|line| line.strip_prefix("[GNUPG:] ")) {
        let word = line.split(' ').next().unwrap_or_default();
        let letter = match word {
            "GOODSIG" => 'G',
            "BADSIG" => 'B',
            "ERRSIG" => 'E',
            "EXPSIG" => 'X',
            "EXPKEYSIG" => 'Y',
            "REVKEYSIG" => 'R',
            "TRUST_UNDEFINED" | "TRUST_NEVER" => {
                trusted = false;
                continue;
            }
            _ => continue,
        };
        (found, count) = (letter, count + 1);
    }
    match (count, found) {
        (2.., _) => 'E',
        (_, 'G') if !trusted => 'U',
        _ => found,
    }
}

/// Fails, with the signature kept where it can be looked at.
pub(super) fn finding(name: &str, signature: &[u8], what: &str) -> ! {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/fuzz");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("finding.asc");
    fs::write(&file, signature).unwrap();
    panic!("{name}: {what}; the signature is in {}", file.display());
}
