//! Where the word on whose SSH keys to believe comes from: a file the user names, or the user's own
//! git settings. What a work tree says of it itself is named, and never believed.

use std::io;
use std::path::{Path, PathBuf};

use crate::git::{Repositories, Scope, Setting};
use crate::ssh::{AllowedSigners, Clock, Identity, PublicKey, Revoked};
use crate::sys::{self, System};

/// Largest file of signers or revoked keys, and largest public key.
const LARGEST: u64 = 4 << 20;
const LARGEST_KEY: u64 = 64 << 10;

const FILE: &str = "gpg.ssh.allowedSignersFile";
const REVOCATION: &str = "gpg.ssh.revocationFile";
const KEY: &str = "user.signingkey";

/// Whose SSH keys the user believes, and which were called back.
#[derive(Debug, Clone)]
pub struct Signers {
    pub(super) list: List,
    pub(super) revoked: Revocation,
    pub(super) clock: Clock,
    /// The key that git signs with for this user.
    pub(super) own: Option<Identity>,
}

/// The list of allowed signers.
#[derive(Debug, Clone)]
pub(super) enum List {
    /// Nobody named one: why, a fragment.
    Unset(String),
    /// It is not there or cannot be read: why, a fragment.
    Unreadable(String),
    /// It is too large to be read here: why, a fragment.
    TooLarge(String),
    /// It was read from here.
    Read(String, AllowedSigners),
}

/// The list of revoked keys.
#[derive(Debug, Clone)]
pub(super) enum Revocation {
    /// Nobody named one.
    Unset,
    /// It is not there, which git passes over with a warning: why, a fragment.
    Missing(String),
    /// It cannot be read: why, a fragment.
    Unreadable(String),
    /// It was read from here.
    Read(String, Revoked),
}

impl Signers {
    /// Nobody said whose keys to believe.
    #[must_use]
    pub fn unset(clock: Clock) -> Self {
        let list = List::Unset(format!("{FILE} is not set in your git configuration"));
        Self { list, revoked: Revocation::Unset, clock, own: None }
    }

    /// What the user's own git settings say. `tree` is the work tree that is looked at: neither
    /// its settings nor its files count.
    #[must_use]
    pub fn of_user(system: &dyn System, git: &dyn Repositories, tree: Option<&Path>) -> Self {
        let places = Places::of(system, git, tree);
        let mut signers = Self::unset(Clock::of(system));
        match places.file(FILE) {
            Named::Nobody => {}
            Named::ByTree(reason) | Named::Astray(reason) => signers.list = List::Unset(reason),
            Named::File(file) => signers = signers.with_file(system, &file),
        }
        match places.file(REVOCATION) {
            // A tree may not have its signatures doubted either.
            Named::Nobody | Named::ByTree(_) => {}
            Named::Astray(reason) => signers.revoked = Revocation::Unreadable(reason),
            Named::File(file) => signers = signers.with_revoked(system, &file),
        }
        signers.own = places.setting(KEY).and_then(|it| places.own(&it.value));
        signers
    }

    /// The same, with a file that the user names for this run.
    #[must_use]
    pub fn with_file(self, system: &dyn System, file: &Path) -> Self {
        let shown = file.display().to_string();
        let list = match system.read(file, LARGEST) {
            Ok(bytes) => return self.with_list(shown, &bytes),
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                List::TooLarge(format!("the file of allowed signers {shown} is larger than 4 MiB"))
            }
            Err(error) => {
                List::Unreadable(format!("the file of allowed signers {shown} {}", fault(&error)))
            }
        };
        Self { list, ..self }
    }

    /// The same, with the content of such a file, and the name to tell it by.
    #[must_use]
    pub fn with_list(self, shown: String, content: &[u8]) -> Self {
        let list = List::Read(shown, AllowedSigners::read(content, &self.clock));
        Self { list, ..self }
    }

    /// The same, with a list of revoked keys that the user names for this run.
    #[must_use]
    pub fn with_revoked(self, system: &dyn System, file: &Path) -> Self {
        Self { revoked: revocation(system, file), ..self }
    }
}

