//! Pure functions, one file per module of the library.

mod jdk;
mod keyring;
mod machine;
mod pack;
mod report;
mod proxy;
mod reach;
mod github;
mod junit;
mod text;
mod verify;
mod version;
