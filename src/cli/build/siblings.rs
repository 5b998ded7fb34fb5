//! The modules that a build needs and does not build, because it goes on in the middle: which of them
//! cannot be had from the local repository. Looks at files only.

use std::collections::BTreeSet;

use super::{BuildArgs, BuildPlan};
use crate::cli::local_repository::Installed;
use crate::maven::graph::at_most;
use crate::maven::progress::Progress;
use crate::maven::project::{Reactor, ReactorModule};
use crate::sys::System;

/// The artifact ids of the modules that stand before `from` in the order of the build, that something
/// from there on may need, and that are not installed. All that stand before count where the poms do
/// not tell who needs whom.
pub(super) fn missing<'a>(
    system: &dyn System,
    plan: &BuildPlan,
    args: &BuildArgs,
    reactor: &'a Reactor,
    progress: &Progress,
    from: &str,
) -> Vec<&'a str> {
    let modules = &reactor.modules;
    let title = |module: &ReactorModule| module.pom.title().unwrap_or_default().to_owned();
    let first = modules.iter().find(|module| module.artifact() == from).map(title);
    let order = progress.order();
    let start = first.and_then(|first| order.iter().position(|name| *name == first));
    let after = start.map_or(order, |start| &order[start..]);
    let (rest, before): (BTreeSet<usize>, BTreeSet<usize>) =
        (0..modules.len()).partition(|number| after.contains(&title(&modules[*number])));
    let needed = at_most(reactor, &rest).unwrap_or_else(|| before.clone());
    let installed = Installed::of(system, &plan.root, &args.maven);
    let gone = before.intersection(&needed).map(|number| &modules[*number]);
    gone.filter(|module| !installed.has(&module.pom)).map(ReactorModule::artifact).collect()
}
