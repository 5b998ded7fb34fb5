//! What a run says to the person: before, a line for each step, and the findings at the end. Lines
//! only.

use super::decide::{Doing, Ground, shown};
use super::run::Row;
use crate::ci::found::Found;
use crate::ci::rules::Label;
use crate::ci::work::{Chosen, Work};
use crate::results::{Ended, How};
use crate::text::{Line, Tone};

/// Findings of one step that are shown; its output has the rest.
const SHOWN: usize = 50;

/// Before anything runs.
pub(super) fn start(ground: &Ground<'_>, doing: &[Doing], hooks: bool, width: usize) -> Vec<Line> {
    let root = ground.seen.root.display();
    let title = &ground.workspace.project.title;
    let mut lines =
        vec![Line::toned(Tone::Strong, format!("running the CI steps of {title} in {root}"))];
    if doing.iter().any(|one| matches!(one, Doing::Run { .. })) {
        let text = "this runs the code of the work tree: its Maven plug-ins, hooks and scripts";
        lines.extend(Line::new().hanging(Tone::Plain, text, width));
    }
    if hooks {
        let text =
            "hooks may mend files; nothing is uncommitted, so `git restore .` takes that back";
        lines.extend(Line::new().hanging(Tone::Plain, text, width));
    }
    if !ground.clean {
        let text = "there are changes that are not committed: tools here see them, CI does not";
        lines.extend(Line::new().hanging(Tone::Warn, text, width));
    }
    lines
}

/// Instead of a run: what would run.
pub(super) fn planned(
    ground: &Ground<'_>,
    chosen: &Chosen,
    doing: &[Doing],
    width: usize,
) -> Vec<Line> {
    let root = ground.seen.root.display();
    let mut lines = vec![Line::toned(Tone::Strong, format!("would run in {root}"))];
    for (work, one) in chosen.work.iter().zip(doing) {
        lines.push(head(work));
        let (tone, text) = match one {
            Doing::Run { commands, .. } => (Tone::Command, shown(commands)),
            Doing::StandIn { checks, why } => {
                (Tone::Plain, format!("onramp's own {} ({why})", checks.join(", ")))
            }
            Doing::Spared(why) => (Tone::Dim, format!("nothing: {why}")),
            Doing::Untold { why, .. } => (Tone::Odd, format!("cannot be run: {why}")),
            Doing::NotHere(why) => (Tone::Dim, format!("nothing: {why}")),
        };
        let line = Line::plain("    ");
        if tone == Tone::Command {
            // A command must survive copying.
            lines.push(line.and(tone, text));
        } else {
            lines.extend(line.hanging(tone, &text, width));
        }
    }
    lines.extend(later(chosen, width));
    lines
}

fn head(work: &Work) -> Line {
    Line::plain("  ")
        .and(Tone::Strong, &work.action.name)
        .and(Tone::Dim, format!("  {}; {}", work.label.words(), work.steps.join(", ")))
}

/// A step that ended.
pub(super) fn ended(row: &Row) -> Line {
    let (tone, word) = match row.ended {
        Ended::Ok => (Tone::Good, "ok"),
        Ended::Failed => (Tone::Bad, "failed"),
        Ended::Warned => (Tone::Warn, "warned"),
        Ended::Unknown => (Tone::Odd, "unknown"),
        Ended::Skipped if row.spared => (Tone::Dim, "spared"),
        Ended::Skipped => (Tone::Dim, "not here"),
    };
    let mut about: Vec<String> = Vec::new();
    match row.how {
        How::StandIn => about.push("onramp's own checks stand in".to_owned()),
        How::Exact => about.push(Label::Exact.words().to_owned()),
        How::Approximate => about.push(Label::Approximate.words().to_owned()),
    }
    about.extend(row.why.clone());
    if row.command.is_some() {
        about.push(format!("{} s", row.seconds));
    }
    Line::plain("  ")
        .and(tone, format!("{word:<9}"))
        .and(Tone::Plain, &row.work.action.name)
        .and(Tone::Dim, format!("  {}", about.join("; ")))
}

