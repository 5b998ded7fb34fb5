//! Pure functions, one file per module of the library.

mod build_events;
mod explain;
mod github;
mod jdk;
mod junit;
mod keyring;
mod locate;
mod machine;
mod memory;
mod pack;
mod pr_cli;
mod pr_draft;
mod pr_kind;
mod pr_next;
mod pr_quote;
mod pr_template;
mod project;
mod proxy;
mod reach;
mod report;
mod scratch;
mod settings;
mod text;
mod tuning;
mod verify;
mod version;
