//! Pure functions, one file per module of the library.

mod jdk;
mod keyring;
mod machine;
mod pack;
mod report;
mod proxy;
mod reach;
mod github;
mod junit;
mod pr_cli;
mod pr_draft;
mod pr_kind;
mod pr_next;
mod pr_quote;
mod pr_template;
mod text;
mod verify;
mod version;
