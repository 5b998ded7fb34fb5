//! What a project is: values from its own files first, each with file, line and commit, and from the
//! pack's tables where the files say nothing. Never judges a machine.

mod afterwards;
mod building;
mod gather;
mod jdk;
mod lines;
mod model;
mod outline;
mod overlay;
mod project;
mod pushed;
mod refs;
mod request;
mod resolve;
mod source;
mod stated;
mod tool;
mod tree;
mod valued;
mod wanted;
mod workflow;

pub use afterwards::{Afterwards, Labels, Note, RawAfterwards};
pub use building::{Build, BuildProfile, From, RawBuild, RawBuildProfile};
pub use lines::{Line, Lines, Release};
pub use model::{
    Detect, Forge, Need, RawAmount, RawBranches, RawDisk, RawJdk, RawLicence, RawProject,
    RawRequirement, RawSignatures, RawTool,
};
pub use overlay::Open;
pub use project::{
    Amount, Asked, Branches, Disk, Jdk, Licence, Project, Requirement, Said, Signatures, Span,
    Stated, Tool,
};
pub use pushed::{Pushed, pushed_branches};
pub use request::{Assistance, Form, RawRequest, Reminder, Request, Titles};
pub use resolve::{resolve, resolve_again};
pub use source::{Means, Place, Source};
pub use tree::{Tree, detect};
pub use valued::{Valued, place, values};
