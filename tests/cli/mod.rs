//! The verbs, one file each.

mod bad_input;
mod build;
mod check;
mod clone;
mod clone_cut;
mod stopped;
mod journey;
mod pr;
mod list;
