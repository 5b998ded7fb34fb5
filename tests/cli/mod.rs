//! The verbs, one file each.

mod build;
mod clone;
mod clone_cut;
