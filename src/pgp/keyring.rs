//! The way to the user's GnuPG: keys are listed and exported by the `gpg` program; signatures are
//! checked elsewhere, with what it says.
//!
//! Looking leaves no trace. Asking gpg for secret keys would start its agent, so own keys are told
//! by the file names under `private-keys-v1.d` instead, and the listing asks for public keys only.
//! gpg makes keyrings and trust databases that it misses, so it is not started where there are
//! none. Nothing here signs, and no repository's configuration is read.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::observation::Unknown;
use crate::sys::{Command, Kind, Output, System};

use super::key::{Key, Listing, Secret};
use super::{Keyring, certificate, listing};

/// Most of a listing that is read: somebody may have blown a key up with names and subkeys.
const LISTING_LIMIT: usize = 4 * 1024 * 1024;
/// Most of exported keys that is read. gpg itself takes none of more than 5 MiB.
const EXPORT_LIMIT: usize = 16 * 1024 * 1024;
/// A file of one private key holds a few kilobytes.
const KEY_FILE_LIMIT: u64 = 256 * 1024;
/// Keys named in one question: a command line has an end.
const BATCH: usize = 1000;
/// Questions asked at most to find out which key of many cannot be listed.
const QUESTIONS: usize = 64;
/// How long gpg may take to answer, and how much longer for each key.
const PATIENCE: Duration = Duration::from_secs(5);
const PER_KEY: Duration = Duration::from_millis(20);
/// gpg's trust database.
const TRUST: &str = "trustdb.gpg";
/// Keeps gpg from bringing it up to date where it lies.
const TRUST_AS_KEPT: &str = "--no-auto-check-trustdb";
/// Most of it that is copied: one of ten thousand keys takes a megabyte.
const TRUST_LIMIT: u64 = 64 << 20;
/// GnuPG's own code for "no public key".
const NO_PUBLIC_KEY: &str = "9";

/// The user's GnuPG.
pub struct GnuPg {
    system: Arc<dyn System>,
    /// A home other than the user's, whose every key somebody vouched for.
    vouched: Option<PathBuf>,
}

/// Where GnuPG's program and home are.
struct Ring {
    program: PathBuf,
    home: PathBuf,
}

impl GnuPg {
    /// On a machine, this or a recorded one.
    #[must_use]
    pub fn live(system: Arc<dyn System>) -> Self {
        Self { system, vouched: None }
    }

    /// On this machine, with the keys of another home and no others. They count as known to belong
    /// to whom they name: whoever chose them vouches for that.
    #[must_use]
    pub fn vouched(system: Arc<dyn System>, home: PathBuf) -> Self {
        Self { system, vouched: Some(home) }
    }

    fn home(&self) -> Result<PathBuf, Unknown> {
        if let Some(home) = &self.vouched {
            return Ok(home.clone());
        }
        let Some(set) = self.system.env("GNUPGHOME").map(PathBuf::from) else {
            let home = self.system.home();
            return home.map(|home| home.join(".gnupg")).ok_or_else(|| {
                Unknown::because("there is no home folder to look for keys in: HOME is not set")
            });
        };
        if set.is_absolute() {
            return Ok(set);
        }
        let current = self.system.current_dir();
        current.map(|folder| folder.join(set)).map_err(|error| {
            Unknown(format!("GNUPGHOME is relative to a folder that cannot be read: {error}"))
        })
    }

    /// The ring, or a listing that says why there is none.
    fn ring(&self) -> Result<Result<Ring, Listing>, Unknown> {
        let home = self.home()?;
        let program = super::program(self.system.as_ref());
        let nothing = |why: String| {
            let home = home.display().to_string();
            Listing { gpg: program.is_some(), nothing: Some(why), ..self.empty(home) }
        };
        let Some(found) = program.clone() else {
            return Ok(Err(nothing("gpg is not installed".to_owned())));
        };
        if self.system.kind(&home) != Some(Kind::Folder) {
            return Ok(Err(nothing(format!(
                "there are no keys yet: no folder {}",
                home.display()
            ))));
        }
        // Old and new keybox, and the store of the keyboxd service.
        let stores = ["pubring.kbx", "pubring.gpg", "public-keys.d/pubring.db"];
        if !stores.iter().any(|store| self.system.kind(&home.join(store)).is_some()) {
            return Ok(Err(nothing(format!("there are no keys in {}", home.display()))));
        }
        Ok(Ok(Ring { program: found, home }))
    }

    /// Keygrips of the private keys in a GnuPG home: the names of their files.
    fn keygrips(&self, home: &Path) -> Result<BTreeSet<String>, Unknown> {
        let folder = home.join("private-keys-v1.d");
        if self.system.kind(&folder).is_none() {
            return Ok(BTreeSet::new());
        }
        let names = self
            .system
            .list(&folder)
            .map_err(|error| Unknown(format!("{} could not be read: {error}", folder.display())))?;
        let grips = names.iter().filter_map(|name| name.to_str()?.strip_suffix(".key"));
        let hex = |grip: &&str| grip.len() == 40 && grip.bytes().all(|b| b.is_ascii_hexdigit());
        Ok(grips.filter(hex).map(str::to_ascii_uppercase).collect())
    }

