//! What real runs of `build`, `ci` and `check patch` came to, remembered in a clone's own git folder
//! for the journey, the request's text and the gate before it is handed over. Never runs or judges
//! anything, and never takes a run for one of other commits, other checks or changed files: what
//! was recorded is held against what is [`Here`] before anybody counts on it.
//!
//! One small private file for each [`Kind`], the last run's. Safe to delete.

mod before;
mod kinds;
mod model;
mod standing;
mod store;

pub use kinds::{Build, Ci, Details, Ended, HandOver, How, Kind, PatchCheck, Ran};
pub use model::{BasePoint, Counts, Here, Recorded, Tree};
pub use standing::Standing;
pub use store::{NotKept, digest};
