//! The way to the user's GnuPG: keys are listed by the `gpg` program, signatures checked by gpgme.
//!
//! Looking leaves no trace. Asking gpg for secret keys would start its agent, so own keys are told
//! by the file names under `private-keys-v1.d` instead, and the listing asks for public keys only.
//! gpg makes keyrings and trust databases that it misses, so it is not started where there are
//! none. Listing through gpgme would take six processes and the agent; this takes one. Nothing
//! here signs, and no repository's configuration is read.

use std::collections::BTreeSet;
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gpgme::{Context, PinentryMode, Protocol, SignatureSummary};

use crate::observation::Unknown;
use crate::sys::{Command, Kind, System};

use super::key::{Key, Listing, Secret};
use super::{Checked, Keyring, Status, listing};

/// Most of a listing that is read: a flooded key may hold megabytes of signatures' names.
const LISTING_LIMIT: usize = 4 * 1024 * 1024;
/// A file of one private key holds a few kilobytes.
const KEY_FILE_LIMIT: u64 = 256 * 1024;
/// Keys named in one question: a command line has an end.
const BATCH: usize = 200;
/// GnuPG's own code for "no public key".
const NO_PUBLIC_KEY: &str = "9";

/// The user's GnuPG.
pub struct GnuPg {
    system: Arc<dyn System>,
    live: bool,
}

/// Where GnuPG's program and home are.
struct Ring {
    program: PathBuf,
    home: PathBuf,
}

impl GnuPg {
    /// On this machine.
    #[must_use]
    pub fn live(system: Arc<dyn System>) -> Self {
        Self { system, live: true }
    }

    /// On a recorded machine: lists what was recorded and checks no signature.
    #[must_use]
    pub fn recorded(system: Arc<dyn System>) -> Self {
        Self { system, live: false }
    }

