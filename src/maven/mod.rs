//! Maven: where it is, what a project's files say, and what a build prints.

pub mod locate;
pub mod rat;
pub mod pom;
pub mod project;
pub mod run;
pub mod settings;
pub mod tuning;
pub mod xml;
