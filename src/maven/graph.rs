//! Which modules of a project wait for which, told from their poms alone, and what that means for
//! building several at a time. Pure. A circle is Maven's to complain about: here its modules wait
//! for each other no more.

use std::collections::{BTreeSet, HashMap};

use super::pom::{Parent, Pom};
use super::project::{Reactor, ReactorModule};
use super::xml::Element;

/// Parents looked up through the reactor; more is a circle.
const MOST_PARENTS: usize = 32;
/// The group of a plug-in that names none.
const PLUGINS: &str = "org.apache.maven.plugins";
/// Plug-ins that Maven uses by itself, whatever a pom says.
const ALWAYS: [&str; 12] = [
    "maven-clean-plugin",
    "maven-compiler-plugin",
    "maven-deploy-plugin",
    "maven-ear-plugin",
    "maven-ejb-plugin",
    "maven-install-plugin",
    "maven-jar-plugin",
    "maven-plugin-plugin",
    "maven-resources-plugin",
    "maven-site-plugin",
    "maven-surefire-plugin",
    "maven-war-plugin",
];

/// An artifact that a pom uses when it is built: a dependency, a plug-in, or a plug-in's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Used {
    /// Group.
    pub group: String,
    /// Artifact id.
    pub artifact: String,
    /// Version; none where another file manages it.
    pub version: Option<String>,
    /// Whether its classes are used: two modules that use each other so cannot be built, while Maven
    /// looks past circles of plug-ins.
    pub binds: bool,
    /// One-based line.
    pub line: u64,
}

/// What a management section says will be used, as soon as somebody uses what it manages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Managed {
    /// Group and artifact id of the plug-in it belongs to; none where a list of versions is imported,
    /// which no build waits for, but which whoever reads the pom later has to find.
    pub plugin: Option<(String, String)>,
    /// What is used with it.
    pub used: Used,
}

/// What a pom's own build, or that of one of its profiles, uses. Management sections use nothing by
/// themselves.
pub(super) fn uses(from: &Element, expand: &dyn Fn(&str) -> String) -> Vec<Used> {
    let build = from.child("build");
    let plugins: Vec<_> =
        build.into_iter().flat_map(|build| build.items("plugins", "plugin")).collect();
    let extensions = build.into_iter().flat_map(|build| build.items("extensions", "extension"));
    let of_plugins = plugins.iter().flat_map(|plugin| plugin.items("dependencies", "dependency"));
    let read = |element: &Element, group: &str, binds| read(element, group, binds, expand);
    let own = from.items("dependencies", "dependency").map(|element| read(element, "", true));
    let others = of_plugins.chain(extensions).map(|element| read(element, "", false));
    let plugins = plugins.iter().map(|it| read(it, PLUGINS, false));
    own.chain(others).chain(plugins).flatten().collect()
}

/// What the management sections of a pom's own build, or of one of its profiles, say will be used.
pub(super) fn managed(from: &Element, expand: &dyn Fn(&str) -> String) -> Vec<Managed> {
    let of_build = from.child("build").and_then(|build| build.child("pluginManagement"));
    let plugins = of_build.into_iter().flat_map(|management| management.items("plugins", "plugin"));
    let of_plugins = plugins.flat_map(|plugin| {
        let of = read(plugin, PLUGINS, false, expand).map(|plugin| (plugin.group, plugin.artifact));
        let used = plugin.items("dependencies", "dependency");
        let used = used.filter_map(|element| read(element, "", false, expand));
        used.filter_map(move |used| Some(Managed { plugin: Some(of.clone()?), used }))
    });
    let versions = from.child("dependencyManagement").into_iter();
    let versions = versions.flat_map(|management| management.items("dependencies", "dependency"));
    let imports = versions.filter(|element| element.text_of("scope") == Some("import"));
    let imports = imports.filter_map(|element| read(element, "", false, expand));
    of_plugins.chain(imports.map(|used| Managed { plugin: None, used })).collect()
}

fn read(
    element: &Element,
    group: &str,
    binds: bool,
    expand: &dyn Fn(&str) -> String,
) -> Option<Used> {
    let group = element.text_of("groupId").unwrap_or(group);
    let artifact = element.text_of("artifactId")?;
    let version = element.text_of("version").map(expand);
    let (group, artifact) = (expand(group), expand(artifact));
    Some(Used { group, artifact, version, binds, line: element.line })
}

/// The modules of a reactor, by their places in its list, each after those it waits for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// For each module, those it waits for.
    needs: Vec<Vec<usize>>,
    /// Every module once, none before what it needs.
    order: Vec<usize>,
}

