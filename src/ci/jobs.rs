//! The jobs of a workflow: rows of its matrix, what it needs, the workflows it calls. Follows calls
//! within the tree, each at most once on its way, and gives up with a problem beyond a budget.

use schemars::JsonSchema;
use serde::Serialize;

use super::hooks::Hook;
use super::known::{Known, Surroundings};
use super::matrix::{self, Rows};
use super::node::{self, Node};
use super::rules::{Kind, Label, Rules};
use super::sources::{Sources, inside};
use super::steps::{self, Scene, Step};
use super::trigger::Meets;

/// Workflows that call one another; GitHub allows no more.
const DEPTH: usize = 10;
/// Steps, each as often as its job has rows and as much as it weighs, that are looked at in all.
const BUDGET: usize = 200_000;

/// A file that could not be read, or says what cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// The file, from the tree's root.
    pub file: String,
    /// What is wrong, as a fragment.
    pub what: String,
}

/// One job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// Workflow and name in it, such as `build/build`.
    pub id: String,
    /// The file that says it.
    pub file: String,
    /// One-based line.
    pub line: u64,
    /// Its name for people.
    pub name: String,
    /// The machine that it asks for, as written.
    pub runs_on: Option<String>,
    /// Jobs that have to pass before it.
    pub needs: Vec<String>,
    /// How often it runs, once for each row of its matrix; none where only a run can tell.
    pub runs: Option<usize>,
    /// What sets these runs apart.
    pub axes: Vec<String>,
    /// Whether this pull request meets it.
    pub meets: Meets,
    /// The workflow that it calls.
    pub calls: Option<String>,
    /// Its steps.
    pub steps: Vec<Step>,
    /// The jobs of the workflow that it calls.
    pub jobs: Vec<Self>,
}

impl Job {
    /// Itself and the jobs that it calls.
    #[must_use]
    pub fn all(&self) -> Vec<&Self> {
        std::iter::once(self).chain(self.jobs.iter().flat_map(Self::all)).collect()
    }
}

/// What reading needs and gathers on its way.
pub(super) struct Reader<'a> {
    pub(super) sources: &'a dyn Sources,
    pub(super) rules: &'a Rules,
    pub(super) hooks: Vec<Hook>,
    pub(super) hook_file: String,
    pub(super) problems: Vec<Problem>,
    budget: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(sources: &'a dyn Sources, rules: &'a Rules) -> Self {
        let (hooks, hook_file, problems) = (Vec::new(), String::new(), Vec::new());
        Self { sources, rules, hooks, hook_file, problems, budget: BUDGET }
    }

    /// Tells of a file, once: where it has a reason of its own, that it could not be read needs no
    /// second line.
    pub(super) fn problem(&mut self, file: &str, what: String) {
        if !self.problems.iter().any(|known| known.file == file) {
            self.problems.push(Problem { file: file.to_owned(), what });
        }
    }

    /// Reads a file; `None` where there is none, or one that is told of as a problem.
    pub(super) fn read(&mut self, path: &str) -> Option<Node> {
        let read = match self.sources.text(path) {
            Ok(text) => node::read(&text?),
            Err(reason) => Err(reason),
        };
        read.map_err(|what| self.problem(path, what)).ok()
    }

    /// Takes what a step costs from the budget; no more is read when that is used up.
    pub(super) fn spend(&mut self, cost: usize, file: &str) -> bool {
        match self.budget.checked_sub(cost.max(1)) {
            Some(left) => self.budget = left,
            None => {
                self.problem(file, "it has more steps than onramp reads".to_owned());
                return false;
            }
        }
        true
    }
}

/// Where jobs stand.
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) above: String,
    pub(super) known: Surroundings,
    /// Workflows on the way here.
    pub(super) chain: Vec<String>,
}

/// Every job of a workflow.
pub(super) fn jobs(reader: &mut Reader<'_>, workflow: &Node, place: &Place<'_>) -> Vec<Job> {
    let known = with_env(&place.known, workflow.get("env"));
    let listed = workflow.get("jobs").map(Node::entries).unwrap_or_default();
    let mut jobs = Vec::new();
    for (name, node) in listed {
        if !reader.spend(1, place.file) {
            break;
        }
        jobs.push(job(reader, (name, node), &known, place));
    }
    unneeded(&mut jobs, listed);
    jobs
}

fn with_env(known: &Surroundings, env: Option<&Node>) -> Surroundings {
    let entries = env.map(Node::entries).unwrap_or_default();
    known.with("env", entries.iter().filter_map(|(name, value)| Some((&**name, value.text()?))))
}

