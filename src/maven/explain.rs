//! Why a build failed, from what was kept of its log: module, goal, the first real error, known
//! causes and where to go on. Pure; it reads no file, and where a report lies in one it names it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::catalogue::{Catalogue, Cause, Kind, fill};
use super::events::Outcome;
use super::evidence::Evidence;
pub use super::problems::Problem;
use super::problems::problems;
use super::progress::Progress;

/// Lines shown of a failure nobody has described yet.
const ESSENTIAL: usize = 15;
/// With what Maven ends the text of a failure.
const HELP: &str = "-> [Help";

/// What can be said about a failure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Explanation {
    /// Artifact id of the module that failed.
    pub module: Option<String>,
    /// The goal that failed, as `maven-compiler-plugin:3.8.1:compile`.
    pub goal: Option<String>,
    /// The errors with a place, first one first, none twice.
    pub problems: Vec<Problem>,
    /// Known causes, best first.
    pub causes: Vec<Cause>,
    /// The artifact that could not be had, as `group:artifact:type:version`.
    pub artifact: Option<String>,
    /// Id of the repository it was asked from.
    pub repository: Option<String>,
    /// Address of that repository.
    pub url: Option<String>,
    /// A report that lists the files at fault.
    pub report: Option<String>,
    /// What Maven itself says, without its boilerplate.
    pub essential: Vec<String>,
    /// Where to go on, as an artifact id.
    pub resume_from: Option<String>,
}

/// One failure and what the log holds about it.
struct Case {
    /// What Maven says ended it, marks and help removed.
    statement: String,
    /// Every error line that may belong to it.
    errors: Vec<String>,
    /// The last lines of the log, where the failure is the only one.
    tail: Vec<String>,
    /// The warnings among them.
    warnings: Vec<String>,
    /// Whether lines of other modules may be among them.
    mixed: bool,
}

/// Explains a failure, the first where there are several. `names` are artifact ids and names of the
/// project's modules.
#[must_use]
pub fn explain(
    evidence: &Evidence,
    progress: &Progress,
    catalogue: &Catalogue,
    names: &[(String, String)],
) -> Explanation {
    explain_all(evidence, progress, catalogue, names).into_iter().next().unwrap_or_default()
}

/// Explains every failure of a build that went on after the first, in the order in which Maven names
/// them; always at least one.
#[must_use]
pub fn explain_all(
    evidence: &Evidence,
    progress: &Progress,
    catalogue: &Catalogue,
    names: &[(String, String)],
) -> Vec<Explanation> {
    let cases = cases(evidence);
    let only = cases.len() == 1;
    let one = |case: &Case| {
        let stopped = if only { stopped(progress) } else { None };
        Explanation {
            resume_from: resume(evidence, progress, names, stopped.as_ref().map(|(m, _)| m)),
            ..told(case, stopped, catalogue, names)
        }
    };
    let mut all: Vec<Explanation> = cases.iter().map(one).collect();
    // What strikes every thread, such as a heap that is full, is one failure.
    let why = |one: &Explanation| one.causes.iter().map(|it| it.cause.clone()).collect::<Vec<_>>();
    all.dedup_by(|next, one| {
        let nowhere = next.module.is_none() && next.problems.is_empty();
        nowhere && one.module.is_none() && !next.causes.is_empty() && why(next) == why(one)
    });
    all
}

/// The failures that a log tells of, their lines told apart as far as that can be done.
fn cases(evidence: &Evidence) -> Vec<Case> {
    let statements = statements(evidence.errors());
    if let [] | [_] = statements[..] {
        return vec![Case {
            statement: statements.first().map(|(_, text)| text.clone()).unwrap_or_default(),
            errors: evidence.errors().to_vec(),
            tail: evidence.tail().map(str::to_owned).collect(),
            warnings: evidence.warnings().map(str::to_owned).collect(),
            mixed: evidence.parallel(),
        }];
    }
    let before = statements.first().map_or(0, |(at, _)| *at);
    let before = &evidence.errors()[..before];
    let kinds: Vec<Option<String>> = statements.iter().map(|(_, text)| plug_in(text)).collect();
    let case = |(at, (_, statement)): (usize, &(usize, String))| {
        let module = group(statement, "project");
        let own = module.as_deref().filter(|_| !evidence.parallel()).map(|it| evidence.of(it));
        let own = match own {
            // Of the last module the lines stand before Maven's summing up.
            Some(own) if std::ptr::eq(own, evidence.errors()) => before,
            Some(own) => own,
            // Lines of several modules are mixed: theirs is only what one plug-in alone can say.
            None if kinds.iter().filter(|kind| **kind == kinds[at]).count() == 1 => before,
            None => &[],
        };
        let errors = own.iter().cloned().chain(statement.lines().map(str::to_owned)).collect();
        let (tail, warnings) = (Vec::new(), Vec::new());
        Case { statement: statement.clone(), errors, tail, warnings, mixed: evidence.parallel() }
    };
    statements.iter().enumerate().map(case).collect()
}