/// All that was found, and what it comes to.
pub(super) fn findings(
    ground: &Ground<'_>,
    chosen: &Chosen,
    rows: &[Row],
    mended: &[String],
    width: usize,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for row in rows.iter().filter(|row| row.ended == Ended::Failed) {
        lines.push(head(&row.work));
        lines.extend(row.found.iter().take(SHOWN).flat_map(|found| one(found, width)));
        let more = row.found.len().saturating_sub(SHOWN);
        if more > 0 {
            lines.push(Line::toned(Tone::Dim, format!("    and {more} more")));
        }
        lines
            .extend(row.log.iter().map(|log| Line::toned(Tone::Dim, format!("    output: {log}"))));
    }
    for row in rows.iter().filter(|row| row.ended == Ended::Unknown) {
        lines.push(head(&row.work));
        let why = row.why.as_deref().unwrap_or("it could not be told");
        lines.extend(Line::plain("    ").and(Tone::Odd, "unknown  ").hanging(
            Tone::Plain,
            why,
            width,
        ));
        if let Some(remedy) = &row.remedy {
            lines.extend(Line::toned(Tone::Dim, "    → ").remedy(remedy, width));
        }
        lines
            .extend(row.log.iter().map(|log| Line::toned(Tone::Dim, format!("    output: {log}"))));
    }
    for row in rows.iter().filter(|row| row.how == How::StandIn && !row.work.without.is_empty()) {
        let text = format!(
            "not looked at: {}; {}",
            row.work.without.join(", "),
            row.why.as_deref().unwrap_or_default()
        );
        lines.extend(Line::plain("  ").hanging(Tone::Dim, &text, width));
    }
    if !mended.is_empty() {
        let text = format!(
            "the hooks changed {}: look with `git diff`, keep it with a commit, or take it back with `git restore .`",
            mended.join(", ")
        );
        lines.extend(Line::plain("  ").hanging(Tone::Warn, &text, width));
    }
    lines.extend(later(chosen, width));
    let not_here = ground.seen.plan.totals.judging.not_here;
    let text = format!(
        "{}; {not_here} more that judge are not reproducible here: `onramp ci --list`",
        sum(rows)
    );
    lines.extend(Line::new().hanging(Tone::Strong, &text, width));
    lines.extend(next(rows));
    lines
}

/// What to type after a failure.
fn next(rows: &[Row]) -> Option<Line> {
    let failed = rows.iter().any(|row| row.ended == Ended::Failed && !row.found.is_empty());
    let fix = Line::toned(Tone::Strong, "next  ").and(Tone::Command, "onramp check patch --fix");
    failed.then(|| {
        fix.and(Tone::Dim, "  mends what can be mended in the files that the branch touches")
    })
}

fn one(found: &Found, width: usize) -> Vec<Line> {
    let line = found.line.map(|line| format!(":{line}")).unwrap_or_default();
    let place = found.file.as_ref().map(|file| format!("{file}{line}")).unwrap_or_default();
    let rule = found.rule.as_ref().map(|rule| format!(" [{rule}]")).unwrap_or_default();
    // A check says the place first, which stands there already.
    let plain = found.text.strip_prefix(&place).unwrap_or(&found.text).trim_start();
    let text = format!("{plain}{rule}");
    let head = Line::plain("    ").and(Tone::Strong, &place);
    if head.width() + 2 + text.chars().count() <= width {
        return vec![
            head.and(Tone::Plain, if place.is_empty() { "" } else { "  " }).and(Tone::Plain, text),
        ];
    }
    let mut lines = vec![head];
    lines.extend(Line::plain("      ").hanging(Tone::Plain, &text, width));
    lines
}

fn later(chosen: &Chosen, width: usize) -> Vec<Line> {
    if chosen.later.is_empty() {
        return Vec::new();
    }
    let names: Vec<&str> = chosen.later.iter().map(|work| work.action.name.as_str()).collect();
    let mut unique = names.clone();
    unique.dedup();
    let text = format!(
        "left for later, for they take long: {} (`onramp ci --long`, or --only and one of these names)",
        unique.join(", ")
    );
    Line::plain("  ").hanging(Tone::Dim, &text, width)
}

/// What it comes to, in one line.
pub(super) fn sum(rows: &[Row]) -> String {
    let count = |ended: Ended| rows.iter().filter(|row| row.ended == ended).count();
    let spared = rows.iter().filter(|row| row.spared).count();
    let mut parts = vec![format!("{} of {} passed", count(Ended::Ok), rows.len())];
    for (count, word) in [
        (count(Ended::Failed), "failed"),
        (count(Ended::Unknown), "could not be told"),
        (spared, "spared by what the branch touches"),
        (count(Ended::Skipped) - spared, "cannot be done here"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    let stood_in = rows.iter().filter(|row| row.how == How::StandIn).count();
    if stood_in > 0 {
        parts.push(format!("{stood_in} told by onramp's own checks"));
    }
    parts.join(", ")
}
