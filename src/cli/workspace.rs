//! What a verb works on: the packs, the project, the work tree it was started in. Joins what the
//! layers below keep apart; decides nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::pack::load::{self, Packs};
use crate::pack::shape::Shape;
use crate::pack::{Check, Engine, Vocabulary};
use crate::plan::Run;
use crate::probe;
use crate::profile::{self, Project, Tree};
use crate::sys::{Platform, System};

use super::args::Global;
use super::trouble::Trouble;

/// The project worked for where neither the user nor the folder names one.
const DEFAULT_PROJECT: &str = "cloudstack";

/// Packs, read and held against the probes.
pub struct Checks {
    /// Evaluates their expressions.
    pub engine: Engine,
    /// What they say.
    pub packs: Packs,
}

impl Checks {
    /// Reads the embedded packs, the user's and those given.
    ///
    /// # Errors
    /// Every mistake in every pack, at once.
    pub fn read(system: &dyn System, global: &Global) -> Result<Self, Trouble> {
        let engine = Engine::default();
        let mut files = load::embedded();
        let own = user_folder(system).filter(|folder| system.kind(folder).is_some());
        for folder in own.iter().chain(&global.checks) {
            files.extend(load::folder(system, folder).map_err(Trouble::usage)?);
        }
        let packs = Packs::read(files, &engine, vocabulary);
        if packs.problems.is_empty() {
            return Ok(Self { engine, packs });
        }
        let texts: Vec<String> = packs.problems.iter().map(ToString::to_string).collect();
        let what = match texts.len() {
            1 => "a pack has a mistake".to_owned(),
            count => format!("packs have {count} mistakes"),
        };
        Err(Trouble::usage(format!("{what}\n\n{}", texts.join("\n\n"))))
    }
}

/// Where a user keeps checks of their own.
fn user_folder(system: &dyn System) -> Option<PathBuf> {
    let absolute = |path: PathBuf| path.is_absolute().then_some(path);
    let config = system.env("XDG_CONFIG_HOME").map(PathBuf::from).and_then(absolute);
    let config = config.or_else(|| Some(system.home()?.join(".config")))?;
    Some(config.join("onramp/checks"))
}

/// Every name a check may use.
#[must_use]
pub fn vocabulary() -> Vocabulary {
    Vocabulary {
        probes: probe::shapes(),
        project: Shape::of(&schemars::schema_for!(Project).to_value()),
        run: Shape::of(&schemars::schema_for!(Run).to_value()),
        platform: Shape::of(&schemars::schema_for!(Platform).to_value()),
    }
}

/// Where a verb was started.
pub struct Workspace {
    /// The packs.
    pub checks: Checks,
    /// The project's values.
    pub project: Project,
    /// The packs it draws on, its own first.
    pub chain: Vec<String>,
    /// The folder.
    pub folder: PathBuf,
    /// The work tree around it, where there is one.
    pub tree: Option<Tree>,
    /// The user named the project.
    named: bool,
}

impl Workspace {
    /// Finds the work tree and its project.
    ///
    /// # Errors
    /// Mistakes in packs, a folder that cannot be used, a project that does not exist.
    pub fn open(system: &dyn System, global: &Global) -> Result<Self, Trouble> {
        let checks = Checks::read(system, global)?;
        let folder = folder(system, global)?;
        let tree = tree_around(system, &folder).map(|root| Tree::read(system, &root));
        let (name, chosen_by) = choose(&checks.packs.projects, global, tree.as_ref());
        let (raw, chain) = checks.packs.project(&name).map_err(Trouble::usage)?;
        let project = profile::resolve(system, &name, raw, chosen_by, tree.as_ref())
            .map_err(Trouble::usage)?;
        let named = global.project.is_some();
        Ok(Self { checks, project, chain, folder, tree, named })
    }

    /// Whether the work tree is one of the project's: the user says so, or its root pom bears the
    /// marks.
    #[must_use]
    pub fn fits(&self) -> bool {
        if self.named {
            return self.tree.is_some();
        }
        let pom = self.tree.as_ref().and_then(|tree| tree.pom.as_ref());
        let detected = pom.and_then(|pom| profile::detect(&self.checks.packs.projects, pom));
        detected.is_some_and(|name| self.chain.contains(&name))
    }

    /// The project's checks.
    #[must_use]
    pub fn all_checks(&self) -> Vec<&Check> {
        self.checks.packs.checks_for(&self.chain)
    }
}

fn folder(system: &dyn System, global: &Global) -> Result<PathBuf, Trouble> {
    let here = system.current_dir().map_err(|error| {
        Trouble::usage(format!("the current folder cannot be used: {error}"))
            .remedy("change to a folder that exists")
    })?;
    let Some(folder) = &global.start else { return Ok(here) };
    system.real_path(&here.join(folder)).map_err(|error| {
        Trouble::usage(format!("{}: {error}", folder.display())).remedy("name a folder that exists")
    })
}

/// The nearest folder upwards with a `.git` in it.
fn tree_around(system: &dyn System, folder: &Path) -> Option<PathBuf> {
    let mut above = folder.ancestors();
    above.find(|folder| system.kind(&folder.join(".git")).is_some()).map(Path::to_owned)
}

fn choose(
    projects: &BTreeMap<String, profile::RawProject>,
    global: &Global,
    tree: Option<&Tree>,
) -> (String, String) {
    if let Some(name) = &global.project {
        return (name.clone(), "--project or ONRAMP_PROJECT".to_owned());
    }
    let pom = tree.and_then(|tree| tree.pom.as_ref());
    match pom.and_then(|pom| profile::detect(projects, pom)) {
        Some(name) => (name, "the root pom of this work tree".to_owned()),
        None => (DEFAULT_PROJECT.to_owned(), "nothing here names another".to_owned()),
    }
}
