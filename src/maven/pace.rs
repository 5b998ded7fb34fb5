//! How long a build will still take: what its modules weigh, how fast this build goes, and which
//! modules wait for which. Pure. Says nothing before there is a ground for it.

use std::collections::{BTreeMap, HashMap};

use super::graph::Graph;
use super::progress::Progress;
use super::project::Reactor;
use super::timeline::Timeline;

/// What a module without sources weighs beside one with as many source files.
const BARE: f64 = 30.0;
/// Seconds, modules and share of the whole after which a pace shows that nothing is known of.
const EARLY: (f64, usize, f64) = (10.0, 3, 0.05);
/// What an earlier build counts for beside the modules of this one: this share of its length.
const TRUST: f64 = 0.1;

/// What is known before a build starts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// Graph of the project's modules.
    pub graph: Graph,
    /// Maven's name and artifact id of each, in the same order.
    pub names: Vec<(String, String)>,
    /// Seconds by name of the last build that was asked for the same.
    pub earlier: Option<BTreeMap<String, f64>>,
    /// Source files of each; empty where earlier times are known.
    pub sources: Vec<usize>,
}

impl Known {
    /// What a reactor tells.
    #[must_use]
    pub fn of(reactor: &Reactor, graph: Graph) -> Self {
        let names = reactor.names().into_iter().map(|(artifact, name)| (name, artifact)).collect();
        Self { graph, names, earlier: None, sources: Vec::new() }
    }
}

/// The modules that were chosen, and what each weighs.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// The modules in build order, each waiting for others by place.
    graph: Graph,
    weights: Vec<f64>,
    /// Whether weights are seconds of an earlier build.
    measured: bool,
    /// Place of each by name.
    places: HashMap<String, usize>,
}

/// How one module stands.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stand {
    Waiting,
    Running(f64),
    Done(f64),
}

impl Pace {
    /// The pace of a build of these modules, by Maven's names in build order.
    #[must_use]
    pub fn of(order: &[String], known: &Known) -> Self {
        let module: HashMap<&str, usize> =
            known.names.iter().enumerate().map(|(at, (name, _))| (name.as_str(), at)).collect();
        let places: HashMap<String, usize> =
            order.iter().enumerate().map(|(at, name)| (name.clone(), at)).collect();
        let needs = order.iter().map(|name| {
            let needs = module.get(name.as_str()).map_or(&[][..], |at| known.graph.needs(*at));
            needs.iter().filter_map(|need| places.get(&known.names[*need].0).copied()).collect()
        });
        let graph = Graph::new(needs.collect());
        let earlier = known.earlier.as_ref().filter(|times| covers(times, order));
        let weights = order.iter().map(|name| match earlier {
            Some(times) => times.get(name).copied().unwrap_or_else(|| ordinary(times)),
            None => {
                let sources = module.get(name.as_str()).and_then(|at| known.sources.get(*at));
                BARE + sources.copied().unwrap_or(0) as f64
            }
        });
        let weights = weights.map(|weight| if weight.is_finite() { weight.max(0.05) } else { 1.0 });
        Self { graph, weights: weights.collect(), measured: earlier.is_some(), places }
    }

    /// Whether it rests on the times of an earlier build.
    #[must_use]
    pub fn measured(&self) -> bool {
        self.measured
    }

    /// Seconds left, as the build stands after `elapsed`.
    #[must_use]
    pub fn left(&self, progress: &Progress, timeline: &Timeline, elapsed: f64) -> Option<f64> {
        let stands = self.stands(progress, timeline);
        let scale = self.scale(&stands, elapsed)?;
        let remaining = stands.iter().zip(&self.weights).map(|(stand, weight)| match stand {
            Stand::Done(_) => 0.0,
            Stand::Waiting => weight * scale,
            // One that takes longer than it should will not end in no time.
            Stand::Running(seconds) => (weight * scale - seconds).max(seconds * 0.1),
        });
        let remaining: Vec<f64> = remaining.collect();
        Some(self.graph.makespan(&remaining, progress.threads()))
    }

    fn stands(&self, progress: &Progress, timeline: &Timeline) -> Vec<Stand> {
        let mut stands = vec![Stand::Waiting; self.weights.len()];
        for (at, module) in progress.started().iter().enumerate() {
            if let Some(place) = self.places.get(&module.name) {
                let seconds = timeline.working(at);
                stands[*place] =
                    if module.done { Stand::Done(seconds) } else { Stand::Running(seconds) };
            }
        }
        stands
    }

    /// Seconds for each unit of weight in this build.
    fn scale(&self, stands: &[Stand], elapsed: f64) -> Option<f64> {
        let all: f64 = self.weights.iter().sum();
        let (mut weighed, mut took, mut count) = (0.0, 0.0, 0);
        for (stand, weight) in stands.iter().zip(&self.weights) {
            match stand {
                Stand::Done(seconds) => {
                    (weighed, took, count) = (weighed + weight, took + seconds, count + 1);
                }
                // It tells only that it takes longer than it should.
                Stand::Running(seconds) if self.measured && *seconds > *weight => {
                    (weighed, took) = (weighed + weight, took + seconds);
                }
                Stand::Running(_) | Stand::Waiting => {}
            }
        }
        if self.measured {
            let trust = all * TRUST;
            return Some((trust + took) / (trust + weighed));
        }
        let (seconds, modules, share) = EARLY;
        let told = elapsed >= seconds && count >= modules && weighed >= all * share && took > 0.0;
        told.then(|| took / weighed)
    }
}

/// Whether times are known of most of these modules.
fn covers(times: &BTreeMap<String, f64>, order: &[String]) -> bool {
    let known = order.iter().filter(|name| times.contains_key(*name)).count();
    known > 0 && known * 2 >= order.len()
}

fn ordinary(times: &BTreeMap<String, f64>) -> f64 {
    let sum: f64 = times.values().filter(|seconds| seconds.is_finite()).sum();
    sum / times.len().max(1) as f64
}

/// The time left as it is shown: it goes down with the clock and follows a new judgement slowly, so
/// that nobody sees it jump.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Shown {
    /// Seconds left, and when that was.
    last: Option<(f64, f64)>,
}

/// Seconds in which a new judgement counts for about two thirds.
const SLOWNESS: f64 = 8.0;

impl Shown {
    /// Takes in a judgement of the time `at`, in seconds since the build began.
    pub fn take(&mut self, left: Option<f64>, at: f64) {
        let Some(left) = left.filter(|left| left.is_finite()) else { return };
        self.last = Some(match self.last {
            None => (left.max(0.0), at),
            Some((shown, then)) => {
                let passed = (at - then).max(0.0);
                let share = 1.0 - (-passed / SLOWNESS).exp();
                let expected = (shown - passed).max(0.0);
                ((expected + (left - expected) * share).max(0.0), at.max(then))
            }
        });
    }

    /// The time left as people say it, in steps that fit its size; none before it is known and when
    /// it is too small to say.
    #[must_use]
    pub fn say(&self) -> Option<String> {
        let (left, _) = self.last?;
        let step = match left {
            ..60.0 => 5.0,
            60.0..600.0 => 10.0,
            600.0..3600.0 => 60.0,
            _ => 300.0,
        };
        let seconds = ((left / step).round() * step) as u64;
        match seconds {
            0 => None,
            1..60 => Some(format!("{seconds} s")),
            60..600 => Some(format!("{}:{:02} min", seconds / 60, seconds % 60)),
            600..3600 => Some(format!("{} min", seconds / 60)),
            _ => Some(format!("{}:{:02} h", seconds / 3600, seconds % 3600 / 60)),
        }
    }
}
