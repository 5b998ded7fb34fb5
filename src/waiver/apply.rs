//! Lays waivers over findings, and tells of those that are past their day, excuse nothing or name
//! no check. Never touches an outcome.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::finding::{Excuse, Finding, Outcome, Place, Severity};
use crate::pack::check::called;
use crate::pack::suggest::near_check;

use super::{PACK, Waiver};

/// Excuses what the waivers are about, what could not be told included, and returns a finding for
/// every waiver that is not in order. `ids` are those of every check there is.
#[must_use]
pub fn apply(
    findings: &mut [Finding],
    waivers: &[Waiver],
    ids: &BTreeSet<String>,
    today: Date,
) -> Vec<Finding> {
    waivers.iter().filter_map(|waiver| one(findings, waiver, ids, today)).collect()
}

/// Excuses again what was excused in an earlier report, as far as the findings are the same and
/// their last day has not passed: so that a report judged again elsewhere gives the same verdict.
pub fn keep(findings: &mut [Finding], before: &[Finding], today: Date) {
    let mut excuses: BTreeMap<Said<'_>, &Excuse> = BTreeMap::new();
    for finding in before {
        if let Some(excuse) = &finding.excused {
            excuses.entry(said(finding)).or_insert(excuse);
        }
    }
    for finding in findings {
        let excuse = excuses.get(&said(finding)).filter(|excuse| holds(excuse, today));
        finding.excused = excuse.copied().cloned();
    }
}

/// What makes a finding the same as an earlier one: check, file, line, commit, outcome and text.
type Said<'a> =
    (&'a str, Option<(Option<&'a str>, Option<u64>, Option<&'a str>)>, Outcome, &'a str);

fn said(finding: &Finding) -> Said<'_> {
    let place = finding
        .place
        .as_ref()
        .map(|place| (place.file.as_deref(), place.line, place.commit.as_deref()));
    (&finding.check, place, finding.outcome, &finding.text)
}

fn holds(excuse: &Excuse, today: Date) -> bool {
    match excuse {
        Excuse::Waiver { until, .. } => until.parse().is_ok_and(|until: Date| until >= today),
        Excuse::Baseline => true,
    }
}

fn one(
    findings: &mut [Finding],
    waiver: &Waiver,
    ids: &BTreeSet<String>,
    today: Date,
) -> Option<Finding> {
    if !ids.iter().any(|id| called(id, &waiver.check)) {
        return Some(unknown(waiver, ids));
    }
    if waiver.until < today {
        return Some(expired(waiver));
    }
    let mut used = false;
    for finding in findings.iter_mut().filter(|finding| waiver.fits(finding)) {
        let bad = matches!(finding.outcome, Outcome::Fail | Outcome::Warn | Outcome::Unknown);
        if bad && finding.excused.is_none() {
            let (reason, until) = (waiver.reason.clone(), waiver.until.to_string());
            finding.excused = Some(Excuse::Waiver { reason, until });
            used = true;
        }
    }
    let ran = findings
        .iter()
        .any(|finding| called(&finding.check, &waiver.check) && finding.outcome != Outcome::Skip);
    (ran && !used).then(|| unused(waiver))
}

fn expired(waiver: &Waiver) -> Finding {
    Finding {
        text: format!(
            "the waiver for {} ended on {}: {}",
            waiver.check, waiver.until, waiver.reason
        ),
        fix: Some(format!(
            "put the matter right and take the waiver out of {}, or agree on a new day and write \
             it there",
            waiver.file
        )),
        ..finding(
            waiver,
            "expired",
            "no waiver is past its day",
            "A waiver is a decision for a time. Once its day has passed the finding counts again, \
             and somebody has to decide anew.",
        )
    }
}

fn unused(waiver: &Waiver) -> Finding {
    let files = waiver.files.as_ref().map(|files| format!(" in {}", files.pattern));
    Finding {
        text: format!(
            "the waiver for {}{} excuses nothing: {}",
            waiver.check,
            files.unwrap_or_default(),
            waiver.reason
        ),
        fix: Some(format!("take it out of {}", waiver.file)),
        ..finding(
            waiver,
            "unused",
            "every waiver excuses something",
            "What the waiver was for is gone. Left in place, it would hide the same finding when it \
             comes back.",
        )
    }
}

fn unknown(waiver: &Waiver, ids: &BTreeSet<String>) -> Finding {
    let near = near_check(&waiver.check, ids.iter().map(String::as_str));
    let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Finding {
        text: format!("there is no check `{}` to waive{meant}", waiver.check),
        fix: Some(format!("correct the id in {}; onramp list shows all", waiver.file)),
        ..finding(
            waiver,
            "unknown",
            "every waiver names a check",
            "A waiver for a check that does not exist excuses nothing, and the finding it was meant \
             for still counts.",
        )
    }
}

fn finding(waiver: &Waiver, name: &str, title: &str, why: &str) -> Finding {
    Finding {
        check: format!("{PACK}/waivers/{name}"),
        title: title.to_owned(),
        outcome: Outcome::Warn,
        severity: Severity::Warn,
        text: String::new(),
        why: why.to_owned(),
        fix: None,
        upstream: None,
        source: "onramp's rule for waivers: a check, a reason and a last day".to_owned(),
        place: Some(Place {
            file: Some(waiver.file.clone()),
            line: Some(waiver.line),
            commit: None,
        }),
        from: None,
        excused: None,
    }
}
