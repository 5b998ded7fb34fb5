//! The part of a reactor that a build is about: all of it, or what the branch touches and what needs
//! that. Looks into the local repository for what need not be built again; runs nothing.

use super::{BuildPlan, Touched};
use crate::cli::local_repository::Installed;
use crate::maven::graph::Graph;
use crate::maven::project::Reactor;
use crate::maven::touched::{Chosen, Scope, scope};
use crate::sys::System;
use crate::text::first_few;

/// Modules named in one line.
const NAMED: usize = 4;

/// What to build.
pub(super) enum Part {
    /// Everything.
    Whole,
    /// Everything, although a part was asked for; why.
    WholeAfterAll(String),
    /// The modules that these words choose, and what to say of them.
    Some(Vec<String>, Vec<String>),
    /// Nothing; why.
    Nothing(String),
}

/// Decides what to build.
pub(super) fn part(
    system: &dyn System,
    plan: &BuildPlan,
    arguments: &[String],
    reactor: &Reactor,
) -> Part {
    let Some(touched) = &plan.way.touched else { return Part::Whole };
    if touched.unlisted > 0 {
        let count = touched.files.len() as u64 + touched.unlisted;
        return Part::WholeAfterAll(format!("{count} files are touched, too many to go by"));
    }
    let graph = Graph::of(reactor);
    let installed = Installed::of(system, &plan.root, arguments);
    let has = |module: usize| installed.has(&reactor.modules[module].pom);
    match scope(reactor, &graph, &touched.files, &has) {
        Scope::Nothing => Part::Nothing(format!(
            "nothing that is built differs from {}, committed or not",
            touched.since
        )),
        Scope::Everything(file) => Part::WholeAfterAll(if file == "pom.xml" {
            "the root pom is touched, which all modules inherit".to_owned()
        } else {
            format!("{file} is touched, which lies in no module")
        }),
        Scope::Modules(chosen) => {
            Part::Some(chosen.words(reactor, &graph), told(&chosen, touched, reactor))
        }
    }
}

fn told(chosen: &Chosen, touched: &Touched, reactor: &Reactor) -> Vec<String> {
    let named = |modules: &std::collections::BTreeSet<usize>| {
        let names = modules.iter().map(|number| reactor.modules[*number].artifact());
        first_few(&names.collect::<Vec<_>>(), NAMED)
    };
    let mut lines = vec![format!("touched since {}: {}", touched.since, named(&chosen.touched))];
    if !chosen.dependents.is_empty() {
        lines.push(format!("needing them: {}", named(&chosen.dependents)));
    }
    lines.push(if chosen.missing.is_empty() {
        "the other modules as they were last installed".to_owned()
    } else {
        format!("built too, for they are not installed: {}", named(&chosen.missing))
    });
    lines
}