    fn empty(&self, home: String) -> Listing {
        Listing {
            gpg: true,
            home,
            nothing: None,
            stale_trust: false,
            now: self.system.now(),
            keys: Vec::new(),
            unreadable: Vec::new(),
        }
    }

    fn list(&self, ring: &Ring, patterns: &[String], numbers: bool) -> Result<Listing, Unknown> {
        let mut listing = self.empty(ring.home.display().to_string());
        let grips = self.keygrips(&ring.home)?;
        let mut waiting: Vec<&[String]> = patterns.chunks(BATCH).collect();
        let mut questions = QUESTIONS;
        while let Some(batch) = waiting.pop() {
            let Some(text) = self.ask(ring, batch, numbers, None)? else {
                // One of them is too large to be listed: halve until it stands alone.
                questions = questions.saturating_sub(1);
                let (left, right) = batch.split_at(batch.len() / 2);
                if left.is_empty() || questions == 0 {
                    listing.unreadable.extend_from_slice(batch);
                } else {
                    waiting.extend([left, right]);
                }
                continue;
            };
            let (mut keys, mut stale) = listing::read(&text);
            if stale && self.vouched.is_none() {
                (keys, stale) = self.trusted_anew(ring, batch, numbers, keys);
            }
            listing.stale_trust |= stale;
            listing.keys.extend(keys);
        }
        let mut seen = BTreeSet::new();
        listing.keys.retain(|key| seen.insert(key.fingerprint.clone()));
        for key in &mut listing.keys {
            key.trusted |= self.vouched.is_some();
            self.mark_secret(key, &grips, &ring.home);
        }
        Ok(listing)
    }

    /// The same keys with the trust of today, and whether it is still an old one. gpg works it out
    /// anew when git has it verify something, and so it does here, in a copy. Where that is not to be
    /// had nothing counts as trusted: what was may have been taken back since.
    fn trusted_anew(
        &self,
        ring: &Ring,
        patterns: &[String],
        numbers: bool,
        mut old: Vec<Key>,
    ) -> (Vec<Key>, bool) {
        let copy = self.trust_database(ring);
        let text = copy.and_then(|copy| self.ask(ring, patterns, numbers, Some(copy)).ok()?);
        match text {
            // It tells of the database as it was before, and of the keys as they are now.
            Some(text) => (listing::read(&text).0, false),
            None => {
                old.iter_mut().for_each(|key| key.trusted = false);
                (old, true)
            }
        }
    }

    /// gpg's trust database; `None` where gpg would write to the keyring as well, as it does to one of
    /// the old form.
    fn trust_database(&self, ring: &Ring) -> Option<Vec<u8>> {
        let old_form = self.system.kind(&ring.home.join("pubring.gpg")).is_some();
        let read = || self.system.read(&ring.home.join(TRUST), TRUST_LIMIT).ok();
        if old_form { None } else { read() }
    }

    /// What gpg lists; `None` where it is too much to be read. With a copy of the trust database gpg
    /// brings that up to date and goes by it.
    fn ask(
        &self,
        ring: &Ring,
        patterns: &[String],
        numbers: bool,
        trust_copy: Option<Vec<u8>>,
    ) -> Result<Option<String>, Unknown> {
        // Without a trust database gpg would make one; it has nothing to say anyway.
        let trust = match self.system.kind(&ring.home.join(TRUST)) {
            Some(_) => "pgp",
            None => "always",
        };
        let asked = match trust_copy {
            None => question(ring).args([TRUST_AS_KEPT]),
            Some(copy) => question(ring)
                .scratch_file(TRUST, copy)
                // With a slash, it lies in the folder that gpg is started in.
                .args(["--trustdb-name".to_owned(), format!("./{TRUST}")]),
        };
        let mut command = asked
            .args(["--trust-model", trust, "--status-fd", "2", "--with-colons"])
            .args(["--with-fingerprint", "--with-fingerprint", "--with-keygrip"])
            .args(numbers.then_some("--with-key-data"))
            .args(["--list-keys", "--"])
            .args(patterns);
        command.output_limit = LISTING_LIMIT;
        // In a keyring of thousands each of many keys takes its time to be found.
        command = command.within(PATIENCE + PER_KEY * u32::try_from(patterns.len()).unwrap_or(0));
        let output = self.system.run(&command).map_err(|error| Unknown(error.to_string()))?;
        if output.out.len() >= LISTING_LIMIT {
            return Ok(None);
        }
        answer(&output, "list").map(|()| Some(output.text()))
    }

