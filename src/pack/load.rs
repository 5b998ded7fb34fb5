//! Gathers packs from every place, in order, later ones overriding by id: embedded, the user's
//! folder, `--checks`. Reads through `sys` only; a mistake in one file stops none of the others.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::profile::{Open, RawProject};
use crate::sys::{Kind, System};
use crate::text::size;

use super::check::{Check, Origin, STAGES};
use super::expression::Engine;
use super::problem::Problem;
use super::suggest;
use super::valid::{self, Source};
use super::vocabulary::Vocabulary;
use super::yaml;

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/checks.rs"));
}

/// A file of a pack may be this long; larger ones are refused before they are parsed.
pub const LIMIT: u64 = 256 * 1024;
/// Folders below the root: packs and their stages.
const DEPTH: usize = 2;
/// The folder beside the packs that holds programs, not checks.
const PROGRAMS: &str = "_probes";
/// Wrong names that are held against all ids for what was meant: more of them are no slip.
const GUESSED: usize = 20;

/// How the path of a pack's policies ends.
const POLICIES: &str = "/_policies.yaml";

/// One file of a pack.
#[derive(Debug, Clone)]
pub struct File {
    /// Relative to the checks folder, `/` between parts.
    pub path: String,
    /// Where the folder came from.
    pub origin: Origin,
    /// Its text.
    pub content: Cow<'static, str>,
}

impl File {
    /// Its path as people find it.
    #[must_use]
    pub fn shown(&self) -> String {
        self.origin.shown(&self.path)
    }

    /// The id of the check that it is, as its path says; `None` for another file of a pack.
    #[must_use]
    pub fn check_id(&self) -> Option<&str> {
        let id = self.path.strip_suffix(".yaml")?;
        (id.split('/').count() == 3).then_some(id)
    }

    /// The pack of whose policies it is; `None` for another file of a pack.
    #[must_use]
    pub fn policies_of(&self) -> Option<&str> {
        self.path.strip_suffix(POLICIES).filter(|pack| !pack.contains('/'))
    }
}

/// Everything the packs say.
#[derive(Debug, Default)]
pub struct Packs {
    /// Projects by name.
    pub projects: BTreeMap<String, RawProject>,
    /// Checks by id, overridden ones gone.
    pub checks: BTreeMap<String, Check>,
    /// Tables beside the stages, by path, such as `cloudstack/build-failures.yaml`.
    pub tables: BTreeMap<String, String>,
    /// Files of policies, in order; those of one pack add up instead of overriding.
    pub policies: Vec<File>,
    /// Every mistake.
    pub problems: Vec<Problem>,
}

/// The files that are part of onramp.
#[must_use]
pub fn embedded() -> Vec<File> {
    let file = |(path, content, _): &(&'static str, &'static str, &str)| File {
        path: (*path).to_owned(),
        origin: Origin::Embedded,
        content: Cow::Borrowed(content),
    };
    embedded::FILES.iter().map(file).collect()
}

/// Whether a file of this path and content is part of onramp.
#[must_use]
pub fn is_embedded(path: &str, content: &str) -> bool {
    embedded::FILES.iter().any(|(known, text, _)| *known == path && *text == content)
}

/// Whether a text stands anywhere in the files that are part of onramp. Costs nothing beside reading
/// them.
#[must_use]
pub fn embedded_speak_of(text: &str) -> bool {
    let finder = memchr::memmem::Finder::new(text);
    embedded::FILES.iter().any(|(_, content, _)| finder.find(content.as_bytes()).is_some())
}

/// What an embedded file says, as JSON: YAML is half of a short run to read.
fn as_json(file: &File) -> Option<&'static str> {
    let files = embedded::FILES;
    let at = files.binary_search_by(|(path, ..)| (*path).cmp(&file.path)).ok();
    at.filter(|_| file.origin == Origin::Embedded).and_then(|at| files.get(at)).map(|file| file.2)
}

/// A file that is no check, as it is written.
///
/// # Errors
/// The first mistake, with its place.
pub fn parsed<T: DeserializeOwned>(file: &File) -> Result<T, Problem> {
    let shown = file.shown();
    match as_json(file) {
        Some(json) => {
            serde_json::from_str(json).map_err(|error| Problem::whole(&shown, &format!("{error}")))
        }
        None => yaml::read(&file.content).map_err(|error| Problem::yaml(&shown, &error)),
    }
}

/// The files below a folder of the user's. Only YAML files count: a README may lie beside them.
///
/// # Errors
/// A sentence naming what could not be read.
pub fn folder(system: &dyn System, root: &Path) -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    collect(system, root, &mut Vec::new(), &mut files)?;
    Ok(files)
}

