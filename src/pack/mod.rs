//! Checks as data: YAML in, validated checks out.

pub mod model;
