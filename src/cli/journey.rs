//! `onramp` alone: the road, every step with where it stands, and one next command.
//! Derived afresh each time from the machine and the work tree; there is no state to go stale.

pub mod facts;
mod look;
mod own;
mod picture;
pub(super) mod stage;
pub mod step;
pub mod steps;

use crate::exit::Exit;
use crate::plan::{self, Run};
use crate::text::Line;

use super::Session;
use super::args::Global;
use super::check::{Looking, examine, remember};
use super::excuses::Excuses;
use super::survey;
use super::trouble::Trouble;
use super::workspace::Workspace;
use facts::Facts;

/// Shows the road.
///
/// # Errors
/// Mistakes in packs, a closed standard output.
pub fn journey(session: &Session<'_>, global: &Global) -> anyhow::Result<Exit> {
    session.terminal.data(&road(session, global)?)?;
    Ok(Exit::Success)
}

/// The road as lines.
///
/// # Errors
/// Mistakes in packs.
pub fn road(session: &Session<'_>, global: &Global) -> anyhow::Result<Vec<Line>> {
    let workspace = Workspace::open(session.bench, global)?;
    let chosen = plan::select(workspace.all_checks(), &[]).map_err(Trouble::usage)?;
    let options = Run { offline: global.offline, ..Run::default() };
    let started = session.bench.now();
    let run = survey::survey(session, &workspace, options, &chosen);
    let mut excuses = Excuses::read(session, &global.settings, None)?;
    excuses.waivers.extend(workspace.waivers.iter().cloned());
    let mut report = {
        let meter = Looking::start(session);
        examine(session, &workspace, run, &chosen, &meter)?.report
    };
    excuses.apply(&mut report, &workspace.checks.ids, session.bench.now())?;
    let fail_on = global.settings.threshold().value;
    remember::seen(session, &workspace, (&report, fail_on), started);
    let facts = Facts {
        findings: report.findings,
        network: look::network(&chosen),
        place: look::place(session, &workspace),
        offline: global.offline,
    };
    let steps = steps::steps(&facts);
    Ok(picture::draw(&workspace.project.title, &steps, session.terminal.width))
}
