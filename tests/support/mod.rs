//! What tests stand on: a world of their own, trees to look at, keys, and traps.

pub(crate) mod cloudstack;
pub(crate) mod hostile;
pub(crate) mod keys;
pub(crate) mod process;
pub(crate) mod world;
//! What tests stand on: repositories and servers made for them.

pub(crate) mod git_server;
pub(crate) mod repository;
