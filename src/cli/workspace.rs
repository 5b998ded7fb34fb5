//! What a verb works on: the packs, the project, the work tree it was started in. Joins what the
//! layers below keep apart; decides nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::finding::Severity;
use crate::git::Repositories;
use crate::pack::load::{self, File, Packs};
use crate::pack::shape::Shape;
use crate::pack::vocabulary::NoPlugins;
use crate::pack::{Check, Engine, Vocabulary};
use crate::plan::{Run, STAGES};
use crate::policy::{Book, Policy};
use crate::probe;
use crate::profile::{self, Project, RawProject, Tree};
use crate::sys::{Kind, Platform, System};
use crate::trust::take::{Sound, with_programs};
use crate::waiver::Waiver;

use super::args::Global;
use super::brought::Brought;
use super::policies::{self, mistakes};
use super::settings;
use super::trouble::Trouble;

/// The project worked for where neither the user nor the folder names one.
const DEFAULT_PROJECT: &str = "cloudstack";

/// Packs, read and held against the probes.
pub struct Checks {
    /// Evaluates their expressions.
    pub engine: Engine,
    /// What they say.
    pub packs: Packs,
    /// The id of every check there is, those that this run leaves unread included.
    pub ids: BTreeSet<String>,
}

impl Checks {
    /// Reads the embedded packs, the user's and those given.
    ///
    /// # Errors
    /// Every mistake in every pack, at once.
    pub fn read(system: &dyn System, global: &Global, only: &[String]) -> Result<Self, Trouble> {
        Ok(Self::read_with(system, global, only, None)?.0)
    }

    /// The same with what a work tree brings, which the user's own packs override; what of it is to
    /// be added comes back, for it is laid over what a policy says.
    fn read_with(
        system: &dyn System,
        global: &Global,
        only: &[String],
        brought: Option<&mut Brought>,
    ) -> Result<(Self, Option<Sound>), Trouble> {
        let engine = Engine::default();
        let mut files = load::embedded();
        let mut ids = ids_of(&files);
        files.retain(|file| may_be_chosen(&file.path, only));
        let sound = brought.map(|brought| {
            let wanted = |path: &str| may_be_chosen(path, only);
            let sound = brought.sound(&engine, vocabulary(), wanted);
            files.extend(brought.files(&sound));
            (brought, sound)
        });
        let trusted = sound.as_ref().filter(|(brought, _)| brought.standing.trusted());
        let programs = trusted.and_then(|(brought, _)| brought.closure.clone());
        let vocabulary = || match &programs {
            Some(closure) => with_programs(vocabulary(), closure),
            None => vocabulary(),
        };
        let own = settings::folder(system).map(|folder| folder.join("checks"));
        let own = own.filter(|folder| system.kind(folder).is_some());
        for folder in own.iter().chain(&global.checks) {
            let own = load::folder(system, folder).map_err(misplaced)?;
            if own.is_empty() && global.checks.contains(folder) {
                return Err(misplaced(format!("{}: no check lies here", folder.display())));
            }
            files.extend(own);
        }
        ids.extend(ids_of(&files));
        let packs = Packs::read(files, &engine, vocabulary);
        if packs.problems.is_empty() {
            return Ok((Self { engine, packs, ids }, sound.map(|(_, sound)| sound)));
        }
        Err(mistakes(&packs.problems))
    }
}

fn ids_of(files: &[File]) -> BTreeSet<String> {
    files.iter().filter_map(|file| file.check_id().map(ToOwned::to_owned)).collect()
}

fn misplaced(what: String) -> Trouble {
    Trouble::usage(what).remedy(
        "put it right, or leave it out: a folder of checks holds YAML files at \
         PACK/STAGE/NAME.yaml",
    )
}

/// Whether a file of a pack can matter to this choice. Reading YAML is a third of a short run, so
/// the checks of stages that nobody chose are left unread; any other choice needs all names.
fn may_be_chosen(path: &str, only: &[String]) -> bool {
    let stages_only =
        !only.is_empty() && only.iter().all(|choice| STAGES.contains(&choice.as_str()));
    match path.split('/').collect::<Vec<_>>().as_slice() {
        [_, stage, _] if stages_only => only.iter().any(|choice| choice == stage),
        _ => true,
    }
}

/// Every name a check may use.
#[must_use]
pub fn vocabulary() -> Vocabulary<'static> {
    Vocabulary {
        plugins: &NoPlugins,
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
    /// What the tree itself brings, where it brings something.
    pub brought: Option<Brought>,
    /// The user named the project.
    pub named: bool,
    /// The project as written, held to no policy.
    pub raw: RawProject,
    /// What it is judged by.
    pub policy: Policy,
    /// Every policy it may be judged by.
    pub policies: Book,
    /// The severities that the policy changed, as they are written.
    pub written: BTreeMap<String, Severity>,
    /// The tree's own waivers, where it is trusted.
    pub waivers: Vec<Waiver>,
}

impl Workspace {
    /// Finds the work tree and its project.
    ///
    /// # Errors
    /// Mistakes in packs, a folder that cannot be used, a project that does not exist.
    pub fn open(system: &dyn System, global: &Global) -> Result<Self, Trouble> {
        Self::open_for(system, global, &[])
    }

