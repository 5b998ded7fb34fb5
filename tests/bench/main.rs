//! What onramp costs against the commands it stands in for, one line a row: name, ratio of CPU
//! times, goal, met or not. Ends with 1 where a goal is missed, and says what was not measured.
//!
//! `ONRAMP_BENCH_REPOSITORY` is the address of a repository to clone in the place of CloudStack's,
//! `ONRAMP_BENCH_TREE` a work tree that can be built, `ONRAMP_BENCH_MODULES` the modules of made
//! projects, `ONRAMP_BENCH_RUNS` how often each runs,
//! `ONRAMP_BENCH_COMMITS` how many commits have signatures to judge, `ONRAMP_BENCH_HISTORY` a work
//! tree whose last commits are a patch to check. An argument picks the rows
//! whose names hold it.
#![expect(clippy::print_stdout, reason = "the table is all there is to a benchmark")]

mod alternate;
mod builds;
mod history;
mod licence;
mod patch;
mod peak;
mod reactor;
#[path = "../support/scale.rs"]
mod scale;
mod signatures;
mod signed;

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

use alternate::{Cost, alternate};
use tempfile::TempDir;

/// The address that `onramp clone` and a newcomer by hand both use.
const CLOUDSTACK: &str = "https://github.com/apache/cloudstack";

/// One comparison.
struct Row {
    name: &'static str,
    /// Most that the figure may come to; `None` where it is only of interest.
    goal: Option<f64>,
    measure: fn(&Path) -> Result<Figure, String>,
}

/// What a row came to.
struct Figure {
    value: f64,
    details: String,
    /// What else should have been so, and was not.
    missed: Option<String>,
}

impl From<[Cost; 2]> for Figure {
    /// The CPU time of the first as a share of the second's.
    fn from([ours, theirs]: [Cost; 2]) -> Self {
        let value = ours.cpu.as_secs_f64() / theirs.cpu.as_secs_f64();
        let (ours_ms, theirs_ms) = (ours.cpu.as_secs_f64() * 1e3, theirs.cpu.as_secs_f64() * 1e3);
        let wall = ours.wall.as_secs_f64() / theirs.wall.as_secs_f64();
        let details = format!("CPU {ours_ms:.1} ms against {theirs_ms:.1} ms; wall {wall:.2}");
        Self { value, details, missed: None }
    }
}

const ROWS: &[Row] = &[
    Row { name: "onramp check machine / mvn -v", goal: Some(0.06), measure: check_against_maven },
    Row {
        name: "onramp check machine, 10,000 checks / 1,000 checks",
        goal: Some(10.0),
        measure: many_against_few,
    },
    Row {
        name: "onramp clone / git clone --filter=blob:none --single-branch",
        goal: Some(1.1),
        measure: clone_against_git,
    },
];

