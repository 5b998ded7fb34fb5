//! Policies as data: what a check that does not hold amounts to, and which values a project is
//! held to, under a name that a run chooses. A policy changes severities and values, and can
//! neither add a check nor silence one. Pure: files in, severities and values out.

mod book;
mod model;

pub use book::{Book, Policy, Treatment};
pub use model::{RawPolicy, Weight};

/// The policy that holds where nobody chose one. Where no pack defines it, it leaves every check
/// as it is written.
pub const DEFAULT: &str = "guide";
