//! The plug-ins that are installed, as the reading of packs asks for them: by name, and only where
//! a check names one. Joins `pack`, which runs nothing, and `probe`, which may.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::pack::vocabulary::{Plugins, ProbeShape};
use crate::probe::plugin;
use crate::sys::System;

use super::args::Global;

/// Where plug-ins lie: beside the checks given last first, then beside the user's own.
#[must_use]
pub fn beside(
    system: &dyn System,
    global: &Global,
    own: Option<&Path>,
    tree: Option<PathBuf>,
) -> plugin::Plugins {
    let here = system.current_dir().unwrap_or_default();
    let folders = global.checks.iter().rev().map(PathBuf::as_path).chain(own);
    let places = folders.map(|folder| here.join(folder).join(plugin::FOLDER)).collect();
    plugin::Plugins { places, tree, ..plugin::Plugins::default() }
}

/// What is known of a plug-in when a check that names it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Only that it is there, which costs a look at the disk.
    Nothing,
    /// What it says of itself, which starts it.
    Themselves,
}

/// The plug-ins of this machine.
pub struct Installed<'a> {
    system: &'a dyn System,
    plugins: &'a plugin::Plugins,
    told: Told,
    /// What is known of each, once asked.
    shapes: Mutex<BTreeMap<String, Option<ProbeShape>>>,
    names: OnceLock<Vec<String>>,
}

impl<'a> Installed<'a> {
    /// Of this machine and these places.
    #[must_use]
    pub fn new(system: &'a dyn System, plugins: &'a plugin::Plugins, told: Told) -> Self {
        Self { system, plugins, told, shapes: Mutex::default(), names: OnceLock::new() }
    }

    fn look(&self, name: &str) -> Option<ProbeShape> {
        // One that is there and may not run is known all the same: its checks end as unknown, with
        // the reason.
        let there = self.plugins.find(self.system, name).map_or(true, |program| program.is_some());
        let description = match self.told {
            Told::Themselves if there => plugin::describe(self.system, self.plugins, name).ok(),
            _ => None,
        };
        there.then(|| plugin::shape(description.as_ref()))
    }
}

impl std::fmt::Debug for Installed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Installed").field("plugins", self.plugins).finish_non_exhaustive()
    }
}

impl Plugins for Installed<'_> {
    fn shape(&self, name: &str) -> Option<ProbeShape> {
        // A panic while holding the map cannot leave it half changed.
        let mut shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
        shapes.entry(name.to_owned()).or_insert_with(|| self.look(name)).clone()
    }

    fn names(&self) -> Vec<String> {
        self.names.get_or_init(|| self.plugins.names(self.system)).clone()
    }
}
