//! Exit codes: the one table scripts rely on, the same in every output format.
//! Never decides which code applies; `report` computes it from findings.

use std::process::ExitCode;

/// How a run of onramp ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing failed.
    Success,
    /// Findings at or above `--fail-on`, or a clone or build that failed.
    Findings,
    /// Wrong usage or configuration; "nothing ran" is one of these.
    Usage,
    /// A check that counts could not be told, and none failed.
    Incomplete,
    /// A fault of onramp itself.
    Internal,
    /// Stopped by SIGINT.
    Interrupted,
    /// Stopped by SIGTERM.
    Terminated,
}

impl Exit {
    /// How a run ends that this signal stopped.
    #[must_use]
    pub fn by(signal: i32) -> Self {
        if signal == 15 { Self::Terminated } else { Self::Interrupted }
    }

    /// The number the process ends with.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Incomplete => 3,
            Self::Internal => 70,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
