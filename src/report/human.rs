//! The report for a person at a screen: worst news findable at a glance, each with its remedy,
//! and a last line that says where they stand.

use crate::finding::{Excuse, Finding, Outcome, Place, Severity};
use crate::policy;
use crate::text::{Line, Tone, clean_line};

pub use crate::text::wrap;

use super::format::Format;
use super::told::Body;
use super::{Report, excused, tally};

/// For people.
pub const FORMAT: Format = Format {
    name: "human",
    about: "for people, the default on standard output",
    tell: |told| Ok(Body::Lines(write(told.report, told.style))),
    stopped: |stopped| {
        let words = format!("onramp: {}", stopped.words());
        Ok(Body::Lines(words.lines().map(Line::plain).collect()))
    },
};

/// How much to say.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Show what passed one by one, reasons and sources of everything.
    pub verbose: bool,
    /// Show only what does not hold or could not be told: nothing where all is well.
    pub quiet: bool,
    /// The findings come from an earlier report, which the first line says.
    pub replayed: bool,
    /// Columns.
    pub width: usize,
}

/// Most checks of a stage that hold and are shown one by one; the rest are counted.
const HELD: usize = 10;
/// Most reasons for leaving checks of a stage out.
const REASONS: usize = 3;
/// Most items of one check shown one by one; the rest are counted.
const SHOWN: usize = 10;

/// The whole report as lines.
#[must_use]
pub fn write(report: &Report, style: Style) -> Vec<Line> {
    let mut lines = if style.quiet { Vec::new() } else { head(report, style) };
    for findings in report.findings.chunk_by(|one, other| one.stage() == other.stage()) {
        if !style.quiet {
            lines.push(Line::new());
            lines.push(Line::toned(Tone::Strong, findings.first().map_or("", Finding::stage)));
        }
        let groups = || findings.chunk_by(|one, other| one.check == other.check);
        let shown = worth_a_line(groups());
        for group in groups() {
            let counted = |first: &Finding| well(group) && !shown.contains(&first.check.as_str());
            if style.verbose || !group.first().is_some_and(counted) {
                check(group, style, &mut lines);
            }
        }
        if !style.quiet && !style.verbose {
            held(groups().filter(|group| well(group)).count() - shown.len(), style, &mut lines);
            skipped(findings, style, &mut lines);
        }
    }
    if !style.quiet {
        lines.push(Line::new());
        lines.extend(summary(report, style.width));
    }
    lines
}

fn head(report: &Report, style: Style) -> Vec<Line> {
    let project = match &report.project.version {
        Some(version) => format!("{} {}", report.project.title, clean_line(version)),
        None => report.project.title.clone(),
    };
    let mut lines = Vec::new();
    if style.replayed {
        let made = format!(
            "judged again from a report made on {} on {}",
            date(report.created),
            report.platform.name
        );
        lines.extend(Line::new().hanging(Tone::Strong, &made, style.width));
    }
    let policy = report.policy.as_deref().filter(|name| *name != policy::DEFAULT);
    let policy = policy.map(|name| format!(" · policy {}", clean_line(name))).unwrap_or_default();
    let about = format!("onramp {} · {project} · {}{policy}", report.onramp, report.platform.name);
    lines.extend(Line::new().hanging(Tone::Dim, &about, style.width));
    lines
}

/// The day, in UTC: reports travel.
fn date(seconds: i64) -> String {
    match jiff::Timestamp::from_second(seconds) {
        Ok(moment) => moment.strftime("%Y-%m-%d").to_string(),
        Err(_) => "an unknown day".to_owned(),
    }
}

/// Whether all that a check looked at is well.
fn well(group: &[Finding]) -> bool {
    let fine = |finding: &Finding| matches!(finding.outcome, Outcome::Pass | Outcome::Skip);
    group.iter().all(fine) && group.iter().any(|finding| finding.outcome == Outcome::Pass)
}

/// Which checks of a stage that hold get a line of their own: all where they are few, else those
/// that would have failed the run.
fn worth_a_line<'a>(groups: impl Iterator<Item = &'a [Finding]>) -> Vec<&'a str> {
    let well: Vec<&Finding> =
        groups.filter(|group| well(group)).filter_map(|group| group.first()).collect();
    let all = well.len() <= HELD;
    let chosen = well.iter().filter(|finding| all || finding.severity == Severity::Error);
    chosen.take(HELD).map(|finding| finding.check.as_str()).collect()
}

/// How many more hold.
fn held(more: usize, style: Style, lines: &mut Vec<Line>) {
    let words = match more {
        0 => return,
        1 => "1 more check holds; `--verbose` shows it".to_owned(),
        _ => format!("{more} more checks hold; `--verbose` shows them"),
    };
    lines.extend(mark(Outcome::Pass).hanging(Tone::Dim, &words, style.width));
}

