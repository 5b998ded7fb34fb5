//! Runs gpg to make one key. A signal that comes while a passphrase is asked for ends the asking,
//! and nothing is made; one that comes later waits, so that no half of a key is left.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Workshop;
use crate::cli::Session;
use crate::pgp::making::{self, Passphrase, Told};
use crate::sys::{Access, Ended, RunError, Stream};
use crate::text::{Line, Tone, clean_line};

/// Most that is kept of what gpg complains about.
const COMPLAINT: usize = 4096;
/// A revocation certificate is small.
const CERTIFICATE: u64 = 64 << 10;

/// What came of it.
pub(in crate::cli) enum Outcome {
    /// A whole key, and the signal that came meanwhile.
    Made {
        /// Its fingerprint.
        key: String,
        /// Where its revocation certificate lies, or why there is none.
        certificate: Result<PathBuf, String>,
        /// The signal.
        stopped: Option<i32>,
    },
    /// None, why, and what to do.
    Failed(String),
    /// None, because this signal came.
    Stopped(i32),
}

/// Makes a key by these words.
pub(in crate::cli) fn run(
    session: &Session<'_>,
    workshop: &Workshop,
    words: &[String],
    passphrase: &Passphrase,
) -> Outcome {
    let bench = session.bench;
    if let Err(error) = private(session, &workshop.home) {
        return Outcome::Failed(format!("{} cannot be made: {error}", workshop.home.display()));
    }
    let terminal = bench.terminal().filter(|_| session.terminal.interactive());
    let program = workshop.program.clone();
    let command = making::command(program, words, passphrase, terminal.as_deref());
    announce(session, passphrase);
    let (told, stopping, mut said) = (RefCell::new(Told::default()), Cell::new(false), Vec::new());
    // gpg then hears that there is no passphrase, and ends with nothing made. Once the passphrase is
    // known that process is gone, and the key becomes whole.
    let end_asking =
        || told.borrow().asking.is_some_and(|process| bench.end_process(process).is_ok());
    let ended = bench.stream_whole(
        &command,
        &mut |stream, piece| match stream {
            Stream::Out => {
                told.borrow_mut().hear(piece);
                if stopping.get() {
                    end_asking();
                }
            }
            Stream::Err if said.len() < COMPLAINT => said.extend_from_slice(piece),
            Stream::Err => {}
        },
        &|| {
            stopping.set(true);
            if !end_asking() {
                session.terminal.say(let_finish(command.deadline.unwrap_or_default()));
            }
        },
    );
    let unanswered = matches!(ended, Err(RunError::TimedOut(..))) && end_asking();
    let told = told.into_inner();
    let stopped = match &ended {
        Ok(Ended::Interrupted(signal)) | Err(RunError::Interrupted(signal)) => Some(*signal),
        _ => None,
    };
    if stopped.is_some() && terminal.is_some() && told.asking.is_some() {
        session.terminal.clear_up();
    }
    match (&told.made, stopped) {
        (Some(key), _) => Outcome::Made {
            key: key.clone(),
            certificate: certificate(session, &workshop.home, key),
            stopped,
        },
        (None, Some(signal)) => Outcome::Stopped(signal),
        (None, None) => Outcome::Failed(why(&told, ended, unanswered, &said)),
    }
}

/// A GnuPG home that is not there yet; gpg makes only the usual one by itself.
fn private(session: &Session<'_>, home: &Path) -> std::io::Result<()> {
    match session.bench.kind(home) {
        Some(_) => Ok(()),
        None => session.bench.create_private_folder(home),
    }
}

fn announce(session: &Session<'_>, passphrase: &Passphrase) {
    session.terminal.say(Line::toned(
        Tone::Dim,
        match passphrase {
            Passphrase::Agent => {
                "gpg asks for a passphrase on its own screen, twice; onramp never sees it"
            }
            _ => "gpg makes the key; gathering randomness may take a minute",
        },
    ));
}

/// What is said to who stops it while nobody is asked anything.
fn let_finish(limit: Duration) -> Line {
    let text = format!(
        "stopping as soon as gpg is done, so that no half of a key is left; it has {} s at most",
        limit.as_secs()
    );
    Line::toned(Tone::Dim, text)
}

/// Why there is no key, in gpg's number or else in its words, and what to do about it.
fn why(told: &Told, ended: Result<Ended, RunError>, unanswered: bool, said: &[u8]) -> String {
    if let Some((why, remedy)) = told.why() {
        return format!("{why}\n  → {remedy}");
    }
    if let Err(RunError::TimedOut(_, limit)) = &ended {
        if !unanswered {
            return format!(
                "no key came within {} s, and no question was open: gpg's agent, which makes and \
                 keeps private keys, is hung or very slow\n  → `pkill -KILL gpg-agent` ends it, and gpg \
                 starts a new one; then run it again",
                limit.as_secs()
            );
        }
        return format!(
            "no key came within {} s: whatever asks for the passphrase may have found no screen\n  \
             → run it in a terminal where `export GPG_TTY=$(tty)` was typed, or give the \
             passphrase with --passphrase-fd",
            limit.as_secs()
        );
    }
    let said = String::from_utf8_lossy(said);
    let last = said.lines().rfind(|line| !line.trim().is_empty()).map(clean_line);
    match (ended, last) {
        (Err(error), _) => error.to_string(),
        (_, Some(last)) => format!("gpg says: {}", last.trim_start_matches("gpg: ")),
        (_, None) => "gpg ended without a key and without a word".to_owned(),
    }
}

/// gpg writes a certificate that revokes the key; nobody else may read it.
fn certificate(session: &Session<'_>, home: &Path, key: &str) -> Result<PathBuf, String> {
    let bench = session.bench;
    let file = home.join("openpgp-revocs.d").join(format!("{key}.rev"));
    let missing = |error| format!("gpg left none at {}: {error}", file.display());
    let content = bench.read(&file, CERTIFICATE).map_err(missing)?;
    if bench.mode(&file).is_ok_and(|mode| mode & 0o077 == 0) {
        return Ok(file);
    }
    let open = |error| format!("{} is open to others: {error}", file.display());
    bench.write(&file, &content, Access::Private).map_err(open)?;
    Ok(file)
}
