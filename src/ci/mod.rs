//! The twin of a project's own CI: which jobs and steps its workflows run on a pull request, and
//! which of them a laptop can run as well. Texts in, plan out; reads no file, starts nothing.
//!
//! Flow: [`node`] reads YAML, [`trigger`] tells whether a workflow starts, [`jobs`] and [`steps`]
//! list what it does, [`rules`] say what each step is, [`plan`] is the whole of it. [`work`] is what
//! there is to run of it, and [`found`] what the tools said about files.

pub mod asf;
pub mod condition;
pub mod found;
pub mod glob;
pub mod hooks;
pub mod jobs;
pub mod known;
pub mod matrix;
pub mod node;
pub mod plan;
pub mod rules;
pub mod shell;
pub mod sources;
pub mod steps;
pub mod trigger;
pub mod work;

pub use plan::{Change, Plan, plan};
pub use rules::Rules;
pub use sources::Sources;
