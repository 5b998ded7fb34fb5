//! How a build should use the machine: heap, compilers and threads from measured facts. Pure; what
//! the user set is never overridden, and every choice is said with its reason.

pub mod calibration;
mod jvm;
mod memory;
mod own;
mod preset;
mod threads;

use std::path::PathBuf;

pub use own::Own;
pub use preset::{Collector, Preset, Speed};

use super::graph::Graph;

/// The machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// Cores this process may use.
    pub cores: usize,
    /// Cores that others keep busy.
    pub busy: usize,
    /// Memory in bytes.
    pub total: u64,
    /// Memory not in use, in bytes.
    pub available: u64,
    /// Limit of the container, in bytes, where there is one.
    pub limit: Option<u64>,
}

impl Machine {
    /// Memory that a build may take, in bytes.
    #[must_use]
    pub fn usable(&self) -> u64 {
        self.available.min(self.total).min(self.limit.unwrap_or(u64::MAX))
    }
}

/// Where modules are compiled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Compiler {
    /// In Maven's own JVM.
    #[default]
    InProcess,
    /// In a JVM for each run of the compiler, with this heap in bytes at most, where it is set.
    Forked(Option<u64>),
}

/// The build.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Work {
    /// Which modules wait for which; empty where they could not be read.
    pub graph: Graph,
    /// What each module weighs: seconds of an earlier build, or shares of a guess.
    pub weights: Vec<f64>,
    /// Whether the weights are seconds.
    pub timed: bool,
    /// Where modules are compiled.
    pub compiler: Compiler,
    /// Compiles and packs without running tests, so that long-running code is of no use.
    pub skips_tests: bool,
    /// Why another JDK than Maven's own may be started, as a fragment, where that is so.
    pub other_jdk: Option<&'static str>,
    /// The class-data archive of the JDK, where there is one or one can be made.
    pub archive: Option<PathBuf>,
}

/// What to start Maven with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tuning {
    /// MAVEN_OPTS: what the user had, then ours.
    pub maven_opts: String,
    /// JAVA_TOOL_OPTIONS: what the user had, then ours; `None` where nothing of ours is in it.
    pub java_tool_options: Option<String>,
    /// `-T`, where it is ours to set and more than one.
    pub threads: Option<usize>,
    /// Most memory that Maven and what it starts may come to, in bytes: an estimate.
    pub peak: u64,
    /// Whether the class-data archive is among the options.
    pub uses_archive: bool,
    /// Every choice.
    pub notes: Vec<Note>,
}

/// One choice and its reason, as fragments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
    /// Who wants to know.
    pub weight: Weight,
}

/// How much there is to say of a choice where nobody asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// A choice of onramp's: what it is.
    Chosen,
    /// Something of the user's own that stands or has no effect, and what is short: also why.
    Told,
    /// Nothing.
    Aside,
}

/// Chooses, with settings that usually fit.
#[must_use]
pub fn tune(machine: &Machine, work: &Work, own: &Own) -> Tuning {
    tune_as(machine, work, own, &Preset::usual(work), None)
}

/// Chooses, with settings that somebody decided on; `why` says how, as a fragment.
#[must_use]
pub fn tune_as(
    machine: &Machine,
    work: &Work,
    own: &Own,
    preset: &Preset,
    why: Option<&str>,
) -> Tuning {
    let mut tuning = Tuning { maven_opts: own.maven_opts.trim().to_owned(), ..Tuning::default() };
    if let Some(why) = why {
        tuning.told(format!("calibrated: {}", preset.told()), why.to_owned());
    }
    let threads = threads::choose(machine, work, own, preset, &mut tuning);
    memory::choose(machine, work, own, threads, &mut tuning);
    jvm::choose(work, own, preset, threads, &mut tuning);
    tuning.aside("output without colours or moving progress", "it is read line by line");
    let why = "they would leave out what the project's CI looks at, or test code that other modules \
               are compiled against";
    tuning.aside("no flag that skips checks or test compilation", why);
    if let Some((file, _)) = &own.start_up {
        tuning.told(
            "MAVEN_OPTS of this build has no effect".into(),
            format!("{file} sets it anew; what stands there counts"),
        );
    }
    tuning
}

impl Tuning {
    fn note(&mut self, what: String, why: String) {
        self.notes.push(Note { what, why, weight: Weight::Chosen });
    }

    fn told(&mut self, what: String, why: String) {
        self.notes.push(Note { what, why, weight: Weight::Told });
    }

    /// Adds what is of interest only to who asks.
    pub fn aside(&mut self, what: &str, why: &str) {
        self.notes.push(Note { what: what.to_owned(), why: why.to_owned(), weight: Weight::Aside });
    }

    fn maven(&mut self, option: &str) {
        push(&mut self.maven_opts, option);
    }
}

fn push(options: &mut String, option: &str) {
    if !options.is_empty() {
        options.push(' ');
    }
    options.push_str(option);
}
