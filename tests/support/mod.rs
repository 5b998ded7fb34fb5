//! What tests stand on: worlds made for one test and gone with it.

pub(crate) mod keys;
