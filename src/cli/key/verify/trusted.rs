//! Whose word counts: the user's keyring, or the keys of a file that the user names. Such a file is
//! taken into a private folder that goes with the run; the user's keyring is never touched. A file
//! of the work tree under test speaks for nobody, unless its content is pinned.

use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::pgp::{GnuPg, Keyring, import};
use crate::report::verified::Keys;
use crate::signature::Signers;
use crate::sys::{Kind, System, Temporary};

use super::place::Place;

/// What begins a private key.
const SECRET: &[u8] = b"-----BEGIN PGP PRIVATE KEY";

/// A file that the user names, and the SHA-256 it must have.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) file: Option<&'a Path>,
    pub(super) pin: Option<&'a str>,
    /// The option for the pin.
    pub(super) option: &'static str,
}

/// Where keys come from in this run.
pub(super) struct Trusted {
    /// The same, to be told.
    pub(super) keys: Keys,
    file: Option<GnuPg>,
    /// Content of the file of allowed signers.
    signers: Option<Vec<u8>>,
    /// Holds the file's keys; gone with the run.
    _home: Option<Temporary>,
}

impl Trusted {
    /// Reads the files that are named.
    pub(super) fn open(
        session: &Session<'_>,
        place: &Place<'_>,
        keyring: Named<'_>,
        signers: Named<'_>,
    ) -> Result<Self, Trouble> {
        let shown = |named: Named<'_>| named.file.map(|file| file.display().to_string());
        let mut keys =
            Keys { keyring: shown(keyring), keyring_sha256: None, allowed_signers: shown(signers) };
        let (mut file, mut home) = (None, None);
        if let Some((content, hash)) = vouched(session.bench, place, keyring)? {
            let folder = taken_in(session, keys.keyring.as_deref().unwrap_or_default(), &content)?;
            file = Some(session.machine.vouched_keys(folder.path().to_owned()));
            (home, keys.keyring_sha256) = (Some(folder), Some(hash));
        }
        let signers = vouched(session.bench, place, signers)?.map(|(content, _)| content);
        Ok(Self { keys, file, signers, _home: home })
    }

    /// What answers for keys.
    pub(super) fn keyring<'a>(&'a self, session: &'a Session<'_>) -> &'a dyn Keyring {
        match &self.file {
            Some(file) => file,
            None => session.machine.world().keyring,
        }
    }

    /// Whose SSH keys count: those of the file that is named, else of the user's own settings.
    pub(super) fn signers(&self, session: &Session<'_>, tree: Option<&Path>) -> Signers {
        let world = session.machine.world();
        let signers = Signers::of_user(world.system, world.git, tree);
        match (&self.signers, &self.keys.allowed_signers) {
            (Some(content), Some(file)) => signers.with_list(file.clone(), content),
            _ => signers,
        }
    }
}

/// Takes the keys of a file into a home of their own.
fn taken_in(session: &Session<'_>, name: &str, content: &[u8]) -> Result<Temporary, Trouble> {
    if content.windows(SECRET.len()).any(|part| part == SECRET) {
        return Err(Trouble::usage(format!("{name} holds a private key"))
            .remedy("keep it to yourself, and name what `gpg --armor --export` prints"));
    }
    let home = session.bench.temporary_folder().map_err(|error| {
        Trouble::usage(format!("there is no place for the keys of {name}: {error}"))
            .remedy("make room in the folder for temporary files, or set TMPDIR")
    })?;
    let found = import::import(session.bench, home.path(), content).map_err(|why| {
        Trouble::new(Exit::Incomplete, format!("{name} could not be read: {}", why.0))
    })?;
    if found == 0 {
        return Err(Trouble::usage(format!("{name} holds no OpenPGP key that gpg can read"))
            .remedy("name a KEYS file, or what `gpg --armor --export` prints"));
    }
    Ok(home)
}

/// A file that the user stands for, with its SHA-256.
fn vouched(
    system: &dyn System,
    place: &Place<'_>,
    Named { file, pin, option }: Named<'_>,
) -> Result<Option<(Vec<u8>, String)>, Trouble> {
    let Some(file) = file else { return Ok(None) };
    let name = file.display();
    let path = place.folder.join(file);
    if system.kind(&path) == Some(Kind::Other) {
        return Err(Trouble::usage(format!("{name} is a pipe or a device"))
            .remedy("save what comes out of it to a file, and name that"));
    }
    let content = system.read(&path, import::LIMIT).map_err(|error| {
        let what = match error.kind() {
            std::io::ErrorKind::FileTooLarge => {
                format!("{name} is larger than {}", crate::text::size(import::LIMIT))
            }
            std::io::ErrorKind::NotFound => format!("there is no file {name} here"),
            _ => format!("{name}: {error}"),
        };
        Trouble::usage(what).remedy("name a file of public keys that you may read")
    })?;
    let hash: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
    match pin {
        Some(pin) if !is_hash(pin) => {
            return Err(Trouble::usage(format!("{pin} is no SHA-256"))
                .remedy(format!("sha256sum {name} prints it: 64 hexadecimal digits")));
        }
        Some(pin) if pin.eq_ignore_ascii_case(&hash) => return Ok(Some((content, hash))),
        Some(_) => {
            return Err(Trouble::failed(format!(
                "{name} is not the file you pinned: its SHA-256 is {hash}"
            ))
            .remedy("get it again from where you know it to be right"));
        }
        None => {}
    }
    let root = place.tree.as_deref();
    if root.is_some_and(|root| led_by(system, root, &path)) {
        let what =
            format!("{name} lies in the work tree under test, which may not vouch for itself");
        return Err(Trouble::usage(what).remedy(format!(
            "get it over https from the project's own site; or, where you know this one to be \
             right, add {option} {hash}"
        )));
    }
    Ok(Some((content, hash)))
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a path ends in the tree, or a link of the tree chose where it ends.
fn led_by(system: &dyn System, root: &Path, path: &Path) -> bool {
    let real = |path: &Path| system.real_path(path).unwrap_or_else(|_| path.to_owned());
    let root = real(root);
    let mut at = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(at.pop()),
            Component::CurDir => {}
            part => {
                let next = at.join(part);
                let led = real(&next);
                if led != next && next.starts_with(&root) {
                    return true;
                }
                at = led;
            }
        }
    }
    at.starts_with(&root)
}
