//! Running JVMs: which there are in a process group, and what their threads wait for.

mod dump;
mod threads;

pub use dump::{Jvm, dump, of_group};
pub use threads::{Dump, Thread, parse, summary};
