//! The packs of a run: onramp's own, what a work tree brings, the user's and those given, read and
//! held against every name that a check may use. Decides nothing.

use std::collections::BTreeSet;
use std::path::Path;

use crate::pack::load::{self, File, Packs};
use crate::pack::shape::Shape;
use crate::pack::vocabulary::NoPlugins;
use crate::pack::{Engine, Vocabulary};
use crate::plan::{Run, STAGES};
use crate::probe::{self, plugin};
use crate::profile::Project;
use crate::sys::{Platform, System};
use crate::trust::take::{Sound, with_programs};

use super::args::Global;
use super::brought::Brought;
use super::plugins::{Installed, Told, beside};
use super::policies::mistakes;
use super::settings;
use super::trouble::Trouble;
use super::workspace;

/// Packs, read and held against the probes.
pub struct Checks {
    /// Evaluates their expressions.
    pub engine: Engine,
    /// What they say.
    pub packs: Packs,
    /// The id of every check there is, those that this run leaves unread included.
    pub ids: BTreeSet<String>,
    /// Where the plug-ins lie that they may name.
    pub plugins: plugin::Plugins,
}

/// What is wanted of the packs.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Stages or ids; every stage where there is none.
    pub(super) only: &'a [String],
    /// What plug-ins tell of themselves.
    pub(super) told: Told,
}

impl Checks {
    /// Reads the embedded packs, the user's and those given.
    ///
    /// # Errors
    /// Every mistake in every pack, at once.
    pub fn read(system: &dyn System, global: &Global, only: &[String]) -> Result<Self, Trouble> {
        Ok(Self::read_with(system, global, Wanted { only, told: Told::Nothing }, None)?.0)
    }

    /// The same with what a work tree brings, which the user's own packs override; what of it is to
    /// be added comes back, for it is laid over what a policy says.
    pub(super) fn read_with(
        system: &dyn System,
        global: &Global,
        Wanted { only, told }: Wanted<'_>,
        brought: Option<&mut Brought>,
    ) -> Result<(Self, Option<Sound>), Trouble> {
        let engine = Engine::default();
        let own = settings::folder(system).map(|folder| folder.join("checks"));
        let own = own.filter(|folder| system.kind(folder).is_some());
        let plugins = plugins(system, global, own.as_deref());
        // Whatever a work tree names, reading its checks starts nothing.
        let unasked = Installed::new(system, &plugins, Told::Nothing);
        let installed = Installed::new(system, &plugins, told);
        let mut files = load::embedded();
        let mut ids = ids_of(&files);
        files.retain(|file| may_be_chosen(&file.path, only));
        let sound = brought.map(|brought| {
            let wanted = |path: &str| may_be_chosen(path, only);
            let known = Vocabulary { plugins: &unasked, ..vocabulary() };
            let sound = brought.sound(&engine, known, wanted);
            files.extend(brought.files(&sound));
            (brought, sound)
        });
        let trusted = sound.as_ref().filter(|(brought, _)| brought.standing.trusted());
        let programs = trusted.and_then(|(brought, _)| brought.closure.clone());
        let vocabulary = || {
            let known = Vocabulary { plugins: &installed, ..vocabulary() };
            match &programs {
                Some(closure) => with_programs(known, closure),
                None => known,
            }
        };
        for folder in own.iter().chain(&global.checks) {
            let own = load::folder(system, folder).map_err(misplaced)?;
            if own.is_empty() && global.checks.contains(folder) {
                return Err(misplaced(format!("{}: no check lies here", folder.display())));
            }
            files.extend(own);
        }
        ids.extend(ids_of(&files));
        let packs = Packs::read(files, &engine, vocabulary);
        if packs.problems.is_empty() {
            return Ok((Self { engine, packs, ids, plugins }, sound.map(|(_, sound)| sound)));
        }
        Err(mistakes(&packs.problems))
    }
}

/// Where the plug-ins of this run lie.
fn plugins(system: &dyn System, global: &Global, own: Option<&Path>) -> plugin::Plugins {
    let started = workspace::folder(system, global).ok();
    let tree = started.and_then(|folder| workspace::tree_around(system, &folder));
    beside(system, global, own, tree)
}

fn ids_of(files: &[File]) -> BTreeSet<String> {
    files.iter().filter_map(|file| file.check_id().map(ToOwned::to_owned)).collect()
}

fn misplaced(what: String) -> Trouble {
    Trouble::usage(what).remedy(
        "put it right, or leave it out: a folder of checks holds YAML files at \
         PACK/STAGE/NAME.yaml",
    )
}

/// Whether a file of a pack can matter to this choice. Reading checks is a good part of a short run,
/// so those of stages that nobody chose from are left unread; a bare name may be one of any stage.
fn may_be_chosen(path: &str, only: &[String]) -> bool {
    let stages: Option<Vec<&str>> = only.iter().map(|choice| stage_of(choice)).collect();
    match (path.split('/').collect::<Vec<_>>().as_slice(), stages) {
        ([_, stage, _], Some(stages)) if !stages.is_empty() => stages.contains(stage),
        _ => true,
    }
}

/// The stage that a choice is, or names as in `patch/signed` and `apache/patch/signed`.
fn stage_of(choice: &str) -> Option<&str> {
    let before_name = choice.rsplit('/').nth(1);
    let stage = before_name.unwrap_or(choice);
    STAGES.contains(&stage).then_some(stage)
}

/// Every name a check may use.
#[must_use]
pub fn vocabulary() -> Vocabulary<'static> {
    Vocabulary {
        plugins: &NoPlugins,
        probes: probe::shapes(),
        project: Shape::of(&schemars::schema_for!(Project).to_value()),
        run: Shape::of(&schemars::schema_for!(Run).to_value()),
        platform: Shape::of(&schemars::schema_for!(Platform).to_value()),
    }
}
