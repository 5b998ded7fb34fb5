//! A project as its pom files describe it: the modules a plain `mvn` builds and every repository
//! they name. Reads files through [`System`] only, inside the project's folder only, and never
//! starts Maven: asking Maven would run the project's code.

use std::collections::{BTreeSet, VecDeque};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::pom::{self, Pom};
use super::profiles::Asked;
use memchr::memmem;

use crate::sys::{Kind, System};

/// Largest pom read.
const LARGEST_POM: u64 = 4 << 20;
/// CloudStack has 146; a tree with more than this is no project but a trap.
const MOST_MODULES: usize = 5_000;
/// The repository every Maven build has.
const CENTRAL: &str = "https://repo.maven.apache.org/maven2";

/// The modules of a project and what could not be read.
#[derive(Debug, Clone, Default)]
pub struct Reactor {
    /// Modules that are built with the profiles that are asked for, in file order, the root first.
    pub modules: Vec<ReactorModule>,
    /// Poms that are missing, broken or outside the project.
    pub problems: Vec<Problem>,
}

/// One module.
#[derive(Debug, Clone)]
pub struct ReactorModule {
    /// Folder relative to the project's; empty for the root.
    pub folder: PathBuf,
    /// Its pom file, relative to the project's folder.
    pub file: PathBuf,
    /// What the pom says.
    pub pom: Pom,
}

impl ReactorModule {
    /// The artifact id; empty where the pom has none.
    #[must_use]
    pub fn artifact(&self) -> &str {
        self.pom.artifact.as_deref().unwrap_or_default()
    }
}

/// A pom that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file that is at fault, or that names the module, relative to the project's folder.
    pub file: PathBuf,
    /// One-based line, where there is one.
    pub line: Option<u64>,
    /// What is wrong.
    pub what: String,
    /// The file is there and is no pom, so that Maven could not read it either.
    pub broken: bool,
}

/// A repository and the place that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRepository {
    /// Id, which mirrors and error messages go by.
    pub id: String,
    /// Address.
    pub url: String,
    /// Serves plug-ins rather than artifacts.
    pub plugins: bool,
    /// The profile that brings it, unless it always applies.
    pub profile: Option<pom::Profile>,
    /// Pom file relative to the project's folder; `None` for Maven's own `central`.
    pub file: Option<PathBuf>,
    /// One-based line.
    pub line: Option<u64>,
}

/// Walks the modules from `root/pom.xml`.
///
/// # Errors
/// The root pom's own problem; those of modules are in the result.
pub fn reactor(system: &dyn System, root: &Path) -> Result<Reactor, Problem> {
    reactor_with(system, root, &Asked::default())
}

/// The same with the profiles that somebody asks for.
///
/// # Errors
/// As [`reactor`].
pub fn reactor_with(system: &dyn System, root: &Path, asked: &Asked) -> Result<Reactor, Problem> {
    walk(system, root, None, asked, |_| true)
}

/// Walks the modules and parses the poms of which `worth` says so; the others stay empty. The root
/// pom need not be read again where it is at hand.
fn walk(
    system: &dyn System,
    root: &Path,
    known: Option<&Pom>,
    asked: &Asked,
    worth: fn(&[u8]) -> bool,
) -> Result<Reactor, Problem> {
    let problem =
        |what: String| Problem { file: "pom.xml".into(), line: None, what, broken: false };
    let real = system.real_path(root).map_err(|error| problem(error.to_string()))?;
    let mut walk =
        Walk { system, root: real, asked, worth, seen: BTreeSet::new(), found: Reactor::default() };
    let first = match known {
        Some(pom) => Some(walk.root_module(pom.clone())),
        None => walk.read(Path::new("pom.xml"))?,
    };
    let mut waiting: VecDeque<ReactorModule> = first.into_iter().collect();
    while let Some(module) = waiting.pop_front() {
        let below = walk.below(&module);
        walk.found.modules.push(module);
        // Depth first keeps the order of the files, as Maven reads them.
        for module in below.into_iter().rev() {
            waiting.push_front(module);
        }
    }
    Ok(walk.found)
}

/// Every repository that a pom of the project names, and Maven's `central` unless a pom sets it.
///
/// # Errors
/// The root pom's own problem.
pub fn repositories(
    system: &dyn System,
    root: &Path,
    known: Option<&Pom>,
) -> Result<Vec<NamedRepository>, Problem> {
    Ok(walk(system, root, known, &Asked::default(), names_others)?.repositories())
}

