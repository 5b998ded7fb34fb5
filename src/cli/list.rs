//! The verbs `list` and `explain`: what is checked, and why.

use std::collections::BTreeSet;

use crate::exit::Exit;
use crate::finding::Severity;
use crate::pack::{Check, Engine};
use crate::plan::{self, STAGES};
use crate::policy::Policy;
use crate::probe::{self, plugin};
use crate::profile::{self, Valued};
use crate::text::{Line, Tone};

use super::Session;
use super::args::{ExplainArgs, Global};
use super::trouble::Trouble;
use super::workspace::Workspace;

/// Lists the project's checks by pack and stage; what stands before a check's name in its id is
/// the heading.
///
/// # Errors
/// Mistakes in packs, a closed standard output.
pub fn list(session: &Session<'_>, global: &Global) -> anyhow::Result<Exit> {
    let workspace = Workspace::open_described(session.bench, global)?;
    let checks = workspace.all_checks();
    let mut lines = vec![Line::toned(
        Tone::Dim,
        format!(
            "{} checks for {}, judged by the policy {}",
            checks.len(),
            workspace.project.title,
            workspace.policy.name
        ),
    )];
    if let Some(brought) = &workspace.brought {
        lines.extend(Line::new().hanging(Tone::Dim, &brought.summary(), session.terminal.width));
    }
    let longest = checks.iter().map(|check| check.name().chars().count()).max().unwrap_or(0);
    for (pack, stage) in folders(&checks) {
        lines.push(Line::new());
        lines.push(Line::toned(Tone::Strong, format!("{pack}/{stage}")));
        let there = checks.iter().filter(|check| (check.pack(), check.stage()) == (pack, stage));
        lines.extend(there.flat_map(|check| row(check, longest, session.terminal.width)));
    }
    session.terminal.data(&lines)?;
    Ok(Exit::Success)
}

/// Pack and stage of every check, in the order of the road.
fn folders<'a>(checks: &[&'a Check]) -> Vec<(&'a str, &'a str)> {
    let rank = |stage: &str| STAGES.iter().position(|known| *known == stage);
    let mut folders: Vec<_> = checks.iter().map(|check| (check.pack(), check.stage())).collect();
    folders.sort_by_key(|(pack, stage)| (rank(stage).unwrap_or(STAGES.len()), *stage, *pack));
    folders.dedup();
    folders
}

/// Narrower than this a title is hard to read beside its id and goes below it.
const TITLE: usize = 30;

fn row(check: &Check, longest: usize, width: usize) -> Vec<Line> {
    let from = match (&check.replaces, check.origin.label()) {
        (Some(replaced), None) => format!(" (replaces {replaced})"),
        (Some(replaced), Some(from)) => format!(" (replaces {replaced}, from {from})"),
        (None, Some(from)) => format!(" (from {from})"),
        (None, None) => String::new(),
    };
    let title = format!("{}{from}", check.title);
    let (tone, severity) = word(check.severity);
    let severity = format!("{severity:<SEVERITY$}  ");
    if longest + 4 + severity.len() + title.chars().count().min(TITLE) <= width {
        let name = Line::toned(Tone::Command, format!("  {:<longest$}  ", check.name()));
        return name.and(tone, severity).hanging(Tone::Plain, &title, width);
    }
    let mut rows = vec![Line::toned(Tone::Command, format!("  {}", check.name()))];
    rows.extend(Line::plain("    ").and(tone, severity).hanging(Tone::Plain, &title, width));
    rows
}

/// Columns of the longest word for a severity.
const SEVERITY: usize = 7;

/// What a check that does not hold amounts to, in a word.
fn word(severity: Severity) -> (Tone, &'static str) {
    match severity {
        Severity::Error => (Tone::Bad, "failure"),
        Severity::Warn => (Tone::Warn, "warning"),
        Severity::Advice => (Tone::Dim, "advice"),
    }
}

/// Explains one check.
///
/// # Errors
/// An id that names no check or several.
pub fn explain(session: &Session<'_>, global: &Global, args: &ExplainArgs) -> anyhow::Result<Exit> {
    let workspace = Workspace::open_described(session.bench, global)?;
    let named = plan::select(workspace.all_checks(), std::slice::from_ref(&args.id))
        .map_err(Trouble::usage)?;
    let [check] = named.as_slice() else {
        let ids: Vec<&str> = named.iter().map(|check| check.id.as_str()).collect();
        return Err(Trouble::usage(format!("`{}` names {} checks", args.id, ids.len()))
            .remedy(format!("choose one of {}", ids.join(", ")))
            .into());
    };
    let family = session.bench.platform().family;
    let policies = treatments(session, &workspace, check)?;
    let told = Told { policies, looks_at: looks_at(session, &workspace, check), family };
    let lines = explanation(check, &told, session.terminal.width, global.verbose);
    session.terminal.data(&lines)?;
    Ok(Exit::Success)
}

