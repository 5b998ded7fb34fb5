//! The verb `check`: look, judge, report, and exit by the verdict. What became of a whole patch is
//! remembered in the clone's git folder; nothing else is written.

pub(super) mod remember;

use std::path::Path;
use std::sync::Arc;

use crate::exit::Exit;
use crate::finding::{Finding, Outcome, Severity};
use crate::git::{Unreadable, Wanted};
use crate::judge::Judge;
use crate::pack::{Check, Engine};
use crate::plan::{self, Context, Run, Step};
use crate::report::{self, Observed, Report};
use crate::run::{self, Observer, Progress};
use crate::sys::Platform;
use crate::text::{Line, Tone};
use crate::waiver::PACK;

use super::Session;
use super::args::{CheckArgs, Global};
use super::brought::Brought;
use super::excuses::Excuses;
use super::fix::{self, FixArgs};
use super::outputs::{self, Output};
use super::pr_plan;
use super::progress::Meter;
use super::remedies;
use super::replay;
use super::settings::{Settings, flag};
use super::survey;
use super::trouble::Trouble;
use super::workspace::Workspace;

/// Said where nothing could be found because there is nothing to look at yet.
pub(super) const UNCOMMITTED: &str =
    "nothing is committed yet, and these checks look at commits: commit first, then check again";

/// Runs the verb.
///
/// # Errors
/// Wrong usage, mistakes in packs, a report that cannot be written.
pub fn check(session: &Session<'_>, global: &Global, args: &CheckArgs) -> anyhow::Result<Exit> {
    if args.fix {
        return fix::fix(session, global, &as_fix(args));
    }
    let outputs = outputs::wanted(&args.report)?;
    let started = session.bench.now();
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
    if outputs.iter().any(Output::is_for_people) {
        hint(session, &verdict);
    }
    remember::remember(session, args, &verdict, started);
    let Verdict { exit, workspace, context, report, .. } = verdict;
    // The run ends here: taking thousands of small values apart would only delay it.
    std::mem::forget((workspace, context, report));
    Ok(exit?)
}

/// The command that goes on from here.
fn hint(session: &Session<'_>, verdict: &Verdict) {
    let say = |line: Line| session.terminal.say(line);
    if let Some(command) = verdict.mending() {
        let rest = " can mend some of this: it shows each step first, and asks";
        say(Line::toned(Tone::Command, command).and(Tone::Plain, rest));
    } else if remember::uncommitted(&verdict.report) {
        say(Line::toned(Tone::Warn, UNCOMMITTED));
    }
}

/// `--fix` is `onramp fix` for files of the change.
fn as_fix(args: &CheckArgs) -> FixArgs {
    let only = if args.only.is_empty() { vec!["patch".to_owned()] } else { args.only.clone() };
    FixArgs {
        only,
        base: args.base.clone(),
        files_only: true,
        dry_run: args.dry_run,
        yes: args.yes,
        ..FixArgs::default()
    }
}

/// What the checks came to.
pub(super) struct Verdict {
    /// All that was found.
    pub report: Report,
    /// The lowest severity that counts.
    pub fail_on: Severity,
    /// What it was worked on; none for a report that was judged again.
    workspace: Option<Workspace>,
    /// What its conditions were asked over, likewise.
    context: Option<Context>,
    /// How it ends; trouble where nothing was judged at all.
    pub exit: Result<Exit, Trouble>,
}

impl Verdict {
    /// The command that could do something about it here.
    fn mending(&self) -> Option<&'static str> {
        let (workspace, context) = self.workspace.as_ref().zip(self.context.as_ref())?;
        remedies::mending(&workspace.checks, &self.report, context)
    }
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
    let settings = settings(session, global, args);
    let (report, looked) = excused(session, global, &settings, args)?;
    let fail_on = settings.threshold().value;
    let exit = match nothing_ran(&report.findings) {
        Some(nothing) => Err(nothing),
        None => Ok(report::exit(&report.findings, fail_on)),
    };
    let (workspace, context) = looked.unzip();
    Ok(Verdict { report, fail_on, workspace, context, exit })
}

