//! Starts the command line on this machine and returns its exit code. Nothing else.

use std::process::ExitCode;
use std::sync::Arc;

use onramp::sys::Real;

fn main() -> ExitCode {
    onramp::cli::main(std::env::args_os(), &Arc::new(Real)).into()
}
