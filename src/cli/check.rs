//! The verb `check`: look, judge, report, and exit by the verdict.

use std::path::Path;
use std::sync::Arc;

use crate::exit::Exit;
use crate::finding::{Finding, Severity};
use crate::git::{Unreadable, Wanted};
use crate::judge::Judge;
use crate::pack::{Check, Engine};
use crate::plan::{self, Action, Context, Run, Step};
use crate::report::json;
use crate::report::{self, Observed, Replay, Report};
use crate::run::{self, Observer, Progress};
use crate::sys::Platform;

use super::Session;
use super::args::{CheckArgs, Global};
use super::brought::Brought;
use super::outputs;
use super::pr_plan;
use super::progress::Meter;
use super::survey;
use super::trouble::Trouble;
use super::workspace::{Checks, Workspace};

/// A report may be this long when it is read back.
const REPORT_LIMIT: u64 = 64 << 20;

/// Runs the verb.
///
/// # Errors
/// Wrong usage, mistakes in packs, a report that cannot be written.
pub fn check(session: &Session<'_>, global: &Global, args: &CheckArgs) -> anyhow::Result<Exit> {
    let outputs = outputs::wanted(&args.report)?;
    let verdict = verdict(session, global, args)
        .map_err(|error| outputs::stopped(session, &outputs, error))?;
    let told = outputs::Verdict {
        fail_on: verdict.fail_on,
        exit: *verdict.exit.as_ref().unwrap_or(&Exit::Usage),
        replayed: args.replay.is_some(),
    };
    for output in &outputs {
        outputs::write(session, global, &verdict.report, output, told)?;
    }
    Ok(verdict.exit?)
}

/// What the checks came to.
pub(super) struct Verdict {
    /// All that was found.
    pub report: Report,
    /// The lowest severity that counts.
    pub fail_on: Severity,
    /// How it ends; trouble where nothing was judged at all.
    pub exit: Result<Exit, Trouble>,
}

/// Looks, or judges the report that `--replay` names, and says how that ends.
///
/// # Errors
/// Wrong usage, mistakes in packs.
pub(super) fn verdict(
    session: &Session<'_>,
    global: &Global,
    args: &CheckArgs,
) -> anyhow::Result<Verdict> {
    let report = match &args.replay {
        Some(file) => replay(session, global, args, file)?,
        None => look(session, global, args)?,
    };
    let fail_on = args.fail_on.into();
    let exit = match report::exit(&report.findings, fail_on) {
        Exit::Usage => Err(nothing_ran(&report.findings)),
        exit => Ok(exit),
    };
    Ok(Verdict { report, fail_on, exit })
}

fn nothing_ran(findings: &[Finding]) -> Trouble {
    let reason = findings.first().map(|finding| format!(": {}", finding.text)).unwrap_or_default();
    Trouble::usage(format!("nothing could be checked{reason}")).remedy(
        "run it inside a clone of the project, or choose another stage; `onramp list` shows all",
    )
}

/// Looks at this machine.
fn look(session: &Session<'_>, global: &Global, args: &CheckArgs) -> anyhow::Result<Report> {
    let workspace = Workspace::open_for(session.bench, global, &args.only)?;
    let options = Run {
        base: args.base.clone(),
        head: args.head.clone(),
        deep: args.deep,
        offline: global.offline,
        ..Run::default()
    };
    let chosen = plan::select(workspace.all_checks(), &args.only).map_err(Trouble::usage)?;
    let run = survey::survey(session, &workspace, options, &chosen);
    known_base(session, &workspace, &run)?;
    let meter = Looking::start(session);
    examine(session, &workspace, run, &chosen, &meter)
}

/// A revision that names nothing is wrong usage, told once and not by every check.
fn known_base(session: &Session<'_>, workspace: &Workspace, run: &Run) -> Result<(), Trouble> {
    let (Some(tree), true) = (&run.tree, run.base.is_some() || run.head.is_some()) else {
        return Ok(());
    };
    let wanted =
        Wanted { head: run.head.clone(), ..pr_plan::wanted(workspace, run.base.as_deref()) };
    match session.machine.world().git.commits(Path::new(tree), &wanted, 0) {
        Err(reason @ Unreadable::Revision(_)) => Err(Trouble::usage(reason.to_string()).remedy(
            "name a branch, a tag or a commit id; `git fetch upstream` brings the project's",
        )),
        _ => Ok(()),
    }
}

