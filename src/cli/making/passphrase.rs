//! Where the passphrase of a new key comes from. It is handed on and kept nowhere.

use std::io;
use std::time::Duration;

use super::KeyChoices;
use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::pgp::making::Passphrase;

/// GnuPG's agent takes no longer one.
const LONGEST: usize = 255;
/// Longest wait for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// The passphrase, as the options say.
pub(in crate::cli) fn passphrase(
    session: &Session<'_>,
    choices: &KeyChoices,
) -> Result<Passphrase, Trouble> {
    if choices.no_passphrase {
        return Ok(Passphrase::Without);
    }
    let Some(number) = choices.passphrase_fd else { return Ok(Passphrase::Agent) };
    let limit = LONGEST as u64 + 2;
    let content = session.bench.read_handed(number, limit, PATIENCE);
    let content = content.map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::InvalidInput => "it is a terminal, where it would be seen".to_owned(),
            io::ErrorKind::TimedOut => {
                format!("its end did not come within {} s", PATIENCE.as_secs())
            }
            io::ErrorKind::FileTooLarge => format!("it is longer than {LONGEST} bytes"),
            io::ErrorKind::NotFound => "there is no such open file".to_owned(),
            _ => error.to_string(),
        };
        unusable(number, &why)
    })?;
    read(&content).map(Passphrase::Given).map_err(|why| unusable(number, why))
}

fn read(content: &[u8]) -> Result<Vec<u8>, &'static str> {
    let line = content.strip_suffix(b"\n").unwrap_or(content);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.is_empty() {
        return Err("it is empty: for a key without a passphrase say --no-passphrase");
    }
    if line.len() > LONGEST {
        return Err("it is longer than GnuPG takes, 255 bytes");
    }
    if line.iter().any(|byte| [b'\n', b'\r', 0].contains(byte)) {
        return Err("it has several lines, or a byte that none can hold");
    }
    Ok(line.to_vec())
}

fn unusable(number: u32, why: &str) -> Trouble {
    Trouble::usage(format!("the passphrase could not be read from open file {number}: {why}"))
        .remedy("such as `--passphrase-fd 3 3<FILE`, or leave it out and let gpg ask")
}