fn job(
    reader: &mut Reader<'_>,
    (name, node): (&str, &Node),
    known: &Surroundings,
    place: &Place<'_>,
) -> Job {
    let id = format!("{}{name}", place.above);
    let known = with_env(known, node.get("env"));
    let rows = matrix::rows(node.get("strategy"));
    let runs_on = node.get("runs-on").map(Node::flat);
    let in_row = |row: &matrix::Row| {
        let values = row.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let known = known.with("matrix", values);
        known.on(runs_on.as_deref().unwrap_or_default())
    };
    let scene = Scene {
        file: place.file,
        above: format!("{id}/"),
        rows: rows.all().iter().map(in_row).collect(),
        chain: Vec::new(),
    };
    let calls = node.text_of("uses").map(str::to_owned);
    let (mut steps, mut jobs) = (Vec::new(), Vec::new());
    match calls.as_deref() {
        Some(called) if called.starts_with("./") => {
            jobs = inner(reader, called, node.get("with"), &id, &known, place);
        }
        Some(called) => steps.push(elsewhere(reader, called, &id, node.line, place)),
        None => {
            let list = node.get("steps").map(Node::items).unwrap_or_default();
            steps = steps::steps(reader, list, &scene);
        }
    }
    varied(&mut steps, &rows);
    Job {
        file: place.file.to_owned(),
        line: node.line,
        name: node.text_of("name").unwrap_or(name).to_owned(),
        runs_on,
        needs: node
            .get("needs")
            .map(Node::texts)
            .unwrap_or_default()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        runs: rows.count(),
        axes: axes(&rows),
        // The matrix is laid out only after the job's own condition.
        meets: steps::meets(node.text_of("if"), std::slice::from_ref(&known)),
        calls,
        steps,
        jobs,
        id,
    }
}

fn axes(rows: &Rows) -> Vec<String> {
    let Rows::Known(rows) = rows else { return Vec::new() };
    let mut names: Vec<String> = rows.iter().flat_map(|row| row.keys().cloned()).collect();
    names.sort();
    names.dedup();
    names
}

/// What a laptop does once, CI does in every row: such a step is exact for one of them only.
fn varied(steps: &mut [Step], rows: &Rows) {
    let runs = rows.count();
    if runs == Some(1) {
        return;
    }
    let times = runs.map_or_else(|| "several".to_owned(), |runs| runs.to_string());
    for step in steps {
        let judges = matches!(step.kind, Kind::Check | Kind::Build | Kind::Test);
        if judges && step.label != Label::NotHere {
            step.label = Label::Approximate;
            step.why = format!("{}; CI does it on {times} kinds of machine", step.why);
        }
    }
}

/// A job that calls a workflow of another repository: one step that stands for all of it.
fn elsewhere(reader: &Reader<'_>, called: &str, id: &str, line: u64, place: &Place<'_>) -> Step {
    let rule = reader.rules.uses(steps::unversioned(called));
    let unknown = "its steps lie in another repository".to_owned();
    Step {
        id: format!("{id}/1"),
        file: place.file.to_owned(),
        line,
        name: called.to_owned(),
        does: called.to_owned(),
        meets: Meets::Yes,
        kind: rule.map_or(Kind::Unknown, |rule| rule.kind),
        label: rule.map_or(Label::NotHere, |rule| rule.label),
        why: rule.map_or(unknown, |rule| rule.why.clone()),
        actions: rule.map(|rule| rule.actions.clone()).unwrap_or_default(),
        hook: false,
        steps: Vec::new(),
    }
}

/// The jobs of a workflow of this tree that a job calls.
fn inner(
    reader: &mut Reader<'_>,
    called: &str,
    with: Option<&Node>,
    id: &str,
    known: &Surroundings,
    place: &Place<'_>,
) -> Vec<Job> {
    let Some(path) = inside(steps::unversioned(called)) else {
        reader.problem(place.file, format!("`{called}` leads out of the tree"));
        return Vec::new();
    };
    if place.chain.contains(&path) || place.chain.len() >= DEPTH {
        reader.problem(place.file, format!("`{called}` calls itself, or too many others"));
        return Vec::new();
    }
    let Some(workflow) = reader.read(&path) else {
        reader
            .problem(place.file, format!("it calls {path}, which is not there or cannot be read"));
        return Vec::new();
    };
    let on = workflow.get("on").or_else(|| workflow.get("true"));
    let call = on.and_then(|on| on.get("workflow_call"));
    let known = match call {
        Some(call) => steps::inputs(call, with, known),
        None => known.clone(),
    };
    let chain = place.chain.iter().cloned().chain([path.clone()]).collect();
    let inner = Place { file: &path, above: format!("{id}/"), known, chain };
    jobs(reader, &workflow, &inner)
}

/// A job whose needs do not run does not run either, unless its own condition says so.
fn unneeded(jobs: &mut [Job], listed: &[(String, Node)]) {
    let names: Vec<&str> = listed.iter().map(|(name, _)| name.as_str()).collect();
    let always = |at: usize| {
        let condition = listed.get(at).and_then(|(_, node)| node.text_of("if"));
        condition.is_some_and(|condition| {
            ["always(", "cancelled(", "failure("].iter().any(|mark| condition.contains(mark))
        })
    };
    for _ in 0..jobs.len() {
        let gone: Vec<bool> = jobs.iter().map(|job| !job.meets.possible()).collect();
        let mut changed = false;
        for at in 0..jobs.len() {
            let is_gone = |need: &&String| {
                names.iter().position(|name| name == need).is_some_and(|place| gone[place])
            };
            let Some(need) = jobs[at].needs.iter().find(is_gone).cloned() else { continue };
            if !gone[at] && !always(at) {
                jobs[at].meets = Meets::No(format!("it needs {need}, which does not run"));
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// What is known at the top of a workflow.
pub(super) fn known_in(workflow: &Node, known: &Surroundings) -> Surroundings {
    let mut known = known.clone();
    if let Some(name) = workflow.text_of("name") {
        known.set("github.workflow", Known::Text(name.to_owned()));
    }
    known
}
