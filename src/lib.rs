//! onramp takes a person from a bare machine to a signed, reviewable Apache CloudStack pull
//! request, and tells the truth at every step.
//!
//! Layers, each importing only what stands above it:
//! 0. words: [`exit`], [`finding`], [`observation`], [`text`], [`version`]
//! 1. the door to the machine: [`sys`]
//! 2. tools that do not know each other: [`git`], [`pgp`], [`ssh`], [`maven`], [`net`], [`host`],
//!    [`secret`]
//! 3. the engine: [`profile`], [`base`], [`pack`], [`policy`], [`trust`], [`signature`], [`plan`],
//!    [`probe`], [`signing`], [`judge`], [`run`], [`waiver`], [`results`]
//! 4. outputs: [`report`], [`pr`], [`fix`], [`ci`]
//! 5. people: [`cli`], the only place that prints
//!
//! Flow: arguments and profile make a plan; probes observe in parallel; the pure judge turns
//! observations into findings; a report is findings with the observations they came from.

pub mod exit;
pub mod finding;
pub mod observation;
pub mod text;
pub mod version;

pub mod sys;

pub mod git;
pub mod host;
pub mod maven;
pub mod net;
pub mod pgp;
pub mod secret;
pub mod ssh;

pub mod base;
pub mod judge;
pub mod pack;
pub mod plan;
pub mod policy;
pub mod probe;
pub mod profile;
pub mod results;
pub mod run;
pub mod signature;
pub mod signing;
pub mod trust;
pub mod waiver;

pub mod ci;
pub mod fix;
pub mod pr;
pub mod report;

pub mod cli;