/// Whether a pom may name modules or repositories: most do neither, and parsing all of a large
/// project's takes longer than the rest of a check.
fn names_others(pom: &[u8]) -> bool {
    [&b"<module"[..], b"epositor"].iter().any(|mark| memmem::find(pom, mark).is_some())
}

impl Reactor {
    /// Every repository the modules name, in file order, then `central`.
    #[must_use]
    pub fn repositories(&self) -> Vec<NamedRepository> {
        let mut all = Vec::new();
        for module in &self.modules {
            all.extend(module.pom.repositories.iter().map(|repository| NamedRepository {
                id: repository.id.clone(),
                url: repository.url.clone(),
                plugins: repository.plugins,
                profile: repository.profile.clone(),
                file: Some(module.file.clone()),
                line: Some(repository.line),
            }));
        }
        if !all.iter().any(|repository| repository.id == "central") {
            all.push(NamedRepository {
                id: "central".into(),
                url: CENTRAL.into(),
                plugins: false,
                profile: None,
                file: None,
                line: None,
            });
        }
        all
    }

    /// Artifact id and Maven's name of each module, in file order.
    #[must_use]
    pub fn names(&self) -> Vec<(String, String)> {
        let named = |module: &ReactorModule| {
            let name = module.pom.title().unwrap_or_default();
            (module.artifact().to_owned(), name.to_owned())
        };
        self.modules.iter().map(named).collect()
    }
}

struct Walk<'a> {
    system: &'a dyn System,
    root: PathBuf,
    asked: &'a Asked,
    /// Whether a pom is worth parsing.
    worth: fn(&[u8]) -> bool,
    /// Real paths of the poms read, so that a circle ends.
    seen: BTreeSet<PathBuf>,
    found: Reactor,
}

impl Walk<'_> {
    fn root_module(&mut self, pom: Pom) -> ReactorModule {
        let file = PathBuf::from("pom.xml");
        self.seen.insert(self.root.join(&file));
        ReactorModule { folder: PathBuf::new(), file, pom }
    }

    fn below(&mut self, module: &ReactorModule) -> Vec<ReactorModule> {
        let mut below = Vec::new();
        let on = self.asked.among(&module.pom.profiles);
        for named in &module.pom.modules {
            if named.profile.as_ref().is_some_and(|profile| !on.contains(profile.id.as_str())) {
                continue;
            }
            let mut file = module.folder.join(&named.path);
            if self.system.kind(&self.root.join(&file)) != Some(Kind::File) {
                file.push("pom.xml");
            }
            match self.read(&file) {
                Ok(module) => below.extend(module),
                Err(problem) if problem.line.is_none() => self.found.problems.push(Problem {
                    file: module.file.clone(),
                    line: Some(named.line),
                    what: format!("module `{}`: {}", named.path, problem.what),
                    broken: false,
                }),
                Err(problem) => self.found.problems.push(problem),
            }
        }
        below
    }

    /// Reads a pom once; `None` where it was read before or the project is too large.
    fn read(&mut self, file: &Path) -> Result<Option<ReactorModule>, Problem> {
        let problem = |line: Option<u64>, what: String| Problem {
            file: file.into(),
            broken: line.is_some(),
            line,
            what,
        };
        let real = self.system.real_path(&self.root.join(file));
        let real = real.map_err(|error| match error.kind() {
            ErrorKind::NotFound => problem(None, format!("there is no {}", file.display())),
            _ => problem(None, error.to_string()),
        })?;
        let Ok(inside) = real.strip_prefix(&self.root).map(Path::to_owned) else {
            return Err(problem(None, "its pom lies outside the project's folder".into()));
        };
        if self.seen.len() >= MOST_MODULES {
            return Err(problem(None, format!("more than {MOST_MODULES} modules")));
        }
        if !self.seen.insert(real.clone()) {
            return Ok(None);
        }
        let bytes = self.system.read(&real, LARGEST_POM);
        let bytes = bytes.map_err(|error| problem(None, error.to_string()))?;
        let pom = if (self.worth)(&bytes) { pom::parse(&bytes) } else { Ok(Pom::default()) };
        let mut pom = pom.map_err(|error| problem(Some(error.line), error.what))?;
        pom.settle(self.asked);
        let folder = inside.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Some(ReactorModule { folder, file: inside, pom }))
    }
}
