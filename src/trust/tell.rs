//! The findings about a tree's `.onramp` itself: what could not be read, what was left out, and that
//! it waits for trust. Pure; onramp's own words, never the tree's.

use super::standing::Standing;
use super::take::Taken;
use crate::finding::{Finding, Outcome, Place, Severity};

const SOURCE: &str = "onramp: looking at a work tree runs nothing that it brings";
const REMEDY: &str = "`onramp trust` shows what it would do, and asks";

/// What there is to tell: a refused folder, mistakes, what was left out, what waits.
#[must_use]
pub fn findings(standing: &Standing, taken: &Taken, waits: bool) -> Vec<Finding> {
    let mut findings: Vec<Finding> = unread(&taken.mistakes).into_iter().collect();
    if standing.trusted() {
        return findings;
    }
    findings.extend(taken.left_out.iter().map(|(file, what)| left_out(file, what)));
    if waits || *standing != Standing::Never {
        findings.push(untrusted(standing));
    }
    findings
}

fn unread(mistakes: &[String]) -> Option<Finding> {
    let (first, more) = mistakes.split_first()?;
    let more = match more.len() {
        0 => String::new(),
        1 => " (and one more mistake)".to_owned(),
        count => format!(" (and {count} more mistakes)"),
    };
    Some(Finding {
        outcome: Outcome::Unknown,
        severity: Severity::Error,
        text: format!("{}{more}", first.lines().next().unwrap_or_default()),
        why: "What cannot be read is not checked; everything else was.".to_owned(),
        fix: Some(
            "`onramp trust --show` shows every mistake with its line: put them right, or tell \
             those who keep the project"
                .to_owned(),
        ),
        ..blank("onramp/tree/readable", "the checks that this work tree brings can be read")
    })
}

fn left_out(file: &str, what: &str) -> Finding {
    Finding {
        outcome: Outcome::Warn,
        severity: Severity::Warn,
        text: format!("{file} would {what}; not applied"),
        why: "A work tree may add checks and raise their severity. What loosens or silences one \
              waits until you trust it: a patch could excuse itself otherwise."
            .to_owned(),
        fix: Some(REMEDY.to_owned()),
        place: Some(Place { file: Some(file.to_owned()), line: None, commit: None }),
        ..blank("onramp/tree/tightens", "this work tree loosens no check")
    }
}

fn untrusted(standing: &Standing) -> Finding {
    let remedy = match standing {
        Standing::Changed(_) => "`onramp trust` shows the difference, and asks",
        Standing::Withheld(_) => {
            "`onramp trust --show` shows what it would do; `--trust-tree` \
                                  trusts it for one run"
        }
        _ => REMEDY,
    };
    Finding {
        outcome: Outcome::Warn,
        severity: Severity::Advice,
        text: format!("this work tree's .onramp: {standing}"),
        why: "Programs that a work tree brings run only for those who have seen them.".to_owned(),
        fix: Some(remedy.to_owned()),
        ..blank("onramp/tree/trusted", "what this work tree brings is trusted")
    }
}

fn blank(check: &str, title: &str) -> Finding {
    Finding {
        check: check.to_owned(),
        title: title.to_owned(),
        outcome: Outcome::Unknown,
        severity: Severity::Error,
        text: String::new(),
        why: String::new(),
        fix: None,
        upstream: None,
        source: SOURCE.to_owned(),
        place: None,
        from: None,
        excused: None,
    }
}
