//! From facts to the road: which step stands where, and what each asks for. Pure; the first step
//! that asks for something is the next one.

use super::facts::{Clone, Facts, Network, Place};
use super::own;
use super::stage::Stage;
use super::step::{Next, State, Step};
use crate::cli::clone::TOPIC;
use crate::finding::{Finding, Outcome};
use crate::git::HeadState;
use crate::pr::next::Pushed;
use crate::results::{Build, Recorded};
use crate::text::clean_line;

/// The road, in order.
#[must_use]
pub fn steps(facts: &Facts) -> Vec<Step> {
    let mut road = vec![machine(facts), identity(facts)];
    match &facts.place {
        Place::Clone(clone) => {
            let cloned = cloned(clone);
            let ready = cloned.state == State::Done;
            let own = match ready {
                true => own::steps(facts, clone),
                false => ["patch", "push", "request"].map(Step::later),
            };
            // A patch that has to be mended first is not worth an hour of building.
            let first = clone.commits > 0 && own[0].state == State::Fails;
            let build = built(facts, clone);
            let build = if first { Step { next: None, ..build } } else { build };
            road.extend([cloned, build]);
            road.extend(own);
        }
        elsewhere => {
            road.push(elsewhere_first(elsewhere));
            road.extend(["build", "patch", "push", "request"].map(Step::later));
        }
    }
    road
}

/// The clone, where its branch is pushed: what came before is advice from then on.
fn pushed(facts: &Facts) -> bool {
    matches!(&facts.place, Place::Clone(clone) if clone.here.pushed == Pushed::Same && clone.commits > 0)
}

fn has_commits(facts: &Facts) -> bool {
    matches!(&facts.place, Place::Clone(clone) if clone.commits > 0)
}

/// Whether the next piece of work needs this part of the network.
fn needed(facts: &Facts, network: Network) -> bool {
    match &facts.place {
        Place::Outside(_) => network == Network::Git,
        Place::Clone(clone) => {
            let built = clone.build.as_ref().is_some_and(|record| record.passed());
            network == Network::Maven
                && cloned(clone).state == State::Done
                && clone.commits == 0
                && !built
        }
        _ => false,
    }
}

fn machine(facts: &Facts) -> Step {
    let stage = Stage::of(&facts.findings, "machine");
    let holds_up = |finding: &&Finding| match facts.network.get(&finding.check) {
        Some(network) => needed(facts, *network),
        None => !pushed(facts),
    };
    let blocking = stage.ended(Outcome::Fail).find(holds_up);
    match blocking.or_else(|| stage.ended(Outcome::Fail).next()) {
        Some(first) => {
            let next = blocking.map(Next::remedy);
            let seen = stage.seen(first);
            let text = match blocking {
                Some(_) => seen,
                None => format!("{seen}; not in your way now, `onramp check machine` tells more"),
            };
            Step { next, ..Step::new("machine", State::Fails, text) }
        }
        None => told("machine", &stage),
    }
}

fn identity(facts: &Facts) -> Step {
    let stage = Stage::of(&facts.findings, "identity");
    if let Some(first) = stage.ended(Outcome::Fail).next() {
        let next = (!pushed(facts)).then(|| Next::remedy(first));
        return Step { next, ..Step::new("identity", State::Fails, stage.seen(first)) };
    }
    // What is missing here would be missing from every commit, so it comes before the first one.
    let warned = stage.ended(Outcome::Warn).find(|finding| finding.fix.is_some());
    match warned.filter(|_| !has_commits(facts)) {
        Some(first) => Step {
            next: Some(Next::remedy(first)),
            ..Step::new("identity", State::Open, stage.seen(first))
        },
        None => told("identity", &stage),
    }
}

/// A stage in which nothing fails: done, unless something could not be told.
pub(super) fn told(name: &'static str, stage: &Stage<'_>) -> Step {
    let tally = stage.tally();
    match stage.ended(Outcome::Unknown).next() {
        Some(first) => Step::new(name, State::Unsure, format!("{tally}: {}", first.text)),
        None => Step::new(name, State::Done, tally),
    }
}

