//! What happens in a build, one JSON object a line, for programs that follow it. The names of
//! events and fields stay; new ones may come.

use schemars::JsonSchema;
use serde::Serialize;

use crate::maven::record::{Ending, Silence};
use crate::maven::surefire::Class;

/// Version of the lines: raised when an event or a field changes its meaning or goes.
pub const VERSION: u32 = 1;

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Entry {
    /// Version of the lines.
    pub version: u32,
    /// Seconds since the build began, sleep of the machine left out.
    pub at: f64,
    /// What happened.
    #[serde(flatten)]
    pub what: Happening,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Happening {
    /// Maven is about to start; the first line.
    BuildStarted {
        /// Version of onramp.
        onramp: String,
        /// Seconds since the epoch.
        started: i64,
        /// Goals and options.
        goals: String,
        /// The log file.
        log: String,
    },
    /// The modules chosen, by Maven's names in build order.
    Order {
        /// The names.
        modules: Vec<String>,
        /// How many are built at a time.
        threads: usize,
    },
    /// A module begins.
    ModuleStarted {
        /// Artifact id.
        artifact: String,
        /// Maven's name.
        name: String,
    },
    /// A goal begins.
    GoalStarted {
        /// Artifact id of the module.
        artifact: String,
        /// As `plugin:version:goal`.
        goal: String,
    },
    /// A module is done, as far as Maven's output tells; with several threads it may yet go on.
    ModuleFinished {
        /// Artifact id.
        artifact: String,
        /// Maven's name.
        name: String,
        /// How long it took.
        seconds: f64,
        /// Modules done.
        done: usize,
        /// Modules chosen.
        total: Option<usize>,
        /// The time left as it is shown; null before there is a ground for it.
        left: Option<String>,
    },
    /// A file is asked for.
    DownloadStarted {
        /// Repository or mirror.
        repository: String,
        /// Address.
        url: String,
    },
    /// It came.
    DownloadFinished {
        /// Repository or mirror.
        repository: String,
        /// Address.
        url: String,
        /// Its size as Maven says it, which is rounded.
        bytes: Option<u64>,
    },
    /// A warning that was not said before.
    Warning {
        /// Artifact id of the module, where one runs alone.
        module: Option<String>,
        /// What it says.
        text: String,
    },
    /// A line that Maven marks as an error.
    Error {
        /// What it says.
        text: String,
    },
    /// A test class has ended.
    Tests(Class),
    /// Nothing was printed for long; the build goes on.
    Silent(Silence),
    /// Something is printed again after such a time.
    Resumed {
        /// How long nothing was printed.
        seconds: f64,
    },
    /// The last line.
    BuildFinished {
        /// How it ended.
        ending: Ending,
        /// How long it took.
        seconds: f64,
        /// The exit code of onramp.
        exit: u8,
        /// Modules done.
        done: usize,
        /// Modules chosen.
        total: Option<usize>,
    },
}
