//! The verbs, one file each.

mod bad_input;
mod bad_packs;
mod bad_probes;
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
mod key_publish;
mod key_publish_consent;
mod key_publish_played;
mod key_publish_shown;
mod list;
mod plugins;
mod policy;
mod pr;
mod replay;
mod stopped;
mod trust;
mod trust_packs;
mod waivers;
