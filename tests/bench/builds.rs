//! The rows about builds: the guide's command against `onramp build` on a made project whose pom
//! has each module compiled in a process of its own, and on a tree of the user's; options around
//! ours against ours; and what onramp itself adds to a build that has nothing to do. Both sides
//! must make jars with the same entries, class files byte for byte.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::alternate::{Cost, Make, in_turn, median};
use super::{Figure, Row, at, found, onramp, reactor, runs, setting};

pub(crate) const ROWS: &[Row] = &[
    Row {
        name: "onramp build, 40 modules that fork javac / mvn clean install -DskipTests",
        goal: Some(0.6),
        measure: forked_against_maven,
    },
    Row {
        name: "onramp build, a tree of yours / mvn clean install -DskipTests",
        goal: Some(0.8),
        measure: own_against_maven,
    },
    Row {
        name: "onramp build's options / the best of a grid of options",
        goal: Some(1.1),
        measure: against_grid,
    },
    Row {
        name: "onramp build, 100 empty modules / the very same Maven command",
        goal: Some(1.01),
        measure: around_nothing,
    },
    Row {
        name: "onramp's own CPU time at the output of such a build / the build's",
        goal: Some(0.01),
        measure: reading_alone,
    },
];

/// What `ONRAMP_BENCH_MODULES` may change: a project of the usual size takes minutes a run.
fn modules(usual: usize) -> usize {
    let asked = std::env::var("ONRAMP_BENCH_MODULES").ok();
    asked.and_then(|asked| asked.parse().ok()).filter(|count| *count > 0).unwrap_or(usual)
}

fn forked_against_maven(folder: &Path) -> Result<Figure, String> {
    against_maven(&reactor::forked(folder, modules(40))?)
}

fn own_against_maven(_: &Path) -> Result<Figure, String> {
    let tree = setting("ONRAMP_BENCH_TREE", "a work tree that can be built")?;
    against_maven(Path::new(&tree))
}

fn against_maven(tree: &Path) -> Result<Figure, String> {
    let maven = found("mvn")?;
    let java_home = Planned::of(tree)?.java_home;
    let ours = |_| build(tree, &[]);
    let theirs = |_| {
        let mut command = at(tree, Command::new(&maven));
        command.args(["clean", "install", "-DskipTests"]);
        // The same JDK, and nothing else of ours.
        command.env("JAVA_HOME", &java_home).env_remove("JAVA_TOOL_OPTIONS");
        command
    };
    let made = RefCell::new(None);
    let look = |side: usize, _: &[u8]| {
        let fresh = entries(tree)?;
        match made.replace(Some((side, fresh.clone()))) {
            Some((other, before)) if other != side => same(&before, &fresh),
            _ => Ok(()),
        }
    };
    let costs = in_turn(&[&ours, &theirs], runs(5), 1, &[0], &look)?;
    let compared = entries(tree)?.len();
    let mut figure = Figure::from([median(&costs[0]), median(&costs[1])]);
    let spread =
        |of: fn(&Cost) -> Duration| [&costs[0], &costs[1]].map(|costs| range(costs.iter().map(of)));
    let (cpu, wall) = (spread(|cost| cost.cpu), spread(|cost| cost.wall));
    figure.details += &format!(
        "; {} runs each, CPU {} against {}, wall {} against {}; {compared} entries the same",
        costs[0].len(),
        cpu[0],
        cpu[1],
        wall[0],
        wall[1]
    );
    if median(&costs[0]).wall > median(&costs[1]).wall {
        figure.missed = Some("its wall time is above bare Maven's".to_owned());
    }
    Ok(figure)
}

/// The verb, for any project built with Maven unless `ONRAMP_PROJECT` says another.
fn build(tree: &Path, words: &[&str]) -> Command {
    let mut command = at(tree, onramp(&["build"]));
    let project = std::env::var_os("ONRAMP_PROJECT").unwrap_or_else(|| "apache".into());
    command.args(words).env("ONRAMP_PROJECT", project);
    command
}

/// `12.3 to 14.0 s`
fn range(times: impl Iterator<Item = Duration>) -> String {
    let all: Vec<_> = times.map(|time| time.as_secs_f64()).collect();
    let low = all.iter().copied().fold(f64::INFINITY, f64::min);
    let high = all.iter().copied().fold(0.0, f64::max);
    format!("{low:.1} to {high:.1} s")
}

