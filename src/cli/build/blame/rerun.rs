//! One more run of what failed: the same modules and tests with the same Maven, JDK and memory, in
//! this tree or in the base's. Installs nothing; its log is kept beside those of builds.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::cli::Session;
use crate::cli::build::Ready;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::maven::blame::{Failing, Ran};
use crate::maven::events::{Event, Events};
use crate::maven::evidence::Evidence;
use crate::maven::explain::explain_all;
use crate::maven::progress::{Progress, Timings};
use crate::maven::run::{self, Invocation};
use crate::sys::{Command, Ended};

/// What is run, and how often it is the same.
pub(super) struct Rerun<'a> {
    pub(super) session: &'a Session<'a>,
    pub(super) ready: &'a Ready,
    /// What failed at first.
    pub(super) first: &'a [Failing],
    /// Where logs go.
    pub(super) logs: PathBuf,
}

/// How one of them went.
pub(super) struct Went {
    /// What came out.
    pub(super) ran: Ran,
    /// Seconds it took.
    pub(super) seconds: i64,
    /// Its log.
    pub(super) log: PathBuf,
}

/// What is kept while it runs.
struct Kept {
    evidence: Evidence,
    progress: Progress,
    /// Tests run, by class.
    tests: BTreeMap<String, u64>,
}

impl Rerun<'_> {
    /// The command, in a folder.
    pub(super) fn command(&self, folder: &Path) -> Command {
        let plan = &self.ready.plan;
        run::command(&Invocation {
            program: &plan.maven.program,
            folder,
            jdk: &plan.jdk.home,
            skip_rc: plan.skip_rc,
            goals: &self.goals(),
            tuning: &self.ready.tuning,
            resume_from: None,
            extra: &self.extra(),
        })
    }

    /// The build's goals, so that nothing is installed: what the base makes must not stand where a
    /// build of the branch would find it.
    fn goals(&self) -> Vec<String> {
        let tested = self.first.iter().any(|one| one.tested);
        let skips = |word: &str| word == "-DskipTests" || word.starts_with("-Dmaven.test.skip");
        let goals = self.ready.plan.goals.iter().filter(|word| !(tested && skips(word)));
        goals.map(|word| verified(word)).collect()
    }

    /// The modules and tests, and what the user gave.
    fn extra(&self) -> Vec<String> {
        let mut words = whole(&self.ready.args.maven);
        let modules: Vec<String> = self
            .first
            .iter()
            .filter_map(|one| Some(format!(":{}", one.module.as_ref()?)))
            .collect();
        let chosen = |word: &String| word == "-pl" || word.starts_with("--projects");
        if !modules.is_empty() && !words.iter().any(chosen) {
            words.extend(["-pl".to_owned(), modules.join(",")]);
        }
        if !words.iter().any(|word| word == "-am" || word == "--also-make") {
            words.push("-am".to_owned());
        }
        // The whole class: what fails may be a method that prepares, or one that another inherits.
        let class = |test: &String| test.split('.').next().unwrap_or(test).to_owned();
        let tests: BTreeSet<String> =
            self.first.iter().flat_map(|one| &one.tests).map(class).collect();
        if !tests.is_empty() && !words.iter().any(|word| word.starts_with("-Dtest=")) {
            let tests = tests.into_iter().collect::<Vec<_>>().join(",");
            // Modules that are built only because these need them have no such test.
            words.extend([
                format!("-Dtest={tests}"),
                format!("-Dit.test={tests}"),
                "-DfailIfNoTests=false".to_owned(),
                "-Dsurefire.failIfNoSpecifiedTests=false".to_owned(),
                "-Dfailsafe.failIfNoSpecifiedTests=false".to_owned(),
            ]);
        }
        words
    }

    /// Runs it in a folder; `name` is that of its log.
    ///
    /// # Errors
    /// Where Maven does not start, or a signal came.
    pub(super) fn run(&self, folder: &Path, name: &str) -> Result<Went, Trouble> {
        let bench = self.session.bench;
        let log = self.logs.join(format!("{name}.log"));
        let mut file = bench.open_log(&log).ok();
        let mut kept = Kept {
            evidence: Evidence::default(),
            progress: Progress::new(Timings::default()),
            tests: BTreeMap::new(),
        };
        let (mut events, started) = (Events::new(), bench.now());
        let ended = bench.stream(&self.command(folder), &mut |_, bytes| {
            if file.as_mut().is_some_and(|file| file.write_all(bytes).is_err()) {
                file = None;
            }
            events.feed(bytes, &mut |line, event| kept.take(line, event));
        });
        events.finish(&mut |line, event| kept.take(line, event));
        let seconds = bench.now().saturating_sub(started);
        match ended {
            Ok(Ended::Interrupted(signal)) => Err(Trouble::new(Exit::by(signal), "stopped")),
            Ok(Ended::Exited(code)) => {
                Ok(Went { ran: self.came_to(&kept, code, folder), seconds, log })
            }
            Err(error) => Err(Trouble::failed(error.to_string())
                .remedy("`onramp check machine` looks at Maven and the JDK")),
        }
    }

    fn came_to(&self, kept: &Kept, code: Option<i32>, folder: &Path) -> Ran {
        if code != Some(0) || kept.progress.success == Some(false) {
            let root = self.session.bench.real_path(folder).unwrap_or_else(|_| folder.to_owned());
            let (catalogue, names) = (self.ready.plan.catalogue.open(), self.ready.reactor.names());
            let told = explain_all(&kept.evidence, &kept.progress, catalogue, &names);
            let module = told.iter().flat_map(|one| &one.causes).find_map(|cause| {
                (cause.id == "unknown-module").then(|| cause.caught.get("module").cloned())?
            });
            return match module {
                Some(module) => Ran::Absent(format!("module {module}")),
                None => Ran::Failed(told.iter().map(|one| Failing::of(one, &root)).collect()),
            };
        }
        let tests = self.first.iter().flat_map(|one| &one.tests);
        match tests.into_iter().find(|test| !kept.has_run(test)) {
            Some(test) => Ran::Absent(format!("test {test}")),
            None => Ran::Passed,
        }
    }
}

