//! `onramp build --blame`: whose fault the last failure is. Runs what failed again, here and on the
//! base in a work tree of its own, and says what ran where and how it ended. Runs the tree's code and
//! says so first; installs nothing, and takes the other work tree away whatever happens.

mod aside;
pub(super) mod known;
mod rerun;

use std::path::{Path, PathBuf};

use super::proof::{Proof, Proofs, Prover};
use super::screen::{labelled, time};
use super::{Ready, log, own_folder, resume};
use crate::cli::Session;
use crate::cli::pr_plan;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::git::Base;
use crate::maven::blame::{Failing, Ran, Verdict, verdict, what};
use crate::maven::catalogue::Kind;
use crate::maven::events::Outcome;
use crate::maven::explain::{Explanation, explain_all};
use crate::maven::log::{End, runs};
use crate::maven::run::typed;
use crate::results::{Build, Recorded};
use crate::text::{Line, Tone, first_few};
use aside::Aside;
use rerun::{Rerun, Went};

/// Failures named; the rest is a number.
const NAMED: usize = 3;
/// Largest log of a build read back.
const LARGEST_LOG: u64 = 256 << 20;

/// The last build here, which failed.
struct Failure {
    told: Vec<Explanation>,
    first: Vec<Failing>,
    /// Seconds that the modules took that failed.
    seconds: f64,
    log: PathBuf,
}

/// One run and where it was.
struct Row {
    place: String,
    went: Went,
}

/// Finds out whose fault the last failure is.
///
/// # Errors
/// [`Trouble`] where there is no failure to look into, no base, or something cannot be run.
pub(super) fn blame(
    session: &Session<'_>,
    ready: &Ready,
    prover: &Prover<'_>,
) -> anyhow::Result<Exit> {
    let failure = last_failure(session, ready)?;
    let base = base(session, ready, prover)?;
    let onramp = ready.plan.git_folder.join("onramp");
    let rerun = Rerun { session, ready, first: &failure.first, logs: onramp.join("blame") };
    if ready.args.dry_run {
        session.terminal.data(&foretold(ready, &rerun, &failure, &base, session.terminal.width))?;
        return Ok(Exit::Success);
    }
    own_folder(session.bench, &ready.plan)?;
    let _lock = super::lock(session, &ready.plan, "onramp build --blame")?;
    for line in foretold(ready, &rerun, &failure, &base, session.terminal.width) {
        session.terminal.say(line);
    }
    if let Some(text) = proved_outside(session, ready, prover, &failure.told) {
        let lines = answer(&Verdict::Machine, &[], &failure, &base, Some(&text), session);
        session.terminal.data(&lines)?;
        return Ok(Exit::Findings);
    }
    let (rows, verdict) = tried(session, &rerun, &failure.first, &base, prover.offline)?;
    let lines = answer(&verdict, &rows, &failure, &base, None, session);
    session.terminal.data(&lines)?;
    known::keep(session, ready, &verdict, &failure.first, &base)?;
    Ok(if matches!(verdict, Verdict::Untold(_)) { Exit::Incomplete } else { Exit::Findings })
}

/// Runs it here, and once more where it passes; where it fails again, on the base.
fn tried(
    session: &Session<'_>,
    rerun: &Rerun<'_>,
    first: &[Failing],
    base: &Base,
    offline: bool,
) -> Result<(Vec<Row>, Verdict), Trouble> {
    let mut rows = vec![here(session, rerun, "here-1")?];
    if rows[0].went.ran == Ran::Passed {
        rows.push(here(session, rerun, "here-2")?);
    }
    let again: Vec<Ran> = rows.iter().map(|row| row.went.ran.clone()).collect();
    let mut on_base = None;
    if !again.contains(&Ran::Passed) {
        let commit = base.merge_base.as_deref().unwrap_or(&base.id);
        let place = format!("on {} at {}", base.name, short(commit));
        session.terminal.say(Line::plain(format!("running it {place}")));
        let plan = &rerun.ready.plan;
        let aside = Aside::of(session, (&plan.root, &plan.git_folder), commit, offline)?;
        let went = rerun.run(&aside.folder, "base")?;
        on_base = Some(went.ran.clone());
        rows.push(Row { place, went });
    }
    let verdict = verdict(first, &again, on_base.as_ref());
    Ok((rows, surroundings(session, rerun.ready, verdict)))
}

