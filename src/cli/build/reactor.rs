//! The reactor of a build, or why Maven would not even begin with it. Reads poms; starts nothing.

use std::path::Path;

use super::{BuildArgs, BuildPlan};
use crate::cli::local_repository::words;
use crate::cli::trouble::Trouble;
use crate::maven::circle;
use crate::maven::profiles::Asked;
use crate::maven::project::{self, Problem, Reactor, ReactorModule};
use crate::sys::System;

/// Modules of a circle that are named.
const NAMED: usize = 12;

/// Reads the poms.
///
/// # Errors
/// A root pom that cannot be read; unless it is to go on all the same, one of a module, and modules
/// that need each other in a circle.
pub(super) fn read(
    system: &dyn System,
    plan: &BuildPlan,
    args: &BuildArgs,
) -> Result<Reactor, Trouble> {
    let root = &plan.root;
    let set = words(system, Some(root));
    let typed = plan.goals.iter().chain(&args.maven).map(String::as_str);
    let asked = Asked::of(set.iter().map(|word| word.text.as_str()).chain(typed));
    let reactor = project::reactor_with(system, root, &asked)
        .map_err(|problem| unreadable(root, &problem))?;
    if args.anyway {
        return Ok(reactor);
    }
    if let Some(problem) = reactor.problems.iter().find(|problem| problem.broken) {
        let remedy =
            "mend the file, Maven could not read it either; `onramp build --anyway` lets it try";
        return Err(unreadable(root, problem).remedy(remedy));
    }
    match circle::circle(&reactor) {
        Some(circle) => Err(told(&reactor, &circle)),
        None => Ok(reactor),
    }
}

/// A pom that Maven could not read either.
pub(in crate::cli) fn unreadable(root: &Path, problem: &Problem) -> Trouble {
    let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
    let file = root.join(&problem.file);
    Trouble::failed(format!("{}{line}: {}", file.display(), problem.what))
        .remedy("mend the file; Maven could not read it either")
}

fn told(reactor: &Reactor, circle: &[usize]) -> Trouble {
    let module = |number: usize| &reactor.modules[number];
    let names = circle.iter().chain(circle.first()).map(|number| module(*number).artifact());
    let mut names: Vec<&str> = names.collect();
    if names.len() > NAMED {
        names.splice(NAMED - 1..names.len() - 1, ["..."]);
    }
    let pairs = circle.iter().zip(circle.iter().cycle().skip(1));
    let places = pairs.filter_map(|(one, other)| place(module(*one), module(*other)));
    let places: Vec<String> = places.take(NAMED).collect();
    Trouble::failed(format!("modules need each other in a circle: {}", names.join(" -> "))).remedy(
        format!(
            "no order can build them: take one of these dependencies out: {}",
            places.join(", ")
        ),
    )
}

/// Where one module names the other; none where it does so as its parent, which nobody takes out.
fn place(module: &ReactorModule, other: &ReactorModule) -> Option<String> {
    let used = module.pom.uses.iter().find(|used| used.artifact == other.artifact())?;
    Some(format!("{}:{}", module.file.display(), used.line))
}

/// The module as Maven's `-rf` takes it. A bare artifact id is accepted; a wrong one gets the
/// nearest right one, before Maven spends minutes to find out.
///
/// # Errors
/// A module that the project does not have.
pub(super) fn module(named: &str, reactor: &Reactor) -> Result<String, Trouble> {
    let id = named.rsplit(':').next().unwrap_or(named);
    let mut artifacts = reactor.modules.iter().map(ReactorModule::artifact);
    if artifacts.any(|artifact| artifact == id) {
        return Ok(if named.contains(':') { named.to_owned() } else { format!(":{named}") });
    }
    let folder = Path::new(named);
    if reactor.modules.iter().any(|module| module.folder == folder) {
        return Ok(named.to_owned());
    }
    let all = reactor.modules.iter().map(ReactorModule::artifact);
    let nearest = all.max_by(|a, b| strsim::jaro(a, id).total_cmp(&strsim::jaro(b, id)));
    let trouble = Trouble::usage(format!("the project has no module `{named}`"));
    Err(match nearest.filter(|artifact| strsim::jaro(artifact, id) > 0.7) {
        Some(artifact) => trouble.remedy(format!("did you mean `:{artifact}`?")),
        None => trouble.remedy("write it as `:artifact-id`, the id in the module's pom.xml"),
    })
}
