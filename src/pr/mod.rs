//! Pure drafts of pull requests: a project's own template, filled from the change and from nothing
//! else. Never reads a file, never sends anything, and never claims what nobody recorded.
//!
//! [`template`] reads the template, [`change`] and [`kind`] say what the commits are about,
//! [`quote`] makes commit messages safe to stand in Markdown, [`draft`] fills, [`next`] names the
//! one next command, [`compare`] the address that opens the request in a browser, [`gate`] what has to
//! pass before, [`gh`] the command that makes it, and [`afterwards`]
//! what happens then.

pub mod afterwards;
pub mod assistance;
pub mod change;
mod choice;
pub mod compare;
pub mod draft;
pub mod edits;
mod filling;
pub mod gate;
pub mod gh;
mod issues;
pub mod kind;
pub mod labels;
pub mod lint;
pub mod next;
pub mod owners;
mod patterns;
pub mod quote;
mod reminder;
mod roles;
mod sections;
pub mod shorten;
pub mod template;
pub mod withheld;
mod words;
