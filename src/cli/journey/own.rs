//! The steps that are about one's own work: commit it, push it, ask for its merge. Pure.

use super::facts::{Clone, Facts};
use super::stage::Stage;
use super::step::{Next, State, Step};
use super::steps::told;
use crate::finding::{Finding, Outcome};
use crate::pr::gate::Gate;
use crate::pr::next::{Origin, Pushed, Whereabouts};
use crate::results::{HandOver, Recorded};
use crate::text::{clean_line, first_few, shell_word};

/// The check of the base that a fix should have.
const FIX_BASE: &str = "fix-base";
/// Most files that are named.
const NAMED: usize = 3;
/// What stands for something of the user's own in an address to be filled in.
const BLANKS: [&str; 4] = ["YOUR-", "YOUR_", "USERNAME", "<"];

/// The patch, the push and the request.
pub(super) fn steps(facts: &Facts, clone: &Clone) -> [Step; 3] {
    let patch = patch(facts, clone);
    let push = if clone.commits == 0 { Step::later("push") } else { push(clone) };
    let request = match push.state {
        State::Done => request(clone),
        _ => Step::later("request"),
    };
    [patch, push, request]
}

/// The request, once the branch is pushed: made, or its gate first.
fn request(clone: &Clone) -> Step {
    let same = |handed: &&Recorded<HandOver>| Some(&handed.details.branch) == clone.branch.as_ref();
    match clone.handed.as_ref().filter(same) {
        Some(Recorded { details: HandOver { address: Some(address), .. }, .. }) => {
            let text = format!("{address}; `onramp pr --next` says what happens now");
            Step::new("request", State::Done, text)
        }
        Some(handed) if handed.on.commit == clone.commit => {
            let text =
                "its page was opened in the browser; whether it was sent cannot be told here";
            Step::new("request", State::Unsure, text)
                .next("onramp pr --next")
                .why("once it is sent; `onramp pr --open` opens the page again")
        }
        _ => unmade(clone),
    }
}

fn unmade(clone: &Clone) -> Step {
    match clone.gate.shut() {
        Some((why, command)) => Step::new("request", State::Open, why).next(command),
        None => Step::new("request", State::Open, "ready: onramp pr").next("onramp pr"),
    }
}

fn patch(facts: &Facts, clone: &Clone) -> Step {
    let stage = Stage::of(&facts.findings, "patch");
    // Whoever had the patch checked against this base has chosen it.
    let chosen = matches!(clone.gate, Gate::Open(_));
    let counts = |finding: &&Finding| !(chosen && finding.name() == FIX_BASE);
    let mut failed = stage.ended(Outcome::Fail).filter(counts);
    let first = failed.next();
    // Moving the commits comes before anything that mends them.
    let fails = failed.chain(first).find(|finding| finding.name() == FIX_BASE).or(first);
    let judged = match fails {
        Some(first) => Step {
            next: Some(Next::remedy(first)),
            ..Step::new("patch", State::Fails, stage.seen(first))
        },
        None => told("patch", &stage),
    };
    let commits = match clone.commits {
        0 => "no commit of your own yet".to_owned(),
        1 => "1 commit".to_owned(),
        more => format!("{more} commits"),
    };
    let files = uncommitted(clone);
    if !files.is_empty() {
        let state = if fails.is_some() { State::Fails } else { State::Open };
        let text = format!("{commits}; not committed: {}", first_few(&files, NAMED));
        return commit(&files, Step::new("patch", state, text));
    }
    if clone.commits == 0 {
        return Step::new("patch", State::Open, commits)
            .next("git commit -S")
            .why("make your change and commit it: `git add` its files, then");
    }
    Step { text: format!("{commits}; {}", judged.text), ..judged }
}

/// What belongs into a commit before the push. After it a file that git does not know holds
/// nothing up: it may well be the user's own business.
fn uncommitted(clone: &Clone) -> Vec<&str> {
    let pushed = clone.commits > 0 && clone.here.pushed == Pushed::Same;
    let untracked = clone.untracked.iter().filter(|_| !pushed);
    clone.changed.iter().chain(untracked).map(String::as_str).collect()
}

fn commit(files: &[&str], step: Step) -> Step {
    let speakable = files.iter().all(|file| clean_line(file) == *file);
    if files.len() > NAMED || !speakable {
        return step
            .next("git status")
            .why("`git add` the files that belong to your change, then `git commit -S`");
    }
    let words: Vec<String> = files.iter().map(|file| word(file)).collect();
    step.next(format!("git add {} && git commit -S", words.join(" ")))
}

fn push(clone: &Clone) -> Step {
    let here = &clone.here;
    let name = here.branch.as_deref().unwrap_or_default();
    let (shown, typed) = (clean_line(name), word(name));
    let open = |text: String| Step::new("push", State::Open, text);
    match (&here.origin, here.pushed) {
        (Origin::Fork(url), _) if BLANKS.iter().any(|blank| url.contains(blank)) => {
            open(format!("`origin` leads to {}, which is to be filled in", clean_line(url)))
                .next(format!("git remote set-url origin {}", fork(here)))
                .why("put your own name on GitHub where YOUR-NAME stands")
        }
        (Origin::Fork(_), Pushed::Same) => {
            let text = format!("{shown} is on your fork, as of the last push or fetch");
            Step::new("push", State::Done, text)
        }
        (Origin::Fork(_), Pushed::Diverged) => {
            open(format!("as of the last push or fetch your fork has other commits on {shown}"))
                .next(format!("git push --force-with-lease origin {typed}"))
                .why("this replaces them, unless someone else pushed there since")
        }
        (Origin::Fork(_), _) => {
            open(format!("as of the last push or fetch {shown} is not on your fork as it is here"))
                .next(format!("git push -u origin {typed}"))
        }
        (Origin::Project, _) if !clone.remotes.upstream => {
            open("`origin` leads to the project itself, not to a fork of yours".to_owned())
                .next("git remote rename origin upstream")
                .why("your fork is to be called origin, and the project upstream")
        }
        (Origin::Project, _) => {
            let text = "`origin` leads to the project itself, not to a fork of yours".to_owned();
            own_fork(open(text), here, "set-url")
        }
        (Origin::Absent, _) if here.has_origin => {
            let text = "`origin` leads to an address that is to be filled in".to_owned();
            own_fork(open(text), here, "set-url")
        }
        (Origin::Absent, _) => {
            let text = "there is no remote `origin` yet: it should lead to your fork".to_owned();
            own_fork(open(text), here, "add")
        }
    }
}

fn own_fork(step: Step, here: &Whereabouts, verb: &str) -> Step {
    let page = here.project.strip_suffix(".git").unwrap_or(&here.project);
    step.next(format!("git remote {verb} origin {}", fork(here))).why(format!(
        "fork {page} in the browser, and put your own name there where YOUR-NAME stands"
    ))
}

/// The address of a fork beside the project, the owner left to be filled in.
fn fork(here: &Whereabouts) -> String {
    let beside = here.project.rsplit_once('/').and_then(|(owner, name)| {
        let (host, _) = owner.rsplit_once(['/', ':'])?;
        let between = &owner[host.len()..=host.len()];
        Some(format!("{host}{between}YOUR-NAME/{name}"))
    });
    beside.unwrap_or_else(|| "YOUR-FORK".to_owned())
}

/// Text as one word of a shell, and not as an option.
pub(super) fn word(text: &str) -> String {
    let below = if text.starts_with('-') { "./" } else { "" };
    shell_word(&format!("{below}{text}"))
}
