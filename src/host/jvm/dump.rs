//! Finds the JVMs of a process group and asks each for its threads, with the `jcmd` of a JDK and
//! from a neutral folder. SIGQUIT would do the same with less, but ends a program that is no JVM,
//! and what a forked JVM prints then goes into the pipe its parent reads. Ends no process.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::sys::{Command, Kind, System};

/// How long a JVM may take to tell; the tool itself gives up after ten seconds and tidies up.
const PATIENCE: Duration = Duration::from_secs(20);
/// Largest dump kept, in bytes.
const LARGEST: usize = 8 << 20;
/// The bit of SIGQUIT in a set of signals. A JVM that does not catch it would end by it.
const QUIT: u64 = 1 << 2;

/// A JVM that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jvm {
    /// Its process.
    pub process: i32,
    /// What it is, as people say it: `Maven`, `test runner`, `compiler`, else its main class.
    pub role: String,
}

/// The JVMs of a process group, in the order in which they started.
#[must_use]
pub fn of_group(system: &dyn System, group: i32, jdk: &Path) -> Vec<Jvm> {
    if system.kind(Path::new("/proc/self/stat")) == Some(Kind::File) {
        by_proc(system, group)
    } else {
        by_programs(system, group, jdk)
    }
}

/// What a JVM says of its threads.
///
/// # Errors
/// A fragment that says why there is no answer.
pub fn dump(system: &dyn System, jdk: &Path, process: i32) -> Result<String, String> {
    let program = jcmd(system, jdk)?;
    let words = [process.to_string(), "Thread.print".to_owned(), "-l".to_owned()];
    let mut question = Command::question(program).args(words).within(PATIENCE);
    question.output_limit = LARGEST;
    let output = system.run(&question).map_err(|error| error.to_string())?;
    if output.ok() {
        return Ok(output.text());
    }
    let said = String::from_utf8_lossy(&output.err).into_owned();
    let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("jcmd failed");
    Err(last.trim().to_owned())
}

fn jcmd(system: &dyn System, jdk: &Path) -> Result<PathBuf, String> {
    let program = jdk.join("bin/jcmd");
    match system.kind(&program) {
        Some(Kind::File) => Ok(program),
        _ => Err(format!("{} has no bin/jcmd", jdk.display())),
    }
}

fn by_proc(system: &dyn System, group: i32) -> Vec<Jvm> {
    let names = system.list(Path::new("/proc")).unwrap_or_default();
    let numbers = names.iter().filter_map(|name| name.to_str()?.parse::<i32>().ok());
    let mut processes: Vec<i32> = numbers.collect();
    processes.sort_unstable();
    processes.into_iter().filter_map(|process| jvm_in(system, process, group)).collect()
}

fn jvm_in(system: &dyn System, process: i32, group: i32) -> Option<Jvm> {
    let folder = PathBuf::from(format!("/proc/{process}"));
    let text = |name: &str| {
        let bytes = system.read(&folder.join(name), 256 << 10).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    (group_of(&text("stat")?)? == group && catches_quit(&text("status")?)).then_some(())?;
    let program = system.real_path(&folder.join("exe")).ok()?;
    // Every program of a JDK that is a JVM lies beside `java`.
    (system.kind(&program.parent()?.join("java")) == Some(Kind::File)).then_some(())?;
    let line = text("cmdline")?;
    let words: Vec<&str> = line.split('\0').filter(|word| !word.is_empty()).collect();
    Some(Jvm { process, role: role(&words) })
}

/// The process group in a line of `/proc/N/stat`; the name before it may hold anything.
fn group_of(stat: &str) -> Option<i32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(2)?.parse().ok()
}

/// Whether it does something of its own on SIGQUIT, as a JVM does unless it was told not to.
fn catches_quit(status: &str) -> bool {
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    caught
        .and_then(|set| u64::from_str_radix(set.trim(), 16).ok())
        .is_some_and(|set| set & QUIT > 0)
}

/// Where there is no `/proc`: `jcmd` lists the user's JVMs, `ps` their groups.
fn by_programs(system: &dyn System, group: i32, jdk: &Path) -> Vec<Jvm> {
    let Ok(jcmd) = jcmd(system, jdk) else { return Vec::new() };
    let listed = system.run(&Command::question(jcmd).args(["-l"]));
    let ps = system.find_program("ps").unwrap_or_else(|| "/bin/ps".into());
    let groups = system.run(&Command::question(ps).args(["-A", "-o", "pid=", "-o", "pgid="]));
    let (Ok(listed), Ok(groups)) = (listed, groups) else { return Vec::new() };
    let groups = groups.text();
    let in_group = |process: i32| {
        let mut pairs = groups.lines().filter_map(|line| line.trim().split_once(' '));
        let own = process.to_string();
        pairs.any(|(pid, of)| pid == own && of.trim().parse() == Ok(group))
    };
    let jvm = |line: &str| {
        let mut words = line.split_whitespace();
        let process: i32 = words.next()?.parse().ok()?;
        let words: Vec<&str> = words.collect();
        let itself = words.first().is_some_and(|class| class.ends_with(".JCmd"));
        (!itself && in_group(process)).then(|| Jvm { process, role: role(&words) })
    };
    listed.text().lines().filter_map(jvm).collect()
}

/// What a JVM is for, from its command line.
fn role(words: &[&str]) -> String {
    let any = |part: &str| words.iter().any(|word| word.contains(part));
    if any("surefire") || any("failsafe") {
        return "test runner".into();
    }
    if any("plexus.classworlds") || any("org.apache.maven.") {
        return "Maven".into();
    }
    let program = words.first().and_then(|word| word.rsplit('/').next()).unwrap_or("java");
    if program == "javac" || any("com.sun.tools.javac") {
        return "compiler".into();
    }
    let main = words.iter().skip(1).find(|word| !word.starts_with('-')).copied();
    let main = main.unwrap_or(program).rsplit('/').next().unwrap_or(program);
    main.chars().take(60).collect()
}
