//! Starts the command line on this machine and returns its exit code. Nothing else.

use std::process::ExitCode;
use std::sync::Arc;

use onramp::sys::{self, Real};

fn main() -> ExitCode {
    let exit = onramp::cli::main(std::env::args_os(), &Arc::new(Real::default()));
    // Probes whose time was up are left behind; what they started is not.
    sys::end_questions();
    exit.into()
}
