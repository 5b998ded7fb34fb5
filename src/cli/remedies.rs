//! From a report to what may be done about it: each finding that stands, with the steps its check
//! offers. Steps come from onramp's own checks and the user's folders only: a work tree's, and a
//! report's, never reach a plan. Runs none.

use crate::finding::{Finding, Outcome};
use crate::fix::Need;
use crate::judge::{Judge, Remedy};
use crate::pack::Check;
use crate::plan::{self, Action, Context};
use crate::report::Report;
use crate::text::clean_line;

use super::workspace::Checks;

/// The command that could do something against a finding that stands: for files of the change alone
/// the one that does nothing else.
pub(super) fn mending(checks: &Checks, report: &Report, context: &Context) -> Option<&'static str> {
    let all: Vec<Remedy> = needed(checks, report, context).flat_map(|need| need.remedies).collect();
    let machine = all.iter().any(|remedy| match remedy {
        Remedy::Install(packages) => !packages.is_empty(),
        Remedy::ByHand(_) | Remedy::Mend { .. } => false,
        Remedy::Set(..) | Remedy::MakeKey { .. } | Remedy::AddAddress(_) => true,
    });
    let files = all.iter().any(|remedy| matches!(remedy, Remedy::Mend { .. }));
    match (machine, files) {
        (true, _) => Some("onramp fix"),
        (false, true) => Some("onramp check patch --fix"),
        (false, false) => None,
    }
}

/// The findings that stand, in the order of the report.
pub(super) fn needs(checks: &Checks, report: &Report) -> serde_json::Result<Vec<Need>> {
    let context = Context::of(&report.project, &report.run, &report.platform)?;
    Ok(needed(checks, report, &context).collect())
}

fn needed(checks: &Checks, report: &Report, context: &Context) -> impl Iterator<Item = Need> {
    let groups = report.findings.chunk_by(|one, other| one.check == other.check);
    groups.filter_map(move |group| {
        let family = &report.platform.family;
        let judge = Judge { engine: &checks.engine, context, family };
        let mut standing = group.iter().filter(|finding| stands(finding));
        let first = standing.next()?;
        let check = checks.packs.checks.get(&first.check).filter(|own| may_repair(own, first));
        let remedies = check.map(|check| offered(&judge, check, report, group));
        Some(need(first, standing.count(), remedies.unwrap_or_default()))
    })
}

/// Whether the steps of a check may be run against a finding: it must be the check that made it,
/// for a trusted work tree may have put one of its own in the place.
fn may_repair(check: &Check, finding: &Finding) -> bool {
    check.origin.may_repair() && check.origin.label() == finding.from
}

fn stands(finding: &Finding) -> bool {
    matches!(finding.outcome, Outcome::Fail | Outcome::Warn) && finding.excused.is_none()
}

fn offered(judge: &Judge<'_>, check: &Check, report: &Report, group: &[Finding]) -> Vec<Remedy> {
    let steps = plan::plan(judge.engine, judge.context, &[check]);
    let [plan::Step { action: Action::Observe(arguments), .. }] = steps.as_slice() else {
        return Vec::new();
    };
    let mut observed = report.observations.iter();
    let observed = observed.find(|observed| observed.answers(&check.probe, arguments));
    let found = observed.and_then(|observed| observed.found.as_ref());
    let findings: Vec<&Finding> = group.iter().collect();
    found.map(|found| judge.remedies(check, found, &findings)).unwrap_or_default()
}

fn need(first: &Finding, more: usize, remedies: Vec<Remedy>) -> Need {
    let text = clean_line(&first.marked_text());
    let text = match more {
        0 => text,
        _ => format!("{text}, and {more} more of the kind: `onramp check {}`", first.name()),
    };
    Need {
        check: first.check.clone(),
        title: first.title.clone(),
        text,
        fix: first.marked_fix(),
        remedies,
    }
}
