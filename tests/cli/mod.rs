//! The verbs, one file each.

mod build;
mod check;
mod clone;
mod clone_cut;
