//! What tests stand on: worlds made for one test and gone with it.

pub(crate) mod keys;
//! What tests stand on: a world of their own, trees to look at, and traps.

pub(crate) mod cloudstack;
pub(crate) mod hostile;
pub(crate) mod process;
pub(crate) mod world;
