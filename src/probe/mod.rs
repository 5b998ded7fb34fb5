//! Probes look at the machine and bring back plain data; one kind per file.
//!
//! A probe observes and never judges. What it brings back has a schema, against which the names
//! in checks are held when a pack is read: optional fields are `null`, never absent, and
//! `present` is always there. `Unknown` means only that the probe could not look.

pub mod base;
pub mod branch;
pub mod change;
pub mod changes;
pub mod clock;
pub mod commits;
pub mod cores;
pub mod disk;
pub mod file_system;
pub mod files;
pub mod git_config;
pub mod git_settings;
pub mod header;
pub mod java_source;
mod java_text;
pub mod jdk;
pub mod jvm_options;
pub mod limits;
pub mod lines;
pub mod local_repository;
pub mod mail;
pub mod maven;
pub mod maven_settings;
pub mod memory;
pub mod merge;
pub mod names;
pub mod node;
pub mod nothing;
pub mod openpgp_key;
pub mod plugin;
pub mod programs;
pub mod python;
pub mod reach;
pub mod secrets;
pub mod signatures;
pub mod ssh_key;
pub mod tool;
pub mod work_tree;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::git::{self, Repositories};
use crate::net::{self, Connector, Sockets};
use crate::observation::{Observation, Unknown, erase};
use crate::pack::expression::sole_expression;
use crate::pack::shape::Shape;
use crate::pack::vocabulary::ProbeShape;
use crate::pgp::{GnuPg, Keyring};
use crate::sys::{Steady, System};
use plugin::Plugins;

/// Everything a probe may look at.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The machine.
    pub system: &'a dyn System,
    /// Work trees and their history.
    pub git: &'a dyn Repositories,
    /// The user's keys.
    pub keyring: &'a dyn Keyring,
    /// Connections.
    pub net: &'a dyn Connector,
}

/// A machine that hands out its [`World`]; shared, so that a probe that hangs can be left behind.
#[derive(Clone)]
pub struct Machine {
    system: Arc<dyn System>,
    git: Arc<dyn Repositories>,
    keyring: Arc<dyn Keyring>,
    net: Arc<dyn Connector>,
    plugins: Arc<Plugins>,
}

impl Machine {
    /// This machine, through git2, GnuPG and sockets.
    #[must_use]
    pub fn live(system: Arc<dyn System>) -> Self {
        Self {
            git: Arc::new(git::Live::new(&*system)),
            keyring: Arc::new(GnuPg::live(Arc::clone(&system))),
            net: Arc::new(Sockets::default()),
            plugins: Arc::default(),
            system,
        }
    }

    /// The keys in another GnuPG home of this machine, every one of them vouched for.
    #[must_use]
    pub fn vouched_keys(&self, home: PathBuf) -> GnuPg {
        GnuPg::vouched(Arc::clone(&self.system), home)
    }

    /// A recorded machine: what lies past `sys` was not recorded and cannot be told.
    #[must_use]
    pub fn recorded(system: Arc<dyn System>) -> Self {
        Self {
            git: Arc::new(git::Absent),
            keyring: Arc::new(GnuPg::live(Arc::clone(&system))),
            net: Arc::new(net::Absent),
            plugins: Arc::default(),
            system,
        }
    }

    /// The same machine, with another reader of repositories.
    #[must_use]
    pub fn with_git(self, git: Arc<dyn Repositories>) -> Self {
        Self { git, ..self }
    }

    /// The same machine, with more places for plug-ins than PATH.
    #[must_use]
    pub fn with_plugins(self, plugins: Plugins) -> Self {
        Self { plugins: Arc::new(plugins), ..self }
    }

    /// Has a plug-in look.
    ///
    /// # Errors
    /// Why it could not, or why its answer is not believed.
    pub fn ask_plugin(&self, name: &str, arguments: &Value, limit: Duration) -> Observation {
        plugin::observe(&*self.system, &self.plugins, name, arguments, limit)
    }

    /// The same machine for one look, which fetches no program, link or small file twice.
    #[must_use]
    pub fn steady(self) -> Self {
        Self { system: Arc::new(Steady::new(self.system)), ..self }
    }

    /// What there is to look at.
    #[must_use]
    pub fn world(&self) -> World<'_> {
        World { system: &*self.system, git: &*self.git, keyring: &*self.keyring, net: &*self.net }
    }
}

/// What a check that nobody trusts may give for an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// Anything: it only narrows what is told of a thing that is looked at anyway.
    Anything,
    /// One of these expressions and nothing else, so that this run chooses and not the check.
    Only(&'static [&'static str]),
}

impl Given {
    fn allows(self, argument: &Value) -> bool {
        match self {
            Self::Anything => true,
            Self::Only(expressions) => {
                argument.is_null()
                    || argument
                        .as_str()
                        .and_then(sole_expression)
                        .is_some_and(|expression| expressions.contains(&expression))
            }
        }
    }
}

