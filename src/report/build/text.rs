//! The record of a build for people: what took the time, what was downloaded, warned of and tested.

use crate::maven::record::{Ending, Module, Record};
use crate::maven::recorder::short;
use crate::maven::warnings::Warning;
use crate::text::{Line, Tone, duration, size, wrap};

use super::failures;

/// Rows of each list; the other formats have all.
const ROWS: usize = 8;
/// Columns of the labels.
const LABEL: usize = 15;

/// What a text is made with.
#[derive(Clone, Copy)]
pub struct Style<'a> {
    /// Columns.
    pub width: usize,
    /// Whether a warning is known to mean nothing.
    pub harmless: &'a dyn Fn(&str) -> bool,
}

/// The record as lines.
#[must_use]
pub fn lines(record: &Record, style: Style<'_>) -> Vec<Line> {
    let mut lines = vec![headline(record)];
    lines.push(Line::toned(
        Tone::Dim,
        format!("  mvn {}{}", record.asked.goals, surroundings(record)),
    ));
    let sections = [
        ("critical path", critical(record)),
        ("modules", modules(record)),
        ("goals", goals(record)),
        ("downloads", downloads(record)),
        ("tests", tests(record)),
        ("silent", silences(record)),
    ];
    lines.extend(labelled("failed", failures::rows(record, style.width.saturating_sub(LABEL))));
    for (label, rows) in sections {
        lines.extend(section(label, &rows, style.width));
    }
    lines.extend(warnings(record, style));
    lines
}

/// How it ended and how long it took.
#[must_use]
pub fn headline(record: &Record) -> Line {
    let modules = match record.modules.len() {
        1 => "1 module".to_owned(),
        count => format!("{count} modules"),
    };
    let took = duration(record.seconds);
    let of = record.chosen.map(|chosen| format!(" of {chosen}")).unwrap_or_default();
    let at = match record.modules.len() {
        0 => "before the first module".to_owned(),
        count => format!("in module {count}{of}"),
    };
    let (tone, text) = match record.ending {
        Ending::Passed => (Tone::Good, format!("built {modules} in {took}")),
        Ending::Failed => (Tone::Bad, format!("failed after {took}, {at}")),
        Ending::Stopped => (Tone::Warn, format!("stopped after {took}, {at}")),
    };
    Line::toned(tone, text).and(Tone::Dim, format!(", begun {}", when(record.started)))
}

fn surroundings(record: &Record) -> String {
    let asked = &record.asked;
    let jdk = asked.jdk.map(|jdk| format!(", JDK {jdk}")).unwrap_or_default();
    let maven = asked.maven.as_ref().map(|maven| format!(", Maven {maven}")).unwrap_or_default();
    format!("   {} at a time{jdk}{maven}", asked.threads)
}

/// `2026-03-01 12:30 UTC`.
#[must_use]
pub fn when(seconds: i64) -> String {
    match jiff::Timestamp::from_second(seconds) {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => seconds.to_string(),
    }
}

/// `1 file`, `2 files`.
fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn section(label: &str, rows: &[String], width: usize) -> Vec<Line> {
    let room = width.saturating_sub(LABEL).max(30);
    labelled(label, rows.iter().flat_map(|row| wrap_row(row, room)).collect())
}

fn labelled(label: &str, rows: Vec<String>) -> Vec<Line> {
    let label = |first: bool| if first { format!("{label:<LABEL$}") } else { " ".repeat(LABEL) };
    let line = |(at, row)| Line::toned(Tone::Dim, label(at == 0)).and(Tone::Plain, row);
    rows.into_iter().enumerate().map(line).collect()
}

/// A row in pieces that fit; what stands in columns keeps its place.
fn wrap_row(row: &str, room: usize) -> Vec<String> {
    let Some((end, _)) = row.char_indices().nth(room) else { return vec![row.to_owned()] };
    let cut = row[..end].rfind(' ').filter(|cut| !row[..*cut].trim().is_empty());
    let Some(cut) = cut else { return vec![row.to_owned()] };
    let mut rows = vec![row[..cut].trim_end().to_owned()];
    rows.extend(wrap(&row[cut..], room.saturating_sub(2)).iter().map(|rest| format!("  {rest}")));
    rows
}

fn critical(record: &Record) -> Vec<String> {
    if record.critical_path.len() < 2 {
        return Vec::new();
    }
    let seconds = |artifact: &String| {
        let module = record.modules.iter().find(|module| module.artifact == *artifact);
        module.map_or(0.0, |module| module.seconds)
    };
    let mut steps: Vec<(&String, f64)> =
        record.critical_path.iter().map(|artifact| (artifact, seconds(artifact))).collect();
    let count = steps.len();
    // The short ones between say little; order is kept.
    let mut sorted: Vec<f64> = steps.iter().map(|(_, seconds)| *seconds).collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let least = sorted.get(ROWS - 1).copied().unwrap_or(0.0);
    steps.retain(|(_, seconds)| *seconds >= least);
    let named =
        steps.iter().map(|(artifact, seconds)| format!("{artifact} {}", duration(*seconds)));
    let named = named.collect::<Vec<_>>().join(", ");
    let rest = if count > steps.len() {
        format!(" and {} short ones", count - steps.len())
    } else {
        String::new()
    };
    vec![
        format!(
            "{}: the chain of modules that wait for each other and take longest; no number of threads builds faster",
            duration(record.critical_seconds)
        ),
        format!("{named}{rest}"),
    ]
}

