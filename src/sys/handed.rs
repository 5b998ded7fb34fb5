//! Reads what whoever started onramp left at one of its open files, such as a passphrase. Shows
//! nothing of it, and never waits longer than it was told to.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::sync::mpsc::channel;
use std::time::Duration;

/// See [`super::System::read_handed`].
pub(super) fn read(number: u32, limit: u64, patience: Duration) -> io::Result<Vec<u8>> {
    let (sender, read) = channel();
    // In a thread of its own, for opening and reading wait as long as its writer likes.
    std::thread::spawn(move || sender.send(read_open_file(number, limit)));
    read.recv_timeout(patience).map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

/// Reads an open file by its name in the file system: its number alone could not be trusted to be
/// ours to close.
fn read_open_file(number: u32, limit: u64) -> io::Result<Vec<u8>> {
    let file = File::open(format!("/dev/fd/{number}"))?;
    if file.is_terminal() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut content = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut content)?;
    if content.len() as u64 > limit {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(content)
}
