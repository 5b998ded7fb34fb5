//! How far a build is, from its events: which modules are done and which run, with any number of
//! threads. Pure, and knows no time; what is left is judged in `pace`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::events::{Event, Outcome};
use super::graph::Graph;
use super::project::Reactor;

/// Kinds of builds whose times are kept.
const MOST_KINDS: usize = 8;

/// Seconds per module of earlier builds, by Maven's name: kept between builds, safe to lose.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timings {
    /// Seconds by module name, of the last build of any kind.
    pub modules: BTreeMap<String, f64>,
    /// The same by what was asked of Maven: with and without tests are two builds.
    pub kinds: BTreeMap<String, BTreeMap<String, f64>>,
}

impl Timings {
    /// Reads what [`Timings::write`] wrote; anything else says nothing.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    /// As JSON.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// Seconds of the last builds that were asked for the same, or nothing.
    #[must_use]
    pub fn of(&self, kind: &str) -> Option<&BTreeMap<String, f64>> {
        self.kinds.get(kind)
    }

    /// Remembers what this build's modules took as times of its kind.
    pub fn keep(&mut self, kind: &str, seconds: impl Iterator<Item = (String, f64)>) {
        if self.kinds.len() >= MOST_KINDS && !self.kinds.contains_key(kind) {
            self.kinds.clear();
        }
        self.kinds.entry(kind.to_owned()).or_default().extend(seconds);
    }
}

/// A module that has started.
#[derive(Debug, Clone, PartialEq)]
pub struct Module {
    /// Maven's name.
    pub name: String,
    /// Artifact id.
    pub artifact: String,
    /// The goal it is at, as `plugin:version:goal`.
    pub goal: Option<String>,
    /// How many goals of the whole build had begun when that one did.
    pub since: usize,
    /// Whether it is done.
    pub done: bool,
}

/// The state of a build.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    earlier: Timings,
    order: Vec<String>,
    modules: Vec<Module>,
    total: Option<usize>,
    /// Modules built at a time.
    threads: usize,
    /// Goals that have begun.
    goals: usize,
    /// Artifact ids of the modules that each waits for, by its own.
    needs: BTreeMap<String, Vec<String>>,
    /// Artifact ids by name, where one alone has it.
    artifacts: BTreeMap<String, String>,
    /// The summary's lines: name, outcome, seconds.
    pub summary: Vec<(String, Outcome, Option<f64>)>,
    /// `BUILD SUCCESS` or not, once said.
    pub success: Option<bool>,
    /// Seconds Maven says it took.
    pub seconds: Option<f64>,
}

impl Progress {
    /// A build about to start.
    #[must_use]
    pub fn new(earlier: Timings) -> Self {
        Self { earlier, threads: 1, ..Self::default() }
    }

    /// Learns which modules wait for which: one that starts tells that those are done.
    #[must_use]
    pub fn knowing(mut self, reactor: &Reactor, graph: &Graph) -> Self {
        let artifact = |module: usize| reactor.modules[module].artifact().to_owned();
        let needs = (0..reactor.modules.len())
            .map(|module| (artifact(module), graph.needs(module).iter().map(|n| artifact(*n))));
        self.needs = needs.map(|(artifact, needs)| (artifact, needs.collect())).collect();
        let mut artifacts: BTreeMap<String, Option<String>> = BTreeMap::new();
        for (artifact, name) in reactor.names() {
            artifacts.entry(name).and_modify(|one| *one = None).or_insert(Some(artifact));
        }
        // What a property stands in is written otherwise in the log.
        let whole = |artifact: &String| !artifact.contains("${");
        let alone =
            artifacts.into_iter().filter_map(|(name, one)| Some((name, one.filter(whole)?)));
        self.artifacts = alone.collect();
        self
    }

