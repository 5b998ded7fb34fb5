//! How the `gpg` program is told to make a key, and what it says while it does. Starts nothing and
//! reads no key; a passphrase only passes through, never as an argument or in the environment.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::sys::Command;

/// The oldest GnuPG that makes keys this way.
pub const OLDEST: (u64, u64) = (2, 2);
/// Longest wait for a key while a person types a passphrase.
pub const AT_TERMINAL: Duration = Duration::from_secs(600);
/// Longest wait for a key where nobody sits at a terminal: RSA on a slow machine takes half of it.
pub const ALONE: Duration = Duration::from_secs(90);

/// Where the passphrase comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum Passphrase {
    /// gpg's agent asks for it by a program of its own.
    Agent,
    /// It was handed over.
    Given(Vec<u8>),
    /// There is to be none.
    Without,
}

/// The words that make a key: one that certifies and signs. A single one is all that git and a
/// forge know how to name; a subkey pays only where the primary key is kept elsewhere.
#[must_use]
pub fn words(user_id: &str, algorithm: &str, expires: &str, another: bool) -> Vec<String> {
    let another = another.then_some("--yes");
    let start = ["gpg", "--batch"].into_iter().chain(another);
    let rest = ["--quick-generate-key", user_id, algorithm, "sign", expires];
    start.chain(rest).map(str::to_owned).collect()
}

/// Those words as a command. `terminal` is where the agent's program may ask.
#[must_use]
pub fn command(
    program: PathBuf,
    words: &[String],
    passphrase: &Passphrase,
    terminal: Option<&Path>,
) -> Command {
    let loopback = ["--pinentry-mode", "loopback", "--passphrase-fd", "0"];
    let command = Command::work(program).args(["--status-fd", "1"]);
    let command = match passphrase {
        Passphrase::Agent => command,
        Passphrase::Given(secret) => {
            command.args(loopback).fed([secret.as_slice(), b"\n"].concat())
        }
        Passphrase::Without => command.args(loopback).fed(*b"\n"),
    };
    let command = command.args(words.iter().skip(1));
    match terminal {
        // What the shell says may be the name of a terminal long gone.
        Some(name) => command.with("GPG_TTY", name).within(AT_TERMINAL),
        // One at which nobody is asked here would only be waited for.
        None => command.without("GPG_TTY").within(ALONE),
    }
}

/// What gpg said so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Told {
    rest: Vec<u8>,
    /// The process that asks for a passphrase.
    pub asking: Option<i32>,
    /// Fingerprint of the new key.
    pub made: Option<String>,
    /// Number of the last error.
    pub error: Option<u32>,
}

impl Told {
    /// Takes in a piece of gpg's status output.
    pub fn hear(&mut self, piece: &[u8]) {
        self.rest.extend_from_slice(piece);
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            self.line(&String::from_utf8_lossy(&line));
        }
    }

    fn line(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        if words.next() != Some("[GNUPG:]") {
            return;
        }
        let words: Vec<&str> = words.collect();
        match words.as_slice() {
            ["PINENTRY_LAUNCHED", process, ..] => {
                self.asking = process.parse().ok().filter(|process| *process > 1);
            }
            ["KEY_CREATED", _, fingerprint, ..] => self.made = Some((*fingerprint).to_owned()),
            ["ERROR", _, code, ..] => self.error = code.parse().ok(),
            _ => {}
        }
    }

    /// Why there is no key, a fragment, and what to do about it, as far as gpg's number tells.
    #[must_use]
    pub fn why(&self) -> Option<(&'static str, &'static str)> {
        // The upper half says which part of GnuPG met it.
        let code = self.error? & 0xffff;
        let why = WHY.iter().find(|(codes, ..)| codes.contains(&code));
        why.map(|(_, why, remedy)| (*why, *remedy))
    }
}

/// GnuPG's own numbers; those of the system begin at 32768.
const SYSTEM: u32 = 32_768;

type Why = (&'static [u32], &'static str, &'static str);

const WHY: &[Why] = &[
    (
        &[99, 198],
        "the question for the passphrase was cancelled",
        "run it again when you are ready",
    ),
    (&[62], "nobody answered the question for the passphrase in time", "run it again"),
    (&[11, 87, 177], "the passphrase was not accepted", "choose one that your GnuPG takes"),
    (
        &[85, 86],
        "the program that asks for a passphrase could not be started",
        "install pinentry (the package pinentry-curses, or pinentry on Fedora and macOS), or give \
         the passphrase with --passphrase-fd",
    ),
    (
        &[SYSTEM + 102],
        "the program that asks for a passphrase found no terminal to ask at",
        "run it in a terminal, or give the passphrase with --passphrase-fd",
    ),
    (
        &[77, 78],
        "gpg's agent, which keeps private keys, could not be started",
        "`gpgconf --launch gpg-agent` says why; a GnuPG home with a long path (beyond 90 letters) \
         or without write access are common reasons",
    ),
    (
        &[60, 251],
        "your gpg-agent takes no passphrase from another program",
        "leave --passphrase-fd out and let it ask, or take no-allow-loopback-pinentry out of \
         gpg-agent.conf",
    ),
    (
        &[4, 84, 188],
        "this GnuPG does not know that kind of key",
        "choose --algorithm rsa4096, or update GnuPG",
    ),
    (
        &[304, 306],
        "there is a key with that name and address already",
        "use that one, or make one more by `onramp key new --another`",
    ),
    (
        &[SYSTEM + 34, SYSTEM + 91],
        "there is no room left on the disk",
        "make room, then run it again",
    ),
    (
        &[SYSTEM + 1, SYSTEM + 122],
        "gpg may not write to its own home",
        "give yourself the right to write there, then run it again",
    ),
];
