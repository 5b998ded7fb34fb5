//! Starts a program that goes on by itself, such as a browser: nothing of it is read, and it is not
//! ended with onramp. Waits only long enough to see it give up at once.

use std::os::unix::process::CommandExt;
use std::process::Stdio;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::command::{Command, RunError};
use super::supervise::surroundings;

/// Starts it; whether it was still running, or had ended well, when `patience` was over.
pub(super) fn launch(command: &Command, patience: Duration) -> Result<bool, RunError> {
    let mut process = surroundings(command, None);
    process.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Ctrl-C at our terminal is not meant for it.
    process.process_group(0);
    let started = |error| RunError::Start(command.program.clone(), error);
    let mut child = process.spawn().map_err(started)?;
    let (sender, ended) = channel();
    std::thread::spawn(move || sender.send(child.wait()));
    match ended.recv_timeout(patience) {
        Ok(status) => Ok(status.map_err(started)?.success()),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Ok(true),
    }
}
