//! The one test binary.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "tests stop at the first surprise")]

mod checks;
mod cli;
mod fuzz;
mod guide;
mod hostile;
mod parity;
mod readme;
mod signatures;
mod support;
mod tidy;
mod units;
mod world;
