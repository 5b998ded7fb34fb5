//! Pure functions, one file per module of the library.

mod jdk;
mod machine;
mod pack;
mod report;
mod keyring;
mod text;
mod version;