/// The run's settings, with the flags of this verb.
fn settings(session: &Session<'_>, global: &Global, args: &CheckArgs) -> Settings {
    let mut settings = global.settings.clone();
    let here = session.bench.current_dir().unwrap_or_default();
    flag(&mut settings.fail_on, "--fail-on", args.fail_on.map(Severity::from));
    flag(&mut settings.strict, "--strict", args.strict);
    flag(&mut settings.waivers, "--waivers", args.waivers.as_ref().map(|file| here.join(file)));
    settings
}

/// The report, with what is excused, and unless it was judged again what it was worked on and what
/// conditions were asked over.
fn excused(
    session: &Session<'_>,
    global: &Global,
    settings: &Settings,
    args: &CheckArgs,
) -> anyhow::Result<(Report, Option<(Workspace, Context)>)> {
    let mut excuses = Excuses::read(session, settings, args.baseline.as_ref())?;
    if let Some(file) = &args.replay {
        let (mut report, ids) = replay::replay(session, global, args, file)?;
        excuses.apply(&mut report, &ids, session.bench.now())?;
        return Ok((report, None));
    }
    let (Examined { mut report, context }, mut workspace) = look(session, global, args)?;
    excuses.waivers.append(&mut workspace.waivers);
    excuses.apply(&mut report, &workspace.checks.ids, session.bench.now())?;
    Ok((report, Some((workspace, context))))
}

/// Where no check was judged; what onramp tells about waivers and the like is none.
fn nothing_ran(findings: &[Finding]) -> Option<Trouble> {
    let mut judged = findings.iter().filter(|finding| finding.pack() != PACK).peekable();
    if judged.peek().is_none() {
        let none = Trouble::usage("nothing could be checked: the project has no such checks");
        return Some(none.remedy("choose another stage; `onramp list` shows all"));
    }
    let reason = judged.peek().map(|finding| format!(": {}", finding.text)).unwrap_or_default();
    judged.all(|finding| finding.outcome == Outcome::Skip).then(|| {
        Trouble::usage(format!("nothing could be checked{reason}")).remedy(
            "run it inside a clone of the project, or choose another stage; `onramp list` shows all",
        )
    })
}

/// Looks at this machine.
fn look(
    session: &Session<'_>,
    global: &Global,
    args: &CheckArgs,
) -> anyhow::Result<(Examined, Workspace)> {
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
    let examined = {
        let meter = Looking::start(session);
        examine(session, &workspace, run, &chosen, &meter)?
    };
    Ok((examined, workspace))
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

/// What looking came to.
pub struct Examined {
    /// The report.
    pub report: Report,
    /// What conditions and texts were asked over, for whoever asks more of them.
    pub context: Context,
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
) -> anyhow::Result<Examined> {
    let platform = session.bench.platform();
    let context = Context::of(&workspace.project, &run, &platform)?;
    let engine = &workspace.checks.engine;
    let steps = plan::plan(engine, &context, chosen);
    let plugins = workspace.plugins(session.bench, &run);
    let machine = session.machine.clone().steady().with_plugins(plugins);
    let observer: Arc<dyn Observer> = Arc::new(machine);
    let (mut findings, observations) =
        judged(engine, &context, &platform, &steps, &observer, progress);
    findings.extend(workspace.brought.iter().flat_map(Brought::findings));
    let report = Report {
        version: report::VERSION,
        onramp: env!("CARGO_PKG_VERSION").to_owned(),
        created: session.bench.now(),
        platform,
        project: workspace.project.clone(),
        policy: Some(workspace.policy.name.clone()),
        baseline: None,
        run,
        findings,
        observations,
    };
    Ok(Examined { report, context })
}

pub(super) fn judged(
    engine: &Engine,
    context: &Context,
    platform: &Platform,
    steps: &[Step<'_>],
    observer: &Arc<dyn Observer>,
    progress: &dyn Progress,
) -> (Vec<Finding>, Vec<Observed>) {
    let answers = run::observe(steps, observer, progress);
    let judge = Judge { engine, context, family: &platform.family };
    let findings = run::judge(steps, &answers, &judge);
    (findings, Observed::all(answers))
}
