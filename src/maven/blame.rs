//! Whose fault a failed build is, from what the same modules and tests did again here and on the
//! base: pure, from explanations of logs to a verdict. Where the runs do not agree it says so.

use std::collections::BTreeSet;
use std::path::Path;

use super::catalogue::Kind;
use super::explain::Explanation;

/// What failed in one module, in words that are the same wherever it is built.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failing {
    /// Artifact id of the module; none where Maven came to none.
    pub module: Option<String>,
    /// Whether it was tests that failed.
    pub tested: bool,
    /// Those of them that are known, as `Class.method`.
    pub tests: BTreeSet<String>,
    /// Tests, files with what is wrong in them, or else what Maven said.
    pub marks: BTreeSet<String>,
    /// Who has to act, as far as the first known cause tells.
    pub kind: Option<Kind>,
    /// The first error, for people.
    pub what: String,
}

/// How one run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ran {
    /// All was well.
    Passed,
    /// These modules failed.
    Failed(Vec<Failing>),
    /// What should have run is not there, and what it is.
    Absent(String),
}

/// Whose fault it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The change's, committed or not.
    Mine,
    /// The project's: it fails without the change as well.
    Base,
    /// Some of it the project's: these, as module and mark, fail with the change only.
    Partly(Vec<String>),
    /// This machine's.
    Machine,
    /// That of the way to a repository.
    Network,
    /// Nobody's for certain: it fails sometimes.
    Flaky,
    /// The runs do not tell, and why.
    Untold(String),
}

impl Failing {
    /// What an explanation comes to; `root` is the folder that was built, links resolved.
    #[must_use]
    pub fn of(told: &Explanation, root: &Path) -> Self {
        let inside = |file: &str| {
            let path = Path::new(file).strip_prefix(root);
            path.map_or_else(|_| file.to_owned(), |path| path.display().to_string())
        };
        let is_test = told.goal.as_deref().is_some_and(is_of_tests);
        let rules = || told.problems.iter().filter_map(|problem| problem.rule.clone());
        let tests: BTreeSet<String> = if is_test { rules().collect() } else { BTreeSet::new() };
        let placed = told.problems.iter().filter_map(|problem| {
            Some(format!("{}: {}", inside(problem.file.as_deref()?), problem.text))
        });
        let mut marks: BTreeSet<String> =
            if tests.is_empty() { placed.collect() } else { tests.clone() };
        let first = told.essential.first().map(String::as_str).unwrap_or_default();
        if marks.is_empty() {
            let cause = told.causes.first().map(|cause| cause.id.clone());
            marks.insert(cause.unwrap_or_else(|| steady(first)));
        }
        let what = told.problems.first().map(|problem| match (&problem.file, &problem.rule) {
            (None, Some(test)) => format!("{test}: {}", problem.text),
            (Some(file), _) => format!("{}: {}", inside(file), problem.text),
            (None, None) => problem.text.clone(),
        });
        let cause = || told.causes.first().map(|cause| cause.cause.clone());
        Self {
            module: told.module.clone(),
            tested: is_test,
            tests,
            marks,
            kind: told.causes.first().map(|cause| cause.kind),
            what: what.or_else(cause).unwrap_or_else(|| first.to_owned()),
        }
    }

    /// The name under which others may know it: the module and its first mark.
    #[must_use]
    pub fn name(&self) -> String {
        let mark = self.marks.first().map(String::as_str).unwrap_or_default();
        format!("{}/{mark}", self.module.as_deref().unwrap_or_default())
    }

    /// The names of all that failed in the module.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let module = self.module.as_deref().unwrap_or_default();
        self.marks.iter().map(|mark| format!("{module}/{mark}")).collect()
    }

    fn is_like(&self, other: &Self) -> bool {
        self.module == other.module && !self.marks.is_disjoint(&other.marks)
    }
}

/// Whether a goal runs tests.
#[must_use]
pub fn is_of_tests(goal: &str) -> bool {
    goal.contains("surefire") || goal.contains("failsafe")
}

/// Text without what differs between two runs: numbers, and folders of their own.
fn steady(text: &str) -> String {
    let steady = |word: &str| match word {
        _ if word.contains('/') => "…".to_owned(),
        _ => word.chars().filter(|c| !c.is_ascii_digit()).collect(),
    };
    text.split_whitespace().map(steady).collect::<Vec<String>>().join(" ")
}

/// The verdict. `first` is what failed at first, `again` what the same did here since, `base` what it
/// did on the base, where that was tried.
#[must_use]
pub fn verdict(first: &[Failing], again: &[Ran], base: Option<&Ran>) -> Verdict {
    let kind = first.first().and_then(|one| one.kind);
    if again.contains(&Ran::Passed) {
        return if kind == Some(Kind::Network) { Verdict::Network } else { Verdict::Flaky };
    }
    let alike = |ran: &Ran| alike(first, ran) || is_outside(kind) && kind_of(ran) == kind;
    if let Some(other) = again.iter().find(|ran| !alike(ran)) {
        return Verdict::Untold(format!("here it fails otherwise than at first: {}", what(other)));
    }
    match base {
        None => Verdict::Untold("it was not tried on the base".to_owned()),
        Some(Ran::Passed | Ran::Absent(_)) => Verdict::Mine,
        Some(base) if alike(base) => match kind {
            Some(Kind::Machine) => Verdict::Machine,
            Some(Kind::Network) => Verdict::Network,
            _ => match alone(first, base) {
                names if names.is_empty() => Verdict::Base,
                names => Verdict::Partly(names),
            },
        },
        Some(base) => {
            Verdict::Untold(format!("the base fails as well, but otherwise: {}", what(base)))
        }
    }
}

fn alike(first: &[Failing], ran: &Ran) -> bool {
    let Ran::Failed(failed) = ran else { return false };
    first.iter().any(|one| failed.iter().any(|other| one.is_like(other)))
}

/// What failed at first and not in this run.
fn alone(first: &[Failing], ran: &Ran) -> Vec<String> {
    let Ran::Failed(failed) = ran else { return Vec::new() };
    let there: BTreeSet<String> = failed.iter().flat_map(Failing::names).collect();
    first.iter().flat_map(Failing::names).filter(|name| !there.contains(name)).collect()
}

/// Whether a failure comes from outside of the project, so that it need not look the same twice.
fn is_outside(kind: Option<Kind>) -> bool {
    matches!(kind, Some(Kind::Machine | Kind::Network))
}

fn kind_of(ran: &Ran) -> Option<Kind> {
    let Ran::Failed(failed) = ran else { return None };
    failed.first().and_then(|one| one.kind)
}

/// What a run came to, in a few words.
#[must_use]
pub fn what(ran: &Ran) -> String {
    match ran {
        Ran::Passed => "passed".to_owned(),
        Ran::Absent(what) => format!("there is no {what}"),
        Ran::Failed(failed) => {
            failed.first().map(|one| one.what.clone()).unwrap_or_else(|| "failed".to_owned())
        }
    }
}