    /// Takes in an event.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Ordered(name) => self.order.push(name.clone()),
            Event::Threads(threads) => self.threads = *threads,
            Event::Started { artifact, name, place } => self.start(artifact, name, *place),
            Event::Goal { goal, artifact } => self.goal(goal, artifact),
            Event::Summary { name, outcome, seconds } => {
                self.summary.push((name.clone(), *outcome, *seconds));
                let called = |module: &&mut Module| module.name == *name;
                let mut called: Vec<_> = self.modules.iter_mut().filter(called).collect();
                let alone = called.len() == 1;
                // With several threads one that failed was taken for done as the next began.
                for module in &mut called {
                    module.done = *outcome == Outcome::Success || module.done && !alone;
                }
            }
            Event::Ended(success) => self.end(*success),
            Event::Total(seconds) => self.seconds = Some(*seconds),
            _ => {}
        }
    }

    fn start(&mut self, artifact: &str, name: &str, place: Option<(usize, usize)>) {
        // Two that start at once mix their lines, and each would be called as the other.
        let own = self.artifacts.get(name).filter(|_| self.parallel()).cloned();
        let own = own.unwrap_or_else(|| artifact.to_owned());
        let artifact = own.as_str();
        self.total = place.map(|(_, total)| total).or(self.total);
        if self.parallel() {
            if let Some(needs) = self.needs.get(artifact) {
                let needed = |module: &&mut Module| needs.contains(&module.artifact);
                self.modules.iter_mut().filter(needed).for_each(|module| module.done = true);
            }
            self.make_room();
        } else {
            self.modules.iter_mut().for_each(|module| module.done = true);
        }
        self.modules.push(Module {
            name: name.into(),
            artifact: artifact.into(),
            goal: None,
            since: self.goals,
            done: false,
        });
    }

    /// No more modules run than there are threads: where one starts, those are done that were the
    /// first to begin with what they are at.
    fn make_room(&mut self) {
        let mut running: Vec<_> = self.modules.iter_mut().filter(|module| !module.done).collect();
        let gone = (running.len() + 1).saturating_sub(self.threads);
        running.sort_by_key(|module| module.since);
        running.into_iter().take(gone).for_each(|module| module.done = true);
    }

    fn parallel(&self) -> bool {
        self.threads > 1
    }

    fn goal(&mut self, goal: &str, artifact: &str) {
        let parallel = self.parallel();
        self.goals += 1;
        let Some(module) = self.modules.iter_mut().rev().find(|m| m.artifact == artifact) else {
            return;
        };
        if parallel || !module.done {
            // With several threads nothing else tells that a module is done; installing is quick.
            // One that was taken for done and goes on is not.
            module.done = parallel && installs(goal);
            module.goal = Some(goal.to_owned());
            module.since = self.goals;
        }
    }

    fn end(&mut self, success: bool) {
        self.success = Some(success);
        if success {
            self.modules.iter_mut().for_each(|module| module.done = true);
        }
    }

    /// The modules of this run in build order, by Maven's names, where it listed them.
    #[must_use]
    pub fn order(&self) -> &[String] {
        &self.order
    }

    /// Modules done.
    #[must_use]
    pub fn done(&self) -> usize {
        self.modules.iter().filter(|module| module.done).count()
    }

    /// Modules chosen, once known.
    #[must_use]
    pub fn total(&self) -> Option<usize> {
        self.total.or((!self.order.is_empty()).then_some(self.order.len()))
    }

    /// Modules started and not done, oldest first.
    pub fn running(&self) -> impl Iterator<Item = &Module> {
        self.modules.iter().filter(|module| !module.done)
    }

    /// Modules started, in order.
    #[must_use]
    pub fn started(&self) -> &[Module] {
        &self.modules
    }

    /// Modules built at a time.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads.max(1)
    }

    fn finished(&self) -> impl Iterator<Item = &Module> {
        self.modules.iter().filter(|module| module.done)
    }

    /// The first module in build order that is not done, as an artifact id: where to go on. With
    /// several threads it may stand before the one that failed. `names` are artifact ids and names
    /// of the project's modules, for those that had not started.
    #[must_use]
    pub fn resume_from(&self, names: &[(String, String)]) -> Option<String> {
        let open = self.order.iter().find(|name| !self.finished().any(|m| m.name == **name));
        let Some(open) = open else {
            return self.running().next().map(|module| module.artifact.clone());
        };
        let mut known = names.iter().filter(|(_, name)| name == open);
        if let (Some((artifact, _)), None) = (known.next(), known.next()) {
            return Some(artifact.clone());
        }
        // Two modules of one name, or none: where it has not started, Maven's own proposal is the
        // better one.
        let started = self.modules.iter().find(|module| module.name == *open);
        started.map(|module| module.artifact.clone())
    }

    /// The times of this build laid over the earlier ones.
    #[must_use]
    pub fn timings(&self) -> Timings {
        let mut timings = self.earlier.clone();
        timings.modules.extend(self.took().map(|(name, seconds)| (name.to_owned(), seconds)));
        timings
    }

    /// The modules that were built, with the seconds that Maven says it took.
    pub fn took(&self) -> impl Iterator<Item = (&str, f64)> {
        self.summary.iter().filter_map(|(name, outcome, seconds)| {
            Some((name.as_str(), seconds.filter(|_| *outcome == Outcome::Success)?))
        })
    }

    /// The modules that took longest, with seconds.
    #[must_use]
    pub fn slowest(&self, count: usize) -> Vec<(&str, f64)> {
        let timed =
            self.summary.iter().filter_map(|(name, _, time)| Some((name.as_str(), (*time)?)));
        let mut timed: Vec<_> = timed.collect();
        timed.sort_by(|a, b| b.1.total_cmp(&a.1));
        timed.truncate(count);
        timed
    }
}

/// The last goal of a module: `maven-install-plugin:2.4:install`, or `install:3.1.2:install`, or
/// `install-file` of the same.
fn installs(goal: &str) -> bool {
    let plugin = goal.split(':').next().unwrap_or("");
    let name = goal.rsplit(':').next().unwrap_or("");
    ["maven-install-plugin", "install"].contains(&plugin)
        && ["install", "install-file"].contains(&name)
}
