//! Makes the record of a build from its lines while they run by, and from its times at the end.
//! Pure: the caller says what time it is.

use std::collections::{BTreeMap, HashMap};

use super::events::{Event, Outcome};
use super::graph::Graph;
use super::progress::Progress;
use super::record::{
    Asked, Downloads, Ending, Goal, GoalSum, Module, ModuleEnding, Record, Repository, Silence,
    VERSION,
};
use super::surefire::{self, Class};
use super::timeline::{Span, Timeline};
use super::warnings;

/// What the lines of a build add up to.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    lines: u64,
    warnings: warnings::Reader,
    tests: surefire::Reader,
    /// Times in which Maven said nothing.
    pub silences: Vec<Silence>,
}

/// What a line brought that is worth telling at once.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// A warning that was not said before.
    Warning(String),
    /// A test class has ended.
    Class(Class),
}

/// What is known of a build besides its lines.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    /// When it began, in seconds since the epoch.
    pub started: i64,
    /// How long it took.
    pub seconds: f64,
    /// How it ended.
    pub ending: Ending,
    /// What was asked for.
    pub asked: Asked,
    /// The project's modules.
    pub graph: &'a Graph,
    /// Artifact ids of these.
    pub artifacts: &'a [String],
}

impl Recorder {
    /// A recorder of a build in this folder.
    #[must_use]
    pub fn new(root: &str) -> Self {
        Self { warnings: warnings::Reader::new(root), ..Self::default() }
    }

    /// Takes in a line and what it means. `module` tells the artifact id of the one that runs, where
    /// there is one alone.
    pub fn take<'a>(
        &mut self,
        line: &str,
        event: Option<&Event>,
        module: impl FnOnce() -> Option<&'a str>,
    ) -> Option<Said> {
        self.lines += 1;
        if let Some(Event::Warning) = event {
            let text = line.strip_prefix("[WARNING]")?;
            if !text.starts_with(" Tests run: ") {
                let new = self.warnings.take(text, self.lines, module());
                return new.then(|| Said::Warning(text.trim().to_owned()));
            }
        }
        if !surefire::may_tell(line) {
            return None;
        }
        self.tests.take(line, module()).map(Said::Class)
    }

    /// The whole record.
    #[must_use]
    pub fn record(self, progress: &Progress, timeline: &Timeline, known: Known<'_>) -> Record {
        let modules = modules(progress, timeline, &known);
        let (critical_path, critical_seconds) = critical(&modules, &known);
        Record {
            version: VERSION,
            onramp: env!("CARGO_PKG_VERSION").to_owned(),
            started: known.started,
            seconds: rounded(known.seconds),
            ending: known.ending,
            asked: known.asked,
            chosen: progress.total(),
            goals: sums(&modules),
            modules,
            critical_path,
            critical_seconds,
            downloads: downloads(timeline),
            warnings: self.warnings.warnings,
            tests: self.tests.tests,
            silences: self.silences,
            failures: Vec::new(),
        }
    }
}

/// Milliseconds are all that is known.
fn rounded(seconds: f64) -> f64 {
    (seconds.max(0.0) * 1000.0).round() / 1000.0
}

