//! What sets two builds apart, the answer first. A difference counts beyond noise only: two runs of
//! the same build on the same machine differ by some 14 %. Values in, lines out.

use std::collections::{BTreeMap, BTreeSet};

use crate::maven::record::{Downloads, Ending, Module, ModuleEnding, Record};
use crate::maven::recorder::short;
use crate::maven::warnings::Warning;
use crate::text::{Line, Tone, duration, first_few, size};

use super::text::first_place;

/// The share and the seconds from which on two times differ.
const NOISE: (f64, f64) = (0.2, 1.0);
/// Seconds from which on a module tells how fast a build was.
const TELLING: f64 = 0.5;
/// Modules that have to tell before one speaks of all.
const ENOUGH: usize = 4;
/// Rows of each list.
const ROWS: usize = 5;

/// The lines.
#[must_use]
pub fn lines(before: &Record, now: &Record, harmless: &dyn Fn(&str) -> bool) -> Vec<Line> {
    let pace = pace(before, now);
    let mut lines = vec![answer(before, now)];
    lines.extend(unlike(before, now));
    lines.extend(alike(pace));
    let told = differences(&by_module(before), &by_module(now), pace);
    lines.extend(rows("modules", &told));
    let (goals, goals_now) = (goals(before, now), goals(now, before));
    let alike = |name: &str| goals.get(name).map(|it| it.0) == goals_now.get(name).map(|it| it.0);
    let times = |goals: &BTreeMap<String, (usize, f64)>| -> BTreeMap<String, f64> {
        let alike = goals.iter().filter(|(name, _)| alike(name));
        alike.map(|(name, (_, seconds))| (name.clone(), *seconds)).collect()
    };
    lines.extend(rows("goals", &differences(&times(&goals), &times(&goals_now), pace)));
    lines.extend(modules_only(before, now));
    lines.extend(warnings(before, now, harmless));
    lines.extend(downloads(before, now));
    lines.extend(tests(before, now));
    lines
}

/// How far apart two times are, in words; nothing where that is noise.
fn apart(before: f64, now: f64) -> Option<(bool, String)> {
    let (share, seconds) = NOISE;
    let difference = now - before;
    if difference.abs() < seconds || difference.abs() < before.min(now) * share {
        return None;
    }
    let percent = match now / before {
        ratio if !ratio.is_finite() => None,
        // Beyond that a share says less than how many times as long it took.
        ratio if ratio >= 4.0 => None,
        _ => Some(format!(" ({:.0} %)", difference.abs() / before * 100.0)),
    };
    let word = if difference > 0.0 { "slower" } else { "faster" };
    let by = duration(difference.abs());
    Some((difference > 0.0, format!("{by}{} {word}", percent.unwrap_or_default())))
}

fn answer(before: &Record, now: &Record) -> Line {
    let ended = |record: &Record| match record.ending {
        Ending::Passed => "passed",
        Ending::Failed => "failed",
        Ending::Stopped => "was stopped",
    };
    let times = format!("{}, before {}", duration(now.seconds), duration(before.seconds));
    if before.ending != now.ending {
        let good = now.ending == Ending::Passed;
        let tone = if good { Tone::Good } else { Tone::Bad };
        let text = format!("it {} now and {} before", ended(now), ended(before));
        return Line::toned(tone, text).and(Tone::Dim, format!(" ({times})"));
    }
    if now.ending != Ending::Passed {
        return Line::toned(Tone::Bad, format!("it {} both times", ended(now)))
            .and(Tone::Dim, format!(" ({times})"));
    }
    match apart(before.seconds, now.seconds) {
        Some((slower, by)) => {
            let tone = if slower { Tone::Warn } else { Tone::Good };
            Line::toned(tone, by).and(Tone::Plain, format!(": {times}"))
        }
        None => Line::plain(format!("as fast as before: {times}")),
    }
}

