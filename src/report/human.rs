//! The report for a person at a screen: worst news findable at a glance, each with its remedy,
//! and a last line that says where they stand.

use crate::finding::{Finding, Outcome, Place};
use crate::text::{Line, Tone, clean_line};

use super::{Report, tally};

/// How much to say.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Show what passed one by one, reasons and sources of everything.
    pub verbose: bool,
    /// Show only what does not hold or could not be told: nothing where all is well.
    pub quiet: bool,
    /// Columns.
    pub width: usize,
}

/// Most items of one check shown one by one; the rest are counted.
const SHOWN: usize = 10;

/// The whole report as lines.
#[must_use]
pub fn write(report: &Report, style: Style) -> Vec<Line> {
    if style.quiet {
        return problems(report, style);
    }
    let mut lines = vec![head(report)];
    let mut stage = "";
    for group in report.findings.chunk_by(|one, other| one.check == other.check) {
        let next = group.first().map_or("", Finding::stage);
        if next != stage {
            stage = next;
            lines.push(Line::new());
            lines.push(Line::toned(Tone::Strong, stage));
        }
        check(group, style, &mut lines);
    }
    lines.push(Line::new());
    lines.push(summary(&report.findings));
    lines
}

fn problems(report: &Report, style: Style) -> Vec<Line> {
    let mut lines = Vec::new();
    let well = |finding: &&Finding| matches!(finding.outcome, Outcome::Pass | Outcome::Skip);
    for finding in report.findings.iter().filter(|finding| !well(finding)) {
        bad(finding, style, &mut lines);
    }
    lines
}

fn head(report: &Report) -> Line {
    let project = match &report.project.version {
        Some(version) => format!("{} {}", report.project.title, clean_line(version)),
        None => report.project.title.clone(),
    };
    Line::toned(
        Tone::Dim,
        format!("onramp {} · {project} · {}", report.onramp, report.platform.name),
    )
}

/// The findings of one check: those that went well as one line, the others one by one.
fn check(group: &[Finding], style: Style, lines: &mut Vec<Line>) {
    let (well, badly): (Vec<&Finding>, Vec<&Finding>) =
        group.iter().partition(|finding| matches!(finding.outcome, Outcome::Pass | Outcome::Skip));
    if style.verbose || (well.len() == 1 && badly.is_empty()) {
        well.iter().for_each(|finding| good(finding, style, lines));
    } else if let Some(first) = well.first() {
        let count = format!("{} ({} of {})", first.title, well.len(), group.len());
        lines.push(mark(first.outcome).and(Tone::Plain, count));
    }
    for finding in badly.iter().take(SHOWN) {
        bad(finding, style, lines);
    }
    if badly.len() > SHOWN {
        let rest = format!("    and {} more; `--report json` lists them all", badly.len() - SHOWN);
        lines.push(Line::toned(Tone::Dim, rest));
    }
}

fn good(finding: &Finding, style: Style, lines: &mut Vec<Line>) {
    let tone = if finding.outcome == Outcome::Skip { Tone::Dim } else { Tone::Plain };
    let text = match finding.outcome {
        Outcome::Skip => format!("{} – skipped, {}", finding.title, clean_line(&finding.text)),
        _ => clean_line(&finding.text),
    };
    lines.push(mark(finding.outcome).and(tone, text));
    if style.verbose {
        wrapped("", &finding.check, Tone::Dim, style, lines);
    }
}