/// Shown while probes look.
pub struct Looking(Meter);

impl Looking {
    /// Starts.
    #[must_use]
    pub fn start(session: &Session<'_>) -> Self {
        Self(Meter::start(&session.terminal, "probes"))
    }
}

impl Progress for Looking {
    fn answered(&self, done: usize, of: usize) {
        self.0.set(done as u64, None, &format!("looking at this machine ({done} of {of})"));
    }
}

/// Plans, asks and judges the chosen checks.
///
/// # Errors
/// Where values cannot be written as plain data.
pub fn examine(
    session: &Session<'_>,
    workspace: &Workspace,
    run: Run,
    chosen: &[&Check],
    progress: &dyn Progress,
) -> anyhow::Result<Report> {
    let platform = session.bench.platform();
    let context = Context::of(&workspace.project, &run, &platform)?;
    let engine = &workspace.checks.engine;
    let steps = plan::plan(engine, &context, chosen);
    let observer: Arc<dyn Observer> = Arc::new(session.machine.clone());
    let (mut findings, observations) =
        judged(engine, &context, &platform, &steps, &observer, progress);
    findings.extend(workspace.brought.iter().flat_map(Brought::findings));
    Ok(Report {
        version: report::VERSION,
        onramp: env!("CARGO_PKG_VERSION").to_owned(),
        created: session.bench.now(),
        platform,
        project: workspace.project.clone(),
        policy: None,
        run,
        findings,
        observations,
    })
}

fn judged(
    engine: &Engine,
    context: &Context,
    platform: &Platform,
    steps: &[Step],
    observer: &Arc<dyn Observer>,
    progress: &dyn Progress,
) -> (Vec<Finding>, Vec<Observed>) {
    let answers = run::observe(steps, observer, progress);
    let judge = Judge { engine, context, family: &platform.family };
    let findings = run::judge(steps, &answers, &judge);
    (findings, Observed::all(answers))
}

/// Judges an earlier report with today's checks.
fn replay(
    session: &Session<'_>,
    global: &Global,
    args: &CheckArgs,
    file: &Path,
) -> anyhow::Result<Report> {
    let old = read_back(session, file)?;
    let checks = Checks::read(session.bench, global, &args.only)?;
    let (_, chain) = checks.packs.project(&old.project.name).map_err(Trouble::usage)?;
    let all = checks.packs.checks_for(&chain);
    let context = Context::of(&old.project, &old.run, &old.platform)?;
    let steps = if args.only.is_empty() {
        let mut steps = plan::plan(&checks.engine, &context, &all);
        steps.retain(|step| was_asked(&old, step));
        steps
    } else {
        let chosen = plan::select(all, &args.only).map_err(Trouble::usage)?;
        plan::plan(&checks.engine, &context, &chosen)
    };
    let observer: Arc<dyn Observer> = Arc::new(Replay(old.observations));
    let (findings, observations) =
        judged(&checks.engine, &context, &old.platform, &steps, &observer, &run::Silent);
    Ok(Report {
        findings,
        observations,
        ..Report { observations: Vec::new(), findings: Vec::new(), ..old }
    })
}

fn read_back(session: &Session<'_>, file: &Path) -> Result<Report, Trouble> {
    let trouble = |what: String| Trouble::usage(format!("{}: {what}", file.display()));
    let remedy = "name a report written by `onramp check --report json:FILE`";
    let path = session.bench.current_dir().unwrap_or_default().join(file);
    let bytes = session
        .bench
        .read(&path, REPORT_LIMIT)
        .map_err(|error| trouble(error.to_string()).remedy(remedy))?;
    json::read(&bytes).map_err(|unreadable| {
        trouble(unreadable.to_string()).remedy(match unreadable {
            json::Unreadable::Newer(_) => "update onramp, or make the report with this one",
            json::Unreadable::Other(_) => remedy,
        })
    })
}

/// Whether the run that made the report took up this check: its stage was chosen, and its question
/// is answered there or was already out of place then.
fn was_asked(old: &Report, step: &Step) -> bool {
    let stage = old.findings.iter().any(|finding| finding.stage() == step.check.stage());
    stage
        && match &step.action {
            Action::Observe(arguments) => old
                .observations
                .iter()
                .any(|observed| observed.answers(&step.check.probe, arguments)),
            Action::Skip(_) | Action::Unsure(_) => {
                old.findings.iter().any(|finding| finding.check == step.check.id)
            }
        }
}
