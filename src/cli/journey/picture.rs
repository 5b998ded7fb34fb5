//! The road as lines: a mark and a tone for each state, and the one next command at the end.

use super::step::{State, Step};
use crate::report::human::wrap;
use crate::text::{Line, Tone, clean_line};

/// Columns before a step's text.
const INDENT: usize = 14;
/// Columns before the next command.
const NEXT: &str = "next  ";

/// Draws the road for the project of this title.
pub(super) fn draw(title: &str, steps: &[Step], width: usize) -> Vec<Line> {
    let title = format!("The road to a pull request for {title}");
    let mut lines = vec![Line::toned(Tone::Strong, title), Line::new()];
    lines.extend(steps.iter().flat_map(|step| rows(step, width)));
    lines.push(Line::new());
    let Some(next) = steps.iter().find_map(|step| step.next.as_ref()) else {
        lines.push(Line::plain("nothing is left to do here"));
        return lines;
    };
    let why = next.why.iter().flat_map(|why| wrap(&clean_line(why), width - NEXT.len()));
    lines.extend(why.map(|row| Line::toned(Tone::Dim, " ".repeat(NEXT.len()) + &row)));
    lines.push(Line::toned(Tone::Dim, NEXT).and(Tone::Command, clean_line(&next.command)));
    lines
}

fn rows(step: &Step, width: usize) -> Vec<Line> {
    let (mark, tone) = match step.state {
        State::Done => ("✓", Tone::Good),
        State::Fails => ("✗", Tone::Bad),
        State::Unsure => ("?", Tone::Odd),
        State::Open => ("○", Tone::Warn),
        State::Later => ("·", Tone::Dim),
    };
    let (said, text) = match step.state {
        State::Later => (Tone::Dim, "not yet"),
        _ => (Tone::Plain, step.text.as_str()),
    };
    let mut rows = wrap(&clean_line(text), width.saturating_sub(INDENT)).into_iter();
    let head = Line::plain("  ").and(tone, mark).and(said, format!(" {:<9} ", step.name));
    let head = head.and(said, rows.next().unwrap_or_default());
    let more = rows.map(|row| Line::plain(" ".repeat(INDENT)).and(said, row));
    std::iter::once(head).chain(more).collect()
}
