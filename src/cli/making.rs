//! Making an OpenPGP key, for `fix` and `key new` alike: what can be chosen, the passphrase, and the
//! run of gpg, which ends with a whole key or none. Removes no key and reads no private one.

pub mod choices;
mod passphrase;
mod run;

use std::path::{Path, PathBuf};

use crate::fix::key;
use crate::pgp::{self, making};
use crate::sys::{Command, Kind, System};
use crate::version;

use super::Session;
use super::trouble::Trouble;

pub use choices::KeyChoices;
pub(super) use passphrase::passphrase;
pub(super) use run::{Outcome, run};

/// Less room than this is none.
const ROOM: u64 = 64 << 10;
/// The longest path that a socket can have, less the name of the agent's.
const LONGEST_HOME: usize = 107 - "/S.gpg-agent".len();

/// Where keys are made.
#[derive(Debug, Clone)]
pub(super) struct Workshop {
    /// gpg.
    pub(super) program: PathBuf,
    /// The GnuPG home, whether or not it exists.
    pub(super) home: PathBuf,
}

/// Finds gpg and its home, and what would keep it from making a key there, before anything is
/// asked or made.
pub(super) fn workshop(session: &Session<'_>) -> Result<Workshop, Trouble> {
    let bench = session.bench;
    let program = pgp::program(bench).ok_or_else(|| {
        Trouble::failed("gpg is not installed").remedy("onramp fix openpgp-key installs it")
    })?;
    if let Some(version) = too_old(bench, &program) {
        let (major, minor) = making::OLDEST;
        let what = format!("gpg {version} is too old, it takes {major}.{minor} or newer");
        return Err(Trouble::failed(what).remedy("update GnuPG"));
    }
    if let Some(odd) = key::odd_clock(bench.now()) {
        let remedy = "set the clock right first: a key carries the time of its making for ever, \
                      and nobody accepts signatures that are older";
        return Err(Trouble::failed(odd).remedy(remedy));
    }
    let listing = session.machine.world().keyring.secret_keys(Some("nobody@invalid"));
    let listing = listing
        .map_err(|unknown| Trouble::failed(format!("your keys cannot be listed: {}", unknown.0)))?;
    let home = PathBuf::from(listing.home);
    sound(bench, &home)?;
    Ok(Workshop { program, home })
}

/// What would keep gpg from writing to its home.
fn sound(system: &dyn System, home: &Path) -> Result<(), Trouble> {
    let shown = home.display();
    if system.kind(home).is_some_and(|kind| kind != Kind::Folder) {
        return Err(Trouble::failed(format!("{shown} is no folder"))
            .remedy("move it away, or let GNUPGHOME name a folder"));
    }
    if !system.may_write(home) {
        return Err(Trouble::failed(format!("{shown}, where gpg keeps keys, cannot be written"))
            .remedy("give yourself the right to write there, then run this again"));
    }
    if system.disk_space(home).is_ok_and(|space| space.free < ROOM) {
        return Err(Trouble::failed(format!("there is no room left where {shown} lies"))
            .remedy("make room, then run this again"));
    }
    // Where the system has a folder for sockets, the agent uses that.
    let sockets = PathBuf::from(format!("/run/user/{}", system.user()));
    if home.as_os_str().len() > LONGEST_HOME && system.kind(&sockets).is_none() {
        return Err(Trouble::failed(format!(
            "the path of {shown} is too long for the socket of gpg's agent"
        ))
        .remedy(format!("let GNUPGHOME name a folder of at most {LONGEST_HOME} letters")));
    }
    Ok(())
}

/// gpg's version, where it is too old to make keys this way.
fn too_old(system: &dyn System, program: &Path) -> Option<String> {
    let output = system.run(&Command::question(program).args(["--version"])).ok()?;
    let text = output.text();
    let word = text.lines().next()?.split_whitespace().last()?.to_owned();
    let version = version::read(&word)?;
    ((version.major, version.minor) < making::OLDEST).then_some(word)
}
