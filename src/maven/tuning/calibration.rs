//! What measuring on one machine found to be best for one tree: which settings are tried on which
//! modules, which of them wins, and when that no longer counts. Pure; files and processes are the
//! caller's.

use serde::{Deserialize, Serialize};

use super::super::graph::Graph;
use super::{Collector, Machine, Preset, Speed, Work};

/// Modules that are built for a measurement, with what they need.
const MODULES: usize = 8;
/// Modules that compile something among them; with fewer a measurement says nothing.
const COMPILED: usize = 3;
/// How much cheaper a setting has to be than the usual one to take its place: less is noise.
const BETTER: f64 = 0.95;
/// One round is chance.
const LEAST_ROUNDS: usize = 2;
/// The shape of what is kept.
const VERSION: u32 = 1;

/// What a measurement depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Key {
    /// The JDK's folder and version.
    pub jdk: String,
    /// Maven's version.
    pub maven: String,
    /// Cores this process may use.
    pub cores: usize,
    /// Memory of the machine or container, in bytes.
    pub memory: u64,
    /// Options of the user's and the tree's own.
    pub options: String,
    /// Whether tests are left out.
    pub skips_tests: bool,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The shape of this record.
    pub version: u32,
    /// What it depends on.
    pub key: Key,
    /// The best settings.
    pub preset: Preset,
    /// When it was measured, in seconds since the epoch.
    pub measured: i64,
    /// Runs of each setting.
    pub runs: usize,
    /// Modules that were built.
    pub modules: usize,
    /// Cost of the best as a share of the usual settings'.
    pub share: f64,
}

/// What one run of one setting took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// Seconds on the clock.
    pub wall: f64,
    /// Seconds of processors, where the system tells.
    pub cpu: Option<f64>,
}

impl Record {
    /// A record of now.
    #[must_use]
    pub fn new(key: Key, preset: Preset, measured: i64, (runs, modules): (usize, usize)) -> Self {
        Self { version: VERSION, key, preset, measured, runs, modules, share: 1.0 }
    }

    /// Reads what was kept; none where there is nothing, or nothing that can be read.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let record: Self = serde_json::from_slice(bytes).ok()?;
        (record.version == VERSION).then_some(record)
    }

    /// As JSON.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// What has changed since, as a fragment; none while the record counts.
    #[must_use]
    pub fn stale(&self, now: &Key) -> Option<&'static str> {
        let then = &self.key;
        let changes = [
            (then.jdk != now.jdk, "the JDK is another one"),
            (then.maven != now.maven, "Maven is another one"),
            (then.cores != now.cores, "the number of cores is another one"),
            (then.memory != now.memory, "the machine's memory is another one"),
            (then.options != now.options, "your options, or the tree's, are other ones"),
            (then.skips_tests != now.skips_tests, "tests were then left out, or now are"),
        ];
        changes.into_iter().find_map(|(changed, what)| changed.then_some(what))
    }
}

/// The settings worth trying on a machine, the usual ones first; `threads` is how many modules the
/// usual ones build at a time.
#[must_use]
pub fn candidates(machine: &Machine, work: &Work, threads: usize) -> Vec<Preset> {
    let usual = Preset { threads: Some(threads), ..Preset::usual(work) };
    let mut all = vec![usual];
    if threads <= machine.cores {
        all.push(Preset { threads: Some(threads + 1), ..usual });
    }
    if threads > 2 {
        all.push(Preset { threads: Some(threads / 2), ..usual });
    }
    if work.skips_tests {
        all.push(Preset { speed: Speed::Full, ..usual });
        all.push(Preset { collector: Collector::Parallel, ..usual });
    }
    all
}

/// Some modules to measure with: those that come first, each with all it needs, so that they can be
/// built without the others; none where too few compile something.
#[must_use]
pub fn sample(graph: &Graph, compiles: &[bool]) -> Option<Vec<usize>> {
    let mut chosen: Vec<usize> = Vec::new();
    for module in graph.order() {
        if !compiles.get(*module).copied().unwrap_or(false) || chosen.contains(module) {
            continue;
        }
        let mut fresh = vec![*module];
        let mut at = 0;
        while let Some(module) = fresh.get(at).copied() {
            let more = graph.needs(module).iter().copied();
            let more: Vec<_> =
                more.filter(|need| !chosen.contains(need) && !fresh.contains(need)).collect();
            fresh.extend(more);
            at += 1;
        }
        if chosen.len() + fresh.len() <= MODULES {
            chosen.extend(fresh);
        }
    }
    let compiled = chosen.iter().filter(|module| compiles[**module]).count();
    chosen.sort_unstable();
    (compiled >= COMPILED).then_some(chosen)
}

/// The goals of a measurement: those of the build, but nothing is installed or sent anywhere.
#[must_use]
pub fn goals(goals: &[String]) -> Vec<String> {
    let beyond = ["install", "deploy", "verify", "integration-test", "site"];
    let kept = |goal: &String| match beyond.contains(&goal.as_str()) {
        true => "package".to_owned(),
        false => goal.clone(),
    };
    let mut all: Vec<String> = goals.iter().map(kept).collect();
    all.dedup();
    all
}

/// The place of the cheapest among the settings, and its cost as a share of the first's, which
/// stays where none is clearly cheaper; none where fewer than two rounds are whole. Settings are
/// compared within a round, so that a machine that grows busy troubles all alike, and one has to be
/// cheaper in every round. Time on the clock and of processors count alike: the one is what a person
/// waits, the other what everything else on the machine does.
#[must_use]
pub fn best(runs: &[Vec<Run>]) -> Option<(usize, f64)> {
    let rounds = whole_rounds(runs);
    if rounds < LEAST_ROUNDS {
        return None;
    }
    let told = runs.iter().all(|runs| runs[..rounds].iter().all(|run| run.cpu.is_some()));
    let cost = |run: &Run| match run.cpu.filter(|_| told) {
        Some(cpu) => (run.wall * cpu).sqrt(),
        None => run.wall,
    };
    let shares = runs.iter().map(|runs_of_one| {
        let pairs = runs_of_one.iter().zip(&runs[0]).take(rounds);
        let shares: Vec<f64> = pairs.map(|(one, usual)| cost(one) / cost(usual)).collect();
        let always = shares.iter().all(|share| *share < 1.0);
        median(shares.into_iter()).filter(|share| always && *share < BETTER)
    });
    let better = shares.enumerate().filter_map(|(at, share)| Some((at, share?)));
    Some(better.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, 1.0)))
}

/// How often every setting has had its turn.
#[must_use]
pub fn whole_rounds(runs: &[Vec<Run>]) -> usize {
    runs.iter().map(Vec::len).min().unwrap_or(0)
}

/// The middle one; none of nothing.
#[must_use]
pub fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut all: Vec<f64> = values.collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied()
}
