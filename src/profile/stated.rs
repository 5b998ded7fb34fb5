//! Whether what a tree says about one tool in several places can be all true at once. Pure; which
//! place counts is decided elsewhere.

use crate::version;

use super::gather::Found;
use super::project::{Said, Stated};
use super::source::Means;

/// What a tree says about a tool, where at least two places say something.
pub(super) fn stated(
    name: &str,
    tool: &str,
    found: &[Found],
    recommended: Option<String>,
) -> Option<Stated> {
    if found.len() < 2 {
        return None;
    }
    let contradicted = found.iter().find(|one| contradicted(one, found));
    Some(Stated {
        name: name.to_owned(),
        tool: tool.to_owned(),
        agree: contradicted.is_none(),
        says: says(found),
        ci: values(found, Means::Ci),
        recommended,
        file: contradicted.map(|found| found.asked.file.clone()),
        line: contradicted.and_then(|found| found.asked.line),
    })
}

/// Whether another place rules out what this one says.
fn contradicted(one: &Found, found: &[Found]) -> bool {
    match one.means {
        Means::Exactly | Means::Mention => {
            let (ci, value) = (values(found, Means::Ci), &one.asked.value);
            let others = || found.iter().filter(|other| named(other));
            let borne_out = match ci.is_empty() {
                true => others().all(|other| same(&other.asked.value, value)),
                false => ci.iter().any(|ci| same(ci, value)),
            };
            too_low(one, found) || !borne_out
        }
        // A matrix may hold old versions for one job; only all of them together contradict.
        Means::Ci => found.iter().filter(|ci| ci.means == Means::Ci).all(|ci| too_low(ci, found)),
        Means::Range | Means::AtLeast | Means::Bytecode => false,
    }
}

fn named(found: &Found) -> bool {
    matches!(found.means, Means::Exactly | Means::Mention)
}

/// Whether a version is one that the build refuses, or older than the class files it makes.
fn too_low(one: &Found, found: &[Found]) -> bool {
    let own = version::read(&one.asked.value);
    found.iter().any(|other| match (&other.range, other.means) {
        (Some(range), _) => !range.admits(&one.asked.value),
        (None, Means::AtLeast | Means::Bytecode) => version::read(&other.asked.value) > own,
        _ => false,
    })
}

/// `3.10` and `3.10.4` are the same as far as both tell.
fn same(one: &str, other: &str) -> bool {
    one.split('.').zip(other.split('.')).all(|(one, other)| one == other)
}

fn values(found: &[Found], means: Means) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for found in found.iter().filter(|found| found.means == means) {
        if !values.contains(&found.asked.value) {
            values.push(found.asked.value.clone());
        }
    }
    values.sort_by_key(|value| version::read(value));
    values
}

/// Each thing that is said once, with the first place; all that CI uses together, with the place
/// that holds most of it.
pub(super) fn says(found: &[Found]) -> Vec<Said> {
    let mut says: Vec<Said> = Vec::new();
    for one in found.iter().filter(|found| found.means != Means::Ci) {
        let (meaning, value) = (&one.asked.meaning, &one.asked.value);
        match says.iter_mut().find(|said| said.meaning == *meaning && said.value == *value) {
            Some(said) => said.more += 1,
            None => says.push(Said {
                place: place(one),
                more: 0,
                meaning: meaning.clone(),
                value: value.clone(),
            }),
        }
    }
    says.extend(ci(found));
    says
}

fn ci(found: &[Found]) -> Option<Said> {
    let mut places: Vec<(String, u64)> = Vec::new();
    for place in found.iter().filter(|found| found.means == Means::Ci).map(place) {
        match places.iter_mut().find(|(other, _)| *other == place) {
            Some((_, count)) => *count += 1,
            None => places.push((place, 1)),
        }
    }
    let more = places.len().saturating_sub(1) as u64;
    let most = places.iter().map(|(_, count)| *count).max()?;
    let (place, _) = places.into_iter().find(|(_, count)| *count == most)?;
    let value = values(found, Means::Ci).join(", ");
    Some(Said { place, more, meaning: Means::Ci.words().to_owned(), value })
}

fn place(found: &Found) -> String {
    let line = found.asked.line.map(|line| format!(":{line}")).unwrap_or_default();
    format!("{}{line}", found.asked.file)
}
