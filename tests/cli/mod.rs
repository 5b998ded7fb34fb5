//! The verbs, one file each.

mod bad_input;
mod bad_packs;
mod build;
mod check;
mod clone;
mod clone_cut;
mod compare;
mod config;
mod fix;
mod fix_undo;
mod formats;
mod journey;
mod list;
mod policy;
mod pr;
mod replay;
mod stopped;
mod trust;
mod trust_packs;
mod waivers;
