//! Signatures of commits, tags and files: from the bytes that were signed to a verdict, whatever
//! made the signature. Joins the tools that know OpenPGP and SSH; believes no configuration of a
//! work tree, and knows no key of its own.

pub mod binding;
pub mod detached;
mod judge;
mod openpgp;
pub mod rehearsal;
mod row;
mod signers;
mod ssh;
pub mod remembered;
mod standing;
pub mod verdict;
mod who;

pub use judge::{Signed, Trust, by_ssh, judge};
pub use row::{Context, Object, Row, Standing, rows};
pub use signers::Signers;
pub use remembered::Remembered;
pub use verdict::{Verdict, Word};