/// The work tree of this run.
pub const THIS_TREE: Given = Given::Only(&["run.tree"]);
/// The change of this run.
pub const THIS_CHANGE: Given = Given::Only(&["change"]);
/// Which change is looked at: this run's, told with what narrows the telling.
pub const HISTORY: &[(&str, Given)] = &[
    ("change", THIS_CHANGE),
    ("limit", Given::Anything),
    ("forge_keys", Given::Anything),
    ("licence_excludes", Given::Anything),
    ("licences", Given::Anything),
];

/// One kind of probe, typed: what its file implements.
pub trait Kind: Sync {
    /// What a check may pass it.
    type Arguments: DeserializeOwned + JsonSchema;
    /// What it brings back.
    type Found: Serialize + JsonSchema;
    /// The name a check uses.
    const NAME: &'static str;
    /// The arguments that a check nobody trusts may give, each with what it may say there; `None`,
    /// and so no such check, for a kind that runs, reaches or reads what a check chooses. An
    /// argument that is not named here is refused.
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = None;
    /// Whether it waits for somebody else over the network. Such probes are asked last: those that
    /// only look at this machine would queue behind them.
    const WAITS: bool = false;

    /// Looks.
    ///
    /// # Errors
    /// The reason it could not look.
    fn observe(world: World<'_>, arguments: Self::Arguments) -> Result<Self::Found, Unknown>;
}

/// The erased form the engine works with.
#[derive(Clone)]
pub struct Probe {
    /// The name a check uses.
    pub name: &'static str,
    /// What a check that nobody trusts may give it.
    pub untrusted: Option<&'static [(&'static str, Given)]>,
    /// Whether it waits for somebody else.
    pub waits: bool,
    /// Schema of its arguments.
    pub arguments: fn() -> Schema,
    /// Schema of what it brings back.
    pub found: fn() -> Schema,
    /// Looks. Arguments that do not fit are an unknown; a valid pack has none.
    pub observe: fn(World<'_>, Value) -> Observation,
}

/// Erases a kind.
#[must_use]
pub const fn of<K: Kind>() -> Probe {
    Probe {
        name: K::NAME,
        untrusted: K::UNTRUSTED,
        waits: K::WAITS,
        arguments: || schema_for!(K::Arguments),
        found: || schema_for!(K::Found),
        observe: |world, arguments| {
            let arguments = serde_json::from_value(arguments)
                .map_err(|error| Unknown(format!("the probe's arguments do not fit: {error}")))?;
            erase(K::observe(world, arguments))
        },
    }
}

/// Every kind of probe, by name.
pub const ALL: &[Probe] = &[
    of::<base::Base>(),
    of::<branch::Branch>(),
    of::<changes::Changes>(),
    of::<clock::Clock>(),
    of::<commits::Commits>(),
    of::<cores::Cores>(),
    of::<disk::Disk>(),
    of::<file_system::FileSystem>(),
    of::<files::Files>(),
    of::<git_config::GitConfig>(),
    of::<git_settings::GitSettings>(),
    of::<header::Header>(),
    of::<java_source::JavaSource>(),
    of::<jdk::Jdk>(),
    of::<jvm_options::JvmOptions>(),
    of::<limits::Limits>(),
    of::<local_repository::LocalRepository>(),
    of::<mail::Mail>(),
    of::<lines::Lines>(),
    of::<maven::Maven>(),
    of::<maven_settings::MavenSettings>(),
    of::<memory::Memory>(),
    of::<nothing::Nothing>(),
    of::<names::Names>(),
    of::<node::Node>(),
    of::<merge::Merge>(),
    of::<openpgp_key::OpenpgpKey>(),
    of::<programs::Programs>(),
    of::<python::Python>(),
    of::<reach::Reachability>(),
    of::<secrets::Secrets>(),
    of::<signatures::Signatures>(),
    of::<ssh_key::SshKey>(),
    of::<tool::Tool>(),
    of::<work_tree::WorkTree>(),
];

/// The kind with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Probe> {
    ALL.iter().find(|probe| probe.name == name)
}

/// Whether a probe may look for a check that nobody trusts, given the check's arguments as they
/// are written: it then runs, reaches and reads only what it would on this run anyway.
#[must_use]
pub fn harmless(name: &str, written: &Value) -> bool {
    let Some(allowed) = find(name).and_then(|probe| probe.untrusted) else { return false };
    let allows = |(argument, value): (&String, &Value)| {
        let given = allowed.iter().find(|(name, _)| name == argument);
        given.is_some_and(|(_, given)| given.allows(value))
    };
    written.as_object().is_some_and(|arguments| arguments.iter().all(allows))
}

/// What every kind takes and brings back, for holding packs against.
#[must_use]
pub fn shapes() -> BTreeMap<String, ProbeShape> {
    ALL.iter().map(|probe| (probe.name.to_owned(), shape(probe))).collect()
}

fn shape(probe: &Probe) -> ProbeShape {
    let arguments = (probe.arguments)().to_value();
    ProbeShape {
        required: required(&arguments),
        arguments: Shape::of(&arguments),
        found: Shape::of(&(probe.found)().to_value()),
    }
}

/// What a schema cannot do without.
fn required(schema: &Value) -> Vec<String> {
    let required = schema.get("required").and_then(Value::as_array);
    let names = required.into_iter().flatten().filter_map(Value::as_str);
    names.map(ToOwned::to_owned).collect()
}
