//! What of a tree's `.onramp` counts. Pure: before it is trusted, checks with an id of their own are
//! added and severities raised; whatever could loosen, silence or run is left out and told.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::time::Duration;

use super::closure::{Closure, File};
use super::{CHECKS, PROBE, PROBES, SEVERITIES, WAIVERS};
use crate::finding::Severity;
use crate::pack::load::{self, Packs};
use crate::pack::problem::Problem;
use crate::pack::shape::Shape;
use crate::pack::valid::{self, Source};
use crate::pack::vocabulary::ProbeShape;
use crate::pack::{Check, Engine, Origin, Vocabulary, yaml};

/// Longest a probe may look for a check that nobody trusts.
const DEADLINE: Duration = Duration::from_secs(5);

/// The files of a pack that can be read, and what is wrong with the others.
#[derive(Debug, Clone, Default)]
pub struct Sound {
    /// Checks.
    pub checks: Vec<Check>,
    /// Every file that a folder of checks may hold, those of the checks included.
    pub files: Vec<load::File>,
    /// Severities by id.
    pub severities: BTreeMap<String, Severity>,
    /// What is wrong with the rest.
    pub mistakes: Vec<String>,
}

/// What counts before trust, and what does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// Ids of checks that it adds.
    pub added: Vec<String>,
    /// Ids of checks whose severity it raises, with the old and the new one.
    pub raised: Vec<(String, Severity, Severity)>,
    /// Files that are left out, each with what it would do.
    pub left_out: Vec<(String, String)>,
    /// Mistakes in its files.
    pub mistakes: Vec<String>,
}

/// Reads every file of a pack for which `wanted` holds, by its path below the folder of checks.
/// `vocabulary` knows the tree's programs.
#[must_use]
pub fn sound(
    closure: &Closure,
    origin: &Origin,
    engine: &Engine,
    vocabulary: &Vocabulary<'_>,
    wanted: impl Fn(&str) -> bool,
) -> Sound {
    let mut sound = Sound::default();
    for file in &closure.files {
        let Some(path) = file.path.strip_prefix(CHECKS) else {
            sound.misplaced(file);
            continue;
        };
        if !path.ends_with(".yaml") || !wanted(path) {
            sound.misnamed(path);
            continue;
        }
        match text(file) {
            Ok(content) => {
                let (path, origin) = (path.to_owned(), origin.clone());
                sound.add(load::File { path, origin, content: content.into() }, engine, vocabulary);
            }
            Err(mistake) => sound.mistakes.push(format!(".onramp/{}: {mistake}", file.path)),
        }
    }
    sound.read_severities(closure);
    sound
}

/// The tree's own probes are known by name, so that a check on one is no mistake.
#[must_use]
pub fn with_programs<'a>(mut vocabulary: Vocabulary<'a>, closure: &Closure) -> Vocabulary<'a> {
    for name in closure.probes() {
        let free = ProbeShape { arguments: Shape::Free, required: Vec::new(), found: Shape::Free };
        vocabulary.probes.entry(name.to_owned()).or_insert(free);
    }
    vocabulary
}

fn text(file: &File) -> Result<String, String> {
    if file.content.len() as u64 > load::LIMIT {
        return Err(format!("larger than {}", crate::text::size(load::LIMIT)));
    }
    String::from_utf8(file.content.clone()).map_err(|_| "not UTF-8 text".to_owned())
}

impl Sound {
    fn add(&mut self, file: load::File, engine: &Engine, vocabulary: &Vocabulary<'_>) {
        let shown = file.origin.shown(&file.path);
        let id = file.path.strip_suffix(".yaml").unwrap_or(&file.path);
        let parts: Vec<&str> = id.split('/').collect();
        let misplaced = || {
            let there = (2..=3).contains(&parts.len());
            (!there).then(|| "a check lies at PACK/STAGE/NAME.yaml".to_owned())
        };
        if let Some(what) = misplaced().or_else(|| load::misnamed(&parts)) {
            self.mistakes.push(format!("{shown}: {what}"));
            return;
        }
        if parts.len() == 3 {
            let source = Source { id, file: &shown, content: &file.content, origin: &file.origin };
            match valid::check(source, engine, vocabulary) {
                Ok(check) => self.checks.push(check),
                Err(problems) => return self.mistaken(&problems),
            }
        }
        self.files.push(file);
    }

    fn mistaken(&mut self, problems: &[Problem]) {
        self.mistakes.extend(problems.iter().map(ToString::to_string));
    }

    /// Files that look as if they were meant to be read, and are not.
    fn misplaced(&mut self, file: &File) {
        let path = file.path.as_str();
        let known = [SEVERITIES, WAIVERS].contains(&path) || path.starts_with(PROBES);
        let name = path.rsplit('/').next().unwrap_or(path);
        if !known && (name.ends_with(".yaml") || name.starts_with(PROBE)) {
            self.mistakes.push(format!(
                ".onramp/{path}: not read; checks lie at .onramp/checks/PACK/STAGE/NAME.yaml, \
                 probes at .onramp/_probes/onramp-probe-NAME"
            ));
        }
        if path.starts_with(PROBES) && name.starts_with(PROBE) && !file.executable {
            self.mistakes.push(format!(".onramp/{path}: not executable; `chmod +x` makes it so"));
        }
    }

