//! Why a build failed, from what was kept of its log: module, goal, the first real error, known
//! causes and where to go on. Pure; it reads no file, and where a report lies in one it names it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::catalogue::{Catalogue, Cause, Kind, fill};
use super::events::Outcome;
use super::evidence::Evidence;
use super::progress::Progress;

/// Lines shown of a failure nobody has described yet.
const ESSENTIAL: usize = 15;

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

/// An error with its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    /// File, as Maven names it.
    pub file: Option<String>,
    /// One-based line.
    pub line: Option<u64>,
    /// One-based column.
    pub column: Option<u64>,
    /// What is wrong there.
    pub text: String,
    /// The rule it breaks, or the test that failed.
    pub rule: Option<String>,
}

/// Explains a failure. `names` are artifact ids and names of the project's modules.
#[must_use]
pub fn explain(
    evidence: &Evidence,
    progress: &Progress,
    catalogue: &Catalogue,
    names: &[(String, String)],
) -> Explanation {
    let failure = failure(evidence.errors());
    let head = GOAL.captures(&failure);
    let group = |name| head.as_ref().and_then(|c| c.name(name)).map(|m| m.as_str().to_owned());
    let stopped = stopped(progress);
    let goal = group("goal").map(|goal| short(&goal));
    let module = group("project").or(stopped.as_ref().map(|(module, _)| module.clone()));
    let goal =
        goal.or_else(|| head.is_none().then(|| stopped.and_then(|(_, goal)| goal)).flatten());
    let problems = problems(evidence.errors(), goal.as_deref());
    let causes = causes(evidence, catalogue, &facts(module.as_deref(), &problems));
    let caught = |name: &str| {
        let values = causes.iter().filter_map(|cause| cause.caught.get(name));
        values.into_iter().find(|value| !value.is_empty()).cloned()
    };
    Explanation {
        artifact: caught("artifact"),
        repository: caught("repository"),
        url: caught("url"),
        report: REPORT.captures(&failure).map(|found| found["report"].to_owned()),
        essential: essential(&failure, evidence),
        resume_from: resume(evidence, progress, names, module.as_deref()),
        problems,
        causes,
        module,
        goal,
    }
}

/// What remedies may name: the module, and the first failed test as Maven's `-Dtest` takes it.
fn facts(module: Option<&str>, problems: &[Problem]) -> BTreeMap<String, String> {
    let test = problems.iter().find_map(|problem| problem.rule.as_deref());
    let test = test.and_then(|test| test.rsplit_once('.'));
    let test = test.map_or("CLASS#METHOD".into(), |(class, method)| format!("{class}#{method}"));
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
static REPORT: LazyLock<Regex> =
    LazyLock::new(|| constant(r"See RAT report in: (?<report>.+?)(?: -> |\n|$)"));
static CHECKSTYLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"^(?<file>[^:]+):(?<line>\d+)(?::(?<column>\d+))?: (?<text>.+) \[(?<rule>\w+)\]$")
});
static COMPILER: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"^(?<file>[^\[\]]+):\[(?<line>\d+)(?:,(?<column>\d+))?\] (?:error: )?(?<text>.+)$")
});
static TEST: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?<rule>[A-Za-z_$][\w$.]*\.[\w$\[\]]+)(?::(?<line>\d+))?(?:->\S+)* (?:» )?(?<text>.+)$",
    )
});
static POM: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?:.*?POM (?<file>\S+?pom\.xml): )?(?<text>\S.*?) @ (?:\S+, )?(?:(?<other>/\S+), )?line (?<line>\d+), column (?<column>\d+)",
    )
});

/// The lines in which Maven says what ended the build, marks and help removed.
fn failure(errors: &[String]) -> String {
    let first = errors.iter().position(|line| line.starts_with("Failed to execute goal"));
    let first = first.or_else(|| errors.iter().position(|line| line.contains("-> [Help")));
    let Some(first) = first else { return String::new() };
    let mut lines: Vec<&str> = Vec::new();
    for line in &errors[first..] {
        let end = line.find("-> [Help");
        lines.push(line[..end.unwrap_or(line.len())].trim_end());
        if end.is_some() {
            break;
        }
    }
    lines.retain(|line| !boilerplate(line));
    lines.join("\n")
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
    evidence: &Evidence,
    catalogue: &Catalogue,
    facts: &BTreeMap<String, String>,
) -> Vec<Cause> {
    let errors: Vec<&str> = evidence.errors().iter().map(String::as_str).collect();
    let mut met = catalogue.matching(&errors.join("\n"));
    // Some tools complain on lines that carry no mark of an error: asked last.
    let tail: Vec<&str> = evidence.tail().collect();
    met.extend(catalogue.matching(&tail.join("\n")));
    let certain = |cause: &Cause| !cause.fallback && cause.kind != Kind::Noise;
    let known = met.iter().any(certain);
    // Without a certain cause the order is: general ones, then what only looks like a failure.
    met.sort_by_key(|cause| cause.kind == Kind::Noise);
    let mut causes: Vec<Cause> = Vec::new();
    for cause in met.into_iter().filter(|cause| !known || certain(cause)) {
        let same = |other: &Cause| {
            let artifact = cause.caught.get("artifact");
            other.id == cause.id
                || (artifact.is_some() && artifact == other.caught.get("artifact"))
                || cause.kind == Kind::Noise
        };
        if !causes.iter().any(same) {
            causes.push(Cause { remedy: fill(&cause.remedy, facts), ..cause });
        }
    }
    causes
}