/// The plug-in that a failure was in, by the name of its artifact.
fn plug_in(statement: &str) -> Option<String> {
    let goal = group(statement, "goal")?;
    short(&goal).split(':').next().map(str::to_owned)
}

/// A named part of the line with which Maven tells of a failed goal.
fn group(statement: &str, name: &str) -> Option<String> {
    let head = GOAL.captures(statement)?;
    head.name(name).map(|part| part.as_str().to_owned())
}

fn told(
    case: &Case,
    stopped: Option<(String, Option<String>)>,
    catalogue: &Catalogue,
    names: &[(String, String)],
) -> Explanation {
    let failure = &case.statement;
    let module = group(failure, "project").or(stopped.as_ref().map(|(module, _)| module.clone()));
    let goal = group(failure, "goal").map(|goal| short(&goal));
    let silent = !GOAL.is_match(failure);
    let goal = goal.or_else(|| stopped.and_then(|(_, goal)| goal).filter(|_| silent));
    let mut placed = problems(&case.errors, goal.as_deref());
    // Where a project takes warnings for errors, they are what has to be mended.
    let counts = goal.as_deref().is_some_and(|goal| goal.contains("checkstyle"));
    if placed.is_empty() && !case.mixed && (counts || failure.contains("-Werror")) {
        placed = problems(&case.warnings, goal.as_deref());
    }
    let causes =
        causes(case, goal.as_deref(), catalogue, names, &facts(module.as_deref(), &placed));
    let caught = |name: &str| {
        let values = causes.iter().filter_map(|cause| cause.caught.get(name));
        values.into_iter().find(|value| !value.is_empty()).cloned()
    };
    Explanation {
        artifact: caught("artifact"),
        repository: caught("repository"),
        url: caught("url"),
        report: REPORT.captures(failure).map(|found| found["report"].to_owned()),
        essential: essential(failure, &case.tail),
        resume_from: None,
        problems: placed,
        causes,
        module,
        goal,
    }
}

/// What remedies may name: the module, and the options with which Maven runs the class of the first
/// failed test alone; a method may be one that prepares, is inherited or has parameters, and then none
/// would run. Modules that are built only because this one needs them have no such class.
fn facts(module: Option<&str>, problems: &[Problem]) -> BTreeMap<String, String> {
    let test = problems.iter().find_map(|problem| problem.rule.as_deref());
    let class = test.and_then(|test| test.rsplit_once('.')).map(|(class, _)| class);
    let test = class.map_or_else(String::new, |class| {
        format!(" -Dtest={class} -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false")
    });
    let module = module.unwrap_or("MODULE").to_owned();
    BTreeMap::from([("module".into(), module), ("test".into(), test)])
}

#[expect(clippy::expect_used, reason = "constants; a test uses every one of them")]
fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static GOAL: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^Failed to execute goal (?:(?<goal>\S+:\S+) )?(?:\([^)]*\) )?on project (?<project>[^:\s]+):",
    )
});
static PROJECT: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"for project (?<group>[^:\s]+):[^:\s]+:[^:\s]+:(?<version>[^:\s]+):")
});
static REPORT: LazyLock<Regex> =
    LazyLock::new(|| constant(r"See RAT report in: (?<report>.+?)(?: -> |\n|$)"));

/// What Maven says ended the build, one text for each failure and where it begins, marks and help
/// removed. The text of one that was cut off with the log goes to its end.
fn statements(errors: &[String]) -> Vec<(usize, String)> {
    let ends = |line: &String| line.contains(HELP) && !line.starts_with("[Help");
    let begins = |line: &String| line.starts_with("Failed to execute goal") || ends(line);
    let mut from = errors.iter().position(begins);
    let mut found = Vec::new();
    while let Some(begun) = from {
        let end = errors[begun..].iter().position(ends);
        let end = end.map_or(errors.len() - 1, |lines| begun + lines);
        found.push((begun, statement(&errors[begun..=end])));
        let next = errors.get(end + 1).filter(|next| !boilerplate(next));
        from = next.filter(|_| errors[end + 1..].iter().any(ends)).map(|_| end + 1);
    }
    found
}

/// Lines of one failure as a text.
fn statement(lines: &[String]) -> String {
    let lines = lines.iter().map(|line| line.split(HELP).next().unwrap_or("").trim_end());
    lines.filter(|line| !boilerplate(line)).collect::<Vec<_>>().join("\n")
}

fn boilerplate(line: &str) -> bool {
    const STARTS: [&str; 9] = [
        "To see the full stack trace",
        "Re-run Maven using",
        "For more information about the errors",
        "[Help ",
        "After correcting the problems",
        "mvn <args>",
        "-> [Help",
        "Please refer to",
        "Picked up JAVA_TOOL_OPTIONS",
    ];
    line.trim().is_empty() || STARTS.iter().any(|start| line.starts_with(start))
}

