//! The whole of what a pull request meets: every workflow with its jobs and steps, what starts and
//! what does not, and how much of it a laptop can do. Plain data, told as a table or as JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::asf::{self, Gate};
use super::hooks;
use super::jobs::{self, Job, Place, Problem, Reader};
use super::known::Surroundings;
use super::node::Node;
use super::rules::{Kind, Label, Rules, Tool};
use super::sources::Sources;
use super::steps::Step;
pub use super::trigger::Change;
use super::trigger::{self, EVENTS, Meets};

/// Version of the shape.
const VERSION: u32 = 1;

/// What a pull request meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Version of this shape.
    pub version: u32,
    /// The branch that the change is meant for.
    pub base: Option<String>,
    /// Every workflow of the tree, by path.
    pub workflows: Vec<Workflow>,
    /// What `.asf.yaml` adds.
    pub gates: Vec<Gate>,
    /// Files that could not be read: what they say is missing here.
    pub problems: Vec<Problem>,
    /// How many there are of each.
    pub totals: Totals,
}

/// One workflow and one of its events; one that a pull request never starts has no jobs here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Workflow {
    /// Its file, from the tree's root.
    pub file: String,
    /// Its name for people.
    pub name: String,
    /// All that starts it.
    pub events: Vec<String>,
    /// The event of a pull request that is meant; none where there is none.
    pub event: Option<String>,
    /// Whether this change starts it.
    pub starts: Meets,
    /// Its jobs.
    pub jobs: Vec<Job>,
}

/// How many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Workflows of the tree.
    pub workflows: usize,
    /// Workflows that pull requests start, an event each.
    pub on_requests: usize,
    /// Jobs of these, called ones among them.
    pub jobs: usize,
    /// Runs of these jobs, a row of a matrix each; a matrix that only a run can tell counts once.
    pub runs: usize,
    /// Steps of these jobs, those of actions of the tree among them.
    pub steps: usize,
    /// Hooks that these steps run.
    pub hooks: usize,
    /// Steps and hooks that are exact.
    pub exact: usize,
    /// Steps and hooks that are approximate.
    pub approximate: usize,
    /// Steps and hooks that are not reproducible here.
    pub not_here: usize,
    /// Those of all these that can fail the change.
    pub judging: Judging,
}

/// How truly a laptop does what can fail a change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Judging {
    /// With the same verdict.
    pub exact: usize,
    /// With a verdict that may differ.
    pub approximate: usize,
    /// Not at all.
    pub not_here: usize,
}

/// Lists everything that a pull request with this change meets. `has` tells whether a tool is
/// installed here.
#[must_use]
pub fn plan(
    sources: &dyn Sources,
    rules: &Rules,
    change: &Change,
    has: &dyn Fn(Tool, &str) -> bool,
) -> Plan {
    let mut reader = Reader::new(sources, rules);
    for file in hooks::FILES {
        if reader.hooks.is_empty()
            && let Some(configuration) = reader.read(file)
        {
            reader.hooks = hooks::hooks(&configuration);
            file.clone_into(&mut reader.hook_file);
        }
    }
    let gates =
        reader.read(asf::FILE).map(|settings| asf::gates(&settings, change.base.as_deref()));
    let mut workflows = Vec::new();
    for file in sources.workflows() {
        match reader.read(&file) {
            Some(node) => workflows.extend(workflow(&mut reader, &file, &node, change)),
            None => reader.problem(&file, "it could not be read".to_owned()),
        }
    }
    for workflow in &mut workflows {
        workflow.jobs.iter_mut().for_each(|job| settle(job, has));
    }
    let totals = totals(&workflows, sources.workflows().len());
    let problems = reader.problems;
    let base = change.base.clone();
    Plan { version: VERSION, base, workflows, gates: gates.unwrap_or_default(), problems, totals }
}