fn elsewhere_first(place: &Place) -> Step {
    let open = |text: String| Step::new("clone", State::Open, text);
    match place {
        Place::Beside(folder, name) => open(format!("{folder} holds your clone {name}"))
            .next(format!("cd {}", own::word(name))),
        Place::Occupied(why, outside) => open(why.clone())
            .next(format!("cd {} && onramp clone", own::word(outside)))
            .why("a clone belongs into a folder outside of it that you may write to"),
        Place::Unreadable(why) => open(why.clone()).next("git status").why("see what git says"),
        Place::Outside(folder) => open(format!("{folder} lies in no clone")).next("onramp clone"),
        Place::Clone(clone) => cloned(clone),
    }
}

fn cloned(clone: &Clone) -> Step {
    let folder = &clone.folder;
    let name = clone.branch.as_deref().map(clean_line).unwrap_or_default();
    let open = |why: String| Step::new("clone", State::Open, why);
    if let Some(operation) = &clone.operation {
        return open(format!("a {operation} is under way in {folder}"))
            .next("git status")
            .why("it says how to go on, or how to call it off");
    }
    let Some(project) = &clone.remotes.project else {
        return remote_first(clone, open(format!("no remote of {folder} leads to the project")));
    };
    let Some(base) = &clone.base else {
        return open(format!("no maintained branch that {folder} builds on is known here"))
            .next(format!("git fetch {}", own::word(project)));
    };
    let place = match clone.head {
        HeadState::Unborn => format!("{folder} has no commit yet on {name}"),
        HeadState::Detached => format!("{folder} is on no branch (detached head)"),
        HeadState::Branch if clone.on_base => {
            format!("{folder} is on {name} itself; a change needs a branch of its own")
        }
        HeadState::Branch => {
            let text = format!("{folder} on branch {name}, based on {}", clean_line(base));
            return Step::new("clone", State::Done, text);
        }
    };
    switch(clone, open(place))
}

fn remote_first(clone: &Clone, step: Step) -> Step {
    if clone.remotes.adoptable && !clone.remotes.upstream {
        return step.next("onramp clone --adopt");
    }
    if clone.remotes.upstream {
        return step
            .next("git remote rename upstream other")
            .why("`upstream` leads elsewhere; it should lead to the project");
    }
    step.next(format!("git remote add upstream {}", own::word(&clone.here.project)))
}

/// The way to a branch of one's own. Commits that are on none yet come along to a new one.
fn switch(clone: &Clone, step: Step) -> Step {
    match (clone.topic, clone.commits) {
        (true, 0) => step.next(format!("git switch {TOPIC}")),
        (true, _) => step
            .next(format!("git switch -c {TOPIC}-2"))
            .why(format!("your commits here come along; {TOPIC} is there already")),
        (false, _) => step.next(format!("git switch -c {TOPIC}")),
    }
}

/// The build. A change that is there does not wait for repositories that do not answer, one that was
/// pushed does not wait for a build, and nothing waits for it offline.
fn built(facts: &Facts, clone: &Clone) -> Step {
    let stage = Stage::of(&facts.findings, "machine");
    let unreachable = clone.commits > 0
        && stage.ended(Outcome::Fail).any(|finding| {
            facts.network.get(&finding.check).is_some_and(|network| *network == Network::Maven)
        });
    let (state, text) = match &clone.build {
        Some(record) if record.passed() => {
            return Step::new("build", State::Done, passed(clone, record));
        }
        Some(_) => (State::Fails, "the last build failed"),
        None => (State::Open, "not built here yet"),
    };
    if unreachable {
        let text = format!("{text}; it waits for Maven repositories that do not answer");
        return Step::new("build", state, text);
    }
    if facts.offline {
        let text = format!("{text}; it may need the network, which --offline leaves alone");
        return Step::new("build", state, text);
    }
    let step = Step::new("build", state, text);
    let pushed = matches!(clone.here.pushed, Pushed::Same | Pushed::Behind | Pushed::Diverged);
    if pushed && clone.commits > 0 { step } else { step.next("onramp build") }
}

fn passed(clone: &Clone, record: &Recorded<Build>) -> String {
    let modules =
        record.details.modules.map(|count| format!("{count} modules, ")).unwrap_or_default();
    let since = if record.on.commit == clone.commit { "" } else { ", before the newest commits" };
    format!("{modules}{} passed{since}", took(record.seconds))
}

fn took(seconds: i64) -> String {
    if seconds < 120 { format!("{seconds} s") } else { format!("{} min", seconds / 60) }
}
