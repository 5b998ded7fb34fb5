//! The report as Markdown, for the summary of a CI job or a comment: the verdict, a table of what
//! needs attention, and each finding with its reason and remedy.
//!
//! Nothing in a finding is Markdown here: every character with a meaning is escaped, so that no
//! table, link, image, tag or fence can be opened or closed from outside, and mentions and
//! references become code, which notifies nobody.

use crate::exit::Exit;
use crate::finding::{Finding, Outcome, Severity};
use crate::text::clean;

use super::Report;
use super::format::Format;
use super::human::{missing_place, place};
use super::told::{Body, Standing, Stopped, count, excuse, excused, is_address};

/// Markdown.
pub const FORMAT: Format = Format {
    name: "markdown",
    about: "a page for the summary of a CI job, or for a comment",
    tell: |told| Ok(Body::Text(markdown(told.report, told.fail_on, told.exit))),
    stopped: |stopped| Ok(Body::Text(ended(stopped))),
};

/// Most findings shown; a summary may be no longer than a mebibyte.
const SHOWN: usize = 100;

/// Writes a run that ends in `exit`.
#[must_use]
pub fn markdown(report: &Report, fail_on: Severity, exit: Exit) -> String {
    let attention = |finding: &&Finding| {
        matches!(Standing::of(finding, fail_on), Standing::Counts | Standing::Minor)
    };
    let mut open: Vec<&Finding> = report.findings.iter().filter(attention).collect();
    open.sort_by_key(|finding| (Standing::of(finding, fail_on) != Standing::Counts, rank(finding)));
    let rest = open.len().saturating_sub(SHOWN);
    open.truncate(SHOWN);
    let mut blocks =
        vec![format!("## onramp: {}", verdict(exit)), counts(&report.findings), about(report)];
    if !open.is_empty() {
        blocks.push(table(&open));
    }
    if rest > 0 {
        blocks.push(format!("{rest} more stand in the other report formats."));
    }
    for group in open.chunk_by(|one, other| (mark(one), &one.check) == (mark(other), &other.check))
    {
        details(group, &mut blocks);
    }
    blocks.join("\n\n") + "\n"
}

fn ended(stopped: &Stopped) -> String {
    format!("## onramp: stopped before anything was judged\n\n{}\n", fenced(&stopped.words()))
}

fn verdict(exit: Exit) -> &'static str {
    match exit {
        Exit::Success => "nothing failed",
        Exit::Findings => "something failed",
        Exit::Incomplete => "something could not be told",
        Exit::Usage => "nothing could be checked",
        Exit::Internal | Exit::Interrupted | Exit::Terminated => "stopped",
    }
}

fn counts(findings: &[Finding]) -> String {
    let words = [
        (count(findings, Outcome::Fail), "failed"),
        (count(findings, Outcome::Warn), "to look at"),
        (count(findings, Outcome::Unknown), "could not be told"),
        (excused(findings), "excused"),
        (count(findings, Outcome::Pass), "ok"),
        (count(findings, Outcome::Skip), "skipped"),
    ];
    let there = words.iter().filter(|(count, _)| *count > 0);
    there.map(|(count, words)| format!("{count} {words}")).collect::<Vec<_>>().join(" · ")
}

fn about(report: &Report) -> String {
    let version = report.project.version.as_deref().unwrap_or_default();
    let policy = report.policy.as_ref().map(|policy| format!(" · policy {policy}"));
    let line = format!(
        "onramp {} · {} {version} · {}{}",
        report.onramp,
        report.project.title,
        report.platform.name,
        policy.unwrap_or_default()
    );
    plain(&line)
}

fn table(open: &[&Finding]) -> String {
    let head = "| | check | what was seen | where |\n| --- | --- | --- | --- |";
    let rows = open.iter().map(|finding| {
        let place = finding.place.as_ref().and_then(place).unwrap_or_default();
        let cells = [&finding.check, &finding.marked_text(), &place].map(|text| plain(text));
        format!("\n| {} | {} |", mark(finding), cells.join(" | "))
    });
    format!("{head}{}", rows.collect::<String>())
}

fn mark(finding: &Finding) -> &'static str {
    match (&finding.excused, finding.outcome) {
        (Some(_), _) => "○ excused",
        (None, Outcome::Fail) => "✗ failed",
        (None, Outcome::Unknown) => "? could not be told",
        (None, _) => "! to look at",
    }
}

fn rank(finding: &Finding) -> u8 {
    match finding.outcome {
        Outcome::Fail => 0,
        Outcome::Unknown => 1,
        _ => 2,
    }
}

/// The findings of one check: what each saw, then what they share once.
fn details(group: &[&Finding], blocks: &mut Vec<String>) {
    let Some(first) = group.first() else { return };
    blocks.push(format!("### {}: {}", mark(first), plain(&first.title)));
    for finding in group {
        let place = finding.place.as_ref().and_then(|place| missing_place(place, &finding.text));
        let place = place.map(|place| format!("{place}: "));
        let excused = finding.excused.as_ref().map(|reason| format!(" ({})", excuse(reason)));
        let (place, excused) = (place.unwrap_or_default(), excused.unwrap_or_default());
        blocks.push(plain(&format!("{place}{}{excused}", finding.marked_text())));
    }
    let from = first.from.as_ref().map(|from| format!("This check comes from {from}"));
    let shared = [Some(first.why.clone()), first.upstream.clone(), from];
    blocks.extend(shared.into_iter().flatten().map(|part| plain(&part)));
    let mut fixes: Vec<_> = group.iter().filter_map(|finding| finding.marked_fix()).collect();
    fixes.dedup();
    blocks.extend(fixes.iter().map(|fix| fenced(fix)));
    let source = &first.source;
    let source = if is_address(source) { format!("<{source}>") } else { plain(source) };
    blocks.push(format!("{} · {source}", plain(&first.check)));
}

/// Lines in a code block that nothing inside can close.
fn fenced(text: &str) -> String {
    let text = clean(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}text\n{}\n{fence}", text.trim_end())
}

/// Foreign text on one line, without any meaning of its own.
fn plain(text: &str) -> String {
    let text = clean(text);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(line.len() * 2);
    let mut rest = line.as_str();
    while let Some(c) = rest.chars().next() {
        let length = reference(rest, out.chars().next_back());
        if length > 0 {
            let gap = if out.ends_with('`') { " " } else { "" };
            out.push_str(&format!("{gap}`{}`", &rest[..length]));
            rest = &rest[length..];
            continue;
        }
        match c {
            // A backslash would not keep a pipe from ending its cell everywhere.
            '|' => out.push_str("&#124;"),
            c if has_meaning(c, &out) => out.extend(['\\', c]),
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// Whether a character after `before` could begin something: `.` and the like only where a list or
/// a web address would start.
fn has_meaning(c: char, before: &str) -> bool {
    match c {
        '-' | '+' => before.is_empty(),
        '.' | ')' => {
            let numbered = before.chars().all(|c| c.is_ascii_digit());
            numbered || before.to_ascii_lowercase().ends_with("www")
        }
        c => c.is_ascii_punctuation() && !",;?%(/\"'^".contains(c),
    }
}

/// Length of the mention or reference that begins here, `@name` or `#12`; else 0.
fn reference(rest: &str, before: Option<char>) -> usize {
    let mut chars = rest.chars();
    let starts = matches!(chars.next(), Some('@' | '#'))
        && chars.next().is_some_and(|c| c.is_ascii_alphanumeric());
    if !starts || before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '\\') {
        return 0;
    }
    let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
    1 + rest[1..].find(|c| !of_name(c)).unwrap_or(rest.len() - 1)
}