    fn misnamed(&mut self, path: &str) {
        if path.ends_with(".yml") {
            self.mistakes.push(format!(
                ".onramp/checks/{path}: not read, for its name does not end in .yaml"
            ));
        }
    }

    fn read_severities(&mut self, closure: &Closure) {
        let Some(file) = closure.file(SEVERITIES) else { return };
        let shown = format!(".onramp/{SEVERITIES}");
        let read = text(file).and_then(|text| {
            yaml::read(&text).map_err(|error| Problem::yaml(&shown, &error).to_string())
        });
        match read {
            Ok(severities) => self.severities = severities,
            Err(mistake) => self.mistakes.push(mistake),
        }
    }
}

/// Adds to `packs` what counts before trust.
#[must_use]
pub fn take(sound: Sound, closure: &Closure, packs: &mut Packs) -> Taken {
    let mut taken = Taken { mistakes: sound.mistakes, ..Taken::default() };
    for file in &sound.files {
        if file.path.split('/').count() == 2 {
            let pack = file.path.split('/').next().unwrap_or_default();
            let what = format!("set values for every check of `{pack}`");
            taken.left_out.push((file.origin.shown(&file.path), what));
        }
    }
    for check in sound.checks {
        taken.check(check, packs);
    }
    for (id, severity) in sound.severities {
        taken.severity(&id, severity, packs);
    }
    if closure.file(WAIVERS).is_some() {
        let what = "excuse findings from counting".to_owned();
        taken.left_out.push((format!(".onramp/{WAIVERS}"), what));
    }
    taken
}

impl Taken {
    fn check(&mut self, mut check: Check, packs: &mut Packs) {
        if let Some(replaced) = &check.replaces {
            let what = format!("stand in for {replaced}");
            self.left_out.push((check.file, what));
            return;
        }
        let Some(own) = packs.checks.get_mut(&check.id) else {
            check.deadline = check.deadline.min(DEADLINE);
            self.added.push(check.id.clone());
            packs.checks.insert(check.id.clone(), check);
            return;
        };
        match tightens(own, &check) {
            Ok(true) => {
                self.raised.push((own.id.clone(), own.severity, check.severity));
                own.severity = check.severity;
            }
            Ok(false) => {}
            Err(what) => self.left_out.push((check.file, what)),
        }
    }

    fn severity(&mut self, id: &str, severity: Severity, packs: &mut Packs) {
        let shown = format!(".onramp/{SEVERITIES}");
        match packs.checks.get_mut(id) {
            // Of a stage that nobody chose, or of another project.
            None => {}
            Some(own) if severity > own.severity => {
                self.raised.push((id.to_owned(), own.severity, severity));
                own.severity = severity;
            }
            Some(own) if severity < own.severity => {
                self.left_out.push((shown, lowers(own, severity)));
            }
            Some(_) => {}
        }
    }
}

/// Whether a check asks for what ours asks for, and weighs it more.
///
/// # Errors
/// What it would do otherwise.
fn tightens(own: &Check, other: &Check) -> Result<bool, String> {
    if asks(own) != asks(other) {
        return Err(format!("ask for something else than {} does", own.id));
    }
    match other.severity.cmp(&own.severity) {
        Ordering::Less => Err(lowers(own, other.severity)),
        Ordering::Greater => Ok(true),
        Ordering::Equal if reads_alike(own, other) => Ok(false),
        Ordering::Equal => Err(format!("change the words of {}", own.id)),
    }
}

fn reads_alike(own: &Check, other: &Check) -> bool {
    let placed = Check { origin: own.origin.clone(), file: own.file.clone(), ..other.clone() };
    placed == *own
}

fn lowers(own: &Check, to: Severity) -> String {
    format!("lower {} from {} to {}", own.id, own.severity.word(), to.word())
}

/// Everything that decides about an outcome, or about what is done then. Every field is named here,
/// so that a new one is put on its side.
fn asks(check: &Check) -> impl PartialEq {
    let expressions = |conditions: &[crate::pack::Condition]| {
        conditions.iter().map(|condition| condition.expression.clone()).collect::<Vec<_>>()
    };
    let Check {
        probe,
        arguments,
        when,
        each,
        clear,
        missing,
        unsure,
        pass,
        repair,
        deadline,
        // Where it stands, what it weighs, and its words.
        id: _,
        origin: _,
        file: _,
        severity: _,
        replaces: _,
        title: _,
        empty: _,
        say: _,
        ok: _,
        why: _,
        fix: _,
        upstream: _,
        source: _,
    } = check;
    (
        (probe.clone(), arguments.clone(), *deadline),
        (expressions(when), expressions(unsure)),
        (each.clone(), clear.is_some(), missing.is_some()),
        pass.clone(),
        repair.clone(),
    )
}