/// Reads the folder that lies `within` the root, by the names of the folders on the way. Links
/// are followed, so that the depth is what ends a loop of them.
fn collect(
    system: &dyn System,
    root: &Path,
    within: &mut Vec<String>,
    files: &mut Vec<File>,
) -> Result<(), String> {
    let at = within.iter().fold(root.to_owned(), |path, name| path.join(name));
    let names = system.list(&at).map_err(|error| format!("{}: {error}", at.display()))?;
    for (name, path) in names.into_iter().map(|name| (name.clone(), at.join(name))) {
        let kind = system.kind(&path);
        let programs = within.is_empty() && name == PROGRAMS;
        if programs || hidden(&path) || !(kind == Some(Kind::Folder) || is_yaml(&path)?) {
            continue;
        }
        let name = name.into_string().map_err(|_| {
            format!("{}: the name is not UTF-8, and a check's name is its id", path.display())
        })?;
        if kind != Some(Kind::Folder) {
            let path = [&within[..], &[name]].concat().join("/");
            let content = read(system, &root.join(&path))?.into();
            files.push(File { content, path, origin: of(root) });
            continue;
        }
        if within.len() == DEPTH {
            return Err(format!("{}: too deep for a check", path.display()));
        }
        within.push(name);
        collect(system, root, within, files)?;
        within.pop();
    }
    Ok(())
}

fn of(root: &Path) -> Origin {
    Origin::Folder(root.display().to_string())
}

fn read(system: &dyn System, path: &Path) -> Result<String, String> {
    let shown = path.display();
    let content = system.read(path, LIMIT).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => format!("{shown}: larger than {}", size(LIMIT)),
        _ => format!("{shown}: {error}"),
    })?;
    String::from_utf8(content).map_err(|_| format!("{shown}: not UTF-8 text"))
}

/// Dot files belong to editors and version control.
fn hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// Whether a file's name says that it is YAML, in the one spelling that is read.
fn is_yaml(path: &Path) -> Result<bool, String> {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let exact = path.extension().is_some_and(|extension| extension == "yaml");
    if !exact && ["yaml", "yml"].contains(&&*extension) {
        return Err(format!("{}: not read, for its name does not end in .yaml", path.display()));
    }
    Ok(exact)
}