fn workflow(reader: &mut Reader<'_>, file: &str, node: &Node, change: &Change) -> Vec<Workflow> {
    // YAML of old reads a bare `on` as yes.
    let on = node.get("on").or_else(|| node.get("true"));
    let events = trigger::events(on);
    let name = node.text_of("name").unwrap_or(file).to_owned();
    let told: Vec<&str> =
        EVENTS.into_iter().filter(|event| events.iter().any(|one| one == event)).collect();
    if told.is_empty() {
        let why = match events.as_slice() {
            [] => "it does not say what starts it".to_owned(),
            events => format!("started by {}", events.join(", ")),
        };
        let (file, starts) = (file.to_owned(), Meets::No(why));
        return vec![Workflow { file, name, events, event: None, starts, jobs: Vec::new() }];
    }
    let each = told.into_iter().map(|event| {
        let repository = change.repository.as_deref();
        let known = Surroundings::of_request(event, repository, change.base.as_deref());
        let stem = file.rsplit('/').next().unwrap_or(file);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let place = Place {
            file,
            above: format!("{stem}/"),
            known: jobs::known_in(node, &known),
            chain: vec![file.to_owned()],
        };
        Workflow {
            file: file.to_owned(),
            name: name.clone(),
            events: events.clone(),
            event: Some(event.to_owned()),
            starts: trigger::starts(on, event, change),
            jobs: jobs::jobs(reader, node, &place),
        }
    });
    each.collect()
}

/// Says what holds on this machine: a tool that is not installed leaves onramp's own checks, or
/// nothing.
fn settle(job: &mut Job, has: &dyn Fn(Tool, &str) -> bool) {
    job.jobs.iter_mut().for_each(|inner| settle(inner, has));
    job.steps.iter_mut().for_each(|step| settle_step(step, has));
}

fn settle_step(step: &mut Step, has: &dyn Fn(Tool, &str) -> bool) {
    if step.hook && !has(Tool::PreCommit, "") {
        (step.label, step.why) = match step.actions.first() {
            Some(action) => (Label::Approximate, standing_in(&action.otherwise)),
            None => (Label::NotHere, "onramp has no such check of its own".to_owned()),
        };
    }
    for action in &step.actions {
        let program = action.words.first().map(String::as_str).unwrap_or_default();
        if step.hook || action.tool == Tool::Onramp || has(action.tool, program) {
            continue;
        }
        let tool = match action.tool {
            Tool::Maven => "Maven",
            Tool::PreCommit => "pre-commit",
            Tool::Program | Tool::Onramp => program,
        };
        let stands_in = !action.otherwise.is_empty() || action.tool == Tool::PreCommit;
        step.label = step.label.max(if stands_in { Label::Approximate } else { Label::NotHere });
        let instead = if action.tool == Tool::PreCommit {
            "`pipx install pre-commit` brings it, and until then onramp's own checks stand in for some hooks".to_owned()
        } else if stands_in {
            standing_in(&action.otherwise)
        } else {
            "nothing stands in".to_owned()
        };
        step.why = format!("{tool} is not installed here; {instead}");
    }
    step.steps.iter_mut().for_each(|inner| settle_step(inner, has));
    if step.kind == Kind::Call {
        step.sum_up();
    }
}

fn standing_in(checks: &[String]) -> String {
    format!("onramp's own {} stands in", checks.join(", "))
}

fn totals(workflows: &[Workflow], files: usize) -> Totals {
    let mut totals = Totals { workflows: files, ..Totals::default() };
    for workflow in workflows.iter().filter(|workflow| workflow.event.is_some()) {
        totals.on_requests += 1;
        for job in workflow.jobs.iter().flat_map(Job::all) {
            totals.jobs += 1;
            totals.runs += job.runs.unwrap_or(1);
            job.steps.iter().flat_map(Step::all).for_each(|step| totals.add(step));
        }
    }
    totals
}

impl Totals {
    fn add(&mut self, step: &Step) {
        *if step.hook { &mut self.hooks } else { &mut self.steps } += 1;
        let judges = usize::from(step.kind.judges());
        let (all, judging) = match step.label {
            Label::Exact => (&mut self.exact, &mut self.judging.exact),
            Label::Approximate => (&mut self.approximate, &mut self.judging.approximate),
            Label::NotHere => (&mut self.not_here, &mut self.judging.not_here),
        };
        *all += 1;
        *judging += judges;
    }
}