/// The findings of one check: what is bad item by item, what is well in one line.
fn check(group: &[Finding], style: Style, lines: &mut Vec<Line>) {
    let passed = of(group, |outcome| outcome == Outcome::Pass);
    let all = of(group, |outcome| !matches!(outcome, Outcome::Pass | Outcome::Skip));
    let (badly, excused): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|finding| finding.excused.is_none());
    let brief = !style.quiet && !style.verbose;
    if style.verbose {
        let well = of(group, |outcome| matches!(outcome, Outcome::Pass | Outcome::Skip));
        well.iter().for_each(|finding| good(finding, style, lines));
    } else if brief && badly.is_empty() && excused.is_empty() {
        holds(&passed, style, lines);
    }
    let mixed = !passed.is_empty() && badly.len() + excused.len() > 0;
    problems(badly, style, lines);
    if !style.quiet {
        excuses(&excused, style, lines);
    }
    if mixed && brief {
        let fine = match passed.len() {
            1 => "    the other one is fine".to_owned(),
            others => format!("    the other {others} are fine"),
        };
        lines.push(Line::toned(Tone::Dim, fine));
    }
}

/// A check that holds for every item.
fn holds(passed: &[&Finding], style: Style, lines: &mut Vec<Line>) {
    match passed {
        [] => {}
        [one] => good(one, style, lines),
        [first, ..] => {
            let all = format!("{} ({} of {})", first.title, passed.len(), passed.len());
            lines.extend(mark(Outcome::Pass).hanging(Tone::Plain, &all, style.width));
        }
    }
}

fn of(group: &[Finding], chosen: impl Fn(Outcome) -> bool) -> Vec<&Finding> {
    group.iter().filter(|finding| chosen(finding.outcome)).collect()
}

/// Those of one check that did not go well. What several of them share is said once, below the
/// last of them.
fn problems(mut badly: Vec<&Finding>, style: Style, lines: &mut Vec<Line>) {
    let rest = badly.len().saturating_sub(SHOWN);
    badly.truncate(SHOWN);
    let fixes: Vec<Option<&str>> = badly.iter().map(|finding| finding.fix.as_deref()).collect();
    badly.sort_by_key(|finding| fixes.iter().position(|fix| *fix == finding.fix.as_deref()));
    for (index, finding) in badly.iter().enumerate() {
        bad(finding, style, lines);
        reasons(finding, badly.get(index + 1..).unwrap_or_default(), style, lines);
    }
    if rest > 0 {
        let rest = format!("and {rest} more; `--report json` lists them all");
        lines.extend(Line::plain("    ").hanging(Tone::Dim, &rest, style.width));
    }
}

/// Those of one check that stand and do not count, with who decided so; what an earlier report
/// held already is told in one line.
fn excuses(excused: &[&Finding], style: Style, lines: &mut Vec<Line>) {
    let mut old = Vec::new();
    for (index, finding) in excused.iter().enumerate() {
        let Some(Excuse::Waiver { reason, until }) = &finding.excused else {
            old.push(*finding);
            continue;
        };
        seen(finding, Tone::Dim, style, lines);
        let told = |other: &&Finding| other.excused == finding.excused;
        if !excused.get(index + 1).is_some_and(told) {
            let words = format!("until {}: {}", clean_line(until), clean_line(reason));
            lines.extend(label("waived ").hanging(Tone::Dim, &words, style.width));
        }
    }
    match old.as_slice() {
        [] => {}
        [one] => {
            seen(one, Tone::Dim, style, lines);
            labelled("note", "it was as bad in the baseline", style, lines);
        }
        [first, ..] if !style.verbose => {
            let all = format!("{}: {} were as bad in the baseline", first.title, old.len());
            lines.extend(mark(first.outcome).hanging(Tone::Dim, &all, style.width));
        }
        _ => {
            old.iter().for_each(|finding| seen(finding, Tone::Dim, style, lines));
            labelled("note", "they were as bad in the baseline", style, lines);
        }
    }
}

fn good(finding: &Finding, style: Style, lines: &mut Vec<Line>) {
    let (tone, text) = match finding.outcome {
        Outcome::Skip => {
            (Tone::Dim, format!("{} – skipped, {}", finding.title, clean_line(&finding.text)))
        }
        _ => (Tone::Plain, format!("{}{}", clean_line(&finding.text), finding.whose())),
    };
    lines.extend(mark(finding.outcome).hanging(tone, &text, style.width));
    if style.verbose {
        labelled("", &finding.check, style, lines);
    }
}