impl Packs {
    /// Reads files in order; a later file with the same path overrides an earlier one. The
    /// vocabulary is asked for only where a file needs holding against it.
    #[must_use]
    pub fn read<'a>(
        files: Vec<File>,
        engine: &Engine,
        vocabulary: impl FnOnce() -> Vocabulary<'a>,
    ) -> Self {
        let vocabulary = LazyCell::new(vocabulary);
        let (policies, files): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|file| file.policies_of().is_some());
        let latest: BTreeMap<String, File> =
            files.into_iter().map(|file| (file.path.clone(), file)).collect();
        let mut packs = Self { policies, ..Self::default() };
        for file in latest.into_values() {
            packs.add(&file, |source| match as_json(&file) {
                Some(json) => valid::check_known(source, json),
                None => valid::check(source, engine, &vocabulary),
            });
        }
        if packs.problems.is_empty() {
            packs.problems = packs.replaced_wrongly();
        }
        packs
    }

    /// Checks that replace what is not there, or each other, so that neither would be run.
    fn replaced_wrongly(&self) -> Vec<Problem> {
        let going_round = self.replaced_in_a_circle();
        let mut guesses = GUESSED;
        let mut wrong = |check: &Check| {
            let replaced = check.replaces.as_deref()?;
            let what = match self.checks.get(replaced) {
                None => {
                    guesses = guesses.saturating_sub(1);
                    let ids = self.checks.keys().map(String::as_str);
                    let near = suggest::near(replaced, ids.filter(|_| guesses > 0));
                    let hint = near.map(|id| format!("; did you mean `{id}`?")).unwrap_or_default();
                    format!("`replaces`: there is no check `{replaced}`{hint}")
                }
                Some(other) if other.id == check.id => "it replaces itself".to_owned(),
                Some(_) if going_round.contains(&*check.id) => {
                    format!("it replaces `{replaced}`, which in the end replaces it")
                }
                Some(_) => return None,
            };
            Some(Problem::whole(&check.file, &what))
        };
        self.checks.values().filter_map(&mut wrong).collect()
    }

    /// Checks that replace one another in a circle, so that none of them would be run. Each is
    /// looked at once, however long the chains are.
    fn replaced_in_a_circle(&self) -> BTreeSet<&str> {
        let (mut done, mut circles) = (BTreeSet::new(), BTreeSet::new());
        for start in self.checks.values() {
            let (mut chain, mut next) = (Vec::new(), Some(start));
            while let Some(check) = next.filter(|check| done.insert(check.id.as_str())) {
                chain.push(check.id.as_str());
                next = check.replaces.as_ref().and_then(|id| self.checks.get(id));
            }
            let back = next.and_then(|check| chain.iter().position(|id| *id == check.id));
            circles.extend(chain.into_iter().skip(back.unwrap_or(usize::MAX)));
        }
        circles
    }

    fn add(&mut self, file: &File, read: impl FnOnce(Source<'_>) -> Result<Check, Vec<Problem>>) {
        let shown = file.shown();
        let id = file.path.strip_suffix(".yaml").unwrap_or(&file.path);
        let parts: Vec<&str> = id.split('/').collect();
        if let Some(what) = misnamed(&parts) {
            self.problems.push(Problem::whole(&shown, &what));
            return;
        }
        // An embedded file was held by the tests before, and is long.
        if file.origin != Origin::Embedded && is_empty(&file.content) {
            self.problems.push(Problem::whole(&shown, "the file is empty"));
            return;
        }
        match parts.as_slice() {
            [pack, "_project"] => match parsed::<RawProject>(file) {
                Ok(project) => {
                    let origin = match &file.origin {
                        Origin::Embedded => format!("table of {pack}"),
                        Origin::Folder(_) | Origin::Tree { .. } => shown,
                    };
                    let project = project.given_by(&origin);
                    self.projects.insert((*pack).to_owned(), project);
                }
                Err(problem) => self.problems.push(problem),
            },
            [_pack, _stage, _name] => {
                let source =
                    Source { id, file: &shown, content: &file.content, origin: &file.origin };
                match read(source) {
                    Ok(check) => {
                        self.checks.insert(check.id.clone(), check);
                    }
                    Err(problems) => self.problems.extend(problems),
                }
            }
            [_pack, _table] => {
                self.tables.insert(file.path.clone(), file.content.clone().into_owned());
            }
            _ => {
                let what = "a check lies at PACK/STAGE/NAME.yaml";
                self.problems.push(Problem::whole(&shown, what));
            }
        }
    }

    /// A project with everything it inherits, and the packs it draws on, its own first.
    ///
    /// # Errors
    /// A sentence naming the project that is not there.
    pub fn project(&self, name: &str) -> Result<(RawProject, Vec<String>), String> {
        let (open, chain) = self.opened(name)?;
        Ok((open.closed()?, chain))
    }

    /// The same with its values laid open, for whoever lays others over them.
    ///
    /// # Errors
    /// As `project`.
    pub fn opened(&self, name: &str) -> Result<(Open, Vec<String>), String> {
        let mut chain = vec![name.to_owned()];
        let raw = self.raw(name)?;
        let (mut project, mut parent) = (Open::of(raw)?, raw.extends.as_deref());
        while let Some(next) = parent {
            if chain.iter().any(|known| known == next) {
                return Err(format!("project `{name}` extends itself through `{next}`"));
            }
            let raw = self.raw(next)?;
            project = project.inherit(raw)?;
            parent = raw.extends.as_deref();
            chain.push(next.to_owned());
        }
        Ok((project, chain))
    }

    fn raw(&self, name: &str) -> Result<&RawProject, String> {
        self.projects.get(name).ok_or_else(|| {
            let hint = suggest::suggestion(name, self.projects.keys().map(String::as_str));
            format!("there is no project `{name}`{hint}")
        })
    }

    /// The checks of a project: those of its packs, and of packs that belong to no project; a
    /// check that another replaces is left out.
    #[must_use]
    pub fn checks_for(&self, chain: &[String]) -> Vec<&Check> {
        let belongs = |check: &&Check| {
            chain.iter().any(|pack| pack == check.pack())
                || !self.projects.contains_key(check.pack())
        };
        let chosen: Vec<&Check> = self.checks.values().filter(belongs).collect();
        let replaced: BTreeSet<&str> =
            chosen.iter().filter_map(|check| check.replaces.as_deref()).collect();
        chosen.into_iter().filter(|check| !replaced.contains(check.id.as_str())).collect()
    }
}

/// Whether there is nothing but remarks.
fn is_empty(content: &str) -> bool {
    content.lines().map(str::trim_start).all(|line| line.is_empty() || line.starts_with('#'))
}

/// What is wrong with the parts of a path that is to be an id. Ids are typed, compared and used as
/// file names on systems that do not tell capital letters from small ones.
#[must_use]
pub fn misnamed(parts: &[&str]) -> Option<String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_name = |part: &str| !part.starts_with('-') && part.chars().all(fits);
    let wrong = match parts {
        // Beside the stages, `_` marks what is about the pack itself.
        [pack, table] if is_name(pack) => Some(table.strip_prefix('_').unwrap_or(table)),
        _ => parts.iter().copied().find(|part| !is_name(part)),
    };
    if let Some(part) = wrong.filter(|part| !is_name(part)) {
        return Some(format!(
            "the name `{part}` is part of an id, which has only small letters, digits and `-`"
        ));
    }
    let [_, stage, _] = parts else { return None };
    let hint = || valid::suggestion(stage, STAGES.into_iter());
    (!STAGES.contains(stage)).then(|| format!("there is no stage `{stage}`{}", hint()))
}
