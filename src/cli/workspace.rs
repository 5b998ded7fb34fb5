//! What a verb works on: the packs, the project, the work tree it was started in. Joins what the
//! layers below keep apart; decides nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::finding::Severity;
use crate::git::Repositories;
use crate::pack::Check;
use crate::plan::Run;
use crate::policy::{Book, Policy};
use crate::probe::plugin;
use crate::profile::{self, Forge, Open, Project, Tree};
use crate::sys::{Kind, System, Workbench};
use crate::waiver::Waiver;

use super::args::Global;
use super::brought::Brought;
use super::checks::Wanted;
pub use super::checks::{Checks, vocabulary};
use super::plugins::Told;
use super::policies;
use super::trouble::Trouble;

/// The project worked for where neither the user nor the folder names one.
const DEFAULT_PROJECT: &str = "cloudstack";

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
    pub open: Open,
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

    /// Like [`Self::open`], with every check held against what its plug-in says of itself, which
    /// starts it: for whoever wants to see checks, not to run them.
    ///
    /// # Errors
    /// As `open`.
    pub fn open_described(system: &dyn System, global: &Global) -> Result<Self, Trouble> {
        Self::open_wanted(system, global, Wanted { only: &[], told: Told::Themselves })
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
        Self::open_wanted(system, global, Wanted { only, told: Told::Nothing })
    }

    fn open_wanted(
        system: &dyn System,
        global: &Global,
        wanted: Wanted<'_>,
    ) -> Result<Self, Trouble> {
        let (folder, root) = place(system, global)?;
        let brought = match &root {
            Some(root) => Brought::look(system, global, root)?,
            None => None,
        };
        let tree = root.map(|root| Tree::read(system, &root));
        let place = (folder, tree);
        let trusted = brought.as_ref().filter(|brought| brought.standing.trusted()).cloned();
        match (Self::assemble(system, global, wanted, place.clone(), brought), trusted) {
            // What a tree brings may be wrong; it must not keep anybody from their own checks.
            (Err(trouble), Some(trusted)) => {
                let without = Some(trusted.left_out(&trouble.what));
                Self::assemble(system, global, wanted, place, without)
            }
            (workspace, _) => workspace,
        }
    }

    fn assemble(
        system: &dyn System,
        global: &Global,
        wanted: Wanted<'_>,
        (folder, tree): (PathBuf, Option<Tree>),
        mut brought: Option<Brought>,
    ) -> Result<Self, Trouble> {
        let (mut checks, sound) = Checks::read_with(system, global, wanted, brought.as_mut())?;
        let (name, chosen_by) = choose(&checks.packs.projects, global, tree.as_ref());
        let (open, chain) = checks.packs.opened(&name).map_err(Trouble::usage)?;
        let book = policies::book(&checks.packs, &chain, &checks.ids)?;
        let policy = policies::choose(&book, global.policy.as_deref(), &open)?;
        let held = policies::hold(&policy, &open)?;
        let projects = &checks.packs.projects;
        let named = global.project.is_some();
        let own = speaking(projects, named, tree.as_ref());
        let project =
            profile::resolve(system, &name, held, chosen_by, own).map_err(Trouble::usage)?;
        let written = policies::weigh(&mut checks.packs, &policy);
        if let (Some(brought), Some(sound)) = (brought.as_mut(), sound) {
            brought.add_to(&mut checks.packs, sound);
            checks.ids.extend(checks.packs.checks.keys().cloned());
        }
        let waivers = brought.as_mut().map(Brought::read_waivers).unwrap_or_default();
        Ok(Self {
            checks,
            project,
            chain,
            folder,
            tree,
            brought,
            named,
            open,
            policy,
            policies: book,
            written,
            waivers,
        })
    }

    /// The plug-ins that may be asked on this run, those of a trusted work tree among them.
    #[must_use]
    pub fn plugins(&self, bench: &dyn Workbench, run: &Run) -> plugin::Plugins {
        let brought = self.brought.as_ref().map(|brought| brought.programs(bench));
        let brought = brought.and_then(|programs| programs.map_err(|e| e.to_string()).transpose());
        plugin::Plugins { brought, ..self.checks.plugins.about(run) }
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

    /// The project's clone that this was started in.
    ///
    /// # Errors
    /// No work tree, or one of something else.
    pub fn clone_here(&self, git: &dyn Repositories) -> Result<&Tree, Trouble> {
        let tree = self.any_tree()?;
        if self.elsewhere(git) {
            let (root, title) = (tree.root.display(), &self.project.title);
            return Err(Trouble::usage(format!("{root} is no clone of {title}")).remedy(
                "go into your clone, make one with `onramp clone`, or name the project: \
                 `--project apache` takes any that Maven builds",
            ));
        }
        Ok(tree)
    }

    /// The work tree that this was started in, whatever it is of.
    ///
    /// # Errors
    /// None.
    pub fn any_tree(&self) -> Result<&Tree, Trouble> {
        self.tree.as_ref().ok_or_else(|| {
            Trouble::usage(format!("{} lies in no work tree", self.folder.display()))
                .remedy("run it inside the clone; `onramp clone` makes one")
        })
    }

    /// The project as another policy holds it.
    ///
    /// # Errors
    /// A value of that policy that no project has.
    pub fn under(&self, system: &dyn System, policy: &Policy) -> Result<Project, Trouble> {
        let (name, chosen_by) = (&self.project.name, self.project.chosen_by.clone());
        let held = policies::hold(policy, &self.open)?;
        let projects = &self.checks.packs.projects;
        let own = speaking(projects, self.named, self.tree.as_ref());
        profile::resolve(system, name, held, chosen_by, own).map_err(Trouble::usage)
    }

    /// What the forge makes of a person's signatures, whatever the policy.
    #[must_use]
    pub fn forge(&self) -> Option<Forge> {
        self.open.closed().ok()?.signatures?.forge
    }

    /// The project's checks.
    #[must_use]
    pub fn all_checks(&self) -> Vec<&Check> {
        self.checks.packs.checks_for(&self.chain)
    }

    /// The tables of this file name in the project's packs, nearest first: path and text.
    #[must_use]
    pub fn tables(&self, file: &str) -> Vec<(String, &str)> {
        let paths = self.chain.iter().map(|pack| format!("{pack}/{file}"));
        let text = |path: &String| self.checks.packs.tables.get(path).map(String::as_str);
        paths.filter_map(|path| Some((path.clone(), text(&path)?))).collect()
    }
}

