//! `onramp ci --list`: every job and step that a pull request meets, as a table for people or as
//! JSON. Prints what it is given; runs nothing.

use schemars::schema_for;

use super::CiArgs;
use crate::ci::jobs::Job;
use crate::ci::plan::{Judging, Plan, Totals, Workflow};
use crate::ci::rules::Label;
use crate::ci::steps::Step;
use crate::ci::trigger::Meets;
use crate::cli::Session;
use crate::exit::Exit;
use crate::text::{Line, Tone};

/// Prints the list; 3 where a file could not be read, so that something may be missing.
///
/// # Errors
/// An output that takes nothing.
pub(super) fn list(session: &Session<'_>, args: &CiArgs, plan: &Plan) -> anyhow::Result<Exit> {
    if args.json {
        let text = serde_json::to_string_pretty(plan)? + "\n";
        session.terminal.bytes(text.as_bytes())?;
    } else {
        session.terminal.data(&lines(plan, session.terminal.width))?;
    }
    Ok(if plan.problems.is_empty() { Exit::Success } else { Exit::Incomplete })
}

/// The JSON Schema of what `--json` tells.
///
/// # Errors
/// None that a schema of ours can have.
pub fn schema() -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&schema_for!(Plan))? + "\n")
}

/// The table.
#[must_use]
pub fn lines(plan: &Plan, width: usize) -> Vec<Line> {
    let base = plan.base.as_deref().map(|base| format!(" to {base}")).unwrap_or_default();
    let head = format!("what a pull request{base} meets, and what this machine can do of it");
    let mut lines = vec![Line::toned(Tone::Strong, head)];
    let (met, others): (Vec<&Workflow>, Vec<&Workflow>) =
        plan.workflows.iter().partition(|workflow| workflow.event.is_some());
    for workflow in met {
        lines.push(Line::new());
        lines.extend(workflow_lines(workflow, width));
    }
    lines.extend(gate_lines(plan, width));
    if !others.is_empty() {
        lines.push(Line::new());
        lines.push(Line::toned(Tone::Strong, "not for pull requests"));
        for workflow in others {
            let line = Line::plain(format!("  {}  ", workflow.file));
            lines.extend(line.hanging(Tone::Dim, reason(&workflow.starts), width));
        }
    }
    if !plan.problems.is_empty() {
        lines.push(Line::new());
        lines.push(Line::toned(Tone::Odd, "could not be read, so that something may be missing"));
        for problem in &plan.problems {
            let line = Line::plain(format!("  {}  ", problem.file));
            lines.extend(line.hanging(Tone::Plain, &problem.what, width));
        }
    }
    lines.push(Line::new());
    lines.extend(totals(&plan.totals, width));
    lines
}

fn reason(meets: &Meets) -> &str {
    match meets {
        Meets::Yes => "",
        Meets::No(why) | Meets::Depends(why) => why,
    }
}

/// In what a job or step is not met by every run; none where it always is.
fn exception(meets: &Meets) -> Option<String> {
    match meets {
        Meets::Yes => None,
        Meets::No(why) => Some(format!("does not run: {why}")),
        Meets::Depends(why) => Some(why.clone()),
    }
}

fn workflow_lines(workflow: &Workflow, width: usize) -> Vec<Line> {
    let head =
        Line::toned(Tone::Strong, &workflow.name).and(Tone::Dim, format!("  {}", workflow.file));
    let mut lines = vec![head];
    let started = match &workflow.starts {
        Meets::Yes => "this branch starts it".to_owned(),
        Meets::No(why) => format!("this branch does not start it: {why}"),
        Meets::Depends(why) => format!("whether this branch starts it cannot be told: {why}"),
    };
    let event = workflow.event.as_deref().filter(|event| *event != "pull_request");
    let event = event.map(|event| format!(" (by {event})")).unwrap_or_default();
    lines.extend(Line::plain("  ").hanging(Tone::Dim, &format!("{started}{event}"), width));
    lines.extend(workflow.jobs.iter().flat_map(|job| job_lines(job, width)));
    lines
}

fn job_lines(job: &Job, width: usize) -> Vec<Line> {
    let mut about: Vec<String> = Vec::new();
    about.extend(job.runs_on.as_ref().map(|runner| format!("on {runner}")));
    match job.runs {
        Some(1) => {}
        Some(runs) => {
            about.push(format!("{runs} runs, one for each value of {}", job.axes.join(", ")))
        }
        None => about.push("as many runs as CI works out".to_owned()),
    }
    if !job.needs.is_empty() {
        about.push(format!("after {}", job.needs.join(", ")));
    }
    about.extend(job.calls.as_ref().map(|called| format!("calls {called}")));
    about.extend(exception(&job.meets));
    let head = Line::plain("  job ").and(Tone::Strong, &job.id).and(Tone::Plain, "  ");
    let mut lines = head.hanging(Tone::Dim, &about.join("; "), width.max(60));
    let above = format!("{}/", job.id);
    lines.extend(job.steps.iter().flat_map(|step| step_lines(step, &above, width)));
    lines.extend(job.jobs.iter().flat_map(|inner| job_lines(inner, width)));
    lines
}

fn step_lines(step: &Step, above: &str, width: usize) -> Vec<Line> {
    let number = step.id.strip_prefix(above).unwrap_or(&step.id);
    let skipped = matches!(step.meets, Meets::No(_));
    let tone = match step.label {
        _ if skipped => Tone::Dim,
        Label::Exact => Tone::Good,
        Label::Approximate => Tone::Warn,
        Label::NotHere => Tone::Odd,
    };
    let mut text = format!("{}: {}", title(step), step.why);
    if let Some(exception) = exception(&step.meets) {
        text = format!("{text} ({exception})");
    }
    let line =
        Line::plain(format!("    {number:<6} ")).and(tone, format!("{:<22} ", step.label.words()));
    let mut lines =
        line.hanging(if skipped { Tone::Dim } else { Tone::Plain }, &text, width.max(70));
    lines.extend(step.steps.iter().flat_map(|inner| step_lines(inner, above, width)));
    lines
}

fn title(step: &Step) -> String {
    if step.hook && step.name != step.does {
        format!("{} ({})", step.does, step.name)
    } else {
        short(&step.name)
    }
}

/// An action's name without the commit it is held to.
fn short(name: &str) -> String {
    match name.split_once('@') {
        Some((action, version)) if !action.contains(' ') && version.len() == 40 => {
            action.to_owned()
        }
        _ => name.to_owned(),
    }
}

fn gate_lines(plan: &Plan, width: usize) -> Vec<Line> {
    if plan.gates.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![
        Line::new(),
        Line::toned(Tone::Strong, "besides")
            .and(Tone::Dim, "  .asf.yaml; the forge's own, not reproducible here"),
    ];
    for gate in &plan.gates {
        let line = Line::plain(format!("    {:<6} ", gate.line));
        lines.extend(line.hanging(Tone::Plain, &gate.what, width));
    }
    lines
}

fn totals(totals: &Totals, width: usize) -> Vec<Line> {
    let Totals { workflows, on_requests, jobs, runs, steps, hooks, judging, .. } = totals;
    let Judging { exact, approximate, not_here } = judging;
    let text = format!(
        "{workflows} workflows, {on_requests} of them for pull requests: {jobs} jobs ({runs} runs), \
         {steps} steps and {hooks} hooks; {} of these judge the change: {exact} exact, \
         {approximate} approximate, {not_here} not reproducible here",
        exact + approximate + not_here
    );
    Line::new().hanging(Tone::Plain, &text, width)
}
