//! What onramp's own patch checks say of made files, held against the tools that a project's CI
//! runs: Apache RAT, checkstyle, and the hooks of pre-commit.

mod checkstyle;
mod checkstyle_files;
mod hooks;
mod hooks_files;
mod made;
mod rat;
mod rat_files;
