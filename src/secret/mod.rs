//! What a secret looks like: the rules of gitleaks 8.27.2, which the project's own pre-commit uses,
//! and their matching. Takes text and tells where; no value here ever holds a secret.
//!
//! `gitleaks.toml` is that release's default configuration, byte for byte (MIT, see
//! `LICENSE-gitleaks`): a newer one is copied over it. A configuration in a work tree is never
//! read, and a comment that allows a secret allows nothing here: a change must not excuse itself.

mod dialect;
mod rules;
mod scan;

pub use rules::Rules;
pub use scan::Hit;
