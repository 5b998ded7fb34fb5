//! `onramp fix` without its hands: findings become one plan, and the record of what was done
//! becomes the way back. Pure; nothing here runs, asks or writes anything.

pub mod commit;
pub mod header;
pub mod key;
pub mod mend;
pub mod mended;
pub mod packages;
pub mod person;
pub mod plan;
pub mod record;
pub mod words;

pub use mended::Mended;
pub use packages::Packager;
pub use person::Person;
pub use plan::{Act, Facts, Need, Place, Plan, Step, Wish, plan};
pub use record::{Record, State, Taken, Trace};
