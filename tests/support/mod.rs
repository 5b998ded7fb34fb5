//! What tests stand on: a world of their own, trees to look at, servers, keys, and traps.

pub(crate) mod branching;
pub(crate) mod building;
pub(crate) mod cloning;
pub(crate) mod cloudstack;
pub(crate) mod fixing;
pub(crate) mod foreign;
pub(crate) mod git_server;
pub(crate) mod hostile;
pub(crate) mod key_server;
pub(crate) mod keyrings;
pub(crate) mod keys;
pub(crate) mod mail_server;
pub(crate) mod maven;
pub(crate) mod openpgp;
pub(crate) mod packs;
pub(crate) mod process;
pub(crate) mod publishing;
pub(crate) mod report;
pub(crate) mod repository;
pub(crate) mod scale;
pub(crate) mod signatures;
pub(crate) mod signing;
pub(crate) mod ssh;
pub(crate) mod terminal;
pub(crate) mod tls_proxy;
pub(crate) mod world;
