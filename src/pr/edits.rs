//! Joins a draft that its author has edited with a new one: sections that still are as onramp wrote
//! them are renewed, all others stay byte for byte, and what is new for them is told. Pure.

use std::collections::BTreeMap;

use super::change::ASSISTANCE;
use super::sections::same_words;
use super::template::{Role, Template};

/// What became of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The text.
    pub text: String,
    /// Sections that were edited and stay, with the lines that a new draft would add to them.
    pub kept: Vec<Kept>,
}

/// A section that stays as its author left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its heading; empty for what stands before the first one.
    pub title: String,
    /// Lines that are new in the draft since the last one and not in the section.
    pub news: Vec<String>,
}

/// Most sections that are looked at one by one; a text with more is kept as it is.
const MOST: usize = 1_000;

/// A piece of a text: a heading with what follows it.
struct Piece<'a> {
    title: String,
    /// Which of the sections with this heading it is.
    turn: usize,
    text: &'a str,
}

/// Joins. `written` are the texts that onramp wrote before, the newest last.
#[must_use]
pub fn join(written: &[String], edited: &str, new: &str) -> Joined {
    let written: Vec<Vec<Piece<'_>>> = written.iter().map(|text| pieces(text)).collect();
    let (own, fresh) = (pieces(edited), pieces(new));
    if own.len() > MOST {
        return Joined { text: edited.to_owned(), kept: Vec::new() };
    }
    let windows = edited.contains("\r\n");
    let mut out: Vec<String> = Vec::new();
    let (mut kept, mut placed) = (Vec::new(), Vec::new());
    for piece in &own {
        let of_new = fresh.iter().position(|other| other.is(piece));
        let known = written.iter().filter_map(|text| text.iter().find(|other| other.is(piece)));
        let known: Vec<&Piece<'_>> = known.collect();
        let untouched = known.iter().any(|other| same_text(other.text, piece.text));
        placed.extend(of_new);
        match of_new {
            Some(new) if same_text(fresh[new].text, piece.text) => out.push(piece.text.to_owned()),
            Some(new) if untouched => out.push(with_endings(fresh[new].text, windows)),
            // The template gave it up, and so did nobody else.
            None if untouched => {}
            new => {
                out.push(piece.text.to_owned());
                let news = new.map(|new| news(fresh[new].text, piece.text, known.last().copied()));
                if let Some(news) = news.filter(|_| !known.is_empty()) {
                    kept.push(Kept { title: piece.title.clone(), news });
                }
            }
        }
        // What the new draft has after this section and none of the others knows.
        let mut next = of_new.map_or(fresh.len(), |new| new + 1);
        while let Some(other) = fresh.get(next) {
            let known = written.iter().flatten().chain(&own).any(|one| one.is(other));
            if known {
                break;
            }
            out.push(with_endings(other.text, windows));
            placed.push(next);
            next += 1;
        }
    }
    let nowhere = fresh.iter().enumerate().filter(|(index, other)| {
        let known = written.iter().flatten().chain(&own).any(|one| one.is(other));
        !placed.contains(index) && !known
    });
    out.extend(nowhere.map(|(_, other)| with_endings(other.text, windows)));
    Joined { text: glued(&out), kept }
}

/// The ticks and disclosures of a text that another one has not. Nobody loses one without a word.
#[must_use]
pub fn gone(before: &str, after: &str) -> Vec<String> {
    let (before, after) = (weighty(before), weighty(after));
    before.into_iter().filter(|line| !after.contains(line)).collect()
}

/// Lines that this run's answers add to a draft, and that the text as it was written lacks.
#[must_use]
pub fn lost(without: &str, with: &str, written: &str) -> Vec<String> {
    let (without, written) = (weighty(without), weighty(written));
    let mut lost = weighty(with);
    lost.retain(|line| !without.contains(line) && !written.contains(line));
    lost
}

/// The ticked boxes and the disclosures of a text.
fn weighty(text: &str) -> Vec<String> {
    let discloses = |line: &str| {
        let name = line.split_once(": ").map(|(name, _)| name.to_ascii_lowercase());
        name.is_some_and(|name| ASSISTANCE.contains(&name.as_str()))
    };
    let template = Template::read(text);
    let lines = template.lines.iter().filter_map(|line| match &line.role {
        Role::Tick(label, true) => Some(format!("[x] {label}")),
        Role::Text if discloses(line.text.trim()) => Some(line.text.trim().to_owned()),
        _ => None,
    });
    lines.collect()
}

impl Piece<'_> {
    fn is(&self, other: &Piece<'_>) -> bool {
        self.turn == other.turn && same_words(&self.title) == same_words(&other.title)
    }
}

/// Parts a text at its headings, with nothing lost.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let template = Template::read(text);
    let mut starts = Vec::with_capacity(template.lines.len() + 1);
    let mut at = 0;
    for line in &template.lines {
        starts.push(at);
        at += line.text.len() + line.ending.len();
    }
    starts.push(at);
    let sections = template.sections();
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut turns: BTreeMap<String, usize> = BTreeMap::new();
    for (index, section) in sections.iter().enumerate() {
        let start = starts[section.line];
        let end = sections.get(index + 1).map_or(at, |next| starts[next.line]);
        if index == 0 && start == end {
            continue;
        }
        let title = section.title.clone();
        let turn = turns.entry(same_words(&title)).or_default();
        pieces.push(Piece { title, turn: *turn, text: &text[start..end] });
        *turn += 1;
    }
    pieces
}

/// The same but for the ends of lines, which editors and browsers change by themselves.
fn same_text(one: &str, other: &str) -> bool {
    one.trim_end().lines().eq(other.trim_end().lines())
}

fn news(new: &str, own: &str, last: Option<&Piece<'_>>) -> Vec<String> {
    let has = |text: &str, line: &str| text.lines().any(|other| other.trim() == line);
    let lines = new.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .filter(|line| !has(own, line) && !last.is_some_and(|last| has(last.text, line)))
        .map(str::to_owned)
        .collect()
}

fn with_endings(text: &str, windows: bool) -> String {
    let text = text.replace("\r\n", "\n");
    if windows { text.replace('\n', "\r\n") } else { text }
}

/// The pieces one after the other; one that does not end its last line gets its end.
fn glued(pieces: &[String]) -> String {
    let mut out = String::new();
    for piece in pieces {
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        out.push_str(piece);
    }
    out
}
