//! What of a reactor has to be built because of some files: the modules they lie in, those that
//! need these, and what those need that is not installed. Pure.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::graph::{Graph, reached};
use super::project::Reactor;

/// What has to be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Nothing: no file lies in a module.
    Nothing,
    /// All of it, because of this file.
    Everything(String),
    /// Some modules.
    Modules(Chosen),
}

/// Modules by their number in the reactor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Modules in which files lie.
    pub touched: BTreeSet<usize>,
    /// Modules that need them.
    pub dependents: BTreeSet<usize>,
    /// Modules that are needed besides and not installed.
    pub missing: BTreeSet<usize>,
}

/// The nearest folder around a file for which `module` says that it is one; empty for the root.
#[must_use]
pub fn folder_of<'a>(file: &'a str, module: &dyn Fn(&Path) -> bool) -> Option<&'a Path> {
    let within = file.trim_end_matches('/');
    // A folder that git lists as a whole may be a module itself.
    let own = file.ends_with('/').then(|| Path::new(within));
    own.into_iter().chain(Path::new(within).ancestors().skip(1)).find(|folder| module(folder))
}

/// What has to be built because of `files`, paths from the tree's root. `installed` says of a module
/// whether its artifacts can be had.
#[must_use]
pub fn scope(
    reactor: &Reactor,
    graph: &Graph,
    files: &[String],
    installed: &dyn Fn(usize) -> bool,
) -> Scope {
    let of = |folder: &Path| reactor.modules.iter().position(|module| module.folder == folder);
    let mut touched = BTreeSet::new();
    for file in files {
        let folder = folder_of(file, &|folder| of(folder).is_some());
        match folder.and_then(of) {
            Some(number) if number != 0 => {
                touched.insert(number);
            }
            _ => return Scope::Everything(file.clone()),
        }
    }
    if touched.is_empty() {
        return Scope::Nothing;
    }
    let dependents = dependents(reactor, graph, &touched);
    let built: BTreeSet<usize> = touched.union(&dependents).copied().collect();
    let missing = missing(graph, &built, installed);
    Scope::Modules(Chosen { touched, dependents, missing })
}

/// All that these modules need, and what those need in turn; without themselves.
#[must_use]
pub fn requirements(graph: &Graph, of: &BTreeSet<usize>) -> BTreeSet<usize> {
    reached(of, |module| graph.needs(module).to_vec())
}

/// All that need one of these modules, at any distance; without themselves.
#[must_use]
pub fn dependents(reactor: &Reactor, graph: &Graph, of: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut above: Vec<Vec<usize>> = vec![Vec::new(); reactor.modules.len()];
    for module in 0..above.len() {
        for other in graph.needs(module) {
            above[*other].push(module);
        }
    }
    reached(of, |module| above[module].clone())
}

/// What `built` needs besides and cannot be had: what an installed module needs is asked for too,
/// since its own pom leads there.
fn missing(
    graph: &Graph,
    built: &BTreeSet<usize>,
    installed: &dyn Fn(usize) -> bool,
) -> BTreeSet<usize> {
    requirements(graph, built).into_iter().filter(|module| !installed(*module)).collect()
}

impl Chosen {
    /// The words that choose these modules on Maven's command line. Maven finds the dependents
    /// itself; with something missing besides, every module is named, for `-am` would not build
    /// what only a dependent needs.
    #[must_use]
    pub fn words(&self, reactor: &Reactor, graph: &Graph) -> Vec<String> {
        let above = requirements(graph, &self.touched);
        let (list, flags): (BTreeSet<usize>, &[&str]) = if self.missing.is_empty() {
            (self.touched.clone(), &["-amd"])
        } else if above.is_superset(&self.missing) {
            (self.touched.clone(), &["-amd", "-am"])
        } else {
            let all = self.touched.iter().chain(&self.dependents).chain(&self.missing);
            (all.copied().collect(), &[])
        };
        let names = list.iter().map(|number| selector(reactor, *number));
        let names = names.collect::<Vec<_>>().join(",");
        let mut words = vec!["-pl".to_owned(), names];
        words.extend(flags.iter().map(|flag| (*flag).to_owned()));
        words
    }
}

/// How Maven is told of one module: by its artifact id, or by its folder where two share an id.
fn selector(reactor: &Reactor, number: usize) -> String {
    let module = &reactor.modules[number];
    let id = module.artifact();
    let alike = reactor.modules.iter().filter(|other| other.artifact() == id).count();
    if alike == 1 && !id.is_empty() {
        return format!(":{id}");
    }
    let folder = if module.folder == PathBuf::new() { Path::new(".") } else { &module.folder };
    folder.to_string_lossy().into_owned()
}
