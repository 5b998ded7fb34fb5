//! Gathers packs from every place, in order, later ones overriding by id: embedded, the user's
//! folder, `--checks`. Reads through `sys` only; a mistake in one file stops none of the others.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::profile::RawProject;
use crate::sys::{Kind, System};

use super::check::{Check, Origin};
use super::expression::Engine;
use super::problem::Problem;
use super::valid::{self, Source, Vocabulary};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/checks.rs"));
}

/// A file of a pack may be this long; larger ones are refused before they are parsed.
const LIMIT: u64 = 256 * 1024;

/// One file of a pack.
#[derive(Debug, Clone)]
pub struct File {
    /// Relative to the checks folder, `/` between parts.
    pub path: String,
    /// Where the folder came from.
    pub origin: Origin,
    /// Its text.
    pub content: String,
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
    /// Every mistake.
    pub problems: Vec<Problem>,
}

/// The files that are part of onramp.
#[must_use]
pub fn embedded() -> Vec<File> {
    let file = |(path, content): &(&str, &str)| File {
        path: (*path).to_owned(),
        origin: Origin::Embedded,
        content: (*content).to_owned(),
    };
    embedded::FILES.iter().map(file).collect()
}

/// The files below a folder of the user's.
///
/// # Errors
/// A sentence naming what could not be read.
pub fn folder(system: &dyn System, root: &Path) -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    collect(system, root, root, &mut files)?;
    Ok(files)
}

fn collect(
    system: &dyn System,
    root: &Path,
    at: &Path,
    files: &mut Vec<File>,
) -> Result<(), String> {
    let names = system.list(at).map_err(|error| format!("{}: {error}", at.display()))?;
    for path in names.iter().map(|name| at.join(name)).filter(|path| wanted(path)) {
        if system.kind(&path) == Some(Kind::Folder) {
            collect(system, root, &path, files)?;
            continue;
        }
        let content =
            system.read(&path, LIMIT).map_err(|error| format!("{}: {error}", path.display()))?;
        let content = String::from_utf8(content)
            .map_err(|_| format!("{}: not UTF-8 text", path.display()))?;
        let relative = path.strip_prefix(root).unwrap_or(&path);
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        let origin = Origin::Folder(root.display().to_string());
        files.push(File { path: parts.join("/"), origin, content });
    }
    Ok(())
}

/// YAML files and folders; dot files belong to editors and version control.
fn wanted(path: &Path) -> bool {
    let name = PathBuf::from(path.file_name().unwrap_or_default());
    let hidden = name.to_string_lossy().starts_with('.');
    !hidden && name.extension().is_none_or(|extension| extension == "yaml")
}

impl Packs {
    /// Reads files in order; a later file with the same path overrides an earlier one. The
    /// vocabulary is asked for only where a file needs holding against it.
    #[must_use]
    pub fn read(
        files: Vec<File>,
        engine: &Engine,
        vocabulary: impl FnOnce() -> Vocabulary,
    ) -> Self {
        let vocabulary = LazyCell::new(vocabulary);
        let latest: BTreeMap<String, File> =
            files.into_iter().map(|file| (file.path.clone(), file)).collect();
        let mut packs = Self::default();
        for file in latest.into_values() {
            packs.add(&file, |source| match file.origin {
                Origin::Embedded => valid::check_known(source),
                Origin::Folder(_) => valid::check(source, engine, &vocabulary),
            });
        }
        packs
    }

    fn add(&mut self, file: &File, read: impl FnOnce(Source<'_>) -> Result<Check, Vec<Problem>>) {
        let shown = match &file.origin {
            Origin::Embedded => format!("checks/{}", file.path),
            Origin::Folder(root) => format!("{root}/{}", file.path),
        };
        let id = file.path.strip_suffix(".yaml").unwrap_or(&file.path);
        let parts: Vec<&str> = id.split('/').collect();
        match parts.as_slice() {
            [pack, "_project"] => match serde_saphyr::from_str(&file.content) {
                Ok(project) => {
                    self.projects.insert((*pack).to_owned(), project);
                }
                Err(error) => self.problems.push(Problem::yaml(&shown, &error)),
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
                self.tables.insert(file.path.clone(), file.content.clone());
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
        let mut chain = vec![name.to_owned()];
        let mut project = self.raw(name)?.clone();
        let mut parent = project.extends.clone();
        while let Some(next) = parent.take() {
            if chain.contains(&next) {
                return Err(format!("project `{name}` extends itself through `{next}`"));
            }
            let raw = self.raw(&next)?;
            parent.clone_from(&raw.extends);
            project = project.inherit(raw.clone());
            chain.push(next);
        }
        Ok((project, chain))
    }

    fn raw(&self, name: &str) -> Result<&RawProject, String> {
        self.projects.get(name).ok_or_else(|| {
            let hint = valid::suggestion(name, self.projects.keys().map(String::as_str));
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
        let replaced: Vec<&str> =
            chosen.iter().filter_map(|check| check.replaces.as_deref()).collect();
        chosen.into_iter().filter(|check| !replaced.contains(&check.id.as_str())).collect()
    }
}
