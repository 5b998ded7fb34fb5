//! Maven: where it is, what a project's files say, and what a build prints.

pub mod blame;
pub mod catalogue;
pub mod enforcer;
pub mod events;
pub mod evidence;
pub mod explain;
pub mod graph;
mod licences;
pub mod local;
pub mod locate;
pub mod log;
pub mod options;
pub mod pom;
mod problems;
pub mod progress;
pub mod project;
pub mod rat;
pub mod run;
pub mod settings;
pub mod tuning;
pub mod xml;