    fn home(&self) -> Result<PathBuf, Unknown> {
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
        let program = ["gpg", "gpg2"].iter().find_map(|name| self.system.find_program(name));
        let nothing = |why: String| {
            let home = home.display().to_string();
            let gpg = program.is_some();
            Listing { gpg, home, nothing: Some(why), stale_trust: false, keys: Vec::new() }
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

    fn list(&self, ring: &Ring, patterns: &[String]) -> Result<Listing, Unknown> {
        let mut listing = Listing {
            gpg: true,
            home: ring.home.display().to_string(),
            nothing: None,
            stale_trust: false,
            keys: Vec::new(),
        };
        let grips = self.keygrips(&ring.home)?;
        for batch in patterns.chunks(BATCH) {
            let (keys, stale) = listing::read(&self.ask(ring, batch)?);
            listing.stale_trust |= stale;
            listing.keys.extend(keys);
        }
        for key in &mut listing.keys {
            self.mark_secret(key, &grips, &ring.home);
        }
        Ok(listing)
    }

    fn ask(&self, ring: &Ring, patterns: &[String]) -> Result<String, Unknown> {
        // Without a trust database gpg would make one; it has nothing to say anyway.
        let trust = match self.system.kind(&ring.home.join("trustdb.gpg")) {
            Some(_) => "pgp",
            None => "always",
        };
        let mut command = Command::question(&ring.program)
            .args(["--homedir".into(), ring.home.clone().into_os_string()])
            .args(["--batch", "--no-tty", "--no-autostart", "--no-auto-check-trustdb"])
            .args(["--lock-never", "--trust-model", trust, "--status-fd", "2", "--with-colons"])
            .args(["--with-fingerprint", "--with-fingerprint", "--with-keygrip", "--list-keys"])
            .args(["--"])
            .args(patterns);
        command.output_limit = LISTING_LIMIT;
        let output = self.system.run(&command).map_err(|error| Unknown(error.to_string()))?;
        if output.out.len() >= LISTING_LIMIT {
            return Err(Unknown::because("a key in the keyring is too large to be read"));
        }
        let said = String::from_utf8_lossy(&output.err).into_owned();
        if output.ok() || says_no_such_key(&said) {
            Ok(output.text())
        } else {
            Err(Unknown(format!("gpg could not list keys: {}", complaint(&said))))
        }
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
            _ if grips.is_empty() => self.list(&ring, &[])?,
            Some(hint) => self.list(&ring, &[hint])?,
            None => {
                let all: Vec<String> = grips.iter().map(|grip| format!("&{grip}")).collect();
                self.list(&ring, &all)?
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
        match self.ring()? {
            Ok(ring) => self.list(&ring, &ids),
            Err(nothing) => Ok(nothing),
        }
    }

    fn check(&self, payload: &[u8], signature: &[u8]) -> Result<Vec<Checked>, Unknown> {
        if !self.live {
            return Err(Unknown::because("a recorded machine checks no signatures"));
        }
        let ring = match self.ring()? {
            Ok(ring) => ring,
            Err(nothing) => return Err(Unknown(nothing.nothing.unwrap_or_default())),
        };
        let checked = verify(&ring, payload, signature)
            .map_err(|error| Unknown(format!("gpg could not check the signature: {error}")))?;
        if checked.is_empty() {
            return Err(Unknown::because("gpg found no signature in it"));
        }
        Ok(checked)
    }
}

fn verify(ring: &Ring, payload: &[u8], signature: &[u8]) -> gpgme::Result<Vec<Checked>> {
    let mut context = Context::from_protocol(Protocol::OpenPgp)?;
    // Both at once: each change makes gpgme ask gpg for its version.
    context.set_engine_info(Some(c_path(&ring.program)?), Some(c_path(&ring.home)?))?;
    // No keys are fetched, nobody is asked for a passphrase, and no trust database is made or
    // brought up to date: trust is read from the listing.
    context.set_offline(true);
    context.set_flag("auto-key-retrieve", "0")?;
    context.set_flag("trust-model", "always")?;
    context.set_pinentry_mode(PinentryMode::Error)?;
    let result = context.verify_detached(signature, payload)?;
    Ok(result.signatures().map(|signature| checked(&signature)).collect())
}

fn c_path(path: &Path) -> gpgme::Result<CString> {
    // A path with a NUL byte exists nowhere.
    CString::new(path.as_os_str().as_bytes()).map_err(|_| gpgme::Error::INV_VALUE)
}

/// gpgme returns `Ok` for every outcome: what counts is each signature's status and summary.
fn checked(signature: &gpgme::Signature<'_>) -> Checked {
    let summary = signature.summary();
    let status = match signature.status() {
        _ if summary.contains(SignatureSummary::RED) => Status::Bad,
        Ok(()) if signature.is_wrong_key_usage() => Status::Bad,
        Ok(()) if summary.contains(SignatureSummary::KEY_REVOKED) => Status::RevokedKey,
        Ok(()) if summary.contains(SignatureSummary::KEY_EXPIRED) => Status::ExpiredKey,
        Ok(()) if summary.contains(SignatureSummary::SIG_EXPIRED) => Status::ExpiredSignature,
        Ok(()) => Status::Good,
        Err(error) => failed(error),
    };
    let key = signature.fingerprint().ok().map(str::to_ascii_uppercase);
    Checked { status, key }
}

fn failed(error: gpgme::Error) -> Status {
    let codes = [
        (gpgme::Error::BAD_SIGNATURE, Status::Bad),
        (gpgme::Error::KEY_EXPIRED, Status::ExpiredKey),
        (gpgme::Error::CERT_REVOKED, Status::RevokedKey),
        (gpgme::Error::SIG_EXPIRED, Status::ExpiredSignature),
        (gpgme::Error::NO_PUBKEY, Status::MissingKey),
    ];
    let known = codes.into_iter().find(|(code, _)| code.code() == error.code());
    known.map_or_else(|| Status::Other(error.to_string()), |(_, status)| status)
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
