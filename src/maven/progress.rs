//! How far a build is, from its events: modules done and running, and the time left judged by the
//! last build's times. Pure; the caller says what time it is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::events::{Event, Outcome};

/// Seconds per module of earlier builds, by Maven's name: kept between builds, safe to lose.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timings {
    /// Seconds by module name.
    pub modules: BTreeMap<String, f64>,
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

    /// What a module weighs: its own time, else that of an ordinary module.
    fn weight(&self, name: &str) -> f64 {
        let known = self.modules.get(name).copied();
        known.filter(|time| time.is_finite()).unwrap_or_else(|| self.ordinary()).max(0.1)
    }

    fn ordinary(&self) -> f64 {
        let times = self.modules.values().filter(|time| time.is_finite());
        let (sum, count) = times.fold((0.0, 0.0), |(sum, count), time| (sum + time, count + 1.0));
        if count == 0.0 { 1.0 } else { sum / count }
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
    parallel: bool,
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
        Self { earlier, ..Self::default() }
    }

    /// Takes in an event.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Ordered(name) => self.order.push(name.clone()),
            Event::Threads(threads) => self.parallel = *threads > 1,
            Event::Started { artifact, name, place } => self.start(artifact, name, *place),
            Event::Goal { goal, artifact } => self.goal(goal, artifact),
            Event::Summary { name, outcome, seconds } => {
                self.summary.push((name.clone(), *outcome, *seconds));
                if *outcome == Outcome::Success {
                    self.modules.iter_mut().filter(|m| m.name == *name).for_each(|m| m.done = true);
                }
            }
            Event::Ended(success) => self.end(*success),
            Event::Total(seconds) => self.seconds = Some(*seconds),
            _ => {}
        }
    }

    fn start(&mut self, artifact: &str, name: &str, place: Option<(usize, usize)>) {
        if !self.parallel {
            self.modules.iter_mut().for_each(|module| module.done = true);
        }
        self.total = place.map(|(_, total)| total).or(self.total);
        self.modules.push(Module {
            name: name.into(),
            artifact: artifact.into(),
            goal: None,
            done: false,
        });
    }

    fn goal(&mut self, goal: &str, artifact: &str) {
        let running = self.modules.iter_mut().rev().find(|m| m.artifact == artifact && !m.done);
        if let Some(module) = running {
            // With several threads nothing else tells that a module is done; installing is quick.
            module.done = self.parallel && installs(goal);
            module.goal = Some(goal.to_owned());
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

    /// Seconds left after `elapsed`, once enough is done to tell.
    #[must_use]
    pub fn left(&self, elapsed: f64) -> Option<f64> {
        let done: f64 = self.finished().map(|module| self.earlier.weight(&module.name)).sum();
        let all: f64 = self.order.iter().map(|name| self.earlier.weight(name)).sum();
        let told = self.done() >= 3 && done >= all * 0.02 && elapsed >= 5.0;
        (told && all > 0.0).then(|| elapsed * (all - done).max(0.0) / done)
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
        let started = self.modules.iter().find(|module| module.name == *open);
        let started = started.map(|module| module.artifact.clone());
        let mut known = names.iter().filter(|(_, name)| name == open);
        started.or_else(|| match (known.next(), known.next()) {
            (Some((artifact, _)), None) => Some(artifact.clone()),
            // Two modules of one name, or none: Maven's own proposal is the better one.
            _ => None,
        })
    }

    /// The times of this build laid over the earlier ones.
    #[must_use]
    pub fn timings(&self) -> Timings {
        let mut timings = self.earlier.clone();
        for (name, outcome, seconds) in &self.summary {
            if let (Outcome::Success, Some(seconds)) = (outcome, seconds) {
                timings.modules.insert(name.clone(), *seconds);
            }
        }
        timings
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

/// The last goal of a module: `maven-install-plugin:2.4:install`, or `install:3.1.2:install`.
fn installs(goal: &str) -> bool {
    let plugin = goal.split(':').next().unwrap_or("");
    (plugin == "maven-install-plugin" || plugin == "install") && goal.ends_with(":install")
}