fn revocation(system: &dyn System, file: &Path) -> Revocation {
    let shown = file.display().to_string();
    let trouble = |what: &str| format!("the list of revoked keys {shown} {what}");
    match system.read(file, LARGEST) {
        Ok(bytes) => match Revoked::read(&bytes) {
            Ok(list) => Revocation::Read(shown, list),
            Err(reason) => Revocation::Unreadable(trouble(&format!("cannot be read: {reason}"))),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Revocation::Missing(trouble("is not there"))
        }
        Err(error) => Revocation::Unreadable(trouble(&fault(&error))),
    }
}

fn fault(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "is not there".to_owned(),
        io::ErrorKind::InvalidInput => "is no file".to_owned(),
        io::ErrorKind::FileTooLarge => "is larger than 4 MiB".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

/// What a setting names.
enum Named {
    Nobody,
    /// Only the work tree itself names something: that it is not believed, a fragment.
    ByTree(String),
    /// The user names something that leads astray: why, a fragment.
    Astray(String),
    File(PathBuf),
}

/// The user's settings, and where they may not lead.
struct Places<'a> {
    system: &'a dyn System,
    here: Vec<Setting>,
    outside: Vec<Setting>,
    root: Option<PathBuf>,
}

impl<'a> Places<'a> {
    fn of(system: &'a dyn System, git: &dyn Repositories, tree: Option<&Path>) -> Self {
        let names = [FILE, REVOCATION, KEY];
        let outside = git.settings(None, &names).unwrap_or_default();
        let here = tree.and_then(|tree| git.settings(Some(tree), &names).ok());
        let state = tree.and_then(|tree| git.state(tree).ok());
        let root = state.map(|state| state.root.unwrap_or(state.git_folder)).map(PathBuf::from);
        Self { system, here: here.unwrap_or_else(|| outside.clone()), outside, root }
    }

    /// The user's own word: in a tree that says otherwise, what holds outside of it.
    fn setting(&self, name: &str) -> Option<&Setting> {
        let here = self.here.iter().find(|it| it.name == name);
        let outside = || self.outside.iter().find(|it| it.name == name);
        here.filter(|it| it.scope != Scope::Tree).or_else(outside)
    }

    fn file(&self, name: &str) -> Named {
        let trees = self.here.iter().any(|it| it.name == name && it.scope == Scope::Tree);
        let Some(setting) = self.setting(name).filter(|it| !it.value.is_empty()) else {
            return if trees {
                Named::ByTree(format!("{name} is this work tree's own setting, not believed"))
            } else {
                Named::Nobody
            };
        };
        let Some(file) = self.expanded(&setting.value) else {
            return Named::Astray(format!("{name} is {}, which leads nowhere", setting.value));
        };
        if self.inside(&file) {
            let reason = format!("{name} leads into the work tree, whose files are not believed");
            return Named::Astray(reason);
        }
        Named::File(file)
    }

    /// git expands `~/`; other relative paths count from the work tree.
    fn expanded(&self, value: &str) -> Option<PathBuf> {
        let path = sys::opened_out(self.system, value)?;
        if path.is_absolute() {
            return Some(path);
        }
        if value.starts_with(['~', '%']) { None } else { Some(self.root.as_ref()?.join(path)) }
    }

    fn inside(&self, file: &Path) -> bool {
        self.root.as_ref().is_some_and(|root| {
            file.starts_with(root) || sys::stays_inside(self.system, root, file)
        })
    }

    /// The public half of the key that git signs with: written out, or in a file.
    fn own(&self, value: &str) -> Option<Identity> {
        let written = value.strip_prefix("key::").unwrap_or(value);
        if let Some(key) = PublicKey::from_text(written) {
            return Some(key.identity);
        }
        let file = self.expanded(value).filter(|file| !self.inside(file))?;
        let public = match file.extension() {
            Some(end) if end == "pub" => file,
            _ => PathBuf::from(format!("{}.pub", file.display())),
        };
        let bytes = self.system.read(&public, LARGEST_KEY).ok()?;
        PublicKey::from_text(&String::from_utf8_lossy(&bytes)).map(|key| key.identity)
    }
}
