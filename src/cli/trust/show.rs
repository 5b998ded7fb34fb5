//! What a person sees before they trust a work tree: what counts already, what would run, what would
//! be loosened, and how it differs from what they trusted before. The tree's words are quoted,
//! never followed.

use std::path::Path;

use crate::git::difference::{Change, difference};
use crate::pack::{Check, Origin, Vocabulary};
use crate::probe;
use crate::text::{Line, Tone, clean_line, size};
use crate::trust::closure::{Closure, File, digest};
use crate::trust::standing::day;
use crate::trust::store::{Record, Store};
use crate::trust::take::{self, Taken};
use crate::trust::{PROBE, PROBES};

use super::super::Session;
use super::super::args::Global;
use super::super::plugins::{Installed, Told};
use super::super::trouble::Trouble;
use super::super::workspace::{Checks, vocabulary};

/// Lines of a program that are shown.
const FIRST: usize = 5;
/// Lines of difference that are shown of one file.
const DIFFERENT: usize = 60;

/// Everything there is to show.
pub(super) struct View<'a> {
    closure: &'a Closure,
    taken: Taken,
    /// Checks that wait, with what they would have done.
    waiting: Vec<(String, String)>,
    known: Option<(&'a Record, Option<Closure>)>,
}

impl<'a> View<'a> {
    /// Holds the tree's files against onramp's and the user's packs.
    pub(super) fn of(
        session: &Session<'_>,
        global: &Global,
        store: &Store,
        closure: &'a Closure,
        known: Option<&'a Record>,
    ) -> Result<Self, Trouble> {
        let Checks { engine, mut packs, plugins, .. } = Checks::read(session.bench, global, &[])?;
        let origin = Origin::Tree { trusted: false };
        let installed = Installed::new(session.bench, &plugins, Told::Nothing);
        let vocabulary = Vocabulary { plugins: &installed, ..vocabulary() };
        let vocabulary = take::with_programs(vocabulary, closure);
        let sound = take::sound(closure, &origin, &engine, &vocabulary, |_| true);
        let taken = take::take(sound, closure, &mut packs);
        let waits = |check: &&Check| {
            !check.origin.vouched_for() && !probe::harmless(&check.probe, &check.arguments)
        };
        let waiting = packs.checks.values().filter(waits).map(asked).collect();
        let known = known.map(|record| (record, store.copy(session.bench, &record.hash)));
        Ok(Self { closure, taken, waiting, known })
    }

    /// As lines.
    pub(super) fn lines(&self, tree: &Path, width: usize) -> Vec<Line> {
        let title = format!("{}/.onramp", tree.display());
        let count = self.closure.files.len();
        let files = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
        let mut lines = vec![
            Line::toned(Tone::Strong, clean_line(&title)),
            Line::toned(Tone::Dim, format!("{files}, sha256 {}", self.closure.hash)),
        ];
        self.differences(&mut lines);
        self.counts_already(width, &mut lines);
        self.would_run(width, &mut lines);
        self.would_loosen(width, &mut lines);
        let mistakes = self.taken.mistakes.iter().flat_map(|mistake| mistake.lines());
        let mistakes = mistakes.map(|line| Line::plain(format!("  {}", clean_line(line))));
        section("mistakes in it", &mut lines, mistakes);
        lines
    }

    fn counts_already(&self, width: usize, lines: &mut Vec<Line>) {
        let added = self.taken.added.iter().map(|id| (id.clone(), "added".to_owned()));
        let raised = self.taken.raised.iter().map(|(id, from, to)| {
            (id.clone(), format!("raised from {} to {}", from.word(), to.word()))
        });
        let rows = added.chain(raised).flat_map(|row| pair(row, width)).collect::<Vec<_>>();
        section("counts already, for it only adds and tightens", lines, rows.into_iter());
    }

    fn would_run(&self, width: usize, lines: &mut Vec<Line>) {
        let programs = self.closure.below(PROBES).flat_map(|(name, file)| program(name, file));
        let waiting = self.waiting.iter().flat_map(|row| pair(row.clone(), width));
        let rows: Vec<Line> = programs.chain(waiting).collect();
        section("would run, connect or read once trusted", lines, rows.into_iter());
    }

