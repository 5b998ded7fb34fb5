//! Which versions of Maven, Node.js and Python a tree wants: what the project asks for in any case,
//! raised by what the tree's files ask for, and the release line's where they ask for nothing. Pure.

use semver::{Comparator, Op, VersionReq};

use crate::version;

use super::gather::Found;
use super::lines::Release;
use super::model::RawTool;
use super::project::{Asked, Tool};
use super::source::Means;
use super::stated::says;

/// What a release line says about one tool.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineSays<'a> {
    /// The line.
    pub release: &'a Release,
    /// What it cannot do without.
    pub requirement: Option<&'a str>,
    /// What it names.
    pub named: Option<&'a str>,
}

/// One condition of a requirement, with the place that set it.
struct Part {
    text: String,
    comparator: Comparator,
    from: From,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Project,
    Otherwise,
    File(usize),
    Line,
}

/// Who gives a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Giver {
    /// Files of the tree, or nobody.
    Files,
    /// The project's own `requirement`.
    Requirement,
    /// The project's `otherwise`.
    Otherwise,
    /// The table of release lines.
    Line,
}

/// Joins what is said; with it, who gives the requirement.
///
/// # Errors
/// The requirement that is none.
pub(super) fn tool(
    raw: &RawTool,
    mut found: Vec<Found>,
    line: Option<LineSays<'_>>,
    table: &str,
) -> Result<(Tool, Giver), String> {
    let mut parts = Vec::new();
    if let Some(requirement) = &raw.requirement {
        parts.extend(read(requirement, From::Project)?);
    }
    parts.extend(floors(&found)?);
    if parts.iter().all(|part| part.from == From::Project) {
        parts.extend(match (lowest_used(&found), line.and_then(|line| line.requirement)) {
            (Some(at), _) if raw.requirement.is_none() && raw.otherwise.is_none() => {
                read(&format!(">={}", found[at].asked.value), From::File(at))?
            }
            (_, Some(requirement)) => read(requirement, From::Line)?,
            _ => Vec::new(),
        });
    }
    if let (true, Some(otherwise)) = (parts.is_empty(), &raw.otherwise) {
        parts.extend(read(otherwise, From::Otherwise)?);
    }
    let parts = strictest(parts);
    for (at, found) in found.iter_mut().enumerate() {
        found.asked.counts = parts.iter().any(|part| part.from == From::File(at));
    }
    let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
    let requirement = (!texts.is_empty()).then(|| texts.join(", "));
    let giver = giver(&parts);
    let recommended = recommended(&found, line);
    let says = says(&found);
    let mut asked_by: Vec<Asked> = found.into_iter().map(|found| found.asked).collect();
    asked_by.extend(line.and_then(|line| row(line, table, &parts)));
    Ok((Tool { requirement, recommended, says, asked_by }, giver))
}

/// The conditions that files of the tree set.
fn floors(found: &[Found]) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    for (at, found) in found.iter().enumerate() {
        let text = match (found.means, &found.range) {
            (Means::Range, Some(range)) => range.requirement(),
            (Means::AtLeast | Means::Bytecode, _) => Some(format!(">={}", found.asked.value)),
            _ => None,
        };
        if let Some(text) = text {
            parts.extend(read(&text, From::File(at))?);
        }
    }
    Ok(parts)
}

/// The lowest version that the tree's files ask for or CI uses: older ones nobody tries.
fn lowest_used(found: &[Found]) -> Option<usize> {
    let used = found.iter().enumerate();
    let used = used.filter(|(_, found)| matches!(found.means, Means::Exactly | Means::Ci));
    let versions = used.filter_map(|(at, found)| Some((version::read(&found.asked.value)?, at)));
    versions.min().map(|(_, at)| at)
}

/// What CI uses, else what a file asks for or names, else what the line names.
fn recommended(found: &[Found], line: Option<LineSays<'_>>) -> Option<String> {
    let newest = |means: Means| {
        let meant = found.iter().filter(|found| found.means == means);
        meant.max_by_key(|found| version::read(&found.asked.value)).map(|it| it.asked.value.clone())
    };
    let named = || line.and_then(|line| line.named).map(ToOwned::to_owned);
    let mention = || newest(Means::Mention);
    newest(Means::Exactly)
        .filter(|exact| ci_has(found, exact))
        .or_else(|| newest(Means::Ci))
        .or_else(|| newest(Means::Exactly))
        .or_else(mention)
        .or_else(named)
}

fn ci_has(found: &[Found], version: &str) -> bool {
    let mut ci = found.iter().filter(|found| found.means == Means::Ci);
    ci.any(|found| found.asked.value == version)
}

fn read(requirement: &str, from: From) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    for text in requirement.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        let read = VersionReq::parse(text)
            .map_err(|error| format!("`{text}` is no version requirement: {error}"))?;
        let comparators = read.comparators.into_iter();
        parts.extend(comparators.map(|comparator| Part {
            text: text.to_owned(),
            comparator,
            from,
        }));
    }
    Ok(parts)
}

/// Of all lower ends the highest, of all upper ends the lowest; the first of equal ones.
fn strictest(parts: Vec<Part>) -> Vec<Part> {
    let mut kept: Vec<Part> = Vec::new();
    for part in parts {
        let side = side(part.comparator.op);
        let rival =
            kept.iter().position(|other| side.is_some() && self::side(other.comparator.op) == side);
        match rival {
            None => kept.push(part),
            Some(at) => {
                let (old, new) = (end(&kept[at].comparator), end(&part.comparator));
                if (side == Some(Side::Low) && new > old) || (side == Some(Side::High) && new < old)
                {
                    kept[at] = part;
                }
            }
        }
    }
    kept.sort_by_key(|part| side(part.comparator.op) == Some(Side::High));
    kept
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Low,
    High,
}

fn side(op: Op) -> Option<Side> {
    match op {
        Op::Greater | Op::GreaterEq => Some(Side::Low),
        Op::Less | Op::LessEq => Some(Side::High),
        _ => None,
    }
}

fn end(comparator: &Comparator) -> (u64, u64, u64, bool) {
    let Comparator { op, major, minor, patch, .. } = comparator;
    let past = matches!(op, Op::Greater | Op::LessEq);
    (*major, minor.unwrap_or(0), patch.unwrap_or(0), past)
}

fn giver(parts: &[Part]) -> Giver {
    match parts.first().map(|part| part.from) {
        Some(From::File(_)) | None => Giver::Files,
        Some(From::Project) => Giver::Requirement,
        Some(From::Otherwise) => Giver::Otherwise,
        Some(From::Line) => Giver::Line,
    }
}

fn row(line: LineSays<'_>, table: &str, parts: &[Part]) -> Option<Asked> {
    let (value, meaning) = match (line.requirement, line.named) {
        (Some(requirement), _) => (requirement, "asks for"),
        (None, named) => (named?, Means::Mention.words()),
    };
    Some(Asked {
        value: value.to_owned(),
        file: table.to_owned(),
        text: line.release.shown(),
        meaning: meaning.to_owned(),
        counts: parts.iter().any(|part| part.from == From::Line),
        ..Asked::default()
    })
}
