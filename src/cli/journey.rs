//! `onramp` alone: the road, every step ticked, open or not yet reachable, and one next command.
//! Derived afresh each time from the machine and the work tree; there is no state to go stale.

use std::path::Path;

use crate::exit::Exit;
use crate::finding::{Finding, Outcome, Severity};
use crate::git::{Branch, HeadState};
use crate::plan::{self, Run};
use crate::pr::next::{Origin, Pushed, Whereabouts, shell_word};
use crate::report::Report;
use crate::report::human::wrap;
use crate::text::{Line, Tone, clean_line};

use super::Session;
use super::args::Global;
use super::build::record::BuildRecord;
use super::check::{Looking, examine};
use super::pr_plan::{wanted, whereabouts};
use super::survey;
use super::trouble::Trouble;
use super::workspace::Workspace;

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Done,
    Open,
    /// Something before it has to be done first.
    Later,
}

/// One step of the road.
struct Step {
    name: &'static str,
    state: State,
    /// What was seen.
    text: String,
    /// What to do about it: a command, or words.
    next: Option<String>,
}

impl Step {
    fn new(name: &'static str, state: State, text: impl Into<String>) -> Self {
        Self { name, state, text: text.into(), next: None }
    }

    fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }
}

/// The clone as far as the journey needs it.
struct Clone {
    branch: Branch,
    build: Option<BuildRecord>,
}

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
    let run = survey::survey(session, &workspace, options, &chosen);
    let report = {
        let meter = Looking::start(session);
        examine(session, &workspace, run, &chosen, &meter)?
    };
    let clone = find_clone(session, &workspace);
    let steps = steps(&workspace, &report, &clone);
    Ok(draw(&workspace, &steps, session.terminal.width))
}

/// The clone that the folder lies in, or why there is none that the road could go on in.
fn find_clone(session: &Session<'_>, workspace: &Workspace) -> Result<Clone, String> {
    let here = workspace.folder.display();
    let git = session.machine.world().git;
    let Some(tree) = &workspace.tree else {
        return Err(match git.state(&workspace.folder) {
            Ok(state) if state.bare => {
                format!("{here} is a bare repository, without files to work on")
            }
            _ => format!("{here} lies in no clone"),
        });
    };
    let root = tree.root.as_path();
    let state = git.state(root).map_err(|reason| reason.to_string())?;
    if !workspace.fits() {
        return Err(format!("{} is a clone of something else", root.display()));
    }
    let branch = git.branch(root, &wanted(workspace, None)).map_err(|reason| reason.to_string())?;
    let build = BuildRecord::read(session.bench, Path::new(&state.git_folder));
    Ok(Clone { branch, build })
}

fn steps(workspace: &Workspace, report: &Report, clone: &Result<Clone, String>) -> Vec<Step> {
    let mut steps = vec![stage(report, "machine"), stage(report, "identity")];
    let Ok(clone) = clone else {
        let why = clone.as_ref().err().cloned().unwrap_or_default();
        steps.push(Step::new("clone", State::Open, why).next("onramp clone"));
        steps.extend(
            ["build", "patch", "push", "request"].map(|name| Step::new(name, State::Later, "")),
        );
        return steps;
    };
    steps.push(cloned(workspace, &clone.branch));
    steps.push(built(clone));
    steps.push(patch(report, &clone.branch));
    let commits = clone.branch.base.as_ref().is_some_and(|base| base.ahead > 0);
    let ready = commits && !clone.branch.on_base;
    let here = whereabouts(workspace, &clone.branch);
    let pushed = push(&here, ready);
    let request = match pushed.state {
        State::Done => {
            Step::new("request", State::Open, "ready to be drafted and opened").next("onramp pr")
        }
        _ => Step::new("request", State::Later, ""),
    };
    steps.extend([pushed, request]);
    steps
}

/// A stage of checks: done unless one of them fails.
fn stage(report: &Report, name: &'static str) -> Step {
    let of_stage: Vec<&Finding> =
        report.findings.iter().filter(|finding| finding.stage() == name).collect();
    let count =
        |outcome: Outcome| of_stage.iter().filter(|finding| finding.outcome == outcome).count();
    let failing = of_stage.iter().find(|finding| finding.outcome == Outcome::Fail);
    if let Some(first) = failing {
        let more = match count(Outcome::Fail) {
            1 => String::new(),
            failed => format!(" (and {} more, see `onramp check {name}`)", failed - 1),
        };
        let step = Step::new(name, State::Open, format!("{}{more}", first.text));
        let next = first.fix.clone().unwrap_or_else(|| format!("onramp check {name}"));
        return step.next(next);
    }
    let untold = |finding: &&&Finding| {
        finding.outcome == Outcome::Unknown && finding.severity == Severity::Error
    };
    if let Some(first) = of_stage.iter().find(untold) {
        // What could not be told is no tick.
        let text = format!("could not be told: {}", first.text);
        return Step::new(name, State::Open, text).next(format!("onramp check {name}"));
    }
    let mut text = format!("{} of {} checks hold", count(Outcome::Pass), of_stage.len());
    let rest = [
        (Outcome::Warn, "to look at"),
        (Outcome::Unknown, "could not be told"),
        (Outcome::Skip, "skipped"),
    ];
    for (outcome, words) in rest.into_iter().filter(|(outcome, _)| count(*outcome) > 0) {
        text += &format!(", {} {words}", count(outcome));
    }
    Step::new(name, State::Done, text)
}

