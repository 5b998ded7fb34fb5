//! How to go on after a build that stopped: `-rf` goes on in the middle only where what was left
//! out can be had from the local repository, and ends in artifacts that nobody has otherwise. Looks
//! at files only.

use super::screen::{again, labelled, then};
use super::siblings::missing;
use super::{BuildArgs, Ready};
use crate::maven::explain::Explanation;
use crate::maven::progress::Progress;
use crate::sys::System;
use crate::text::{Line, first_few};

/// Modules named that are missing; the rest is a number.
const NAMED: usize = 2;

/// How to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WayOn {
    /// From this module on.
    From(String),
    /// The same again.
    Again,
    /// The same again, with these arguments for Maven as well.
    With(&'static str),
    /// Everything, since these modules are not in the local repository.
    Everything(Vec<String>),
}

/// Finds it. `told` is why the build failed; nothing where it was stopped.
pub(super) fn way_on(
    system: &dyn System,
    ready: &Ready,
    progress: &Progress,
    told: &[Explanation],
) -> WayOn {
    let met = |id: &str| told.iter().flat_map(|one| &one.causes).find(|cause| cause.id == id);
    if let Some(cause) = met("sibling-not-installed") {
        let chosen = |word: &String| word == "-pl" || word.starts_with("--projects");
        let id = cause.caught.get("artifact").and_then(|it| it.split(':').nth(1));
        let made = |word: &String| word == "-am" || word == "--also-make";
        if ready.args.maven.iter().any(chosen) && !ready.args.maven.iter().any(made) {
            return WayOn::With("-am");
        }
        return WayOn::Everything(id.map(str::to_owned).into_iter().collect());
    }
    let from = match told {
        [] => progress.resume_from(&ready.reactor.names()),
        [first, ..] => first.resume_from.clone(),
    };
    let Some(from) = from.filter(|_| progress.done() > 0) else {
        let cached = met("cached-failure").is_some();
        return if cached { WayOn::With("-U") } else { WayOn::Again };
    };
    let missing = missing(system, &ready.plan, &ready.args, &ready.reactor, progress, &from);
    let missing: Vec<String> = missing.into_iter().map(str::to_owned).collect();
    if missing.is_empty() { WayOn::From(from) } else { WayOn::Everything(missing) }
}

impl WayOn {
    /// What to type, and why it is that.
    pub(super) fn lines(&self, mut args: BuildArgs, width: usize) -> Vec<Line> {
        match self {
            Self::From(module) => vec![then(again(&args, Some(module)))],
            Self::Again => vec![then(again(&args, None))],
            Self::With(word) => {
                args.maven.push((*word).to_owned());
                vec![then(again(&args, None))]
            }
            Self::Everything(missing) => {
                args.resume_from = None;
                let named = first_few(missing, NAMED);
                let are = if missing.len() == 1 { "is" } else { "are" };
                let why = format!(
                    "everything: {named} {are} not in the local repository, so that going on in \
                     the middle would not find {}",
                    if missing.len() == 1 { "it" } else { "them" },
                );
                let mut lines = vec![then(again(&args, None))];
                if !missing.is_empty() {
                    lines.extend(labelled("", &why, width));
                }
                lines
            }
        }
    }
}
