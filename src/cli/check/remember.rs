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
use crate::finding::{Finding, Outcome, Severity};
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
    let Some(mut result) = result(&verdict.report, verdict.fail_on, on) else { return };
    result.finished = session.bench.now();
    result.seconds = result.finished.saturating_sub(started);
    if let Err(reason) = result.keep(session.bench, Path::new(&git_folder)) {
        let what = format!("`onramp pr` will not know of this check: {reason}");
        session.terminal.say(Line::toned(Tone::Dim, what));
    }
}

/// Keeps what the road's own look at the whole patch came to, where nothing else is known of this
/// commit. Whoever asked for a check of it knows better.
pub(in crate::cli) fn seen(
    session: &Session<'_>,
    workspace: &Workspace,
    (report, fail_on): (&Report, Severity),
    started: i64,
) {
    let Some((on, git_folder)) = about(workspace, report) else { return };
    let folder = Path::new(&git_folder);
    let known = Recorded::<PatchCheck>::read(session.bench, folder);
    if known.is_some_and(|known| known.on.commit == on.commit) {
        return;
    }
    if let Some(mut result) = result(report, fail_on, on) {
        result.finished = session.bench.now();
        result.seconds = result.finished.saturating_sub(started);
        // The road was asked for and not this: that it is not kept is no news.
        let _ = result.keep(session.bench, folder);
    }
}

fn result(report: &Report, fail_on: Severity, on: Here) -> Option<Recorded<PatchCheck>> {
    let findings = &report.findings;
    let patch: Vec<_> =
        findings.iter().filter(|finding| finding.stage() == PATCH).cloned().collect();
    let exit = match report::exit(&patch, fail_on) {
        // Nothing was judged.
        Exit::Usage => return None,
        exit => exit,
    };
    let stands_in_the_way = |finding: &&Finding| {
        finding.severity >= fail_on
            && finding.excused.is_none()
            && !matches!(finding.outcome, Outcome::Pass | Outcome::Skip)
    };
    let open: BTreeSet<_> =
        patch.iter().filter(stands_in_the_way).map(|finding| finding.check.clone()).collect();
    let details = PatchCheck {
        fail_on: fail_on.word().to_owned(),
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

/// Whether there are changes in the work tree, and no commit since the base that could be looked at.
pub(in crate::cli) fn uncommitted(report: &Report) -> bool {
    let count = |probe: &str, pointer: &str| found(report, probe)?.pointer(pointer)?.as_u64();
    let changed = count("work_tree", "/changed_total").zip(count("work_tree", "/untracked_total"));
    let begun = count("branch", "/base/ahead");
    begun == Some(0) && changed.is_some_and(|(changed, untracked)| changed + untracked > 0)
}

/// What a probe brought back.
fn found<'a>(report: &'a Report, probe: &str) -> Option<&'a Value> {
    let mut of_probe = report.observations.iter().filter(|observed| observed.probe == probe);
    of_probe.find_map(|observed| observed.found.as_ref())
}

fn word(found: &Value, pointer: &str) -> Option<String> {
    Some(found.pointer(pointer)?.as_str()?.to_owned())
}
