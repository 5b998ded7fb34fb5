//! What is looked at before Maven starts, so that nobody waits for minutes to hear what a second could
//! tell: the machine checks that the project names, by the same engine as `onramp check`. Runs
//! nothing of the tree.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use super::Session;
use super::build::{self, BuildArgs, BuildPlan, resume};
use super::check::{Looking, examine};
use super::local_repository;
use super::survey::survey;
use super::trouble::Trouble;
use super::workspace::Workspace;
use crate::finding::{Finding, Outcome};
use crate::maven::damage::{self, Damage};
use crate::maven::{locate, settings};
use crate::pack::Check;
use crate::plan::Run;
use crate::report::Report;
use crate::results::{Build, Recorded};
use crate::text::{Line, Tone, shell_word};

/// The probe that connects.
const REACH: &str = "reach";
/// The probe that looks at the Maven on PATH.
const MAVEN: &str = "maven";

/// Broken files that are named.
const NAMED: usize = 5;

/// What stands in the way of a build, and what is only to be said.
#[derive(Debug, Default)]
struct Before {
    blocking: Vec<Told>,
    others: Vec<Told>,
}

#[derive(Debug)]
struct Told {
    text: String,
    fix: Option<String>,
}

impl Told {
    fn lines(&self, label: Line, width: usize) -> Vec<Line> {
        let mut lines = label.hanging(Tone::Plain, &self.text, width);
        if let Some(fix) = &self.fix {
            lines.extend(Line::toned(Tone::Dim, "         → ").remedy(fix, width));
        }
        lines
    }
}

/// Looks, says what deserves it, and stops what could only fail.
///
/// # Errors
/// Something in the way, unless it is to go on `--anyway`; mistakes in packs.
pub fn prepare(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &BuildArgs,
    plan: &BuildPlan,
) -> anyhow::Result<()> {
    let ids = workspace.project.build.checks.iter().chain(&plan.way.checks);
    let mut chosen = wanted(workspace.all_checks(), &ids.cloned().collect::<BTreeSet<_>>());
    // Another Maven than the one on PATH is none of its business.
    chosen.retain(|check| plan.maven.usual || check.probe != MAVEN);
    let mut before = Before::default();
    if !chosen.is_empty() {
        let offline = plan.offline || stays_off(session);
        let run = survey(session, workspace, Run { offline, ..Run::default() }, &chosen);
        let meter = Looking::start(session);
        let examined = examine(session, workspace, run, &chosen, &meter)?;
        drop(meter);
        before = judge(session, workspace, args, &examined.report);
    }
    if let (true, Some(what)) = (plan.offline, &workspace.project.build.offline) {
        before.others.push(Told { text: format!("--offline: {what}"), fix: None });
    }
    if let Some(home) = local_repository::other_home(session.bench, Some(&plan.root)) {
        let home = home.display();
        let text = format!(
            "HOME is not the home folder of your account, which Maven goes by: it reads {home}/.m2"
        );
        before.others.push(Told { text, fix: None });
    }
    before.others.extend(damage(session, workspace, args, plan));
    tell(session, args, &before)
}

/// Whether Maven's settings keep it off the network, so that no address matters to it.
fn stays_off(session: &Session<'_>) -> bool {
    let maven = locate::locate(session.bench).and_then(|maven| maven.home);
    settings::load(session.bench, maven.as_deref()).is_ok_and(|settings| settings.offline)
}

/// What a build that was cut short left in the local repository. Looked for only where one was, or
/// where none is known of: there may be many thousand files.
fn damage(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &BuildArgs,
    plan: &BuildPlan,
) -> Vec<Told> {
    let ended_well = Recorded::<Build>::read(session.bench, &plan.git_folder)
        .is_some_and(|build| build.passed())
        && !resume::is_unfinished(session.bench, &plan.git_folder);
    let tree = workspace.tree.as_ref().map(|tree| tree.root.as_path());
    match local_repository::place(session.bench, tree, &args.maven) {
        Some(place) if !ended_well => {
            let found = damage::look(session.bench, &place.path, NAMED);
            let again = anew(args);
            let remembered = remembered(&found, &place.path, again);
            broken(&found, &place.path).into_iter().chain(remembered).collect()
        }
        _ => Vec::new(),
    }
}

/// Files that Maven would take for whole.
fn broken(found: &Damage, root: &Path) -> Option<Told> {
    let named = found.broken.iter().map(|file| shell_word(&root.join(file).to_string_lossy()));
    let named: Vec<String> = named.collect();
    let more = match found.broken_total - named.len() {
        0 => String::new(),
        more => format!("; {more} more are not named here"),
    };
    let (files, are) = match found.broken_total {
        0 => return None,
        1 => ("1 file".to_owned(), "is"),
        count => (format!("{count} files"), "are"),
    };
    let root = root.display();
    Some(Told {
        text: format!(
            "{files} in {root} {are} empty or cut short, as a killed build leaves them{more}"
        ),
        fix: Some(format!("rm {}", named.join(" "))),
    })
}

/// The same command, with the word that has Maven try such downloads again.
fn anew(args: &BuildArgs) -> String {
    let mut args = args.clone();
    args.maven.push("-U".to_owned());
    build::again(&args, None)
}