fn main() -> ExitCode {
    if let Some(asked) = peak::asked() {
        return asked;
    }
    // Cargo adds an option of its own.
    let wanted: Vec<_> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let chosen = |row: &&Row| wanted.iter().all(|word| row.name.contains(word.as_str()));
    let rows = ROWS
        .iter()
        .chain(builds::ROWS)
        .chain(licence::ROWS)
        .chain(patch::ROWS)
        .chain(signatures::ROWS);
    let missed = rows.filter(chosen).filter(|row| !row.met()).count();
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl Row {
    /// Measures and prints; false only where a goal was missed.
    fn met(&self) -> bool {
        let folder = TempDir::with_prefix("onramp-bench-").map_err(|error| error.to_string());
        match folder.and_then(|folder| (self.measure)(folder.path())) {
            Ok(figure) => self.show(&figure),
            Err(reason) => {
                println!("{}: not measured: {reason}", self.name);
                true
            }
        }
    }

    fn show(&self, Figure { value, details, missed }: &Figure) -> bool {
        let met = missed.is_none() && self.goal.is_none_or(|goal| *value <= goal);
        let missed = missed.as_ref().map(|missed| format!("{missed}; ")).unwrap_or_default();
        let goal = match self.goal {
            Some(goal) => format!("goal {goal}, {}", if met { "met" } else { "MISSED" }),
            None => "no goal".to_owned(),
        };
        println!("{}: {value:.3} ({goal}; {missed}{details})", self.name);
        met
    }
}

fn check_against_maven(folder: &Path) -> Result<Figure, String> {
    let maven = found("mvn")?;
    let installed = installed(folder)?;
    let check = |_| {
        let mut command = at(folder, Command::new(&installed));
        command.args(["check", "machine"]);
        command
    };
    let version = |_| {
        let mut command = at(folder, Command::new(&maven));
        command.arg("-v");
        command
    };
    // Findings are no failure of the benchmark: the machine may lack things.
    Ok(alternate([&check, &version], runs(21), &[0, 1, 3])?.into())
}

fn many_against_few(folder: &Path) -> Result<Figure, String> {
    let pack = |count: usize| {
        let root = folder.join(count.to_string());
        let written = (0..count).map(scale::check).try_for_each(|(path, text)| {
            let file = root.join(path);
            std::fs::create_dir_all(file.parent().unwrap_or(&root))?;
            std::fs::write(file, text)
        });
        written.map(|()| root).map_err(|error| error.to_string())
    };
    let (many, few) = (pack(10_000)?, pack(1_000)?);
    let check = |root: &Path| {
        let mut command = at(folder, onramp(&["check", "machine", "--offline", "--checks"]));
        command.arg(root).args(["--report", "json"]);
        command
    };
    Ok(alternate([&|_| check(&many), &|_| check(&few)], runs(11), &[0, 1, 3])?.into())
}

fn clone_against_git(folder: &Path) -> Result<Figure, String> {
    let address = setting("ONRAMP_BENCH_REPOSITORY", "a repository that allows filters")?;
    let redirected = |mut command: Command| {
        let mut name = OsString::from("url.");
        name.push(&address);
        name.push(".insteadOf");
        // Git takes the longest that fits, with or without the ending.
        for (number, written) in
            [format!("{CLOUDSTACK}.git"), CLOUDSTACK.to_owned()].iter().enumerate()
        {
            command.env(format!("GIT_CONFIG_KEY_{number}"), &name);
            command.env(format!("GIT_CONFIG_VALUE_{number}"), written);
        }
        command.env("GIT_CONFIG_COUNT", "2");
        at(folder, command)
    };
    let ours = |run| {
        let mut command = onramp(&["clone"]);
        command.arg(folder.join(format!("ours-{run}")));
        redirected(command)
    };
    let theirs = |run| {
        let mut command = Command::new("git");
        command.args(["clone", "--quiet", "--filter=blob:none", "--single-branch", CLOUDSTACK]);
        command.arg(folder.join(format!("theirs-{run}")));
        redirected(command)
    };
    let costs = alternate([&ours, &theirs], runs(3), &[0])?;
    if !folder.join("ours-0/.git").exists() {
        return Err("onramp clone ended well and left no work tree".to_owned());
    }
    Ok(costs.into())
}

fn onramp(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onramp"));
    command.args(arguments);
    command
}

/// A copy, as an installation is one. What a linker has just written lies in the page cache in single
/// pages, and starting it costs a fifth more than a file that was written or read in one go.
fn installed(folder: &Path) -> Result<std::path::PathBuf, String> {
    let installed = folder.join("onramp");
    let copied = std::fs::copy(env!("CARGO_BIN_EXE_onramp"), &installed);
    copied.map(|_| installed).map_err(|error| format!("onramp could not be copied: {error}"))
}

fn at(folder: &Path, mut command: Command) -> Command {
    command.current_dir(folder);
    command
}

fn found(program: &str) -> Result<std::path::PathBuf, String> {
    which::which(program).map_err(|_| format!("{program} is not on PATH"))
}

fn setting(name: &str, what: &str) -> Result<OsString, String> {
    std::env::var_os(name).ok_or_else(|| format!("set {name} to {what}"))
}

fn runs(usual: usize) -> usize {
    let asked = std::env::var("ONRAMP_BENCH_RUNS").ok();
    asked.and_then(|asked| asked.parse().ok()).filter(|runs| *runs > 0).unwrap_or(usual)
}