/// Reads the errors of one tool.
type Reader = fn(&[String]) -> Vec<Problem>;

/// The errors that name a place, by the kind of goal that failed.
fn problems(errors: &[String], goal: Option<&str>) -> Vec<Problem> {
    let goal = goal.unwrap_or("");
    let readers: &[Reader] = match goal {
        _ if goal.contains("checkstyle") => &[checkstyle],
        _ if goal.contains("compiler") => &[compiler],
        _ if goal.contains("surefire") || goal.contains("failsafe") => &[tests],
        "" => &[poms],
        _ => &[checkstyle, compiler, poms],
    };
    readers.iter().map(|reader| reader(errors)).find(|found| !found.is_empty()).unwrap_or_default()
}

fn checkstyle(errors: &[String]) -> Vec<Problem> {
    collect(errors.iter().filter_map(|line| CHECKSTYLE.captures(line)))
}

fn compiler(errors: &[String]) -> Vec<Problem> {
    let mut found: Vec<Problem> = Vec::new();
    for (at, line) in errors.iter().enumerate() {
        let Some(captures) = COMPILER.captures(line) else { continue };
        let mut problem = problem(&captures);
        // What could not be found stands on the lines below.
        let below = errors[at + 1..].iter().take(2).take_while(|line| !COMPILER.is_match(line));
        let symbol = below.map(|line| line.trim()).find(|line| line.starts_with("symbol:"));
        if let Some(symbol) = symbol {
            let words: Vec<&str> = symbol.split_whitespace().skip(1).collect();
            problem.text = format!("{}: {}", problem.text, words.join(" "));
        }
        push_new(&mut found, problem);
    }
    found
}

fn tests(errors: &[String]) -> Vec<Problem> {
    let heading = |line: &String| line == "Failures:" || line == "Errors:";
    let Some(start) = errors.iter().position(heading) else { return Vec::new() };
    let listed = errors[start..].iter().take_while(|line| !line.starts_with("Tests run:"));
    let mut found = collect(listed.filter_map(|line| TEST.captures(line)));
    for problem in &mut found {
        if let Some(whole) = whole_message(errors, problem) {
            problem.text = whole;
        }
    }
    found
}

/// The list of failed tests cuts messages short; the whole one stands below the test's own line.
fn whole_message(errors: &[String], problem: &Problem) -> Option<String> {
    if !problem.text.ends_with("...") {
        return None;
    }
    let method = problem.rule.as_deref()?.rsplit('.').next()?;
    let own = |line: &String| line.contains(method) && line.contains("<<<");
    let at = errors.iter().position(own)?;
    errors.get(at + 1).cloned()
}

fn poms(errors: &[String]) -> Vec<Problem> {
    let stripped = errors.iter().map(|line| {
        let line = line.trim_start_matches("[ERROR] ").trim_start_matches("[FATAL] ");
        POM.captures(line).map(|captures| {
            let other = captures.name("other").map(|file| file.as_str().to_owned());
            let problem = problem(&captures);
            Problem { file: problem.file.clone().or(other), ..problem }
        })
    });
    let mut found = Vec::new();
    stripped.flatten().for_each(|problem| push_new(&mut found, problem));
    found
}

fn collect<'a>(captures: impl Iterator<Item = Captures<'a>>) -> Vec<Problem> {
    let mut found = Vec::new();
    captures.for_each(|captures| push_new(&mut found, problem(&captures)));
    found
}

fn problem(captures: &Captures<'_>) -> Problem {
    let text = |name| captures.name(name).map(|group| group.as_str().trim().to_owned());
    let number = |name| text(name).and_then(|digits| digits.parse().ok());
    Problem {
        file: text("file"),
        line: number("line"),
        column: number("column"),
        text: text("text").unwrap_or_default(),
        rule: text("rule"),
    }
}

/// Compilers' errors stand twice in a log: where they happen and at its end.
fn push_new(found: &mut Vec<Problem>, problem: Problem) {
    let same = |known: &Problem| {
        (&known.file, known.line, known.column, &known.rule)
            == (&problem.file, problem.line, problem.column, &problem.rule)
    };
    if !found.iter().any(same) {
        found.push(problem);
    }
}

fn essential(failure: &str, evidence: &Evidence) -> Vec<String> {
    if !failure.is_empty() {
        return failure.lines().take(ESSENTIAL).map(str::to_owned).collect();
    }
    let rule = |line: &&str| line.chars().all(|c| c == '-');
    let lines = evidence.tail().filter(|line| !boilerplate(line) && !rule(line));
    let mut last: Vec<String> = lines.rev().take(ESSENTIAL).map(str::to_owned).collect();
    last.reverse();
    last
}

fn resume(
    evidence: &Evidence,
    progress: &Progress,
    names: &[(String, String)],
    module: Option<&str>,
) -> Option<String> {
    let proposed = evidence.resume().map(|module| module.trim_start_matches(':').to_owned());
    progress.resume_from(names).or(proposed).or(module.map(str::to_owned))
}

/// The files a licence report (`rat.txt`) complains about, in its order.
#[must_use]
pub fn unlicensed(report: &str) -> Vec<String> {
    let marked = report.lines().filter_map(|line| line.trim_start().strip_prefix("!????? "));
    marked.map(|file| file.trim().to_owned()).collect()
}
