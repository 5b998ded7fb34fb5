//! Other processes by their number: whether one is there, and asking it to end. Starts none.

use std::io;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

/// Whether there is a process of this number; one of somebody else may not be asked, and is there.
pub(super) fn is_running(process: u32) -> bool {
    let process = i32::try_from(process).ok().and_then(Pid::from_raw);
    process.is_some_and(|process| test_kill_process(process) != Err(Errno::SRCH))
}

/// Asks a process to end.
pub(super) fn end(process: i32) -> io::Result<()> {
    let process =
        Pid::from_raw(process).filter(|it| !it.is_init()).ok_or(io::ErrorKind::NotFound)?;
    Ok(kill_process(process, Signal::TERM)?)
}
