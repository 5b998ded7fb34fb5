//! Pure functions, one file per module of the library.

mod jdk;
mod machine;
mod text;
mod version;