    fn would_loosen(&self, width: usize, lines: &mut Vec<Line>) {
        let rows = self
            .taken
            .left_out
            .iter()
            .flat_map(|(file, what)| pair((file.clone(), format!("would {what}")), width));
        let rows: Vec<Line> = rows.collect();
        section("would change what is judged once trusted", lines, rows.into_iter());
    }

    /// What is not as it was when it was trusted.
    fn differences(&self, lines: &mut Vec<Line>) {
        let Some((record, copy)) = &self.known else { return };
        if record.hash == self.closure.hash {
            return;
        }
        let title = format!("changed since you trusted it on {}", day(record.since));
        let Some(copy) = copy else {
            let gone = "the copy of what you trusted is gone, so read all of it";
            return section(&title, lines, std::iter::once(Line::plain(format!("  {gone}"))));
        };
        section(&title, lines, compared(copy, self.closure).into_iter());
    }
}

fn section(title: &str, lines: &mut Vec<Line>, rows: impl Iterator<Item = Line>) {
    let mut rows = rows.peekable();
    if rows.peek().is_some() {
        lines.push(Line::new());
        lines.push(Line::toned(Tone::Strong, title));
        lines.extend(rows);
    }
}

fn pair((name, what): (String, String), width: usize) -> Vec<Line> {
    let name = format!("  {}  ", clean_line(&name));
    Line::toned(Tone::Command, name).hanging(Tone::Plain, &clean_line(&what), width)
}

/// What a check asks of its probe, word for word.
fn asked(check: &Check) -> (String, String) {
    (check.id.clone(), format!("asks the probe `{}` with {}", check.probe, check.arguments))
}

/// A file beside the programs, or one of them with its first lines.
fn program(name: &str, file: &File) -> Vec<Line> {
    let hash = digest(&file.content);
    let length = size(file.content.len() as u64);
    let about = format!("  {length}, sha256 {}", hash.get(..16).unwrap_or(&hash));
    let name = format!("  {PROBES}{}", clean_line(name));
    let mut lines = vec![Line::toned(Tone::Command, name.clone()).and(Tone::Dim, about)];
    if !file.executable || !name.contains(PROBE) {
        return lines;
    }
    let text = String::from_utf8_lossy(&file.content);
    let shown = text.lines().take(FIRST).map(|line| format!("    | {}", clean_line(line)));
    lines.extend(shown.map(|line| Line::toned(Tone::Dim, line)));
    let more = text.lines().count().saturating_sub(FIRST);
    if more > 0 {
        lines.push(Line::toned(Tone::Dim, format!("    | and {more} more lines")));
    }
    lines
}

/// File by file what is new, gone or different.
fn compared(old: &Closure, new: &Closure) -> Vec<Line> {
    let mut lines = Vec::new();
    let head = |path: &str, what: &str| {
        Line::toned(Tone::Command, format!("  {}", clean_line(path))).and(Tone::Dim, what)
    };
    for file in old.files.iter().filter(|file| new.file(&file.path).is_none()) {
        lines.push(head(&file.path, "  gone"));
    }
    for file in &new.files {
        let before = old.file(&file.path);
        let what = match before {
            None => "  new",
            Some(before) if before == file => continue,
            Some(before) if before.executable != file.executable && file.executable => {
                "  made executable"
            }
            Some(before) if before.executable != file.executable => "  no longer executable",
            Some(_) => "  changed",
        };
        lines.push(head(&file.path, what));
        let before = before.map_or(&[][..], |before| &before.content);
        let changed = difference(before, &file.content);
        let more = changed.len().saturating_sub(DIFFERENT);
        lines.extend(changed.iter().take(DIFFERENT).map(different));
        if more > 0 {
            lines.push(Line::toned(Tone::Dim, format!("    and {more} more lines")));
        } else if changed.is_empty() && before != file.content {
            lines.push(Line::toned(Tone::Dim, "    no text, so no lines to show"));
        }
    }
    lines
}

fn different((change, text): &(Change, String)) -> Line {
    let (tone, mark) = match change {
        Change::Same => (Tone::Dim, ' '),
        Change::Added => (Tone::Good, '+'),
        Change::Gone => (Tone::Bad, '-'),
    };
    Line::toned(tone, format!("  {mark} {}", clean_line(text)))
}
