//! Which kind of change work is, which branch of the project it is for, and the proof of it: from what
//! several witnesses say about the maintained branches, and from where the change fits. What is read
//! comes through git2; where the witnesses do not agree it says so instead of choosing.

pub mod closing;
mod kind;
mod maintained;
mod order;
mod proposal;
mod subject;
pub mod touched;
mod trying;
mod witnesses;
mod work;

pub use crate::git::Fitting;
pub use kind::{Decision, Kind, Message, decide};
pub use maintained::{Maintained, Named, Standing, Verdict, Witness};
pub use order::newest_first;
pub use proposal::{Proposal, Tried, propose};
pub use trying::tried;
pub use witnesses::{Asked, maintained};
pub use work::{Work, work, work_of};
