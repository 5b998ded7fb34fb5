//! Modules that need each other in a circle, so that no order can build them. Pure. Says so only where
//! the poms leave no doubt: a version that only another file could tell may mean another release,
//! and Maven looks past circles of plug-ins.

use std::collections::{BTreeMap, BTreeSet};

use super::project::{Reactor, ReactorModule};

/// The modules of the first circle, by their place in the reactor, each needing the next and the last
/// the first.
#[must_use]
pub fn circle(reactor: &Reactor) -> Option<Vec<usize>> {
    let modules = &reactor.modules;
    let mut named: BTreeMap<Whole<'_>, usize> = BTreeMap::new();
    for (place, module) in modules.iter().enumerate() {
        if let Some(name) = whole(module) {
            named.insert(name, place);
        }
    }
    let needs: Vec<Vec<usize>> = modules.iter().map(|module| binding(module, &named)).collect();
    let mut done = vec![false; needs.len()];
    (0..needs.len()).find_map(|start| from(start, &needs, &mut done))
}

/// Group, artifact and version.
type Whole<'a> = (&'a str, &'a str, &'a str);

/// The name of a module, where its own pom tells all of it.
fn whole(module: &ReactorModule) -> Option<Whole<'_>> {
    let pom = &module.pom;
    let name = (pom.group.as_deref()?, pom.artifact.as_deref()?, pom.version.as_deref()?);
    (!name.0.contains("${") && !name.2.contains("${")).then_some(name)
}

/// The modules that one cannot be built without, as far as its own pom tells.
fn binding(module: &ReactorModule, named: &BTreeMap<Whole<'_>, usize>) -> Vec<usize> {
    let parent = module.pom.parent.as_ref().and_then(|parent| {
        let name =
            (parent.group.as_deref()?, parent.artifact.as_deref()?, parent.version.as_deref()?);
        named.get(&name)
    });
    let used = module.pom.uses.iter().filter(|used| used.binds);
    let used = used.filter_map(|used| {
        named.get(&(used.group.as_str(), used.artifact.as_str(), used.version.as_deref()?))
    });
    parent.into_iter().chain(used).copied().collect()
}

/// Depth first without recursion: a hostile reactor may be thousands of modules deep.
fn from(start: usize, needs: &[Vec<usize>], done: &mut [bool]) -> Option<Vec<usize>> {
    if done[start] {
        return None;
    }
    let mut path = vec![(start, needs[start].iter())];
    let mut on_path = BTreeSet::from([start]);
    while let Some((module, rest)) = path.last_mut() {
        match rest.next() {
            Some(next) if on_path.contains(next) => {
                let way = path.iter().map(|(module, _)| *module);
                return Some(way.skip_while(|module| module != next).collect());
            }
            Some(next) if done[*next] => {}
            Some(next) => {
                on_path.insert(*next);
                path.push((*next, needs[*next].iter()));
            }
            None => {
                done[*module] = true;
                on_path.remove(module);
                path.pop();
            }
        }
    }
    None
}
