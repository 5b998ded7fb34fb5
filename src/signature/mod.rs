//! Signatures of commits, tags and files: from the bytes that were signed to a verdict, whatever
//! made the signature. Joins the tools that know OpenPGP and SSH; believes no configuration of a
//! work tree, and knows no key of its own.

pub mod binding;
pub mod detached;
mod judge;
mod openpgp;
pub mod rehearsal;
pub mod remembered;
mod row;
mod signers;
mod ssh;
mod standing;
pub mod strength;
pub mod verdict;
mod who;

pub use judge::{By, Listed, Makers, Opened, Signed, Trust, by_ssh, judge, judge_by};
pub use remembered::Remembered;
pub use row::{Context, Object, Row, Standing, rows};
pub use signers::Signers;
pub use verdict::{Verdict, Word};
