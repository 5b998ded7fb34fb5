//! Maven: where it is, what a project's files say, and what a build prints.

pub mod locate;
pub mod rat;
