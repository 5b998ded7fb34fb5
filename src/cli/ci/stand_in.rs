//! onramp's own checks where a tool is not there: asked all at once, by the same engine as `check
//! patch`. Runs nothing of the tree.

use std::collections::BTreeSet;

use super::decide::{Doing, Ground};
use crate::ci::found::Found;
use crate::cli::check::examine;
use crate::cli::survey::survey;
use crate::cli::trouble::Trouble;
use crate::finding::{Finding, Outcome};
use crate::pack::Check;
use crate::plan::{self, Run};
use crate::run::Silent;

/// What the checks found that stand in somewhere; or why none of them could look.
pub(super) struct StandIns(Result<Vec<Finding>, String>);

/// The ids of all checks that stand in.
pub(super) fn wanted(doing: &[Doing]) -> Vec<String> {
    let ids: BTreeSet<String> = doing
        .iter()
        .filter_map(|one| match one {
            Doing::StandIn { checks, .. } => Some(checks.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    ids.into_iter().collect()
}

/// The checks themselves; one that the project does not have is left out.
pub(super) fn checks<'a>(ground: &Ground<'a>, ids: &[String]) -> Result<Vec<&'a Check>, Trouble> {
    let all = ground.workspace.all_checks();
    let ids: Vec<String> =
        ids.iter().filter(|id| all.iter().any(|check| check.id == **id)).cloned().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    plan::select(all, &ids).map_err(Trouble::usage)
}

impl StandIns {
    /// Has the checks look.
    pub(super) fn look(
        ground: &Ground<'_>,
        checks: &[&Check],
        base: Option<String>,
    ) -> anyhow::Result<Self> {
        if checks.is_empty() {
            return Ok(Self(Ok(Vec::new())));
        }
        let options = Run { base, offline: true, ..Run::default() };
        let run = survey(ground.session, ground.workspace, options, checks);
        if run.tree.is_none() {
            // Every one of them would be skipped, which must not be taken for a pass.
            let title = &ground.workspace.project.title;
            let why = format!("nothing here says that this is a clone of {title} (see --project)");
            return Ok(Self(Err(why)));
        }
        let examined = examine(ground.session, ground.workspace, run, checks, &Silent)?;
        Ok(Self(Ok(examined.report.findings)))
    }

    /// What those of these ids found, and the reasons of those that could not tell.
    pub(super) fn of(&self, ids: &[String]) -> (Vec<Found>, Vec<String>) {
        let all = match &self.0 {
            Ok(all) => all,
            Err(why) => return (Vec::new(), vec![why.clone()]),
        };
        let own = || all.iter().filter(|finding| ids.contains(&finding.check));
        let wrong = own().filter(|one| matches!(one.outcome, Outcome::Fail | Outcome::Warn));
        let found = wrong.map(|finding| Found {
            file: finding.place.as_ref().and_then(|place| place.file.clone()),
            line: finding.place.as_ref().and_then(|place| place.line),
            text: finding.text.clone(),
            rule: Some(finding.check.clone()),
        });
        let mut untold: Vec<String> = own()
            .filter(|one| one.outcome == Outcome::Unknown)
            .map(|finding| format!("{}: {}", finding.name(), finding.text))
            .collect();
        let missing = ids.iter().filter(|id| !all.iter().any(|one| one.check == **id));
        untold.extend(missing.map(|id| format!("{id} is no check of this project")));
        (found.collect(), untold)
    }
}
