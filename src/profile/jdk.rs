//! Which JDKs a tree is built with: what its files say, narrowed by what they rule out, and the
//! table where they say nothing. Pure.

use std::collections::BTreeSet;

use super::gather::Found;
use super::lines::{Line, Release};
use super::model::RawJdk;
use super::project::{Asked, Jdk, Span};
use super::source::Means;
use super::stated::says;

/// The newest JDK whose compiler still makes class files for an old Java release (JEP 182): from 12
/// on it no longer knows 6, from 20 on no longer 7.
const LAST_TO_COMPILE: [(u64, u64); 3] = [(5, 8), (6, 11), (7, 19)];

/// What a tree says, and what it rules out.
struct Statements<'a> {
    found: &'a [Found],
    floor: Option<u64>,
    ceiling: Option<u64>,
}

impl<'a> Statements<'a> {
    fn of(found: &'a [Found]) -> Self {
        let of = |means: &[Means]| features(found, means);
        let floor = of(&[Means::AtLeast, Means::Bytecode]).last().copied();
        let bytecode = of(&[Means::Bytecode]).last().copied();
        let last = LAST_TO_COMPILE.iter().find(|(old, _)| Some(*old) == bytecode);
        Self { found, floor, ceiling: last.map(|(_, newest)| *newest) }
    }

    fn features(&self, means: &[Means]) -> BTreeSet<u64> {
        features(self.found, means)
    }

    /// Whether nothing that the tree says rules a release out.
    fn allows(&self, feature: u64) -> bool {
        self.floor.is_none_or(|floor| feature >= floor)
            && self.ceiling.is_none_or(|ceiling| feature <= ceiling)
            && self.ranges().all(|range| range.admits_java(feature))
    }

    fn ranges(&self) -> impl Iterator<Item = &crate::maven::enforcer::Range> {
        self.found.iter().filter_map(|found| found.range.as_ref())
    }

    fn allowed(&self, features: impl IntoIterator<Item = u64>) -> BTreeSet<u64> {
        features.into_iter().filter(|feature| self.allows(*feature)).collect()
    }
}

fn features(found: &[Found], means: &[Means]) -> BTreeSet<u64> {
    let meant = found.iter().filter(|found| means.contains(&found.means));
    meant.filter_map(Found::feature).collect()
}

/// Releases that exist or will: for asking which of them nothing rules out.
const RELEASES: std::ops::RangeInclusive<u64> = 5..=99;

/// Joins what is said. `table` names the pack's own table.
pub(super) fn jdk(
    raw: &RawJdk,
    mut found: Vec<Found>,
    line: Option<&(&Line, Release)>,
    table: &str,
) -> Jdk {
    let said = Statements::of(&found);
    let ci = said.features(&[Means::Ci]);
    let told = &said.features(&[Means::Exactly]) | &ci;
    let otherwise: BTreeSet<u64> = raw.otherwise.iter().flatten().copied().collect();
    let (mut accepted, mut untold) = match line {
        Some((line, _)) => (closed(&said, &told, line), None),
        None => open(&said, &told, &ci, &otherwise),
    };
    let within: BTreeSet<u64> = raw.within.iter().flatten().copied().collect();
    if accepted.iter().any(|feature| within.contains(feature)) {
        accepted = &accepted & &within;
        untold = None;
    }
    let of_line = line.and_then(|(line, _)| line.recommended);
    let recommended = of_line
        .filter(|feature| accepted.contains(feature))
        .unwrap_or_else(|| recommended(&accepted, &ci, raw.recommended, &otherwise));
    for found in &mut found {
        found.asked.counts = counts(found, &accepted);
    }
    let says = says(&found);
    let mut asked_by: Vec<Asked> = found.into_iter().map(|found| found.asked).collect();
    asked_by.extend(rows(raw, line, table, told.is_empty()));
    let runs = line.map(|(line, _)| line.runs.clone()).unwrap_or_default();
    Jdk { accepted: accepted.into_iter().collect(), recommended, untold, runs, says, asked_by }
}

/// A line of the table tells every release: what it does not name is refused.
fn closed(said: &Statements<'_>, told: &BTreeSet<u64>, line: &Line) -> BTreeSet<u64> {
    let accepted = said.allowed(line.jdk.iter().chain(told).copied());
    // A tree that has moved on from its line knows better than the table.
    if accepted.is_empty() {
        said.allowed(RELEASES).into_iter().take(1).collect()
    } else {
        accepted
    }
}

/// Without a table, the releases between the oldest and the newest that somebody uses fit.
fn open(
    said: &Statements<'_>,
    told: &BTreeSet<u64>,
    ci: &BTreeSet<u64>,
    otherwise: &BTreeSet<u64>,
) -> (BTreeSet<u64>, Option<Span>) {
    let usual = said.allowed(otherwise.iter().copied());
    let newest = if ci.is_empty() { told.iter().chain(&usual).max() } else { ci.last() };
    let oldest = told.first().or(said.floor.as_ref()).or(usual.first());
    let mut accepted = match (oldest, newest) {
        (Some(oldest), Some(newest)) => said.allowed(*oldest..=*newest),
        _ => BTreeSet::new(),
    };
    let allowed = said.allowed(RELEASES);
    if accepted.is_empty() {
        accepted.extend(allowed.first());
    }
    let last = allowed.last().filter(|last| *last != RELEASES.end()).copied();
    (accepted, allowed.first().map(|from| Span { from: *from, to: last }))
}

/// What CI uses where it leaves no choice, else the one the project or the table advises, else the
/// newest that is kept for long.
fn recommended(
    accepted: &BTreeSet<u64>,
    ci: &BTreeSet<u64>,
    advised: Option<u64>,
    long_term: &BTreeSet<u64>,
) -> u64 {
    let tried = accepted & ci;
    let pool = if tried.is_empty() { accepted } else { &tried };
    let advised = advised.filter(|feature| pool.contains(feature));
    let kept = || (pool & long_term).last().copied();
    advised.or_else(kept).or(pool.last().copied()).unwrap_or_default()
}

fn counts(found: &Found, accepted: &BTreeSet<u64>) -> bool {
    match (found.means, found.feature()) {
        (Means::Mention, _) => false,
        (Means::Range, _) => true,
        (Means::Exactly | Means::Ci, Some(feature)) => accepted.contains(&feature),
        (_, Some(feature)) => accepted.first().is_some_and(|lowest| *lowest >= feature),
        (_, None) => false,
    }
}

/// What the table says: the line's own JDKs, or what holds for any tree.
fn rows(raw: &RawJdk, line: Option<&(&Line, Release)>, table: &str, alone: bool) -> Option<Asked> {
    let (values, text) = match line {
        Some((line, release)) => (line.jdk.clone(), release.shown()),
        None if alone => (raw.otherwise.clone()?, raw.source.clone().unwrap_or_default()),
        None => return None,
    };
    let values: Vec<String> = values.iter().map(u64::to_string).collect();
    Some(Asked {
        value: values.join(", "),
        file: table.to_owned(),
        text,
        meaning: "builds with".to_owned(),
        counts: true,
        ..Asked::default()
    })
}
