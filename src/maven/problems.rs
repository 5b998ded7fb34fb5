//! The errors of a failed goal that name a place: checkstyle's, the compiler's, Javadoc's, the
//! tests' and those of broken poms, read from error lines. Pure; says nothing of their cause.

use std::sync::LazyLock;

use regex::{Captures, Regex};

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

#[expect(clippy::expect_used, reason = "constants; a test uses every one of them")]
fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static CHECKSTYLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"^(?<file>[^:]+):(?<line>\d+)(?::(?<column>\d+))?: (?<text>.+) \[(?<rule>\w+)\]$")
});
static CONSOLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?<file>[^:\[\]]+):\[(?<line>\d+)(?:,(?<column>\d+))?\] \(\w+\) (?<rule>\w+): (?<text>.+)$",
    )
});
static COMPILER: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"^(?<file>[^\[\]]+):\[(?<line>\d+)(?:,(?<column>\d+))?\] (?:error: )?(?<text>.+)$")
});
static JAVADOC: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^(?<file>[^:]+):(?<line>\d+): error: (?<text>.+)$"));
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

/// Reads the errors of one tool.
type Reader = fn(&[String]) -> Vec<Problem>;

static HOLDER: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^The project .*\((?<file>\S+)\) has \d+ errors?$"));

/// The errors that name a place, by the kind of goal that failed.
#[must_use]
pub(super) fn problems(errors: &[String], goal: Option<&str>) -> Vec<Problem> {
    let goal = goal.unwrap_or("");
    let readers: &[Reader] = match goal {
        _ if goal.contains("checkstyle") => &[checkstyle],
        _ if goal.contains("compiler") => &[compiler],
        _ if goal.contains("javadoc") => &[javadoc],
        _ if goal.contains("surefire") || goal.contains("failsafe") => &[tests],
        "" => &[poms],
        _ => &[checkstyle, compiler, poms],
    };
    readers.iter().map(|reader| reader(errors)).find(|found| !found.is_empty()).unwrap_or_default()
}

fn checkstyle(errors: &[String]) -> Vec<Problem> {
    // Its own console, and the form that the plug-in gives to what it found.
    let lines = errors.iter();
    collect(lines.filter_map(|line| CHECKSTYLE.captures(line).or_else(|| CONSOLE.captures(line))))
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

fn javadoc(errors: &[String]) -> Vec<Problem> {
    collect(errors.iter().filter_map(|line| JAVADOC.captures(line)))
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

/// Where Maven gives no file beside a mistake in a pom, the line above names it: `The project ...
/// (/t/till/pom.xml) has 1 error`.
fn poms(errors: &[String]) -> Vec<Problem> {
    let file = errors.iter().find_map(|line| HOLDER.captures(line));
    let file = file.map(|found| found["file"].to_owned());
    let stripped = errors.iter().map(|line| {
        let line = line.trim_start_matches("[ERROR] ").trim_start_matches("[FATAL] ");
        POM.captures(line).map(|captures| {
            let other = captures.name("other").map(|file| file.as_str().to_owned());
            let problem = problem(&captures);
            Problem { file: problem.file.clone().or(other).or(file.clone()), ..problem }
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