fn bad(finding: &Finding, style: Style, lines: &mut Vec<Line>) {
    let said = match finding.outcome {
        Outcome::Unknown => format!("{} – could not be told: {}", finding.title, finding.text),
        _ => finding.text.clone(),
    };
    let place = finding.place.as_ref().and_then(|place| missing_place(place, &finding.text));
    let place = place.map(|place| format!("{place}: "));
    let mut rows =
        wrap(&(place.unwrap_or_default() + &said), style.width.saturating_sub(4)).into_iter();
    let tone = if finding.outcome == Outcome::Fail { Tone::Strong } else { Tone::Plain };
    lines.push(mark(finding.outcome).and(tone, rows.next().unwrap_or_default()));
    lines.extend(rows.map(|row| Line::plain("    ").and(tone, row)));
    if finding.outcome != Outcome::Unknown || style.verbose {
        wrapped("why ", &finding.why, Tone::Dim, style, lines);
    }
    if let Some(upstream) = &finding.upstream {
        wrapped("note ", upstream, Tone::Dim, style, lines);
    }
    if let Some(fix) = &finding.fix {
        for (index, row) in fix.lines().enumerate() {
            let label = if index == 0 { "    fix  " } else { "         " };
            lines.push(Line::toned(Tone::Dim, label).and(Tone::Command, clean_line(row)));
        }
    }
    if style.verbose {
        wrapped(
            "rule ",
            &format!("{} · {}", finding.check, finding.source),
            Tone::Dim,
            style,
            lines,
        );
    }
}

fn wrapped(label: &str, text: &str, tone: Tone, style: Style, lines: &mut Vec<Line>) {
    for (index, row) in wrap(text, style.width.saturating_sub(9)).into_iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        lines.push(Line::toned(Tone::Dim, format!("    {label:<5}")).and(tone, row));
    }
}

fn mark(outcome: Outcome) -> Line {
    let (tone, mark) = match outcome {
        Outcome::Pass => (Tone::Good, "✓"),
        Outcome::Fail => (Tone::Bad, "✗"),
        Outcome::Warn => (Tone::Warn, "!"),
        Outcome::Unknown => (Tone::Odd, "?"),
        Outcome::Skip => (Tone::Dim, "–"),
    };
    Line::plain("  ").and(tone, mark).and(Tone::Plain, " ")
}

/// The part of a place that the text does not name itself.
fn missing_place(of: &Place, text: &str) -> Option<String> {
    let said = |word: &str| text.contains(&clean_line(word)) || text.contains(word);
    let file = of.file.clone().filter(|file| of.line.is_some() || !said(file));
    let commit = of.commit.clone().filter(|commit| !said(short(commit)));
    place(&Place { file, line: of.line, commit })
}

fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}

/// A place as people write it.
#[must_use]
pub fn place(place: &Place) -> Option<String> {
    let file = place.file.as_ref().map(|file| match place.line {
        Some(line) => format!("{}:{line}", clean_line(file)),
        None => clean_line(file),
    });
    let commit = place.commit.as_deref().map(|commit| short(commit).to_owned());
    match (file, commit) {
        (Some(file), Some(commit)) => Some(format!("{commit} {file}")),
        (file, commit) => file.or(commit),
    }
}

/// Words broken into rows of at most `width` characters; a longer word stands alone. Line feeds in
/// the text stay.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for paragraph in text.lines() {
        let mut row = String::new();
        for word in paragraph.split_whitespace() {
            if !row.is_empty() && row.chars().count() + 1 + word.chars().count() > width {
                rows.push(std::mem::take(&mut row));
            }
            if !row.is_empty() {
                row.push(' ');
            }
            row.push_str(word);
        }
        rows.push(row);
    }
    rows
}

fn summary(findings: &[Finding]) -> Line {
    let tally = tally(findings);
    let count = |outcome| tally.get(&outcome).copied().unwrap_or(0);
    let mut line = Line::toned(Tone::Good, format!("{} ok", count(Outcome::Pass)));
    let rest = [
        (Outcome::Fail, Tone::Bad, "failed"),
        (Outcome::Warn, Tone::Warn, "to look at"),
        (Outcome::Unknown, Tone::Odd, "could not be told"),
        (Outcome::Skip, Tone::Dim, "skipped"),
    ];
    for (outcome, tone, words) in rest {
        if count(outcome) > 0 {
            line = line.and(Tone::Plain, " · ").and(tone, format!("{} {words}", count(outcome)));
        }
    }
    line
}
