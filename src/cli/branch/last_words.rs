//! What is said once a branch has moved: what became of the commits, and the next command. Moves
//! nothing.

use std::collections::BTreeSet;

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::fix::mended::visible;
use crate::git::Link;
use crate::text::{Line, Tone, clean_line};

use super::carry::{Step, short};
use super::git::run;
use super::ground::Ground;
use super::stand::unreadable;

/// Names the commits that are not among the new ones: what they change is there already.
pub(super) fn dropped(session: &Session<'_>, old: &[Link], new: &[Link]) {
    let kept: BTreeSet<&str> = new.iter().map(|link| link.subject.as_str()).collect();
    for link in old.iter().filter(|link| !link.merge && !kept.contains(link.subject.as_str())) {
        let said = format!(
            "\"{}\" ({}) goes: what it changes is there already",
            clean_line(&link.subject),
            short(&link.id)
        );
        session.terminal.say(Line::toned(Tone::Warn, said));
    }
}

/// Shows how the rows of commits differ, and where the branch is now.
pub(super) fn compare(
    session: &Session<'_>,
    ground: &Ground,
    step: &Step<'_>,
    made: &str,
) -> Result<(), Trouble> {
    let old = (step.past.as_str(), ground.tip.as_str());
    let shown = run(session, &ground.rewrite.compare(old, (&step.onto, made)))?;
    if shown.ok() {
        let text = shown.text();
        let legend = "your old commits on the left, the new ones on the right: = the same change, ! \
                      another, < gone, > come";
        session.terminal.say(Line::toned(Tone::Dim, legend));
        let lines: Vec<Line> = text.lines().map(marked).collect();
        session.terminal.data(&lines)?;
    }
    let moved = format!("{} moved from {} to {}", ground.branch, short(&ground.tip), short(made));
    session.terminal.say(Line::toned(Tone::Good, moved));
    Ok(())
}

/// A line of it; blanks that are added or gone can be seen.
fn marked(line: &str) -> Line {
    let differs = line.starts_with("    ") && line.trim_start().starts_with(['+', '-']);
    if differs { Line::plain(visible(line)) } else { Line::plain(line) }
}

/// How to take it back, and the next command.
pub(super) fn next(session: &Session<'_>, ground: &Ground, verb: &str) -> Result<(), Trouble> {
    let say = |name: &str, tone: Tone, text: &str| {
        session.terminal.say(Line::toned(Tone::Strong, format!("{name:<6}")).and(tone, text));
    };
    say("undo", Tone::Command, "onramp branch undo");
    let git = session.machine.world().git;
    let branch = git.branch(&ground.root, &ground.wanted).map_err(unreadable)?;
    match branch.pushed {
        Some(pushed) if !pushed.equal => {
            say("next", Tone::Command, &pushed.push(&ground.branch));
            if let Some(base) = branch.base.filter(|_| verb == "retarget") {
                let note = "where a request is open, choose the new base there as well: Edit, beside \
                            its title, then";
                say("", Tone::Dim, &format!("{note} {}", base.name));
            }
        }
        _ => say("next", Tone::Command, "onramp check patch"),
    }
    Ok(())
}
