//! Where a branch stands, as people read it: one row for each thing, the proof of the base below it,
//! the one next command last.

use crate::base::{Fitting, Verdict};
use crate::git::Pushed;
use crate::text::{Line, Tone, clean_line};

use super::shape::Stand;

/// Commits shown.
const COMMITS: usize = 10;
/// Columns before the text of a row.
const NAME: usize = 12;

/// The rows.
#[must_use]
pub fn lines(stand: &Stand, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let name = stand.branch.as_deref().map_or_else(|| "none is checked out".to_owned(), clean_line);
    lines.extend(row("branch", Tone::Strong, &name, width));
    if let Some(operation) = &stand.operation {
        lines.extend(row("under way", Tone::Warn, &format!("a {operation}"), width));
    }
    lines.extend(base(stand, width));
    if stand.total > 0 {
        lines.extend(kind(stand, width));
    }
    lines.extend(maintained(stand, width));
    lines.extend(commits(stand, width));
    lines.extend(news(stand, width));
    let published = match &stand.published {
        None => "not pushed, as far as this clone knows".to_owned(),
        Some(pushed) => published(pushed),
    };
    lines.extend(row("published", Tone::Plain, &published, width));
    if let Some(next) = &stand.next {
        lines.push(Line::new());
        lines.extend(row("next", Tone::Plain, &next.why, width));
        lines.push(Line::plain(" ".repeat(NAME)).and(Tone::Command, &next.command));
    }
    lines
}

fn row(name: &str, tone: Tone, text: &str, width: usize) -> Vec<Line> {
    Line::toned(Tone::Strong, format!("{name:<NAME$}")).hanging(tone, text, width)
}

fn below(tone: Tone, text: &str, width: usize) -> Vec<Line> {
    Line::plain(" ".repeat(NAME)).hanging(tone, text, width)
}

fn base(stand: &Stand, width: usize) -> Vec<Line> {
    let Some(base) = &stand.base else {
        let text = "this history has nothing in common with any branch of the project";
        return row("base", Tone::Bad, text, width);
    };
    let text = format!("{} ({})", base.name, base.chosen_by);
    match stand.better_base() {
        Some(better) => {
            let text = format!("{text}; it should be {better}");
            row("base", Tone::Warn, &text, width)
        }
        None => row("base", Tone::Plain, &text, width),
    }
}

fn kind(stand: &Stand, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let wanted = match &stand.proposal.base {
        Some(base) => format!("for {base}"),
        None => "unsure".to_owned(),
    };
    lines.extend(row("meant", Tone::Plain, &wanted, width));
    for reason in &stand.proposal.proof {
        lines.extend(below(Tone::Dim, &clean_line(reason), width));
    }
    lines
}

fn maintained(stand: &Stand, width: usize) -> Vec<Line> {
    let sure = stand.maintained.sure().join(", ");
    let mut lines = row("maintained", Tone::Plain, &sure, width);
    let doubtful =
        stand.maintained.branches.iter().filter(|standing| standing.verdict != Verdict::Maintained);
    for standing in doubtful {
        let verdict = match standing.verdict {
            Verdict::Unsure => "unsure",
            _ => "no longer",
        };
        let mut text = format!("{}: {verdict}; yes: {}", standing.branch, standing.by.join(", "));
        if !standing.against.is_empty() {
            text = format!("{text}; no: {}", standing.against.join(", "));
        }
        lines.extend(below(Tone::Warn, &clean_line(&text), width));
    }
    for witness in &stand.maintained.witnesses {
        let said: Vec<&str> = witness.names.iter().map(|named| named.branch.as_str()).collect();
        let text = match &witness.silent {
            None if said.is_empty() => format!("{}: none", witness.name),
            None => format!("{}: {}", witness.name, said.join(", ")),
            Some(why) => format!("{}: cannot tell, {why}", witness.name),
        };
        lines.extend(below(Tone::Dim, &clean_line(&text), width));
    }
    lines
}

fn commits(stand: &Stand, width: usize) -> Vec<Line> {
    let count = match stand.total {
        0 => "none of your own yet".to_owned(),
        1 => "1 of your own".to_owned(),
        several => format!("{several} of your own"),
    };
    let mut lines = row("commits", Tone::Plain, &count, width);
    for commit in stand.commits.iter().take(COMMITS) {
        let mut text = format!("{} {}", commit.short, clean_line(&commit.subject));
        if commit.merge {
            text.push_str(" (a merge)");
        } else if !commit.signed {
            text.push_str(" (not signed)");
        }
        lines.extend(below(Tone::Dim, &text, width));
    }
    let more = stand.total.saturating_sub(COMMITS as u64);
    if more > 0 {
        lines.extend(below(Tone::Dim, &format!("and {more} more"), width));
    }
    for foreign in &stand.foreign {
        let subject = clean_line(&foreign.subject);
        let text = format!("\"{subject}\" is a commit of {}, not yours", foreign.branch);
        lines.extend(below(Tone::Warn, &text, width));
    }
    lines
}

fn news(stand: &Stand, width: usize) -> Vec<Line> {
    let (Some(news), Some(base)) = (&stand.news, &stand.base) else { return Vec::new() };
    let count = match news.commits {
        0 => "nothing new".to_owned(),
        1 => "1 commit since".to_owned(),
        several => format!("{several} commits since"),
    };
    let since = format!("{count} in {}, as last fetched", base.reference);
    let (tone, fit) = match &news.fitting {
        Fitting::Applies | Fitting::There if news.commits == 0 => (Tone::Plain, None),
        Fitting::Applies | Fitting::There => (Tone::Plain, Some("no conflict".to_owned())),
        Fitting::Conflicts(files) => {
            let files: Vec<String> =
                files.iter().take(COMMITS).map(|file| clean_line(file)).collect();
            (Tone::Warn, Some(format!("conflicts in {}", files.join(", "))))
        }
        Fitting::Unknown(why) => (Tone::Odd, Some(format!("cannot tell whether it fits: {why}"))),
    };
    let text = fit.map_or(since.clone(), |fit| format!("{since}; {fit}"));
    row("upstream", tone, &text, width)
}

fn published(pushed: &Pushed) -> String {
    let state = if pushed.equal {
        "as it is here"
    } else if pushed.diverged {
        "with other commits than here"
    } else {
        "older than here"
    };
    format!("{}, {state}", pushed.reference)
}