/// What was not the same about the two builds themselves.
fn unlike(before: &Record, now: &Record) -> Option<Line> {
    let (a, b) = (&before.asked, &now.asked);
    let unknown = |value: Option<String>| value.unwrap_or_else(|| "unknown".to_owned());
    let release = |jdk: Option<u64>| unknown(jdk.map(|jdk| jdk.to_string()));
    let pairs = [
        ("goals", a.goals.clone(), b.goals.clone()),
        ("threads", a.threads.to_string(), b.threads.to_string()),
        ("JDK", release(a.jdk), release(b.jdk)),
        ("Maven", unknown(a.maven.clone()), unknown(b.maven.clone())),
    ];
    let unlike = pairs.iter().filter(|(_, a, b)| a != b);
    let unlike = unlike.map(|(name, a, b)| format!("{name} {b} instead of {a}"));
    let unlike: Vec<String> = unlike.collect();
    let text = format!("not the same build: {}", unlike.join(", "));
    (!unlike.is_empty()).then(|| Line::toned(Tone::Warn, text))
}

/// How much longer an ordinary module took, where enough of them tell.
fn pace(before: &Record, now: &Record) -> f64 {
    let (before, now) = (by_module(before), by_module(now));
    let ratio = |(name, a): (&String, &f64)| {
        let b = now.get(name)?;
        (*a >= TELLING && *b >= TELLING).then(|| b / a)
    };
    let mut ratios: Vec<f64> = before.iter().filter_map(ratio).collect();
    ratios.sort_by(f64::total_cmp);
    let pace = if ratios.len() < ENOUGH { 1.0 } else { ratios[ratios.len() / 2] };
    if apart(10.0, 10.0 * pace).is_some() { pace } else { 1.0 }
}

fn alike(pace: f64) -> Option<Line> {
    let text = match pace {
        1.0 => return None,
        pace if pace > 1.0 => format!("{pace:.1} times as long"),
        pace => format!("{:.0} % of the time", pace * 100.0),
    };
    Some(Line::plain(format!(
        "an ordinary module took {text}: the machine, its load or the threads, not one module"
    )))
}

/// The modules that were built: one that failed took as long as it got.
fn built(record: &Record) -> impl Iterator<Item = &Module> {
    record.modules.iter().filter(|module| module.ending == ModuleEnding::Built)
}

fn by_module(record: &Record) -> BTreeMap<String, f64> {
    built(record).map(|it| (it.artifact.clone(), (it.seconds - it.fetching).max(0.0))).collect()
}

/// How often each goal ran in the modules that the other build has built too, and how long.
fn goals(record: &Record, other: &Record) -> BTreeMap<String, (usize, f64)> {
    let both: BTreeSet<&str> = built(other).map(|module| module.artifact.as_str()).collect();
    let mut goals: BTreeMap<String, (usize, f64)> = BTreeMap::new();
    for module in built(record).filter(|module| both.contains(module.artifact.as_str())) {
        for goal in &module.goals {
            let sum = goals.entry(short(&goal.goal)).or_default();
            *sum = (sum.0 + 1, sum.1 + goal.seconds);
        }
    }
    goals
}

/// What differs beyond noise and beyond what all do, the largest first.
fn differences(
    before: &BTreeMap<String, f64>,
    now: &BTreeMap<String, f64>,
    pace: f64,
) -> Vec<(bool, String)> {
    let told = before.iter().filter_map(|(name, a)| {
        let b = now.get(name)?;
        let (slower, by) = apart(a * pace, *b)?;
        let (now, before) = (duration(*b), duration(*a));
        let text = if pace == 1.0 {
            format!("{name}: {by}, {now} instead of {before}")
        } else {
            format!("{name}: {now} instead of {before}, {by} than the others")
        };
        Some(((b - a * pace).abs(), slower, text))
    });
    let mut told: Vec<(f64, bool, String)> = told.collect();
    told.sort_by(|a, b| b.0.total_cmp(&a.0));
    told.into_iter().map(|(_, slower, text)| (slower, text)).collect()
}