/// What a stage leaves out, each reason once.
fn skipped(findings: &[Finding], style: Style, lines: &mut Vec<Line>) {
    let mut skipped = of(findings, |outcome| outcome == Outcome::Skip);
    let reasons: Vec<&str> = skipped.iter().map(|finding| finding.text.as_str()).collect();
    skipped.sort_by_key(|finding| reasons.iter().position(|reason| *reason == finding.text));
    let alike = || skipped.chunk_by(|one, other| one.text == other.text);
    let alone = alike().filter(|alike| alike.len() == 1).count();
    for alike in alike() {
        match alike {
            [one] if alone <= REASONS => good(one, style, lines),
            [first, _, ..] => {
                let all = format!("{} checks skipped: {}", alike.len(), clean_line(&first.text));
                lines.extend(mark(Outcome::Skip).hanging(Tone::Dim, &all, style.width));
            }
            _ => {}
        }
    }
    if alone > REASONS {
        let all = format!("{alone} checks do not apply here; `--verbose` says why");
        lines.extend(mark(Outcome::Skip).hanging(Tone::Dim, &all, style.width));
    }
}

/// What was seen, and where.
fn bad(finding: &Finding, style: Style, lines: &mut Vec<Line>) {
    let tone = if finding.outcome == Outcome::Fail { Tone::Strong } else { Tone::Plain };
    seen(finding, tone, style, lines);
}

fn seen(finding: &Finding, tone: Tone, style: Style, lines: &mut Vec<Line>) {
    let said = match finding.outcome {
        Outcome::Unknown => format!("{} – could not be told: {}", finding.title, finding.text),
        _ => finding.text.clone(),
    };
    let place = finding.place.as_ref().and_then(|place| missing_place(place, &finding.text));
    let said =
        place.map(|place| format!("{place}: ")).unwrap_or_default() + &said + &finding.whose();
    lines.extend(mark(finding.outcome).hanging(tone, &said, style.width));
}

/// Why it matters and what to do, as far as no finding after it says the same.
fn reasons(finding: &Finding, after: &[&Finding], style: Style, lines: &mut Vec<Line>) {
    let why = |finding: &Finding| {
        let shown = finding.outcome != Outcome::Unknown || style.verbose;
        shown.then(|| finding.why.clone())
    };
    let last = |part: &dyn Fn(&Finding) -> Option<String>| {
        part(finding).filter(|text| !after.iter().any(|other| part(other).as_ref() == Some(text)))
    };
    if let Some(why) = last(&why) {
        labelled("why", &why, style, lines);
    }
    if let Some(upstream) = last(&|finding| finding.upstream.clone()) {
        labelled("note", &upstream, style, lines);
    }
    if let Some(fix) = last(&Finding::marked_fix) {
        lines.extend(label("fix").remedy(&fix, style.width));
    }
    if style.verbose && after.is_empty() {
        labelled("rule", &format!("{} · {}", finding.check, finding.source), style, lines);
    }
}

fn labelled(name: &str, text: &str, style: Style, lines: &mut Vec<Line>) {
    lines.extend(label(name).hanging(Tone::Dim, text, style.width));
}

fn label(name: &str) -> Line {
    Line::toned(Tone::Dim, format!("    {name:<5}"))
}

pub(super) fn mark(outcome: Outcome) -> Line {
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
pub(super) fn missing_place(of: &Place, text: &str) -> Option<String> {
    let said = |word: &str| text.contains(&clean_line(word)) || text.contains(word);
    let whole = place(&Place { commit: None, ..of.clone() });
    let file = of.file.clone().filter(|_| whole.is_some_and(|whole| !said(&whole)));
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

/// Where they stand, in one line or, on a narrow screen, two.
fn summary(report: &Report, width: usize) -> Vec<Line> {
    let tally = tally(&report.findings);
    let count = |outcome| tally.get(&outcome).copied().unwrap_or(0);
    let gone = report.baseline.as_ref().map_or(0, |since| since.gone);
    if report.findings.is_empty() {
        return vec![Line::toned(Tone::Odd, "nothing was checked")];
    }
    let mut line = Line::toned(Tone::Good, format!("{} ok", count(Outcome::Pass)));
    let mut lines = Vec::new();
    let rest = [
        (count(Outcome::Fail), Tone::Bad, "failed"),
        (count(Outcome::Warn), Tone::Warn, "to look at"),
        (count(Outcome::Unknown), Tone::Odd, "could not be told"),
        (excused(&report.findings), Tone::Dim, "excused"),
        (count(Outcome::Skip), Tone::Dim, "skipped"),
        (usize::try_from(gone).unwrap_or(usize::MAX), Tone::Good, "gone since the baseline"),
    ];
    for (count, tone, words) in rest.into_iter().filter(|(count, ..)| *count > 0) {
        let part = format!("{count} {words}");
        if line.width() + 3 + part.chars().count() > width {
            lines.push(std::mem::take(&mut line));
            line = line.and(tone, part);
        } else {
            line = line.and(Tone::Plain, " · ").and(tone, part);
        }
    }
    lines.push(line);
    lines
}
