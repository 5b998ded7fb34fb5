//! Checks as data: YAML in, validated checks out. The directory is the registry: no list names
//! the checks. Reading a pack runs nothing.

pub mod check;
pub mod expression;
pub mod load;
pub mod model;
pub mod problem;
pub mod repair;
pub mod shape;
pub mod suggest;
pub mod valid;

pub use check::{Check, Condition, Origin};
pub use expression::Engine;
pub use load::Packs;
pub use valid::Vocabulary;