/// The chain of modules that no number of threads can shorten.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chain {
    /// Places of its modules in the reactor's list, the first to be built first.
    pub modules: Vec<usize>,
    /// What they weigh together.
    pub weight: f64,
}

impl Graph {
    /// Reads the reactor.
    #[must_use]
    pub fn of(reactor: &Reactor) -> Self {
        let names = Names::of(reactor);
        let modules = &reactor.modules;
        let needs = modules.iter().enumerate().map(|(at, module)| names.needs(modules, at, module));
        Self::new(needs.collect())
    }

    /// From what each module waits for; what is no place in the list is left out.
    #[must_use]
    pub fn new(mut needs: Vec<Vec<usize>>) -> Self {
        let count = needs.len();
        for (at, of) in needs.iter_mut().enumerate() {
            of.retain(|need| *need != at && *need < count);
            of.sort_unstable();
            of.dedup();
        }
        let order = order(&needs);
        let mut place = vec![0; count];
        order.iter().enumerate().for_each(|(position, module)| place[*module] = position);
        // In a circle something has to come first.
        for (at, of) in needs.iter_mut().enumerate() {
            of.retain(|need| place[*need] < place[at]);
        }
        Self { needs, order }
    }

    /// What a module waits for directly.
    #[must_use]
    pub fn needs(&self, module: usize) -> &[usize] {
        self.needs.get(module).map_or(&[], Vec::as_slice)
    }

    /// Every module once, none before what it needs, otherwise in the order of the list.
    #[must_use]
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The heaviest chain of modules that wait for each other. `weights` are by place in the list.
    #[must_use]
    pub fn longest(&self, weights: &[f64]) -> Chain {
        let mut ends = vec![0.0_f64; self.needs.len()];
        let mut before = vec![None; self.needs.len()];
        for module in &self.order {
            let last = self.needs[*module].iter().max_by(|a, b| ends[**a].total_cmp(&ends[**b]));
            before[*module] = last.copied();
            ends[*module] = last.map_or(0.0, |last| ends[*last]) + weight(weights, *module);
        }
        let mut at = (0..ends.len()).max_by(|a, b| ends[*a].total_cmp(&ends[*b]));
        let mut chain =
            Chain { modules: Vec::new(), weight: at.map_or(0.0, |module| ends[module]) };
        while let Some(module) = at {
            chain.modules.push(module);
            at = before[module];
        }
        chain.modules.reverse();
        chain
    }

    /// How long a build takes with so many modules at a time, where each takes what it weighs and
    /// starts, as Maven does it, as soon as all that it needs is done and a thread is free.
    #[must_use]
    pub fn makespan(&self, weights: &[f64], threads: usize) -> f64 {
        let mut waits: Vec<usize> = self.needs.iter().map(Vec::len).collect();
        let mut waited_for = vec![Vec::new(); self.needs.len()];
        for (module, needs) in self.needs.iter().enumerate() {
            needs.iter().for_each(|need| waited_for[*need].push(module));
        }
        let mut ready: Vec<usize> =
            self.order.iter().copied().filter(|module| waits[*module] == 0).rev().collect();
        let mut running: Vec<(f64, usize)> = Vec::new();
        let mut now = 0.0_f64;
        loop {
            while running.len() < threads.max(1) {
                let Some(module) = ready.pop() else { break };
                running.push((now + weight(weights, module), module));
            }
            let first = (0..running.len()).min_by(|a, b| running[*a].0.total_cmp(&running[*b].0));
            let Some(first) = first else { return now };
            let (end, done) = running.swap_remove(first);
            now = end;
            for module in &waited_for[done] {
                waits[*module] -= 1;
                if waits[*module] == 0 {
                    ready.insert(0, *module);
                }
            }
        }
    }
}

fn weight(weights: &[f64], module: usize) -> f64 {
    weights.get(module).copied().filter(|weight| weight.is_finite()).unwrap_or(1.0).max(0.0)
}

/// A depth-first walk, each module after its needs; without recursion, for chains may be long.
fn order(needs: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(needs.len());
    let mut begun = vec![false; needs.len()];
    for first in 0..needs.len() {
        let mut open = vec![(first, 0)];
        while let Some((module, next)) = open.pop() {
            if next == 0 && std::mem::replace(&mut begun[module], true) {
                continue;
            }
            match needs[module].get(next) {
                Some(need) => open.extend([(module, next + 1), (*need, 0)]),
                None => order.push(module),
            }
        }
    }
    order
}

