//! Pure functions, one file per module of the library.

mod github;
mod jdk;
mod junit;
mod keyring;
mod machine;
mod pack;
mod pr_cli;
mod pr_draft;
mod pr_kind;
mod pr_next;
mod pr_quote;
mod pr_template;
mod proxy;
mod reach;
mod report;
mod build_events;
mod explain;
mod project;
mod settings;
mod text;
mod verify;
mod tuning;
mod version;
