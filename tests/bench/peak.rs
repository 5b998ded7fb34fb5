//! The most memory that one command held at a time. The system tells a process of its own children
//! only what the largest of them ever held, so the benchmark starts itself anew for each command
//! and asks there. Knows nothing of what it measures.
#![expect(clippy::print_stderr, reason = "the figure goes back to the benchmark that asked for it")]

use std::process::{Command, ExitCode, Stdio};

use nix::sys::resource::{UsageWho, getrusage};

/// Set for the copy that runs one command.
const ASKED: &str = "ONRAMP_BENCH_PEAK";
const MARK: &str = "peak resident KiB: ";

/// Peak resident memory of a command and its children, the largest of them, in bytes; an end with
/// a code that is none of `fine` is an error.
pub(crate) fn of(command: &Command, fine: &[i32]) -> Result<u64, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut copy = Command::new(own);
    copy.env(ASKED, "1").arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => copy.env(name, value),
            None => copy.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        copy.current_dir(folder);
    }
    let output = copy.stdin(Stdio::null()).stdout(Stdio::null()).output();
    let output = output.map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.code().is_some_and(|code| fine.contains(&code)) {
        return Err(format!("it ended with {} and said: {said}", output.status));
    }
    let figure = said.lines().find_map(|line| line.strip_prefix(MARK)?.parse::<u64>().ok());
    figure.map(|kib| kib * 1024).ok_or_else(|| "the system does not tell".to_owned())
}

/// Runs the one command, where this is the copy for it, and tells what it held.
pub(crate) fn asked() -> Option<ExitCode> {
    std::env::var_os(ASKED)?;
    let mut words = std::env::args_os().skip(1);
    let mut command = Command::new(words.next()?);
    let code = command.args(words).env_remove(ASKED).status().ok()?.code()?;
    if let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) {
        eprintln!("{MARK}{}", usage.max_rss());
    }
    Some(ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)))
}
