//! `onramp clone --adopt`: fits the clone one is in. Adds a remote and a branch, nothing else; no
//! program runs, no file of the tree changes.

use super::super::Session;
use super::super::trouble::Trouble;
use super::{CloneArgs, ClonePlan};
use crate::exit::Exit;
use crate::git::adopt::{Adoption, Refusal, Request, apply, consider};
use crate::text::{Line, Tone};

/// Adds what the clone around the current folder lacks.
pub(super) fn adopt(
    session: &Session<'_>,
    args: &CloneArgs,
    plan: &ClonePlan,
) -> Result<Exit, Trouble> {
    let here = session
        .bench
        .current_dir()
        .map_err(|error| Trouble::usage(format!("the current folder cannot be read: {error}")))?;
    let request = Request {
        repository: plan.repository.clone(),
        branches: plan.branches.clone(),
        base: plan.base(args),
        topic: args.branch.clone(),
    };
    let adoption = consider(&here, &request).map_err(|refusal| refused(&refusal, plan))?;
    if !args.dry_run {
        apply(&here, &request, &adoption).map_err(|refusal| refused(&refusal, plan))?;
    }
    let current = session.machine.world().git.state(&here).ok().and_then(|state| state.head.name);
    for line in report(&request, &adoption, current.as_deref(), args.dry_run) {
        session.terminal.say(line);
    }
    Ok(Exit::Success)
}

fn refused(refusal: &Refusal, plan: &ClonePlan) -> Trouble {
    let trouble = Trouble::usage(refusal.to_string());
    match refusal {
        Refusal::OtherUpstream(_) => trouble.remedy(format!(
            "if it should lead to {}, rename the old one first: git remote rename upstream other",
            plan.title
        )),
        Refusal::Unreadable(_) | Refusal::OtherProject(_) => trouble.remedy(format!(
            "go into your clone of {}, or make one with `onramp clone`",
            plan.title
        )),
        Refusal::BadName(_) => trouble.remedy("name another with --branch"),
    }
}

/// What was added, and what is left to type: on `current`, the branch that is checked out.
fn report(request: &Request, adoption: &Adoption, current: Option<&str>, dry: bool) -> Vec<Line> {
    let verb = if dry { "would add" } else { "added" };
    let mut lines = Vec::new();
    if adoption.remote {
        lines.push(Line::plain(format!("{verb} the remote upstream: {}", request.repository)));
    }
    if let Some((topic, start, _)) = &adoption.branch {
        lines.push(Line::plain(format!("{verb} the branch {topic}, starting at {start}")));
    }
    if let Some(topic) = &adoption.topic {
        lines.push(Line::plain(format!("the branch {topic} is there already")));
    }
    let mut next = Vec::new();
    if adoption.remote {
        next.push(format!("git fetch upstream {}", request.base));
    }
    let branch = adoption.branch.as_ref().map(|(topic, ..)| topic).or(adoption.topic.as_ref());
    let elsewhere = branch.filter(|topic| current != Some(topic.as_str()));
    next.extend(elsewhere.map(|topic| format!("git switch {topic}")));
    if !next.is_empty() && !dry {
        lines.push(Line::plain("next: ").and(Tone::Command, next.join(" && ")));
    }
    lines
}
