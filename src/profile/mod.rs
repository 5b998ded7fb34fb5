//! What a project is: values from its own files first, each with file and line, and from the
//! pack's table where the files say nothing. Never judges a machine.

mod model;
mod project;
mod resolve;
mod workflow;

pub use model::{
    Amount, Branches, Build, Disk, Licence, RawProject, Request, Requirement, Signatures,
};
pub use project::{Asked, Jdk, Project};
pub use resolve::{Tree, detect, resolve};
