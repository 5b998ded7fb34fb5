//! The verbs `list` and `explain`: what is checked, and why.

use crate::exit::Exit;
use crate::finding::Severity;
use crate::pack::{Check, Origin};
use crate::plan::{self, STAGES};
use crate::report::human::wrap;
use crate::text::{Line, Tone};

use super::Session;
use super::args::{ExplainArgs, Global};
use super::trouble::Trouble;
use super::workspace::Workspace;

/// Lists the project's checks by stage.
///
/// # Errors
/// Mistakes in packs, a closed standard output.
pub fn list(session: &Session<'_>, global: &Global) -> anyhow::Result<Exit> {
    let workspace = Workspace::open(session.bench, global)?;
    let checks = workspace.all_checks();
    let mut lines = vec![Line::toned(
        Tone::Dim,
        format!("{} checks for {}", checks.len(), workspace.project.title),
    )];
    let longest = checks.iter().map(|check| check.id.chars().count()).max().unwrap_or(0);
    for stage in STAGES {
        let of_stage: Vec<_> = checks.iter().filter(|check| check.stage() == stage).collect();
        if !of_stage.is_empty() {
            lines.push(Line::new());
            lines.push(Line::toned(Tone::Strong, stage));
        }
        lines.extend(of_stage.into_iter().map(|check| row(check, longest)));
    }
    session.terminal.data(&lines)?;
    Ok(Exit::Success)
}

fn row(check: &Check, longest: usize) -> Line {
    let padded = format!("  {:<longest$}  ", check.id);
    let line = Line::toned(Tone::Command, padded).and(Tone::Plain, &check.title);
    match (&check.replaces, &check.origin) {
        (Some(replaced), _) => line.and(Tone::Dim, format!(" (replaces {replaced})")),
        (None, Origin::Folder(folder)) => line.and(Tone::Dim, format!(" (from {folder})")),
        (None, Origin::Embedded) => line,
    }
}

/// Explains one check.
///
/// # Errors
/// An id that names no check or several.
pub fn explain(session: &Session<'_>, global: &Global, args: &ExplainArgs) -> anyhow::Result<Exit> {
    let workspace = Workspace::open(session.bench, global)?;
    let named = plan::select(workspace.all_checks(), std::slice::from_ref(&args.id))
        .map_err(Trouble::usage)?;
    let [check] = named.as_slice() else {
        let ids: Vec<&str> = named.iter().map(|check| check.id.as_str()).collect();
        return Err(Trouble::usage(format!("`{}` names {} checks", args.id, ids.len()))
            .remedy(format!("choose one of {}", ids.join(", ")))
            .into());
    };
    session.terminal.data(&explanation(
        check,
        &session.bench.platform().family,
        session.terminal.width,
    ))?;
    Ok(Exit::Success)
}

fn explanation(check: &Check, family: &str, width: usize) -> Vec<Line> {
    let severity = match check.severity {
        Severity::Error => "a failure: it stops the road",
        Severity::Warn => "a warning: likely to cost time",
        Severity::Advice => "advice: worth knowing, never a failure",
    };
    let mut lines = vec![
        Line::toned(Tone::Strong, &check.title),
        Line::toned(Tone::Dim, &check.id),
        Line::new(),
    ];
    let condition = match &check.each {
        Some(each) => format!("{}  (for each of {each})", check.pass),
        None => check.pass.clone(),
    };
    let rows = [
        ("why", Some(check.why.as_str())),
        ("if not", Some(severity)),
        ("upstream", check.upstream.as_deref()),
        ("holds if", Some(&condition)),
        ("looks at", Some(check.probe.as_str())),
        ("fix", check.fix_for(family)),
        ("source", Some(check.source.as_str())),
        ("file", Some(check.file.as_str())),
    ];
    for (label, text) in rows.into_iter().filter_map(|(label, text)| Some((label, text?))) {
        for (index, row) in wrap(text, width.saturating_sub(11)).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            lines.push(Line::toned(Tone::Dim, format!("{label:<10} ")).and(Tone::Plain, row));
        }
    }
    lines
}