    /// Looks at what no listing tells, of keys by one of whose subkeys something was signed, and
    /// of those that are revoked.
    fn look_closer(&self, ring: &Ring, listing: &mut Listing, ids: &[String]) {
        let wanted = |key: &Key| {
            let signs = |id: &String| !key.fingerprint.ends_with(id) && key.answers_to(id);
            key.parts.iter().any(|part| part.revoked) || ids.iter().any(signs)
        };
        let names: Vec<String> = listing
            .keys
            .iter()
            .filter(|key| wanted(key))
            .map(|key| key.fingerprint.clone())
            .collect();
        for batch in names.chunks(BATCH) {
            if let Some(export) = self.export(ring, batch) {
                certificate::read_into(&mut listing.keys, &export);
                continue;
            }
            // Somebody blew one of them up: it shall not hide the others.
            for name in batch.iter().take(QUESTIONS) {
                if let Some(export) = self.export(ring, std::slice::from_ref(name)) {
                    certificate::read_into(&mut listing.keys, &export);
                }
            }
        }
    }

    /// Public keys as gpg exports them; `None` where they are too much to be read.
    fn export(&self, ring: &Ring, fingerprints: &[String]) -> Option<Vec<u8>> {
        let mut command = question(ring).args([TRUST_AS_KEPT, "--export", "--"]).args(fingerprints);
        command.output_limit = EXPORT_LIMIT;
        let output = self.system.run(&command).ok()?;
        (output.ok() && output.out.len() < EXPORT_LIMIT).then_some(output.out)
    }

    fn mark_secret(&self, key: &mut Key, grips: &BTreeSet<String>, home: &Path) {
        for part in &mut key.parts {
            let Some(grip) = part.keygrip.as_ref().filter(|grip| grips.contains(*grip)) else {
                continue;
            };
            let file = home.join("private-keys-v1.d").join(format!("{grip}.key"));
            part.secret = if self.is_card_stub(&file) { Secret::Card } else { Secret::Here };
        }
    }

    /// Only the word that marks a stub is looked for; nothing else of the file is kept.
    fn is_card_stub(&self, file: &Path) -> bool {
        const STUB: &[u8] = b"shadowed-private-key";
        let content = self.system.read(file, KEY_FILE_LIMIT).unwrap_or_default();
        content.windows(STUB.len()).any(|window| window == STUB)
    }
}

impl Keyring for GnuPg {
    fn secret_keys(&self, hint: Option<&str>) -> Result<Listing, Unknown> {
        let ring = match self.ring()? {
            Ok(ring) => ring,
            Err(nothing) => return Ok(nothing),
        };
        let grips = self.keygrips(&ring.home)?;
        let mut listing = match hint.and_then(pattern) {
            _ if grips.is_empty() => self.list(&ring, &[], false)?,
            Some(hint) => self.list(&ring, &[hint], false)?,
            None => {
                let all: Vec<String> = grips.iter().map(|grip| format!("&{grip}")).collect();
                self.list(&ring, &all, false)?
            }
        };
        listing.keys.retain(Key::own);
        listing.keys.sort_by(|a, b| a.fingerprint.cmp(&b.fingerprint));
        listing.keys.dedup_by(|a, b| a.fingerprint == b.fingerprint);
        if grips.is_empty() {
            listing.nothing = Some(format!("there is no secret key in {}", listing.home));
        }
        Ok(listing)
    }

    fn public_keys(&self, ids: &[String]) -> Result<Listing, Unknown> {
        let ids: Vec<String> = ids.iter().filter(|id| is_id(id)).cloned().collect();
        let ring = match self.ring()? {
            Ok(ring) if ids.is_empty() => {
                return Ok(self.empty(ring.home.display().to_string()));
            }
            Ok(ring) => ring,
            Err(nothing) => return Ok(nothing),
        };
        let mut listing = self.list(&ring, &ids, true)?;
        self.look_closer(&ring, &mut listing, &ids);
        Ok(listing)
    }
}

/// A question that leaves no trace.
fn question(ring: &Ring) -> Command {
    Command::question(&ring.program)
        .args(["--homedir".into(), ring.home.clone().into_os_string()])
        .args(["--batch", "--no-tty", "--no-autostart", "--lock-never"])
}

fn answer(output: &Output, what: &str) -> Result<(), Unknown> {
    let said = String::from_utf8_lossy(&output.err);
    if output.ok() || says_no_such_key(&said) {
        Ok(())
    } else {
        Err(Unknown(format!("gpg could not {what} keys: {}", complaint(&said))))
    }
}

/// What to ask gpg for, so that an address means exactly that address.
fn pattern(hint: &str) -> Option<String> {
    let hint = hint.trim().trim_end_matches('!');
    let exact = hint.contains('@') && !hint.contains(['<', ' ']);
    let usable = !hint.is_empty() && !hint.contains('\0');
    usable.then(|| if exact { format!("<{hint}>") } else { hint.to_owned() })
}

fn is_id(id: &str) -> bool {
    matches!(id.len(), 16 | 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn says_no_such_key(said: &str) -> bool {
    let mut status = said.lines().filter_map(|line| line.strip_prefix("[GNUPG:] ERROR "));
    status.any(|line| line.split(' ').nth(1) == Some(NO_PUBLIC_KEY))
}

/// The first sentence that is meant for people.
fn complaint(said: &str) -> String {
    let mut lines = said.lines().filter(|line| !line.starts_with("[GNUPG:]"));
    let line = lines.next().unwrap_or("it gave no reason");
    line.strip_prefix("gpg: ").unwrap_or(line).to_owned()
}