/// What passes as another build, or with other files, than it failed need not be flaky.
fn surroundings(session: &Session<'_>, ready: &Ready, verdict: Verdict) -> Verdict {
    if verdict != Verdict::Flaky {
        return verdict;
    }
    match resume::unlike_the_last(session.bench, ready) {
        Some(why) => {
            Verdict::Untold(format!("it passes, but the last build was not the same: {why}"))
        }
        None => verdict,
    }
}

fn here(session: &Session<'_>, rerun: &Rerun<'_>, name: &str) -> Result<Row, Trouble> {
    let place = place_here(rerun.ready);
    session.terminal.say(Line::plain(format!("running it {place}")));
    Ok(Row { place, went: rerun.run(&rerun.ready.plan.root, name)? })
}

fn place_here(ready: &Ready) -> String {
    let on = &ready.plan.here;
    let commit = on.commit.as_deref().map_or("no commit", short);
    let dirty = on.tree.is_some_and(|tree| tree.changed || tree.untracked);
    let more = if dirty { " with what is not committed" } else { "" };
    format!("here, at {commit}{more}")
}

fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}

fn last_failure(session: &Session<'_>, ready: &Ready) -> Result<Failure, Trouble> {
    let nothing = |what: &str| Trouble::usage(what).remedy("`onramp build` builds first");
    let plan = &ready.plan;
    let log = log::newest(session.bench, &plan.git_folder)
        .ok_or_else(|| nothing("no build of this tree left a log"))?;
    let bytes = session.bench.read(&log, LARGEST_LOG).map_err(|error| {
        nothing(&format!("the log of the last build cannot be read: {}: {error}", log.display()))
    })?;
    let recorded = Recorded::<Build>::read(session.bench, &plan.git_folder);
    if recorded.as_ref().is_some_and(|build| build.on.commit != plan.here.commit) {
        return Err(nothing("the last build here was of another commit"));
    }
    let runs = runs(&bytes);
    let run = runs.last().ok_or_else(|| nothing("the log of the last build is empty"))?;
    let told =
        explain_all(&run.evidence, &run.progress, plan.catalogue.open(), &ready.reactor.names());
    let first_cause = told.first().and_then(|one| one.causes.first());
    if let Some(cause) = first_cause.filter(|cause| cause.kind == Kind::Command) {
        let what = format!("the last build failed by its command: {}", cause.cause);
        return Err(Trouble::usage(what).remedy(cause.remedy.clone()));
    }
    // Where not even a JVM starts, Maven does not say how it ended.
    let silent = run.end() == End::Cut && recorded.is_some_and(|build| !build.details.passed);
    let explained = told.iter().any(|one| !one.causes.is_empty());
    if run.end() != End::Failed && !(silent && explained) {
        return Err(nothing("the last build here did not fail, or did not end"));
    }
    let root = session.bench.real_path(&plan.root).unwrap_or_else(|_| plan.root.clone());
    let first: Vec<Failing> = told.iter().map(|one| Failing::of(one, &root)).collect();
    let failed = run.progress.summary.iter().filter(|row| row.1 == Outcome::Failure);
    let seconds = failed.filter_map(|row| row.2).sum();
    Ok(Failure { told, first, seconds, log })
}

fn base(session: &Session<'_>, ready: &Ready, prover: &Prover<'_>) -> Result<Base, Trouble> {
    let wanted = pr_plan::wanted(prover.workspace, ready.args.base.as_deref());
    let commits = session.machine.world().git.commits(&ready.plan.root, &wanted, 0);
    let base = commits.map_err(|reason| Trouble::usage(reason.to_string()))?.base;
    if base.merge_base.is_none() {
        return Err(Trouble::usage(format!("the branch shares no commit with {}", base.name))
            .remedy("name the branch or commit that it started from with --base"));
    }
    Ok(base)
}