/// What onramp would run, as it would be typed.
struct Planned {
    typed: String,
    java_home: String,
}

impl Planned {
    fn of(tree: &Path) -> Result<Self, String> {
        let mut command = build(tree, &["--dry-run"]);
        let output = command.output().map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let last = text.lines().last().unwrap_or_default().trim();
        let home = last.split(' ').find_map(|word| word.strip_prefix("JAVA_HOME="));
        let home = home.ok_or_else(|| {
            format!("onramp plans no build: {}", String::from_utf8_lossy(&output.stderr))
        })?;
        Ok(Self { typed: last.to_owned(), java_home: home.to_owned() })
    }

    fn command(&self, tree: &Path) -> Command {
        shell(tree, &self.typed)
    }
}

fn shell(tree: &Path, typed: &str) -> Command {
    let mut command = at(tree, Command::new("sh"));
    command.args(["-c", typed]);
    command
}

/// The entries of every jar that a build made: the checksum of each class file, nothing of other
/// files, which may hold the time.
type Entries = BTreeMap<String, Option<u32>>;

fn entries(tree: &Path) -> Result<Entries, String> {
    let mut all = Entries::new();
    for jar in jars(tree).map_err(|error| error.to_string())? {
        let file = fs::File::open(&jar).map_err(|error| error.to_string())?;
        let mut archive = zip::ZipArchive::new(file).map_err(|error| error.to_string())?;
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).map_err(|error| error.to_string())?;
            let inside = entry.name().map_err(|error| error.to_string())?;
            let class = inside.ends_with(".class");
            let name = format!("{}!{inside}", jar.display());
            all.insert(name, class.then(|| entry.crc32()));
        }
    }
    Ok(all)
}

