//! Pure functions, one file per module of the library.

mod text;
mod version;
