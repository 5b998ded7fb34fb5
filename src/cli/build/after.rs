//! After a build that failed: has its log explained, its likely causes looked into, and the way on
//! found. Starts nothing.

use std::path::Path;

use super::Ready;
use super::blame::known;
use super::failed::Failed;
use super::proof::{Proofs, Prover};
use super::screen::{self, labelled, log_line, time};
use super::way_on::way_on;
use crate::cli::Session;
use crate::maven::blame::Failing;
use crate::maven::events::Outcome;
use crate::maven::evidence::Evidence;
use crate::maven::explain::{Explanation, explain_all, unlicensed};
use crate::maven::progress::Progress;
use crate::maven::record::Failure;
use crate::sys::{System, read_in_tree};
use crate::text::{Line, first_few};

/// Modules named that were not built; the rest is a number.
const NAMED: usize = 4;
/// Largest report of a plug-in that is read.
const LARGEST_REPORT: u64 = 16 << 20;

/// A build that has ended.
pub(super) struct Over<'a> {
    /// What was run.
    pub(super) ready: &'a Ready,
    /// What is left of its log.
    pub(super) evidence: &'a Evidence,
    /// How far it came.
    pub(super) progress: &'a Progress,
    /// Maven's exit code; none where a signal from outside ended it.
    pub(super) code: Option<i32>,
}

impl Over<'_> {
    /// Whether something failed; Maven can be told to end well all the same.
    pub(super) fn failed(code: Option<i32>, progress: &Progress) -> bool {
        code != Some(0) || progress.success == Some(false)
    }

    /// What is said of it, and what of that is kept.
    pub(super) fn told(
        &self,
        session: &Session<'_>,
        prover: Option<&Prover<'_>>,
        facts: &screen::Facts<'_>,
    ) -> (Vec<Line>, Vec<Failure>) {
        let (ready, progress) = (self.ready, self.progress);
        let (plan, width) = (&ready.plan, session.terminal.width);
        let told =
            explain_all(self.evidence, progress, plan.catalogue.open(), &ready.reactor.names());
        let report = told.first().and_then(|first| first.report.as_deref());
        let report = report.and_then(|file| read_report(session.bench, &plan.root, file));
        let files = report.map(|text| unlicensed(&text)).unwrap_or_default();
        let causes: Vec<_> = told.iter().flat_map(|one| one.causes.iter().take(2)).collect();
        let proofs = Proofs::look(session, prover, &plan.jdk, &causes);
        let failed = Failed {
            root: Some(&plan.root),
            told: &told,
            proofs: &proofs,
            killed: matches!(self.code, None | Some(137)),
            files: &files,
            width,
        };
        let mut args = ready.args.clone();
        if causes.iter().any(|cause| proofs.speak_against_the_jdk(cause)) {
            // The one that onramp finds by itself fits better than the one that was named.
            args.jdk = None;
        }
        let seconds = progress.seconds.unwrap_or(facts.seconds as f64);
        let ignored = if self.code == Some(0) { ", which Maven was told to ignore," } else { "" };
        let mut lines = failed.lines(&format!("the build failed after {}{ignored}", time(seconds)));
        lines.extend(skipped(progress, width));
        lines.extend(known(session, ready, &told));
        lines.extend(way_on(session.bench, ready, progress, &told).lines(args, width));
        lines.push(log_line(facts));
        (lines, failed.kept())
    }
}

/// Which of the failures somebody wrote down as known.
fn known(session: &Session<'_>, ready: &Ready, told: &[Explanation]) -> Vec<Line> {
    let Ok(waivers) = known::read(session.bench, &ready.args) else { return Vec::new() };
    let failing: Vec<_> = told.iter().map(|one| Failing::of(one, &ready.plan.root)).collect();
    let met = known::told(&waivers, &failing, session.bench.now());
    let lines = met.iter().flat_map(|(holds, text)| {
        let label = if *holds { "known" } else { "no longer" };
        labelled(label, text, session.terminal.width)
    });
    lines.collect()
}

/// The modules that were not built because one that they need failed; only where Maven went on after
/// a failure do these stand in its summary beside others that were built after it.
fn skipped(progress: &Progress, width: usize) -> Vec<Line> {
    let summary = &progress.summary;
    let is = |wanted: Outcome| move |row: &&(String, Outcome, Option<f64>)| row.1 == wanted;
    let failed = summary.iter().filter(is(Outcome::Failure)).count();
    let first = summary.iter().position(|row| row.1 == Outcome::Failure);
    let after = first.map_or(&[][..], |first| &summary[first..]);
    if failed < 2 && !after.iter().any(|row| row.1 == Outcome::Success) {
        return Vec::new();
    }
    let names: Vec<&str> =
        summary.iter().filter(is(Outcome::Skipped)).map(|row| row.0.as_str()).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let named = first_few(&names, NAMED);
    let need = if names.len() == 1 { "needs" } else { "need" };
    labelled("not built", &format!("{named}, which {need} what failed"), width)
}

/// A report that Maven's output names, where it is one of the tree's own files.
pub(in crate::cli) fn read_report(system: &dyn System, root: &Path, file: &str) -> Option<String> {
    let bytes = read_in_tree(system, root, file, LARGEST_REPORT)?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
