//! Kernel locks on files, held by a run and by whatever it leaves running. Never removes a lock's
//! file: another run may be waiting on it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

/// Takes the lock, waiting at most `patience` for it.
pub(super) fn take(path: &Path, patience: Duration) -> io::Result<Box<dyn Send>> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    // Inherited by every child: one that outlives a killed onramp keeps holding it.
    rustix::io::fcntl_setfd(&file, rustix::io::FdFlags::empty())?;
    match file.try_lock() {
        Ok(()) => Ok(Box::new(file)),
        Err(fs::TryLockError::WouldBlock) if !patience.is_zero() => wait_for(file, patience),
        Err(fs::TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Waits for a lock in a thread of its own, which gives it back at once should nobody want it any
/// more.
fn wait_for(file: File, patience: Duration) -> io::Result<Box<dyn Send>> {
    let (sender, locked) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let result = file.lock();
        let _ = sender.send(result.map(|()| file));
    });
    match locked.recv_timeout(patience) {
        Ok(result) => Ok(Box::new(result?)),
        Err(_) => Err(io::ErrorKind::WouldBlock.into()),
    }
}
