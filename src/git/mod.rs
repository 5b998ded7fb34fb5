//! Local git through git2: reading only, never a program of the tree, never a fetch.

/// Opens work trees: the live one uses git2, a recorded machine has none.
pub trait Repositories: Send + Sync {}
