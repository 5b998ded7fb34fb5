//! A comparison in words, for people.

use crate::finding::Outcome;
use crate::report::human::mark;
use crate::text::{Line, Tone, clean_line};

use super::{Changed, Comparison, Difference, Seen};

/// The whole comparison as lines of at most `width` characters.
#[must_use]
pub fn write(comparison: &Comparison, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for (name, run) in [("A", &comparison.a), ("B", &comparison.b)] {
        let name = Line::toned(Tone::Strong, format!("{name}  "));
        let about = clean_line(&format!("{} · {}", run.file, run.about));
        lines.extend(name.hanging(Tone::Dim, &about, width));
    }
    if !comparison.verdicts.is_empty() {
        heading("verdicts that differ", &mut lines);
    }
    let mut told = Vec::new();
    for changed in &comparison.verdicts {
        verdict(changed, &mut told, width, &mut lines);
    }
    if !comparison.others.is_empty() {
        heading("what else differs", &mut lines);
        for other in &comparison.others {
            lines.extend(difference("  ", other, width));
        }
    }
    for (name, only) in [("A", &comparison.only_a), ("B", &comparison.only_b)] {
        if !only.is_empty() {
            heading(&format!("only in {name}"), &mut lines);
            let ids = clean_line(&only.join(", "));
            lines.extend(Line::plain("  ").hanging(Tone::Dim, &ids, width));
        }
    }
    lines.push(Line::new());
    lines.extend(Line::new().hanging(Tone::Strong, &summary(comparison), width));
    lines
}

fn heading(text: &str, lines: &mut Vec<Line>) {
    lines.push(Line::new());
    lines.push(Line::toned(Tone::Strong, text));
}

/// One verdict, with its reasons. What is left out for want of something else follows from that,
/// so there a reason that was `told` before is not told again.
fn verdict<'a>(
    changed: &'a Changed,
    told: &mut Vec<&'a Difference>,
    width: usize,
    lines: &mut Vec<Line>,
) {
    let title = if changed.title.is_empty() { &changed.check } else { &changed.title };
    lines.extend(Line::plain("  ").hanging(Tone::Plain, &clean_line(title), width));
    for (name, seen) in [("A", &changed.a), ("B", &changed.b)] {
        let mut line = Line::toned(Tone::Dim, format!("    {name}"));
        line.0.extend(mark(seen.outcome).0);
        lines.extend(line.hanging(Tone::Plain, &said(seen), width));
    }
    let follows = [&changed.a, &changed.b].iter().any(|seen| seen.outcome == Outcome::Skip);
    for reason in &changed.because {
        let known = told.iter().any(|told| (&told.a, &told.b) == (&reason.a, &reason.b));
        if !(follows && known) {
            lines.extend(difference("      ", reason, width));
        }
        told.push(reason);
    }
    if !changed.title.is_empty() {
        lines.push(Line::toned(Tone::Dim, format!("      {}", changed.check)));
    }
}

fn said(seen: &Seen) -> String {
    let excused = if seen.excused { " (excused)" } else { "" };
    let more = match seen.more {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let text = match seen.outcome {
        _ if seen.text.is_empty() => word(seen.outcome).to_owned(),
        Outcome::Skip => format!("skipped: {}", seen.text),
        Outcome::Unknown => format!("could not be told: {}", seen.text),
        _ => seen.text.clone(),
    };
    clean_line(&format!("{text}{more}{excused}"))
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "holds",
        Outcome::Fail => "fails",
        Outcome::Warn => "deserves a look",
        Outcome::Skip => "skipped",
        Outcome::Unknown => "could not be told",
    }
}

fn difference(indent: &str, difference: &Difference, width: usize) -> Vec<Line> {
    let what = Line::plain(indent).and(Tone::Dim, format!("{}: ", clean_line(&difference.what)));
    let values = format!("{} in A, {} in B", difference.a, difference.b);
    what.hanging(Tone::Plain, &clean_line(&values), width)
}

fn summary(comparison: &Comparison) -> String {
    let alike = comparison.shared - comparison.verdicts.len();
    match comparison.verdicts.len() {
        0 if alike == 1 => "the one check that both hold ends alike".to_owned(),
        0 => format!("all {alike} checks that both hold end alike"),
        1 => format!("1 check ends differently, {alike} alike"),
        count => format!("{count} checks end differently, {alike} alike"),
    }
}
