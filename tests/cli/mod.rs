//! The verbs, one file each.

mod build;
