//! What surefire and failsafe say of each test class, in the lines of every release since 2.12. Pure.

use std::collections::VecDeque;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Classes kept, the slowest ones.
const MOST_CLASSES: usize = 20;

/// How many tests ran and how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Counts {
    /// Tests that ran, those that failed and those skipped among them.
    pub run: u64,
    /// Tests whose claim did not hold.
    pub failed: u64,
    /// Tests that ended by an error.
    pub errors: u64,
    /// Tests left out.
    pub skipped: u64,
}

/// One test class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// Artifact id of its module, where only one ran tests at that moment.
    pub module: Option<String>,
    /// Seconds.
    pub seconds: f64,
    /// Its tests.
    pub counts: Counts,
}

/// The tests of a build.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Tests {
    /// Classes that ran.
    pub classes: u64,
    /// All their tests.
    pub counts: Counts,
    /// Seconds of all classes together.
    pub seconds: f64,
    /// The slowest classes, the slowest first.
    pub slowest: Vec<Class>,
    /// Classes with tests that failed or ended by an error, in order; at most twenty.
    pub failed: Vec<Class>,
}

/// Whether a line may be one of surefire's: nearly all are none.
#[must_use]
pub fn may_tell(line: &str) -> bool {
    let text = unmarked(line);
    text.starts_with("Tests run: ") || text.starts_with("Running ")
}

/// Reads the lines of a build and adds up its tests.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    /// What has been added up.
    pub tests: Tests,
    /// Classes that older releases name before their results.
    running: VecDeque<String>,
}

impl Reader {
    /// Takes in a line; the class whose result it is, if it is one.
    pub fn take(&mut self, line: &str, module: Option<&str>) -> Option<Class> {
        let text = unmarked(line);
        if let Some(class) = text.strip_prefix("Running ") {
            if !class.contains(' ') && self.running.len() < MOST_CLASSES {
                self.running.push_back(class.trim().to_owned());
            }
            return None;
        }
        let (counts, seconds, name) = result(text.strip_prefix("Tests run: ")?)?;
        // Where several modules run tests at a time, a result without a name may be anybody's.
        let sure = self.running.len() == 1;
        let named = self.running.pop_front().filter(|_| sure);
        self.sum(counts, seconds);
        let name = name.map(str::to_owned).or(named)?;
        let class = Class { name, module: module.map(str::to_owned), seconds, counts };
        self.add(&class);
        Some(class)
    }

    fn sum(&mut self, counts: Counts, seconds: f64) {
        self.tests.classes += 1;
        self.tests.counts.add(counts);
        self.tests.seconds += seconds;
    }

    fn add(&mut self, class: &Class) {
        let (tests, counts) = (&mut self.tests, class.counts);
        if counts.failed + counts.errors > 0 && tests.failed.len() < MOST_CLASSES {
            tests.failed.push(class.clone());
        }
        let at = tests.slowest.partition_point(|other| other.seconds >= class.seconds);
        if at < MOST_CLASSES {
            tests.slowest.insert(at, class.clone());
            tests.slowest.truncate(MOST_CLASSES);
        }
    }
}

impl Counts {
    fn add(&mut self, other: Self) {
        // Sums of what the log says; one that says nonsense must not end the build.
        self.run = self.run.saturating_add(other.run);
        self.failed = self.failed.saturating_add(other.failed);
        self.errors = self.errors.saturating_add(other.errors);
        self.skipped = self.skipped.saturating_add(other.skipped);
    }
}

fn unmarked(line: &str) -> &str {
    let marks = ["[INFO] ", "[ERROR] ", "[WARNING] "];
    marks.iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line)
}

/// Counts, seconds and class of `32, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 1.794 s <<<
/// FAILURE! - in CLASS`. Sums of a module name no time.
fn result(text: &str) -> Option<(Counts, f64, Option<&str>)> {
    let (counts, rest) = text.split_once(", Time elapsed: ")?;
    let mut numbers = counts.split(", ");
    let run = numbers.next()?.parse().ok()?;
    let mut number = |name: &str| numbers.next()?.strip_prefix(name)?.parse().ok();
    let (failed, errors) = (number("Failures: ")?, number("Errors: ")?);
    let skipped = number("Skipped: ")?;
    let seconds = rest.split(' ').next()?.replace(',', "");
    let seconds = seconds.parse().ok().filter(|seconds: &f64| seconds.is_finite())?;
    let class = [" - in ", " -- in "].iter().find_map(|mark| rest.split_once(mark));
    let class = class.map(|(_, class)| class.trim());
    Some((Counts { run, failed, errors, skipped }, seconds.max(0.0), class))
}