/// Downloads that Maven does not try again by itself, and what is left of others.
fn remembered(found: &Damage, root: &Path, again: String) -> Option<Told> {
    let root = root.display();
    let downloads = |count: usize| if count == 1 { "download" } else { "downloads" };
    let room = if found.unfinished == 1 { "that only takes room" } else { "that only take room" };
    let parts: Vec<String> = [
        (found.remembered, "failed", "that Maven does not try again today"),
        (found.unfinished, "unfinished", room),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, kind, what)| format!("{count} {kind} {} {what}", downloads(count)))
    .collect();
    let fix = (found.remembered > 0).then_some(again);
    (!parts.is_empty()).then(|| Told { text: format!("{root} has {}", parts.join(", ")), fix })
}

/// The checks of these ids or ends of ids; one that the project does not have is left out.
fn wanted<'a>(all: Vec<&'a Check>, ids: &BTreeSet<String>) -> Vec<&'a Check> {
    let named = |check: &&Check| ids.iter().any(|id| check.is_called(id));
    all.into_iter().filter(named).collect()
}

/// Parts what stops a build from what does not. An address that does not answer stops none by
/// itself: what it has may be here already, or be needed by nobody.
fn judge(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &BuildArgs,
    report: &Report,
) -> Before {
    let mut before = Before::default();
    let reaching: BTreeSet<&str> = workspace
        .checks
        .packs
        .checks
        .values()
        .filter(|check| check.probe == REACH)
        .map(|check| check.id.as_str())
        .collect();
    let standing = report.findings.iter().filter(|finding| finding.excused.is_none());
    for finding in standing.filter(|it| matches!(it.outcome, Outcome::Fail | Outcome::Warn)) {
        let told = Told { text: finding.marked_text(), fix: finding.marked_fix() };
        if reaching.contains(finding.check.as_str()) {
            let (stops, told) = unreachable(session, workspace, args, report, finding, told);
            if stops { before.blocking.push(told) } else { before.others.push(told) }
        } else if finding.outcome == Outcome::Fail {
            before.blocking.push(told);
        } else {
            before.others.push(Told { fix: None, ..told });
        }
    }
    before
}

/// What the probe says of one address, as far as it is needed here.
#[derive(Deserialize)]
struct Target {
    what: String,
    reachable: Option<bool>,
    mirror_of: Option<String>,
}

#[derive(Deserialize)]
struct Targets {
    targets: Vec<Target>,
}

/// Whether a build can do without an address, and what it goes without.
fn unreachable(
    session: &Session<'_>,
    workspace: &Workspace,
    args: &BuildArgs,
    report: &Report,
    finding: &Finding,
    mut told: Told,
) -> (bool, Told) {
    let mut targets = report.observations.iter().filter(|it| it.probe == REACH).flat_map(|it| {
        let found = it.found.clone().unwrap_or_default();
        serde_json::from_value::<Targets>(found).map(|found| found.targets).unwrap_or_default()
    });
    let Some(target) = targets
        .find(|target| target.reachable == Some(false) && finding.text.starts_with(&target.what))
    else {
        return (false, told);
    };
    let mirror = target.mirror_of.is_some();
    let stands_for = target.mirror_of.unwrap_or(target.what);
    let tree = workspace.tree.as_ref().map(|tree| tree.root.as_path());
    let root = local_repository::place(session.bench, tree, &args.maven);
    let has = |path: &str| {
        root.as_ref().is_some_and(|root| session.bench.kind(&root.path.join(path)).is_some())
    };
    // Without the plug-ins that every build has, nothing can even begin.
    let central = stands_for == "central" || mirror;
    if central && !has("org/apache/maven/plugins") {
        return (true, told);
    }
    let only = workspace.project.build.only_there.get(&stands_for).into_iter().flatten();
    let missing: Vec<&str> =
        only.map(String::as_str).filter(|artifact| !has(&folder(artifact))).collect();
    if missing.is_empty() {
        told.fix = None;
        told.text += "; the build goes on with what is here";
        return (false, told);
    }
    told.text += &format!("; nothing else has {}, which is not here", missing.join(", "));
    (true, told)
}

/// Where `group:artifact:version` lies in a local repository; a version may be left out.
fn folder(coordinates: &str) -> String {
    let mut parts = coordinates.split(':');
    let group = parts.next().unwrap_or_default().replace('.', "/");
    std::iter::once(group.as_str()).chain(parts).collect::<Vec<_>>().join("/")
}

fn tell(session: &Session<'_>, args: &BuildArgs, before: &Before) -> anyhow::Result<()> {
    let width = session.terminal.width;
    for told in &before.others {
        let lines = told.lines(Line::toned(Tone::Warn, "note       "), width);
        lines.into_iter().for_each(|line| session.terminal.say(line));
    }
    for told in &before.blocking {
        let label = if args.anyway { "note       " } else { "in the way " };
        let tone = if args.anyway { Tone::Warn } else { Tone::Bad };
        let lines = told.lines(Line::toned(tone, label), width);
        lines.into_iter().for_each(|line| session.terminal.complain(line));
    }
    if before.blocking.is_empty() || args.anyway {
        return Ok(());
    }
    let count = before.blocking.len();
    let things = if count == 1 { "this stands".to_owned() } else { format!("these {count} stand") };
    Err(Trouble::failed(format!("Maven was not started: {things} in the way"))
        .remedy("do what is said above, or go on all the same with `onramp build --anyway`")
        .into())
}