/// Before it runs: what, how long about, and with which code.
fn foretold(
    ready: &Ready,
    rerun: &Rerun<'_>,
    failure: &Failure,
    base: &Base,
    width: usize,
) -> Vec<Line> {
    let modules: Vec<&str> = failure.first.iter().filter_map(|one| one.module.as_deref()).collect();
    let modules = if modules.is_empty() { "the build".to_owned() } else { modules.join(", ") };
    let commit = base.merge_base.as_deref().unwrap_or(&base.id);
    let about = format!(
        "{modules}, once or twice here, and once on {} at {} ({})",
        base.name,
        short(commit),
        base.chosen_by
    );
    let mut lines = labelled("runs again", &about, width);
    let long = format!(
        "about {} a run, and as long as what {} takes",
        time(failure.seconds),
        if failure.first.len() == 1 { "it needs" } else { "they need" },
    );
    lines.extend(labelled("takes", &long, width));
    let command = typed(&rerun.command(&ready.plan.root));
    lines.push(Line::new().and(Tone::Dim, "command    ").and(Tone::Command, command));
    let says = "this runs the code of the work tree and of the base: Maven plug-ins, scripts and \
                tests; the base in a work tree of its own, which is removed, and nothing is installed";
    lines.extend(labelled("", says, width));
    lines
}

/// What proves that the machine is at fault, where a check does: then running it again tells nothing.
fn proved_outside(
    session: &Session<'_>,
    ready: &Ready,
    prover: &Prover<'_>,
    told: &[Explanation],
) -> Option<String> {
    let causes: Vec<_> = told.iter().flat_map(|one| one.causes.first()).collect();
    let machine = causes.iter().copied().find(|cause| cause.kind == Kind::Machine)?;
    let proofs = Proofs::look(session, Some(prover), &ready.plan.jdk, &[machine]);
    match proofs.of(machine) {
        Some(Proof::Holds(text)) => Some(format!("{}; {text}", machine.cause)),
        _ => None,
    }
}

/// `till/TillTest.sums fails here and`.
fn fail(names: &[String]) -> String {
    let fail = if names.len() == 1 { "fails" } else { "fail" };
    format!("{} {fail} here and", first_few(names, NAMED))
}

fn answer(
    verdict: &Verdict,
    rows: &[Row],
    failure: &Failure,
    base: &Base,
    proof: Option<&str>,
    session: &Session<'_>,
) -> Vec<Line> {
    let width = session.terminal.width;
    let name = &base.name;
    let text = match verdict {
        Verdict::Mine => format!("your change: it fails here every time, and not on {name}"),
        Verdict::Base => format!("the base: {name} fails in the same way without your change"),
        Verdict::Partly(own) => format!(
            "your change, in part: {} not on {name}; the rest fails there in the same way",
            fail(own)
        ),
        Verdict::Machine => match proof {
            Some(proof) => format!("this machine: {proof}"),
            None => format!("this machine: {name} fails here in the same way"),
        },
        Verdict::Network => "the network: not your change".to_owned(),
        Verdict::Flaky => "flaky: it failed once and passed since, with nothing changed".to_owned(),
        Verdict::Untold(why) => format!("cannot be told: {why}"),
    };
    let mut lines = labelled("answer", &text, width);
    let first = failure.first.first().map(|one| one.what.clone()).unwrap_or_default();
    lines.extend(labelled("at first", &format!("failed: {first}"), width));
    for row in rows {
        let failed = matches!(row.went.ran, Ran::Failed(_));
        let ended = if failed { "failed: " } else { "" };
        let text = format!(
            "{}, {}: {ended}{}",
            row.place,
            time(row.went.seconds as f64),
            what(&row.went.ran)
        );
        lines.extend(labelled("then", &text, width));
    }
    let logs = rows.iter().map(|row| row.went.log.as_path());
    for log in std::iter::once::<&Path>(&failure.log).chain(logs) {
        lines.push(Line::toned(Tone::Dim, format!("log        {}", log.display())));
    }
    lines
}