/// The folder that a verb was started in, and the work tree around it.
///
/// # Errors
/// A folder or work tree that cannot be used.
pub(super) fn place(
    system: &dyn System,
    global: &Global,
) -> Result<(PathBuf, Option<PathBuf>), Trouble> {
    let folder = folder(system, global)?;
    let root = tree_around(system, &folder);
    if let Some(root) = &root {
        readable(system, root)?;
    }
    Ok((folder, root))
}

pub(super) fn folder(system: &dyn System, global: &Global) -> Result<PathBuf, Trouble> {
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

/// The work tree that a verb was started in, where it was started in one.
///
/// # Errors
/// A folder that is none, or a work tree that could not be told about truthfully.
pub(super) fn tree_here(system: &dyn System, global: &Global) -> Result<Option<PathBuf>, Trouble> {
    let tree = tree_around(system, &folder(system, global)?);
    if let Some(tree) = &tree {
        readable(system, tree)?;
    }
    Ok(tree)
}

/// Keeps a run from starting anything of the work tree, which PATH may lead to.
pub(super) fn keep_from_tree(system: &dyn System, global: &Global) {
    if let Some(tree) = foreign_tree(system, global) {
        system.shun(&tree);
    }
}

/// The work tree that a verb was started in, unless it holds the user's home: then it holds the
/// user's own programs and files too, and nobody else's.
pub(super) fn foreign_tree(system: &dyn System, global: &Global) -> Option<PathBuf> {
    let tree = tree_around(system, &folder(system, global).ok()?)?;
    let own = system.home().is_some_and(|home| home.starts_with(&tree));
    (!own).then_some(tree)
}

/// The nearest folder upwards with a `.git` in it.
pub(super) fn tree_around(system: &dyn System, folder: &Path) -> Option<PathBuf> {
    let mut above = folder.ancestors();
    above.find(|folder| system.kind(&folder.join(".git")).is_some()).map(Path::to_owned)
}

/// The tree, where what its files ask for is what the project asks for: somebody named the project, or
/// the root pom bears the marks of one. A stranger's version would be taken for one of its releases.
/// A tree without a pom has no marks to look for.
fn speaking<'a>(
    projects: &BTreeMap<String, profile::RawProject>,
    named: bool,
    tree: Option<&'a Tree>,
) -> Option<&'a Tree> {
    let marked = |pom| profile::detect(projects, pom).is_some();
    tree.filter(|tree| named || tree.pom.as_ref().is_none_or(marked))
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