fn cloned(workspace: &Workspace, branch: &Branch) -> Step {
    let place =
        workspace.tree.as_ref().map(|tree| tree.root.display().to_string()).unwrap_or_default();
    let open = |why: String| Step::new("clone", State::Open, why).next("onramp clone --adopt");
    let name = branch.head.name.as_deref().map(clean_line).unwrap_or_default();
    match branch.head.state {
        HeadState::Unborn => open(format!("{place} has no commit yet on {name}")),
        HeadState::Detached => open(format!("{place} is on no branch (detached head)")),
        HeadState::Branch if branch.on_base => {
            open(format!("{place} is on {name} itself; a change needs a branch of its own"))
        }
        HeadState::Branch if branch.remotes.project.is_none() => {
            open(format!("no remote of {place} leads to the project"))
        }
        HeadState::Branch => {
            let base = branch
                .base
                .as_ref()
                .map(|base| format!(", based on {}", base.name))
                .unwrap_or_default();
            Step::new("clone", State::Done, format!("{place} on branch {name}{base}"))
        }
    }
}

fn built(clone: &Clone) -> Step {
    let open = |text: &str| Step::new("build", State::Open, text).next("onramp build");
    match &clone.build {
        None => open("not built here yet"),
        Some(record) if !record.passed => open("the last build failed"),
        Some(record) => {
            let modules =
                record.modules.map(|count| format!("{count} modules, ")).unwrap_or_default();
            let current = record.head == clone.branch.head.id;
            let since = if current { "" } else { ", before the newest commits" };
            let text = format!("{modules}{} passed{since}", took(record.seconds));
            Step::new("build", State::Done, text)
        }
    }
}

fn took(seconds: i64) -> String {
    if seconds < 120 { format!("{seconds} s") } else { format!("{} min", seconds / 60) }
}

fn patch(report: &Report, branch: &Branch) -> Step {
    let Some(base) = &branch.base else { return stage(report, "patch") };
    let ahead = base.ahead;
    if ahead == 0 {
        return Step::new("patch", State::Open, "no commit of your own yet")
            .next("make your change, then: git commit -S");
    }
    let checked = stage(report, "patch");
    let commits = if ahead == 1 { "1 commit".to_owned() } else { format!("{ahead} commits") };
    Step { text: format!("{commits}; {}", checked.text), ..checked }
}

fn push(here: &Whereabouts, ready: bool) -> Step {
    if !ready {
        return Step::new("push", State::Later, "");
    }
    let branch = here.branch.as_deref().map(clean_line).unwrap_or_default();
    let open = |text: String| Step::new("push", State::Open, text);
    let word = here.branch.as_deref().map(shell_word).unwrap_or_default();
    let command = format!("git push -u origin {word}");
    match (&here.origin, here.pushed) {
        (Origin::Fork(_), Pushed::Same) => {
            Step::new("push", State::Done, format!("{branch} is on your fork"))
        }
        (Origin::Fork(_), Pushed::Diverged) => {
            open(format!("your fork has other commits on {branch}"))
                .next(format!("git push --force-with-lease origin {word}"))
        }
        (Origin::Fork(_), _) => {
            open(format!("{branch} is not on your fork as it is here")).next(command)
        }
        (Origin::Project, _) => {
            open("`origin` leads to the project itself, not to a fork of yours".to_owned())
                .next(format!("fork {}, then: git remote set-url origin YOUR-FORK", page(here)))
        }
        (Origin::Absent, _) => {
            open("there is no remote `origin` yet: it should lead to your fork".to_owned())
                .next(format!("fork {}, then: git remote add origin YOUR-FORK", page(here)))
        }
    }
}

fn page(here: &Whereabouts) -> &str {
    here.project.strip_suffix(".git").unwrap_or(&here.project)
}

fn draw(workspace: &Workspace, steps: &[Step], width: usize) -> Vec<Line> {
    let title = format!("The road to a pull request for {}", workspace.project.title);
    let mut lines = vec![Line::toned(Tone::Strong, title), Line::new()];
    for step in steps {
        let (mark, tone, text) = match step.state {
            State::Done => (("✓", Tone::Good), Tone::Plain, step.text.as_str()),
            State::Open => (("✗", Tone::Bad), Tone::Plain, step.text.as_str()),
            State::Later => (("·", Tone::Dim), Tone::Dim, "not yet"),
        };
        let mut rows = wrap(&clean_line(text), width.saturating_sub(14)).into_iter();
        let head = Line::plain("  ").and(mark.1, mark.0).and(tone, format!(" {:<9} ", step.name));
        lines.push(head.and(tone, rows.next().unwrap_or_default()));
        lines.extend(rows.map(|row| Line::plain(" ".repeat(14)).and(tone, row)));
    }
    lines.push(Line::new());
    match steps.iter().find(|step| step.state == State::Open).and_then(|step| step.next.as_ref()) {
        Some(next) => {
            let mut rows = next.lines();
            lines.push(
                Line::toned(Tone::Dim, "next  ")
                    .and(Tone::Command, clean_line(rows.next().unwrap_or_default())),
            );
            lines.extend(rows.map(|row| Line::plain("      ").and(Tone::Command, clean_line(row))));
        }
        None => lines.push(Line::plain("nothing is left to do here")),
    }
    lines
}