/// The module that stopped the build and its goal, where the error names neither: the one marked
/// in the summary, else the only one running.
fn stopped(progress: &Progress) -> Option<(String, Option<String>)> {
    let failed = progress.summary.iter().find(|(_, outcome, _)| *outcome == Outcome::Failure);
    let module = match failed {
        Some((name, _, _)) => progress.started().iter().find(|module| module.name == *name)?,
        None => {
            let mut running = progress.running();
            running.next().filter(|_| running.next().is_none())?
        }
    };
    Some((module.artifact.clone(), module.goal.clone()))
}

/// `org.apache.maven.plugins:maven-compiler-plugin:3.8.1:compile` without its group.
fn short(goal: &str) -> String {
    match goal.matches(':').count() {
        3 => goal.split_once(':').map_or(goal, |(_, rest)| rest).to_owned(),
        _ => goal.to_owned(),
    }
}

fn causes(
    case: &Case,
    goal: Option<&str>,
    catalogue: &Catalogue,
    names: &[(String, String)],
    facts: &BTreeMap<String, String>,
) -> Vec<Cause> {
    let mut met = catalogue.matching(&case.errors.join("\n"), goal);
    // Some tools complain on lines that carry no mark of an error: asked last.
    met.extend(catalogue.matching(&case.tail.join("\n"), goal));
    let warned = catalogue.matching(&case.warnings.join("\n"), goal);
    met.extend(warned.into_iter().filter(|cause| cause.kind == Kind::Noise));
    let project = PROJECT.captures(&case.statement);
    let project = project.as_ref().map(|found| (&found["group"], &found["version"]));
    met.retain(|cause| !cause.ours || is_ours(cause, project, names));
    let causes = chosen(met).into_iter();
    causes.map(|cause| Cause { remedy: fill(&cause.remedy, facts), ..cause }).collect()
}

/// Those of the known failures that were met which are worth telling: certain ones; where there is
/// none, the first of the general ones; where there is none either, what only looks like a failure.
fn chosen(met: Vec<Cause>) -> Vec<Cause> {
    let covered: Vec<String> = met.iter().flat_map(|cause| cause.covers.clone()).collect();
    let (noise, real): (Vec<_>, Vec<_>) = met
        .into_iter()
        .filter(|cause| !covered.contains(&cause.id))
        .partition(|cause| cause.kind == Kind::Noise);
    let (general, certain): (Vec<_>, Vec<_>) = real.into_iter().partition(|cause| cause.fallback);
    if certain.is_empty() {
        return general.into_iter().chain(noise).take(1).collect();
    }
    let mut causes: Vec<Cause> = Vec::new();
    for cause in certain {
        let artifact = cause.caught.get("artifact").filter(|artifact| !artifact.is_empty());
        let same = |other: &Cause| {
            other.id == cause.id || (artifact.is_some() && artifact == other.caught.get("artifact"))
        };
        if !causes.iter().any(same) {
            causes.push(cause);
        }
    }
    causes
}

/// Whether the artifact that a cause is about, `group:artifact:...:version`, is a module of the
/// project: of the group of the one that failed, and called as a module is or of its version.
fn is_ours(cause: &Cause, project: Option<(&str, &str)>, names: &[(String, String)]) -> bool {
    let caught = |name| cause.caught.get(name).map_or("", String::as_str);
    let artifact = if caught("artifact").is_empty() { caught("other") } else { caught("artifact") };
    let parts: Vec<&str> = artifact.split(':').collect();
    let (Some((group, version)), [of, name, .., last]) = (project, &parts[..]) else {
        return false;
    };
    group == *of && (version == *last || names.iter().any(|(module, _)| module == name))
}

fn essential(failure: &str, tail: &[String]) -> Vec<String> {
    if !failure.is_empty() {
        return failure.lines().take(ESSENTIAL).map(str::to_owned).collect();
    }
    let rule = |line: &str| line.chars().all(|c| c == '-');
    let lines = tail.iter().filter(|line| !boilerplate(line) && !rule(line));
    let mut last: Vec<String> = lines.rev().take(ESSENTIAL).cloned().collect();
    last.reverse();
    last
}

fn resume(
    evidence: &Evidence,
    progress: &Progress,
    names: &[(String, String)],
    module: Option<&String>,
) -> Option<String> {
    let proposed = evidence.resume().map(|module| module.trim_start_matches(':').to_owned());
    progress.resume_from(names).or(proposed).or(module.cloned())
}

/// The files a licence report (`rat.txt`) complains about, in its order.
#[must_use]
pub fn unlicensed(report: &str) -> Vec<String> {
    let marked = report.lines().filter_map(|line| line.trim_start().strip_prefix("!????? "));
    marked.map(|file| file.trim().to_owned()).collect()
}