    /// Like [`Self::open`], with no more of the embedded checks than a choice of stages needs.
    ///
    /// # Errors
    /// As `open`.
    pub fn open_for(
        system: &dyn System,
        global: &Global,
        only: &[String],
    ) -> Result<Self, Trouble> {
        let folder = folder(system, global)?;
        let root = tree_around(system, &folder);
        if let Some(root) = &root {
            readable(system, root)?;
        }
        let brought = match &root {
            Some(root) => Brought::look(system, global, root)?,
            None => None,
        };
        let tree = root.map(|root| Tree::read(system, &root));
        let place = (folder, tree);
        let trusted = brought.as_ref().filter(|brought| brought.standing.trusted()).cloned();
        match (Self::assemble(system, global, only, place.clone(), brought), trusted) {
            // What a tree brings may be wrong; it must not keep anybody from their own checks.
            (Err(trouble), Some(trusted)) => {
                let without = Some(trusted.left_out(&trouble.what));
                Self::assemble(system, global, only, place, without)
            }
            (workspace, _) => workspace,
        }
    }

    fn assemble(
        system: &dyn System,
        global: &Global,
        only: &[String],
        (folder, tree): (PathBuf, Option<Tree>),
        mut brought: Option<Brought>,
    ) -> Result<Self, Trouble> {
        let (mut checks, sound) = Checks::read_with(system, global, only, brought.as_mut())?;
        let (name, chosen_by) = choose(&checks.packs.projects, global, tree.as_ref());
        let (raw, chain) = checks.packs.project(&name).map_err(Trouble::usage)?;
        let book = policies::book(&checks.packs, &chain, &checks.ids)?;
        let policy = policies::choose(&book, global.policy.as_deref(), &raw)?;
        let held = policies::hold(&policy, &raw)?;
        let project = profile::resolve(system, &name, held, chosen_by, tree.as_ref())
            .map_err(Trouble::usage)?;
        let written = policies::weigh(&mut checks.packs, &policy);
        if let (Some(brought), Some(sound)) = (brought.as_mut(), sound) {
            brought.add_to(&mut checks.packs, sound);
            checks.ids.extend(checks.packs.checks.keys().cloned());
        }
        let waivers = brought.as_mut().map(Brought::read_waivers).unwrap_or_default();
        let named = global.project.is_some();
        Ok(Self {
            checks,
            project,
            chain,
            folder,
            tree,
            brought,
            named,
            raw,
            policy,
            policies: book,
            written,
            waivers,
        })
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

    /// Whether the work tree belongs to something else than the project: neither its root pom nor
    /// a remote says that it does, and nobody named the project. What git cannot tell counts as no.
    #[must_use]
    pub fn elsewhere(&self, git: &dyn Repositories) -> bool {
        let Some(tree) = &self.tree else { return false };
        if self.named || self.fits() {
            return false;
        }
        let wanted = super::pr_plan::wanted(self, None);
        git.branch(&tree.root, &wanted).is_ok_and(|branch| branch.remotes.project.is_none())
    }

    /// The project as another policy holds it.
    ///
    /// # Errors
    /// A value of that policy that no project has.
    pub fn under(&self, system: &dyn System, policy: &Policy) -> Result<Project, Trouble> {
        let (name, chosen_by) = (&self.project.name, self.project.chosen_by.clone());
        let held = policies::hold(policy, &self.raw)?;
        profile::resolve(system, name, held, chosen_by, self.tree.as_ref()).map_err(Trouble::usage)
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
    let trouble = |what: String| {
        Trouble::usage(format!("{}: {what}", folder.display())).remedy("name a folder that exists")
    };
    let real = system.real_path(&here.join(folder)).map_err(|error| trouble(error.to_string()))?;
    match system.kind(&real) {
        Some(Kind::Folder) => Ok(real),
        _ => Err(trouble("not a folder".to_owned())),
    }
}

/// Files of git that are opened before any time limit runs.
const GIT_FILES: [&str; 7] =
    ["HEAD", "config", "config.worktree", "commondir", "packed-refs", "shallow", "index"];

/// Refuses a work tree that could not be told about truthfully, or where git would wait for ever.
fn readable(system: &dyn System, root: &Path) -> Result<(), Trouble> {
    if root.to_str().is_none() {
        // Reports and checks hold paths as text; with bytes replaced they would name another.
        let what = format!("the path {} is not UTF-8", root.display());
        return Err(
            Trouble::usage(what).remedy("rename the folder; onramp could not name its files")
        );
    }
    let git = root.join(".git");
    let pipe = GIT_FILES.iter().map(|name| git.join(name));
    match pipe.into_iter().find(|file| system.kind(file) == Some(Kind::Other)) {
        None => Ok(()),
        Some(file) => Err(Trouble::usage(format!("{} is a pipe or a device", file.display()))
            .remedy("git itself would wait for it; use a clone made by `onramp clone`")),
    }
}

/// The work tree that a verb was started in.
///
/// # Errors
/// A folder that is none, or lies in no work tree.
pub fn tree(system: &dyn System, global: &Global) -> Result<PathBuf, Trouble> {
    let folder = folder(system, global)?;
    let tree = tree_around(system, &folder).ok_or_else(|| {
        Trouble::usage(format!("{} lies in no work tree", folder.display()))
            .remedy("run it inside the clone, or name the folder with -C")
    })?;
    readable(system, &tree)?;
    Ok(tree)
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
        let origin = global.settings.project.as_ref().map(|set| set.origin.to_string());
        return (name.clone(), origin.unwrap_or_else(|| "--project".to_owned()));
    }
    let pom = tree.and_then(|tree| tree.pom.as_ref());
    match pom.and_then(|pom| profile::detect(projects, pom)) {
        Some(name) => (name, "the root pom of this work tree".to_owned()),
        None => (DEFAULT_PROJECT.to_owned(), "nothing here names another".to_owned()),
    }
}