fn jars(tree: &Path) -> std::io::Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![tree.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else if folder.ends_with("target") && path.extension().is_some_and(|it| it == "jar") {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn same(before: &Entries, after: &Entries) -> Result<(), String> {
    let other = before.iter().find(|(name, sum)| after.get(*name) != Some(sum));
    let more = after.keys().find(|name| !before.contains_key(*name));
    match other.map(|(name, _)| name).or(more) {
        Some(name) => Err(format!("the two builds do not agree about {name}")),
        None => Ok(()),
    }
}

/// Makes another command of ours.
type Change = fn(&str) -> String;

/// Ours with one thing changed.
const GRID: [(&str, Change); 10] = [
    ("ours", str::to_owned),
    ("without the archive", |ours| ours.replace("-Xshare:auto", "-Xshare:off")),
    ("all compilers", |ours| ours.replace("-XX:TieredStopAtLevel=1", "-XX:+TieredCompilation")),
    ("parallel collector", |ours| ours.replace("+UseSerialGC", "+UseParallelGC")),
    ("G1", |ours| ours.replace("+UseSerialGC", "+UseG1GC")),
    ("one thread", |ours| threads(ours, |_| 1)),
    ("one thread more", |ours| threads(ours, |threads| threads + 1)),
    ("twice the threads", |ours| threads(ours, |threads| threads * 2)),
    ("heap of 512 MiB", |ours| ours.replace("-Xmx", "-Xmx512m -Dformerly=")),
    ("heap of 8 GiB", |ours| ours.replace("-Xmx", "-Xmx8g -Dformerly=")),
];

/// The command with another number of threads.
fn threads(typed: &str, change: fn(usize) -> usize) -> String {
    let number = |word: &str| word.strip_prefix("-T")?.parse::<usize>().ok();
    let words = typed.split(' ').map(|word| match number(word) {
        Some(threads) => format!("-T{}", change(threads)),
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn against_grid(folder: &Path) -> Result<Figure, String> {
    let tree = match std::env::var_os("ONRAMP_BENCH_TREE") {
        Some(tree) => PathBuf::from(tree),
        None => reactor::forked(folder, modules(12))?,
    };
    // Once by onramp, which also makes the archive.
    let made = build(&tree, &[]).output().map_err(|error| error.to_string())?;
    if !made.status.success() {
        return Err(format!("onramp build: {}", String::from_utf8_lossy(&made.stderr)));
    }
    let planned = Planned::of(&tree)?;
    let typed = GRID.map(|(_, change)| change(&planned.typed));
    let commands: Vec<_> = typed.iter().map(|typed| |_: usize| shell(&tree, typed)).collect();
    let makes: Vec<Make<'_>> = commands.iter().map(|command| command as Make<'_>).collect();
    let costs = in_turn(&makes, runs(5), 0, &[0], &|_, _| Ok(()))?;
    let medians: Vec<_> = costs.iter().map(|costs| median(costs)).collect();
    let both = |cost: &Cost| (cost.cpu.as_secs_f64() * cost.wall.as_secs_f64()).sqrt();
    let best = medians.iter().map(both).fold(f64::INFINITY, f64::min);
    let rows: Vec<_> = GRID
        .iter()
        .zip(medians.iter().zip(&costs))
        .map(|((name, _), (cost, all))| {
            let (cpu, wall) = (cost.cpu.as_secs_f64(), cost.wall.as_secs_f64());
            let spread = range(all.iter().map(|cost| cost.cpu));
            format!(
                "\n  {name}: CPU {cpu:.1} s ({spread}), wall {wall:.1} s, {:.3}",
                both(cost) / best
            )
        })
        .collect();
    let value = both(&medians[0]) / best;
    Ok(Figure {
        value,
        details: format!("{} runs each{}", costs[0].len(), rows.concat()),
        missed: None,
    })
}

fn around_nothing(folder: &Path) -> Result<Figure, String> {
    let tree = reactor::empty(folder, 100)?;
    let planned = Planned::of(&tree)?;
    let ours = |_| build(&tree, &[]);
    let theirs = |_| planned.command(&tree);
    // Maven's own cost goes up and down by a fifth from run to run, and a hundredth is looked for.
    let costs = in_turn(&[&ours, &theirs], runs(41), 1, &[0], &|_, _| Ok(()))?;
    let mut figure = Figure::from([median(&costs[0]), median(&costs[1])]);
    let spread = [&costs[0], &costs[1]].map(|costs| range(costs.iter().map(|cost| cost.cpu)));
    figure.details +=
        &format!("; {} runs each, CPU {} against {}", costs[0].len(), spread[0], spread[1]);
    Ok(figure)
}

/// A Maven that only says what the real one said, less what saying it costs.
fn reading_alone(folder: &Path) -> Result<Figure, String> {
    let tree = reactor::empty(folder, 100)?;
    let planned = Planned::of(&tree)?;
    let (bare, said) = {
        let said = RefCell::new(Vec::new());
        let look = |_: usize, written: &[u8]| {
            *said.borrow_mut() = written.to_vec();
            Ok(())
        };
        let costs = in_turn(&[&|_| planned.command(&tree)], runs(5).min(5), 1, &[0], &look)?;
        (median(&costs[0]), said.into_inner())
    };
    let programs = folder.join("maven/bin");
    let log = folder.join("said");
    stand_in(&programs, &log, &said).map_err(|error| error.to_string())?;
    let ours = |_| {
        let mut command = build(&tree, &[]);
        let mut path = vec![programs.clone()];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        command.env("PATH", std::env::join_paths(path).unwrap_or_default());
        command
    };
    let theirs = |_| at(&tree, Command::new(programs.join("mvn")));
    let costs = in_turn(&[&ours, &theirs], runs(21), 1, &[0], &|_, _| Ok(()))?;
    let [ours, theirs] = [median(&costs[0]).cpu, median(&costs[1]).cpu];
    let own = ours.saturating_sub(theirs).as_secs_f64();
    let details = format!(
        "{:.1} ms for {} lines, beside {:.1} s of CPU",
        own * 1e3,
        said.iter().filter(|byte| **byte == b'\n').count(),
        bare.cpu.as_secs_f64()
    );
    Ok(Figure { value: own / bare.cpu.as_secs_f64(), details, missed: None })
}

/// A folder that looks like Maven's, with a program that says what is in a file.
fn stand_in(programs: &Path, log: &Path, said: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir_all(programs)?;
    fs::write(log, said)?;
    fs::write(programs.join("m2.conf"), "")?;
    let program = programs.join("mvn");
    fs::write(&program, format!("#!/bin/sh\nexec cat '{}'\n", log.display()))?;
    fs::set_permissions(program, fs::Permissions::from_mode(0o755))
}
