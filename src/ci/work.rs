//! What there is to run of a plan: every action once, with the steps that it stands for, and which
//! of them were asked for. Pure; runs nothing.

use std::collections::BTreeSet;

use super::jobs::Job;
use super::plan::Plan;
use super::rules::{Action, Kind, Label, Tool};
use super::steps::Step;

/// One thing to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The steps that it stands for.
    pub steps: Vec<String>,
    /// How truly.
    pub label: Label,
    /// What and how.
    pub action: Action,
    /// Checks of onramp that stand in where its tool cannot run.
    pub stand_ins: Vec<String>,
    /// Hooks for which there are no such checks.
    pub without: Vec<String>,
}

/// What to run of all that a change meets, and how many long ones are left for later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    /// To run, in the order of the workflows, hooks last.
    pub work: Vec<Work>,
    /// Long ones that nobody asked for.
    pub later: Vec<Work>,
}

/// Chooses. `only` names workflows, jobs or steps by their ids or the ends of these, or work by its
/// own name; long work is chosen where that is its name, or `long` asks for all.
///
/// # Errors
/// The name that fits no step which could be run, and those that would.
pub fn choose(plan: &Plan, only: &[String], long: bool) -> Result<Chosen, String> {
    let all = all(plan);
    for name in only {
        if !all.iter().any(|work| work.is(name) || work.stands_for(name)) {
            return Err(format!("`{name}` is no step that can be run here{}", known(&all)));
        }
    }
    let wanted = |work: &Work| {
        only.is_empty() || only.iter().any(|name| work.is(name) || work.stands_for(name))
    };
    let by_name = |work: &Work| only.iter().any(|name| work.is(name));
    let named = all.into_iter().filter(wanted);
    let (work, later) = named.partition(|work| !work.action.long || long || by_name(work));
    Ok(Chosen { work, later })
}

/// The names and steps of what could be run.
fn known(all: &[Work]) -> String {
    let one = |work: &Work| format!("`{}` ({})", work.action.name, work.steps.join(", "));
    match all {
        [] => String::new(),
        all => format!("; these are: {}", all.iter().map(one).collect::<Vec<_>>().join(", ")),
    }
}

impl Work {
    /// Whether this is its own name.
    fn is(&self, name: &str) -> bool {
        self.action.name == name
    }

    /// Whether a name means one of its steps.
    fn stands_for(&self, name: &str) -> bool {
        self.steps.iter().any(|id| fits(id, name))
    }
}

/// Whether a name means a step: its id, what lies above it, or the end of it.
fn fits(id: &str, name: &str) -> bool {
    id == name
        || id.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
        || id.strip_suffix(name).is_some_and(|rest| rest.ends_with('/'))
}

/// Everything that could be run, each once.
fn all(plan: &Plan) -> Vec<Work> {
    let mut all: Vec<Work> = Vec::new();
    let starting = plan.workflows.iter().filter(|workflow| workflow.starts.possible());
    let jobs = starting.flat_map(|workflow| workflow.jobs.iter().flat_map(possible));
    for step in jobs.flat_map(|job| job.steps.iter().flat_map(met)) {
        let judges = matches!(step.kind, Kind::Check | Kind::Build | Kind::Test);
        if step.hook || !judges {
            continue;
        }
        for action in &step.actions {
            match all.iter_mut().find(|work| work.action == *action) {
                Some(work) => work.steps.push(step.id.clone()),
                None => all.push(work(step, action)),
            }
        }
    }
    all
}

/// A job and those that it calls, without those that do not run.
fn possible(job: &Job) -> Vec<&Job> {
    if !job.meets.possible() {
        return Vec::new();
    }
    std::iter::once(job).chain(job.jobs.iter().flat_map(possible)).collect()
}

/// A step and those that it calls, without those that do not run.
fn met(step: &Step) -> Vec<&Step> {
    if !step.meets.possible() {
        return Vec::new();
    }
    std::iter::once(step).chain(step.steps.iter().flat_map(met)).collect()
}

fn work(step: &Step, action: &Action) -> Work {
    let mut stand_ins = action.otherwise.clone();
    let mut without = Vec::new();
    if action.tool == Tool::PreCommit {
        for hook in &step.steps {
            match hook.actions.first() {
                Some(own) => stand_ins.extend(own.otherwise.iter().cloned()),
                None => without.push(hook.does.clone()),
            }
        }
    }
    stand_ins.sort();
    stand_ins.dedup();
    let mut seen = BTreeSet::new();
    without.retain(|hook| seen.insert(hook.clone()));
    let (steps, label, action) = (vec![step.id.clone()], step.label, action.clone());
    Work { steps, label, action, stand_ins, without }
}