/// How each policy treats a check, a line each, with the values that it is held to where these
/// differ.
fn treatments(
    session: &Session<'_>,
    workspace: &Workspace,
    check: &Check,
) -> Result<Vec<String>, Trouble> {
    let written = workspace.written.get(&check.id).copied().unwrap_or(check.severity);
    let tables = tables(&workspace.checks.engine, check);
    let mut treated = Vec::new();
    for name in workspace.policies.names() {
        let policy = workspace.policies.policy(name).map_err(Trouble::usage)?;
        let project = workspace.under(session.bench, &policy)?;
        let mut values = profile::values(&project);
        values.retain(|value| tables.iter().any(|table| value.name.starts_with(table)));
        treated.push((policy, values));
    }
    let (_, usual) = &treated[0];
    let differ = |value: &Valued| {
        treated.iter().any(|(_, values)| {
            !values.iter().any(|other| (&other.name, &other.value) == (&value.name, &value.value))
        })
    };
    let differing: Vec<&str> =
        usual.iter().filter(|value| differ(value)).map(|value| value.name.as_str()).collect();
    let line = |(policy, values): &(Policy, Vec<Valued>)| {
        let treatment = policy.treatment(check);
        let severity = treatment.map_or(written, |treatment| treatment.severity);
        let because = treatment.and_then(|treatment| treatment.because);
        let because = because.map(|because| format!(", because {because}")).unwrap_or_default();
        let shown = values.iter().filter(|value| differing.contains(&value.name.as_str()));
        let shown: String =
            shown.map(|value| format!("; {} is {}", value.name, value.value)).collect();
        format!("{}: {}{because}{shown}", policy.name, a(severity))
    };
    Ok(treated.iter().map(line).collect())
}

/// Tables of the project that a check looks into, such as `maven.`.
fn tables(engine: &Engine, check: &Check) -> BTreeSet<String> {
    let conditions = check.when.iter().chain(&check.unsure).map(|condition| &condition.expression);
    let names =
        conditions.chain([&check.pass]).flat_map(|text| engine.names(text).unwrap_or_default());
    let tables = names.filter_map(|name| {
        let name = name.strip_prefix("project.")?;
        Some(format!("{}.", name.split('.').next()?))
    });
    tables.collect()
}

fn a(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "a failure",
        Severity::Warn => "a warning",
        Severity::Advice => "advice",
    }
}

/// What a check looks at; for a plug-in, what that says of itself and where it lies.
fn looks_at(session: &Session<'_>, workspace: &Workspace, check: &Check) -> String {
    let plugins = &workspace.checks.plugins;
    let name = &check.probe;
    // Nobody vouches for some checks; what they name is not started.
    if probe::find(name).is_some() || !check.origin.vouched_for() {
        return name.clone();
    }
    let program = match plugins.find(session.bench, name) {
        Ok(Some(program)) => program.display().to_string(),
        Ok(None) => return name.clone(),
        Err(refused) => return format!("{name}, but {refused}"),
    };
    match plugin::describe(session.bench, plugins, name) {
        Ok(description) if !description.title.is_empty() => {
            format!("{}, by {program}", description.title)
        }
        _ => format!("{name}, by {program}"),
    }
}

/// What an explanation says beside the check's own words.
struct Told {
    /// How each policy treats it.
    policies: Vec<String>,
    looks_at: String,
    /// Package family, which chooses the remedy.
    family: String,
}

fn explanation(check: &Check, told: &Told, width: usize, verbose: bool) -> Vec<Line> {
    let mut lines = vec![
        Line::toned(Tone::Strong, &check.title),
        Line::toned(Tone::Dim, &check.id),
        Line::new(),
    ];
    let rows = [
        ("why", Some(words(check, &check.why))),
        ("if not", Some(consequence(check.severity).to_owned())),
        ("policies", Some(told.policies.join("\n"))),
        ("upstream", check.upstream.as_ref().map(|text| words(check, text))),
        ("looks at", Some(told.looks_at.clone())),
        ("fix", check.fix_for(&told.family).map(|text| words(check, text))),
        ("or", check.may_repair_on(&told.family).then(|| mended(check))),
        ("source", Some(check.source.clone())),
        ("from", check.origin.label()),
        ("holds if", verbose.then(|| condition(check))),
        ("file", verbose.then(|| check.file.clone())),
    ];
    for (label, text) in rows.into_iter().filter_map(|(label, text)| Some((label, text?))) {
        let label_of = Line::toned(Tone::Dim, format!("{label:<10} "));
        lines.extend(match label {
            "fix" | "or" => label_of.remedy(&text, width),
            _ => label_of.hanging(Tone::Plain, &text, width),
        });
    }
    lines
}

fn consequence(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "a failure: it stops the road",
        Severity::Warn => "a warning: likely to cost time",
        Severity::Advice => "advice: worth knowing, never a failure",
    }
}

/// That onramp can do it, as far as the check has steps for what was found.
fn mended(check: &Check) -> String {
    format!("onramp fix {} (it shows what it can do here, and asks)", check.name())
}

fn condition(check: &Check) -> String {
    match &check.each {
        Some(each) => format!("{}  (for each of {each})", check.pass),
        None => check.pass.clone(),
    }
}

/// A text of the check, or how to see it where it depends on what was found.
fn words(check: &Check, text: &str) -> String {
    if !text.contains("{{") && !text.contains("{%") {
        return text.to_owned();
    }
    let name = check.name();
    format!("shown by `onramp check {name}` for this machine")
}
