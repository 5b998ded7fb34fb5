//! Every name a check may use, handed in by whoever reads packs: probes with what they take and
//! bring back, and the values that every check sees. Looks nothing up by itself.

use std::collections::BTreeMap;

use super::shape::Shape;

/// What a probe takes and brings back.
#[derive(Debug, Clone)]
pub struct ProbeShape {
    /// Its arguments.
    pub arguments: Shape,
    /// The arguments it cannot do without.
    pub required: Vec<String>,
    /// Its observation.
    pub found: Shape,
}

/// Probes that are no part of onramp.
pub trait Plugins: std::fmt::Debug + Sync {
    /// What the plug-in of that name takes and brings back; `None` where there is none.
    fn shape(&self, name: &str) -> Option<ProbeShape>;
    /// The names of all that are there.
    fn names(&self) -> Vec<String>;
}

/// No plug-ins at all.
#[derive(Debug)]
pub struct NoPlugins;

impl Plugins for NoPlugins {
    fn shape(&self, _name: &str) -> Option<ProbeShape> {
        None
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Every name a check may use.
#[derive(Debug, Clone)]
pub struct Vocabulary<'a> {
    /// Probes that are asked for where a check names none of `probes`.
    pub plugins: &'a dyn Plugins,
    /// Probes by name.
    pub probes: BTreeMap<String, ProbeShape>,
    /// `project`.
    pub project: Shape,
    /// `run`.
    pub run: Shape,
    /// `platform`.
    pub platform: Shape,
}
