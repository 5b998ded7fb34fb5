//! Judges an earlier report again: today's checks over what was seen then. Asks the machine
//! nothing.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::plan::{self, Action, Context, Step};
use crate::policy;
use crate::profile;
use crate::report::json;
use crate::report::{Replay, Report};
use crate::run::{self, Observer};
use crate::waiver;

use super::Session;
use super::args::{CheckArgs, Global};
use super::check::judged;
use super::policies;
use super::settings::Origin;
use super::trouble::Trouble;
use super::workspace::Checks;

/// A report may be this long when it is read back.
const REPORT_LIMIT: u64 = 64 << 20;

/// Judges an earlier report with today's checks.
///
/// # Errors
/// A report that cannot be read, mistakes in packs, a policy that is not there.
pub fn replay(
    session: &Session<'_>,
    global: &Global,
    args: &CheckArgs,
    file: &Path,
) -> anyhow::Result<(Report, BTreeSet<String>)> {
    let mut old = read_back(session, file)?;
    let mut checks = Checks::read(session.bench, global, &args.only)?;
    let (open, chain) = checks.packs.opened(&old.project.name).map_err(Trouble::usage)?;
    let book = policies::book(&checks.packs, &chain, &checks.ids)?;
    let policy = policies::choose(&book, chosen_policy(global, &old).as_deref(), &open)?;
    policies::weigh(&mut checks.packs, &policy);
    if old.policy.as_deref().unwrap_or(policy::DEFAULT) != policy.name {
        let held = policies::hold(&policy, &open)?;
        old.project =
            profile::resolve_again(session.bench, held, &old.project).map_err(Trouble::usage)?;
    }
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
    let seen = std::mem::take(&mut old.observations);
    let observer: Arc<dyn Observer> = Arc::new(Replay(seen));
    let (findings, observations) =
        judged(&checks.engine, &context, &old.platform, &steps, &observer, &run::Silent);
    let mut report = Report { policy: Some(policy.name), findings, observations, ..old.clone() };
    let today = waiver::day(session.bench.now());
    waiver::keep(&mut report.findings, &old.findings, today);
    if args.only.is_empty() {
        let notes = old.findings.into_iter().filter(|finding| finding.pack() == waiver::PACK);
        report.findings.extend(notes);
    }
    Ok((report, checks.ids))
}

/// The policy that a replay judges by: the one that a flag or a variable names, else the report's
/// own, so that another machine's settings change no verdict.
fn chosen_policy(global: &Global, old: &Report) -> Option<String> {
    let named = global.settings.policy.as_ref();
    let now = named.filter(|set| matches!(set.origin, Origin::Flag(_) | Origin::Variable(_)));
    now.map(|set| set.value.clone()).or_else(|| old.policy.clone())
}

/// Reads a report back from a file.
///
/// # Errors
/// A file that is not there, that holds none, or that a newer onramp wrote.
pub fn read_back(session: &Session<'_>, file: &Path) -> Result<Report, Trouble> {
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
fn was_asked(old: &Report, step: &Step<'_>) -> bool {
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