/// The modules by what others call them.
struct Names<'a> {
    whole: HashMap<(&'a str, &'a str), usize>,
    artifacts: HashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    fn of(reactor: &'a Reactor) -> Self {
        let modules = || reactor.modules.iter().enumerate();
        let group = |pom: &'a Pom| pom.group.as_deref().unwrap_or_default();
        let whole =
            modules().map(|(at, module)| ((group(&module.pom), module.artifact()), at)).collect();
        Self { whole, artifacts: modules().map(|(at, module)| (module.artifact(), at)).collect() }
    }

    fn find(&self, used: &Used) -> Option<usize> {
        self.named(&used.group, &used.artifact)
    }

    /// A group that only another file's properties tell is taken for the project's own.
    fn named(&self, group: &str, artifact: &str) -> Option<usize> {
        if group.contains("${") {
            return self.artifacts.get(artifact).copied();
        }
        self.whole.get(&(group, artifact)).copied()
    }

    fn needs(&self, modules: &[ReactorModule], at: usize, module: &ReactorModule) -> Vec<usize> {
        let (mut needs, mut used, mut managed) = (Vec::new(), BTreeSet::new(), Vec::new());
        // What a parent uses, its children use, and what it manages counts for them.
        for (parent, pom) in self.family(modules, at, module) {
            needs.extend(parent);
            needs.extend(pom.uses.iter().filter_map(|used| self.find(used)));
            used.extend(pom.uses.iter().map(|used| (used.group.as_str(), used.artifact.as_str())));
            managed.extend(&pom.managed);
        }
        let comes = |(group, artifact): (&str, &str)| {
            group == PLUGINS && ALWAYS.contains(&artifact) || used.contains(&(group, artifact))
        };
        let coming = managed.into_iter().filter(|managed| {
            managed.plugin.as_ref().is_some_and(|(group, artifact)| comes((group, artifact)))
        });
        needs.extend(coming.filter_map(|managed| self.find(&managed.used)));
        needs
    }

    /// A pom and its parents as far as they are modules, each parent with its place.
    fn family(
        &self,
        modules: &'a [ReactorModule],
        at: usize,
        module: &'a ReactorModule,
    ) -> Vec<(Option<usize>, &'a Pom)> {
        let mut family = vec![(None, &module.pom)];
        while let (Some((_, pom)), true) = (family.last(), family.len() <= MOST_PARENTS) {
            let found = pom.parent.as_ref().and_then(|parent| self.parent(parent));
            let Some(found) = found.filter(|found| *found != at) else { break };
            family.push((Some(found), &modules[found].pom));
        }
        family
    }

    fn parent(&self, parent: &Parent) -> Option<usize> {
        let (group, artifact) = (parent.group.as_deref(), parent.artifact.as_deref());
        self.named(group.unwrap_or_default(), artifact.unwrap_or_default())
    }
}

/// All that these modules may need when they are built, and what that may need in turn, whichever
/// profiles are on; without themselves. None where a pom leaves open what it needs.
#[must_use]
pub fn at_most(reactor: &Reactor, of: &BTreeSet<usize>) -> Option<BTreeSet<usize>> {
    let names = Names::of(reactor);
    let modules = &reactor.modules;
    let groups: BTreeSet<_> = modules.iter().filter_map(|it| it.pom.group.as_deref()).collect();
    if !reactor.problems.is_empty() {
        return None;
    }
    let mut needs = Vec::new();
    for (at, module) in modules.iter().enumerate() {
        let family = names.family(modules, at, module);
        let mut of_it: Vec<usize> = family.iter().filter_map(|(parent, _)| *parent).collect();
        // A parent of the project's own that is no module may say anything.
        let last = family.last().and_then(|(_, pom)| pom.parent.as_ref()?.group.as_deref());
        if last.is_some_and(|group| group.contains("${") || groups.contains(group)) {
            return None;
        }
        for (_, pom) in family {
            let profiles = pom.profile_uses.iter();
            let managed = profiles.clone().flat_map(|(_, _, managed)| managed).chain(&pom.managed);
            let uses = profiles.flat_map(|(_, uses, _)| uses).chain(&pom.uses);
            for used in uses.chain(managed.map(|managed| &managed.used)) {
                if used.artifact.contains("${") {
                    return None;
                }
                of_it.extend(names.find(used));
            }
        }
        needs.push(of_it);
    }
    Some(reached(of, |module| needs.get(module).cloned().unwrap_or_default()))
}

/// What can be reached from these modules, step by step; without themselves.
pub(super) fn reached(of: &BTreeSet<usize>, next: impl Fn(usize) -> Vec<usize>) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<usize> = of.iter().copied().collect();
    while let Some(module) = waiting.pop() {
        for other in next(module) {
            if !of.contains(&other) && found.insert(other) {
                waiting.push(other);
            }
        }
    }
    found
}