fn modules(progress: &Progress, timeline: &Timeline, known: &Known<'_>) -> Vec<Module> {
    let place: HashMap<&str, usize> =
        known.artifacts.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let began: HashMap<&str, ()> =
        progress.started().iter().map(|module| (module.artifact.as_str(), ())).collect();
    let outcomes: HashMap<&str, Outcome> =
        progress.summary.iter().map(|(name, outcome, _)| (name.as_str(), *outcome)).collect();
    let each = progress.started().iter().zip(&timeline.spans);
    let modules = each.map(|(module, span)| {
        let to = span.to.unwrap_or(known.seconds).max(span.from);
        let needs =
            place.get(module.artifact.as_str()).map_or(&[][..], |at| known.graph.needs(*at));
        let needs = needs.iter().map(|need| known.artifacts[*need].clone());
        let ending = match outcomes.get(module.name.as_str()) {
            Some(Outcome::Success) => ModuleEnding::Built,
            Some(Outcome::Failure) => ModuleEnding::Failed,
            Some(Outcome::Skipped) => ModuleEnding::Unfinished,
            None if module.done => ModuleEnding::Built,
            None if known.ending == Ending::Failed && outcomes.is_empty() => ModuleEnding::Failed,
            None => ModuleEnding::Unfinished,
        };
        Module {
            artifact: module.artifact.clone(),
            name: module.name.clone(),
            ending,
            from: rounded(span.from),
            seconds: rounded(to - span.from),
            fetching: rounded(span.fetching.min(to - span.from)),
            needs: needs.filter(|need| began.contains_key(need.as_str())).collect(),
            goals: goals(span, to),
        }
    });
    modules.collect()
}

fn goals(span: &Span, to: f64) -> Vec<Goal> {
    let ends = span.goals.iter().skip(1).map(|(_, from)| *from).chain([to]);
    let goals = span.goals.iter().zip(ends).map(|((goal, from), end)| Goal {
        goal: goal.clone(),
        from: rounded(*from),
        seconds: rounded(end - from),
    });
    goals.collect()
}

fn critical(modules: &[Module], known: &Known<'_>) -> (Vec<String>, f64) {
    let took: HashMap<&str, f64> =
        modules.iter().map(|module| (module.artifact.as_str(), module.seconds)).collect();
    let seconds = |artifact: &String| took.get(artifact.as_str()).copied().unwrap_or(0.0);
    let weights: Vec<f64> = known.artifacts.iter().map(seconds).collect();
    let chain = known.graph.longest(&weights);
    let path = chain.modules.iter().map(|module| known.artifacts[*module].clone());
    let path: Vec<String> = path.filter(|artifact| took.contains_key(artifact.as_str())).collect();
    if !path.is_empty() {
        return (path, rounded(chain.weight));
    }
    // A build of modules that no pom here names.
    let longest = modules.iter().max_by(|a, b| a.seconds.total_cmp(&b.seconds));
    longest.map_or((Vec::new(), 0.0), |module| (vec![module.artifact.clone()], module.seconds))
}

fn sums(modules: &[Module]) -> Vec<GoalSum> {
    let mut sums: BTreeMap<String, (u64, f64)> = BTreeMap::new();
    for goal in modules.iter().flat_map(|module| &module.goals) {
        let (runs, seconds) = sums.entry(short(&goal.goal)).or_default();
        (*runs, *seconds) = (*runs + 1, *seconds + goal.seconds);
    }
    let sum = |(goal, (runs, seconds))| GoalSum { goal, runs, seconds: rounded(seconds) };
    let mut sums: Vec<GoalSum> = sums.into_iter().map(sum).collect();
    sums.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    sums
}

/// `compiler:compile` for `maven-compiler-plugin:3.8.1:compile`.
#[must_use]
pub fn short(goal: &str) -> String {
    let mut parts = goal.split(':');
    let plugin = parts.next().unwrap_or_default();
    let name = plugin.strip_suffix("-plugin").unwrap_or(plugin);
    let name = name.strip_prefix("maven-").or(name.strip_suffix("-maven")).unwrap_or(name);
    match parts.next_back() {
        Some(goal) => format!("{name}:{goal}"),
        None => plugin.to_owned(),
    }
}

fn downloads(timeline: &Timeline) -> Downloads {
    let transfers = &timeline.transfers;
    let repositories = transfers.repositories.iter().map(|(id, share)| Repository {
        id: id.clone(),
        files: share.files,
        bytes: share.bytes,
    });
    Downloads {
        files: transfers.all.files,
        bytes: transfers.all.bytes,
        seconds: rounded(transfers.seconds),
        repositories: repositories.collect(),
    }
}