fn rows(label: &str, told: &[(bool, String)]) -> Vec<Line> {
    let row = |(at, (slower, text)): (usize, &(bool, String))| {
        let label = if at == 0 { label } else { "" };
        let tone = if *slower { Tone::Warn } else { Tone::Good };
        Line::toned(Tone::Dim, format!("{label:<11}")).and(tone, text)
    };
    let mut lines: Vec<Line> = told.iter().take(ROWS).enumerate().map(row).collect();
    if told.len() > ROWS {
        lines.push(Line::toned(Tone::Dim, format!("{:11}and {} more", "", told.len() - ROWS)));
    }
    lines
}

fn labelled(label: &str, text: String) -> Line {
    Line::toned(Tone::Dim, format!("{label:<11}")).and(Tone::Plain, text)
}

fn modules_only(before: &Record, now: &Record) -> Vec<Line> {
    let names = |record: &Record| -> BTreeSet<String> {
        record.modules.iter().map(|module| module.artifact.clone()).collect()
    };
    let (a, b) = (names(before), names(now));
    let told = |label, some: Vec<&String>| {
        (!some.is_empty()).then(|| labelled(label, first_few(&some, ROWS)))
    };
    let new = told("only now", b.difference(&a).collect());
    new.into_iter().chain(told("no longer", a.difference(&b).collect())).collect()
}

fn warnings(before: &Record, now: &Record, harmless: &dyn Fn(&str) -> bool) -> Vec<Line> {
    let known: BTreeSet<&str> = before.warnings.different.iter().map(|w| w.text.as_str()).collect();
    let said: BTreeSet<&str> = now.warnings.different.iter().map(|w| w.text.as_str()).collect();
    let new = now.warnings.different.iter().filter(|w| !known.contains(w.text.as_str()));
    let new: Vec<&Warning> = new.filter(|warning| !harmless(&warning.text)).collect();
    let gone = known.difference(&said).count();
    let mut lines = Vec::new();
    if !new.is_empty() || gone > 0 {
        lines.push(labelled("warnings", format!("{} new, {gone} gone", new.len())));
    }
    lines.extend(new.iter().take(ROWS).map(|warning| {
        let text: String = warning.text.chars().take(150).collect();
        labelled("", format!("new: {text} ({})", first_place(warning)))
    }));
    lines
}

/// What was fetched, where the two differ in it, and that the modules' times are without it.
fn downloads(before: &Record, now: &Record) -> Option<Line> {
    let (a, b) = (&before.downloads, &now.downloads);
    let of = |all: &Downloads| match all.files {
        0 if all.seconds >= 1.0 => format!("none, in {} of waiting", duration(all.seconds)),
        0 => "none".to_owned(),
        1 => format!("1 file, {}, in {}", size(all.bytes), duration(all.seconds)),
        files => format!("{files} files, {}, in {}", size(all.bytes), duration(all.seconds)),
    };
    let differ = a.files != b.files || apart(a.seconds, b.seconds).is_some();
    differ.then(|| {
        let text = format!("{}, before {}; the modules' times are without it", of(b), of(a));
        labelled("downloads", text)
    })
}

fn tests(before: &Record, now: &Record) -> Vec<Line> {
    let (a, b) = (&before.tests, &now.tests);
    let mut lines = Vec::new();
    if a.counts != b.counts {
        let of = |t: &crate::maven::surefire::Tests| {
            format!(
                "{} run, {} failed, {} skipped",
                t.counts.run,
                t.counts.failed + t.counts.errors,
                t.counts.skipped
            )
        };
        lines.push(labelled("tests", format!("{}, before {}", of(b), of(a))));
    }
    let failed: BTreeSet<&str> = a.failed.iter().map(|class| class.name.as_str()).collect();
    let newly = b.failed.iter().filter(|class| !failed.contains(class.name.as_str()));
    lines.extend(newly.take(ROWS).map(|class| {
        Line::toned(Tone::Dim, format!("{:11}", ""))
            .and(Tone::Bad, format!("fails now: {}", class.name))
    }));
    lines
}
