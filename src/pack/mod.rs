//! Checks as data: YAML in, validated checks out. The directory is the registry: no list names
//! the checks. Reading a pack runs nothing.

pub mod check;
pub mod expression;
pub mod load;
pub mod mend;
pub mod model;
mod pattern;
pub mod problem;
pub mod repair;
pub mod shape;
pub mod suggest;
pub mod valid;
pub mod vocabulary;
pub mod yaml;

pub use check::{Check, Condition, Origin};
pub use expression::Engine;
pub use load::Packs;
pub use vocabulary::Vocabulary;
