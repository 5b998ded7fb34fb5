//! Remembers what a check of the whole patch came to, for the gate before a request is handed over.
//! What it was about is what the probes saw, so that a history rewritten meanwhile fools nobody. A
//! result that cannot be kept spoils no check.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::Verdict;
use crate::cli::Session;
use crate::cli::args::CheckArgs;
use crate::cli::here::{self, PATCH};
use crate::cli::journey::stage::Stage;
use crate::cli::workspace::Workspace;
use crate::exit::Exit;
use crate::finding::{Finding, Outcome};
use crate::report::{self, Report};
use crate::results::{BasePoint, Counts, Here, PatchCheck, Recorded, Tree};
use crate::text::{Line, Tone};

/// Keeps the result in the clone's git folder, where this was a check of the whole patch that ends
/// at the commit that is checked out, against nothing but the checks.
pub(super) fn remember(session: &Session<'_>, args: &CheckArgs, verdict: &Verdict, started: i64) {
    let Some(workspace) = &verdict.workspace else { return };
    let whole = args.only.is_empty() || args.only.iter().any(|word| word == PATCH);
    if !whole || args.head.is_some() || args.baseline.is_some() {
        return;
    }
    let Some((on, git_folder)) = about(workspace, &verdict.report) else { return };
    let Some(mut result) = result(verdict, on) else { return };
    result.finished = session.bench.now();
    result.seconds = result.finished.saturating_sub(started);
    if let Err(reason) = result.keep(session.bench, Path::new(&git_folder)) {
        let what = format!("`onramp pr` will not know of this check: {reason}");
        session.terminal.say(Line::toned(Tone::Dim, what));
    }
}

fn result(verdict: &Verdict, on: Here) -> Option<Recorded<PatchCheck>> {
    let findings = &verdict.report.findings;
    let patch: Vec<_> =
        findings.iter().filter(|finding| finding.stage() == PATCH).cloned().collect();
    let exit = match report::exit(&patch, verdict.fail_on) {
        // Nothing was judged.
        Exit::Usage => return None,
        exit => exit,
    };
    let stands_in_the_way = |finding: &&Finding| {
        finding.severity >= verdict.fail_on
            && finding.excused.is_none()
            && !matches!(finding.outcome, Outcome::Pass | Outcome::Skip)
    };
    let open: BTreeSet<_> =
        patch.iter().filter(stands_in_the_way).map(|finding| finding.check.clone()).collect();
    let details = PatchCheck {
        fail_on: verdict.fail_on.word().to_owned(),
        open: open.into_iter().collect(),
        excused: report::excused(&patch),
    };
    let stage = Stage::of(&patch, PATCH);
    Some(Recorded {
        exit: exit.code(),
        counts: counts(&stage),
        line: stage.tally(),
        ..Recorded::new(on, details)
    })
}

fn counts(stage: &Stage<'_>) -> Counts {
    Counts {
        ok: stage.count(Outcome::Pass),
        failed: stage.count(Outcome::Fail),
        warned: stage.count(Outcome::Warn),
        unknown: stage.count(Outcome::Unknown),
        skipped: stage.count(Outcome::Skip),
    }
}

/// What the probes saw: the commit, the base, the files; and the git folder. `None` where they could
/// not tell.
fn about(workspace: &Workspace, report: &Report) -> Option<(Here, String)> {
    let (branch, files) = (found(report, "branch")?, found(report, "work_tree")?);
    let commit = word(branch, "/head/id")?;
    if word(files, "/repository/head/id").as_ref() != Some(&commit) {
        return None;
    }
    let any = |pointer: &str| files.pointer(pointer).and_then(Value::as_u64).map(|count| count > 0);
    let here = Here {
        onramp: report.onramp.clone(),
        commit: Some(commit),
        tree: Some(Tree {
            changed: any("/changed_total")? || word(files, "/repository/operation").is_some(),
            untracked: any("/untracked_total")?,
        }),
        base: word(branch, "/base/name")
            .zip(word(branch, "/base/id"))
            .map(|(name, tip)| BasePoint { name, tip, parting: word(branch, "/base/merge_base") }),
        ..Here::default()
    };
    let here = here::judged(here, workspace, &here::patch_checks(workspace));
    Some((here, word(files, "/repository/git_folder")?))
}

/// What a probe brought back.
fn found<'a>(report: &'a Report, probe: &str) -> Option<&'a Value> {
    let mut of_probe = report.observations.iter().filter(|observed| observed.probe == probe);
    of_probe.find_map(|observed| observed.found.as_ref())
}

fn word(found: &Value, pointer: &str) -> Option<String> {
    Some(found.pointer(pointer)?.as_str()?.to_owned())
}