fn modules(record: &Record) -> Vec<String> {
    let mut modules: Vec<&Module> = record.modules.iter().collect();
    modules.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    let all: f64 = modules.iter().map(|module| module.seconds).sum();
    let width = modules.iter().take(ROWS).map(|module| module.artifact.chars().count());
    let width = width.max().unwrap_or(0).min(44);
    let row = |module: &&Module| {
        let share = if all > 0.0 { module.seconds / all * 100.0 } else { 0.0 };
        let mut goals: Vec<_> = module.goals.iter().collect();
        goals.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        let longest =
            goals.first().map(|goal| format!("  {} {}", short(&goal.goal), duration(goal.seconds)));
        let fetching = Some(module.fetching).filter(|seconds| *seconds >= 1.0);
        let fetching = fetching.map(|s| format!(", fetching {}", duration(s))).unwrap_or_default();
        format!(
            "{:<width$}  {:>9}  {share:>3.0} %{}{fetching}",
            module.artifact,
            duration(module.seconds),
            longest.unwrap_or_default()
        )
    };
    let mut rows: Vec<String> = modules.iter().take(ROWS).map(row).collect();
    rows.extend(more(modules.len()));
    rows
}

fn goals(record: &Record) -> Vec<String> {
    let width = record.goals.iter().take(ROWS).map(|goal| goal.goal.chars().count()).max();
    let width = width.unwrap_or(0).min(44);
    let row = |goal: &crate::maven::record::GoalSum| {
        let runs = if goal.runs == 1 { "once".to_owned() } else { format!("{} times", goal.runs) };
        format!("{:<width$}  {:>9}  {runs}", goal.goal, duration(goal.seconds))
    };
    let mut rows: Vec<String> = record.goals.iter().take(ROWS).map(row).collect();
    rows.extend(more(record.goals.len()));
    rows
}

fn more(count: usize) -> Option<String> {
    failures::more(count, ROWS)
}

fn downloads(record: &Record) -> Vec<String> {
    let all = &record.downloads;
    if all.files == 0 {
        return Vec::new();
    }
    let mut rows = vec![format!(
        "{}, {}, in {}",
        counted(all.files, "file", "files"),
        size(all.bytes),
        duration(all.seconds)
    )];
    if all.repositories.len() > 1 {
        let one = |repository: &crate::maven::record::Repository| {
            format!(
                "{}: {}, {}",
                repository.id,
                counted(repository.files, "file", "files"),
                size(repository.bytes)
            )
        };
        rows.extend(all.repositories.iter().map(one));
    }
    rows
}

fn tests(record: &Record) -> Vec<String> {
    let tests = &record.tests;
    if tests.classes == 0 {
        return Vec::new();
    }
    let counts = tests.counts;
    let mut rows = vec![format!(
        "{} run in {}, {} failed, {} ended by an error, {} skipped; {} together",
        counts.run,
        counted(tests.classes, "class", "classes"),
        counts.failed,
        counts.errors,
        counts.skipped,
        duration(tests.seconds)
    )];
    rows.extend(tests.failed.iter().take(ROWS).map(|class| format!("failed: {}", class.name)));
    let slow: Vec<_> = tests.slowest.iter().filter(|class| class.seconds >= 1.0).take(3).collect();
    rows.extend(slow.iter().map(|class| format!("{}  {}", duration(class.seconds), class.name)));
    rows
}

fn silences(record: &Record) -> Vec<String> {
    let rows = record.silences.iter().take(3).flat_map(|silence| {
        let head = format!("nothing was printed for {}", duration(silence.seconds));
        std::iter::once(head).chain(silence.threads.iter().take(3).cloned())
    });
    rows.collect()
}

fn warnings(record: &Record, style: Style<'_>) -> Vec<Line> {
    let warnings = &record.warnings;
    if warnings.lines == 0 {
        return Vec::new();
    }
    let (harmless, real): (Vec<&Warning>, Vec<&Warning>) =
        warnings.different.iter().partition(|warning| (style.harmless)(&warning.text));
    let mut rows =
        vec![format!("{} lines, {} different texts", warnings.lines, warnings.different.len())];
    rows.extend(real.iter().take(ROWS).map(|warning| one_warning(warning)));
    rows.extend(more(real.len()));
    let quiet: u64 = harmless.iter().map(|warning| warning.count).sum();
    if quiet > 0 {
        rows.push(format!("{quiet} more lines are known to mean nothing"));
    }
    section("warnings", &rows, style.width)
}

fn one_warning(warning: &Warning) -> String {
    let times =
        if warning.count > 1 { format!("{} times: ", warning.count) } else { String::new() };
    let text: String = warning.text.chars().take(160).collect();
    format!("{times}{text} ({})", first_place(warning))
}

/// Where a warning was first said.
#[must_use]
pub(super) fn first_place(warning: &Warning) -> String {
    let place = warning.place.as_deref().or(warning.module.as_deref());
    let place = place.map(|place| format!("{place}, ")).unwrap_or_default();
    format!("{place}line {} of the log", warning.line)
}
