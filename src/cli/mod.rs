//! The command line: the only place that prints. One file per verb; each takes the [`Session`]
//! and its own arguments and returns the exit code.

pub mod terminal;
pub mod trouble;

use crate::sys::Workbench;
use terminal::Terminal;

/// What every verb works with.
pub struct Session<'a> {
    /// The machine.
    pub bench: &'a dyn Workbench,
    /// The screen.
    pub terminal: Terminal,
}
