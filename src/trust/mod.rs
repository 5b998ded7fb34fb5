//! What a work tree's own `.onramp` folder may do: before somebody trusts it, add checks and raise
//! their severity; afterwards, whatever a folder of the user's may. Trust is a hash of everything
//! in the folder, kept in the user's state folder. Nothing here runs anything or asks anybody.
//!
//! - [`closure`]: the folder, read once, and its hash
//! - [`standing`]: pure: whether it is trusted on this run, and why not
//! - [`take`]: pure: what of it counts before it is trusted, and what is left out
//! - [`store`]: what was trusted when, with a private copy of it
//! - [`tell`]: pure: the findings about the folder itself

pub mod closure;
pub mod standing;
pub mod store;
pub mod take;
pub mod tell;

/// The folder in a work tree.
pub const FOLDER: &str = ".onramp";
/// Where checks lie in it.
pub const CHECKS: &str = "checks/";
/// Where programs that are probes lie in it.
pub const PROBES: &str = "_probes/";
/// How the name of a program that is a probe begins.
pub const PROBE: &str = "onramp-probe-";
/// Waivers, which silence and so wait for trust.
pub const WAIVERS: &str = "waivers.yaml";
/// Severities by id of a check.
pub const SEVERITIES: &str = "severities.yaml";
