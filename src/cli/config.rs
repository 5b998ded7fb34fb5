//! The verb `config`: every setting and every value of the project, and who says so. Shows no
//! secret: logins of proxies are no part of either.

use std::path::Path;

use crate::exit::Exit;
use crate::finding::Severity;
use crate::profile::{self, Valued};
use crate::sys::System;
use crate::text::{Line, Tone};

use super::Session;
use super::args::Global;
use super::settings::{self, Named, Origin, Set};
use super::workspace::Workspace;

/// One line: a name, a value, and who says so.
struct Row {
    name: String,
    value: String,
    origin: String,
}

/// Shows settings first, then what the policy sets, then the project's values.
///
/// # Errors
/// Mistakes in settings or packs, a closed standard output.
pub fn config(session: &Session<'_>, global: &Global) -> anyhow::Result<Exit> {
    let workspace = Workspace::open(session.bench, global)?;
    let sections = [
        ("settings", settings(session.bench, global, &workspace)),
        ("project", values(&workspace)),
    ];
    let rows = || sections.iter().flat_map(|(_, rows)| rows);
    let widest = |of: fn(&Row) -> &String| rows().map(|row| of(row).chars().count()).max();
    let (names, widths) = (widest(|row| &row.name), widest(|row| &row.value));
    let columns = (names.unwrap_or(0), widths.unwrap_or(0).min(VALUE));
    let mut lines = Vec::new();
    for (title, rows) in &sections {
        if !lines.is_empty() {
            lines.push(Line::new());
        }
        lines.push(Line::toned(Tone::Strong, *title));
        lines.extend(rows.iter().flat_map(|row| shown(row, columns, session.terminal.width)));
    }
    lines.push(Line::new());
    lines.extend(closing(session, global));
    session.terminal.data(&lines)?;
    Ok(Exit::Success)
}

/// Widest column of values; a longer one pushes its origin to the next row.
const VALUE: usize = 24;

fn shown(row: &Row, (names, values): (usize, usize), width: usize) -> Vec<Line> {
    let name = Line::toned(Tone::Command, format!("  {:<names$}  ", row.name));
    let column = names + values + 6;
    let longest = row.origin.split_whitespace().map(|word| word.chars().count()).max();
    let fits = column + longest.unwrap_or(0) <= width;
    if fits && row.value.chars().count() <= values {
        let value = name.and(Tone::Plain, format!("{:<values$}  ", row.value));
        return value.hanging(Tone::Dim, &row.origin, width);
    }
    let mut lines = name.hanging(Tone::Plain, &row.value, width);
    // A place too long for its column goes below the value, where a row can hold it.
    let below = Line::plain(" ".repeat(if fits { column } else { names + 6 }));
    lines.extend(below.hanging(Tone::Dim, &row.origin, width));
    lines
}

fn settings(system: &dyn System, global: &Global, workspace: &Workspace) -> Vec<Row> {
    let set = &global.settings;
    let project = Set {
        value: workspace.project.name.clone(),
        origin: set.project.as_ref().map_or(Origin::BuiltIn, |set| set.origin.clone()),
    };
    let project =
        Row { origin: chosen_by(&project, workspace), ..row("project", &project, Clone::clone) };
    let policy = or(&set.policy, workspace.policy.name.clone());
    let threshold = set.threshold();
    let waivers = waivers(system, &set.waivers);
    let checks = set.checks.iter().map(|set| row("checks", set, |path| shown_path(path)));
    let flags = global.checks.iter().skip(set.checks.len()).map(|path| Row {
        name: "checks".to_owned(),
        value: shown_path(path),
        origin: "--checks".to_owned(),
    });
    let own = settings::folder(system).map(|folder| folder.join("checks"));
    let own = own.filter(|folder| system.kind(folder).is_some()).map(|folder| Row {
        name: "checks".to_owned(),
        value: shown_path(&folder),
        origin: "the user's folder".to_owned(),
    });
    [
        project,
        row("policy", &policy, Clone::clone),
        row("fail_on", &threshold, |severity| word(*severity).to_owned()),
        row("strict", &or(&set.strict, false), |yes| yes.to_string()),
        row("offline", &or(&set.offline, false), |yes| yes.to_string()),
        waivers,
    ]
    .into_iter()
    .chain(own)
    .chain(checks)
    .chain(flags)
    .collect()
}

fn or<T: Clone>(named: &Named<T>, usual: T) -> Set<T> {
    named.clone().unwrap_or(Set { value: usual, origin: Origin::BuiltIn })
}

fn row<T>(name: &str, set: &Set<T>, value: impl FnOnce(&T) -> String) -> Row {
    Row { name: name.to_owned(), value: value(&set.value), origin: set.origin.to_string() }
}

fn chosen_by(project: &Set<String>, workspace: &Workspace) -> String {
    match project.origin {
        Origin::BuiltIn => workspace.project.chosen_by.clone(),
        _ => project.origin.to_string(),
    }
}

fn waivers(system: &dyn System, named: &Named<std::path::PathBuf>) -> Row {
    let usual = settings::folder(system).map(|folder| folder.join("waivers.yaml"));
    let there = usual.filter(|file| system.kind(file).is_some());
    match (named, there) {
        (Some(set), _) => row("waivers", set, |path| shown_path(path)),
        (None, Some(file)) => Row {
            name: "waivers".to_owned(),
            value: shown_path(&file),
            origin: "the user's folder".to_owned(),
        },
        (None, None) => {
            row("waivers", &Set { value: (), origin: Origin::BuiltIn }, |()| "none".to_owned())
        }
    }
}

fn shown_path(path: &Path) -> String {
    path.display().to_string()
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warn",
        Severity::Advice => "advice",
    }
}

fn values(workspace: &Workspace) -> Vec<Row> {
    let values = profile::values(&workspace.project).into_iter();
    let rows = values.map(|Valued { name, value, origin }| Row { name, value, origin });
    rows.collect()
}

/// Where to change something, and what looks like a setting and is none.
fn closing(session: &Session<'_>, global: &Global) -> Vec<Line> {
    let width = session.terminal.width;
    let mut lines = Vec::new();
    for (name, meant) in settings::mistyped(session.bench) {
        let text = format!("{name} is set, and nothing reads it; did you mean {meant}?");
        lines.extend(Line::toned(Tone::Warn, "! ").hanging(Tone::Plain, &text, width));
    }
    if let Some(file) = &global.settings.file {
        let there = session.bench.kind(file).is_some();
        let state = if there { "" } else { ", which is not there yet" };
        let text = format!("settings of yours stand in {}{state}", file.display());
        lines.extend(Line::new().hanging(Tone::Dim, &text, width));
    }
    lines
}