/// A goal as far as nothing is installed by it.
fn verified(word: &str) -> String {
    match word {
        "install" | "deploy" => "verify".to_owned(),
        _ => word.to_owned(),
    }
}

/// The user's words without those that go on in the middle: what stands before would come from the
/// local repository, where the branch's own has been installed.
fn whole(words: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-rf" | "--resume-from" => drop(words.next()),
            word if word.starts_with("-rf=") || word.starts_with("--resume-from=") => {}
            word => kept.push(verified(word)),
        }
    }
    kept
}

impl Kept {
    fn take(&mut self, line: &str, event: Option<Event>) {
        if let Some((class, count)) = tests_run(line) {
            *self.tests.entry(class).or_default() += count;
        }
        self.evidence.take(line, event.as_ref());
        if let Some(event) = event {
            self.progress.apply(&event);
        }
    }

    /// Whether the class of a test, `Class.method`, ran any.
    fn has_run(&self, test: &str) -> bool {
        let class = test.split('.').next().unwrap_or(test);
        let of = |full: &str| full.rsplit('.').next() == Some(class);
        self.tests.iter().any(|(full, count)| of(full) && *count > 0)
    }
}

/// `Tests run: 1, Failures: 0, ... - in org.example.TillTest`, as surefire 2 and 3 write it.
fn tests_run(line: &str) -> Option<(String, u64)> {
    let (_, rest) = line.split_once("Tests run: ")?;
    let (count, rest) = rest.split_once(',')?;
    let (_, class) = rest.rsplit_once(" in ")?;
    Some((class.trim().to_owned(), count.parse().ok()?))
}
