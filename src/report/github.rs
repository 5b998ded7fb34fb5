//! Findings as annotations of GitHub Actions: workflow commands on standard output, one a line.
//! Nothing in a finding can start a command of its own or end one early.
//!
//! GitHub shows at most ten errors and ten warnings a step and drops the rest without a word, so
//! onramp stops there itself and says how many more there are.

use crate::exit::Exit;
use crate::finding::{Finding, Outcome, Place, Severity};
use crate::text::clean;

use super::format::Format;
use super::told::{Body, Standing, excuse};

/// Workflow commands.
pub const FORMAT: Format = Format {
    name: "github",
    about: "annotations of GitHub Actions, on standard output",
    tell: |told| {
        let nothing = (told.exit == Exit::Usage).then(|| error("nothing could be checked"));
        let found = github(&told.report.findings, told.fail_on);
        Ok(Body::Text(found + &nothing.unwrap_or_default()))
    },
    stopped: |stopped| Ok(Body::Text(error(&stopped.words()))),
};

/// How many of a level GitHub shows for one step.
const SHOWN: usize = 10;

/// Writes the findings that need attention; what passed or did not apply is silent. What makes the
/// run fail is an error, what only deserves a look a warning, and what is excused a notice.
#[must_use]
pub fn github(findings: &[Finding], fail_on: Severity) -> String {
    let mut out = String::new();
    let (mut errors, mut warnings, mut notices) = (0, 0, 0);
    for finding in findings {
        let counts = Standing::of(finding, fail_on) == Standing::Counts;
        let (level, count) = match finding.outcome {
            Outcome::Pass | Outcome::Skip => continue,
            _ if finding.excused.is_some() => ("notice", &mut notices),
            Outcome::Fail => ("error", &mut errors),
            Outcome::Warn if counts => ("error", &mut errors),
            Outcome::Warn | Outcome::Unknown => ("warning", &mut warnings),
        };
        *count += 1;
        if *count <= SHOWN {
            out.push_str(&command(level, finding));
        }
    }
    if let Some(rest) = rest([(errors, "error"), (warnings, "warning"), (notices, "notice")]) {
        out.push_str(&format!("::notice title=onramp::{}\n", data(&rest)));
    }
    out
}

/// What is wrong with the run as a whole.
fn error(what: &str) -> String {
    format!("::error title=onramp::{}\n", data(what))
}

/// What was left out, as a sentence.
fn rest(counts: [(usize, &str); 3]) -> Option<String> {
    let more = |(count, one): (usize, &str)| match count.saturating_sub(SHOWN) {
        0 => None,
        1 => Some(format!("1 more {one}")),
        left => Some(format!("{left} more {one}s")),
    };
    let parts: Vec<String> = counts.into_iter().filter_map(more).collect();
    let place = "GitHub shows no more than ten of each; the other report formats have them all";
    (!parts.is_empty()).then(|| format!("{}: {place}", parts.join(" and ")))
}

fn command(level: &str, finding: &Finding) -> String {
    let mut properties: Vec<String> = Vec::new();
    let place = finding.place.clone().unwrap_or_default();
    if let Some(file) = &place.file {
        properties.push(format!("file={}", property(file)));
        properties.extend(place.line.map(|line| format!("line={line}")));
    }
    properties.push(format!("title={}", property(&title(finding, &place))));
    format!("::{level} {}::{}\n", properties.join(","), data(&message(finding)))
}

fn title(finding: &Finding, place: &Place) -> String {
    let unknown = if finding.outcome == Outcome::Unknown { " (could not be told)" } else { "" };
    let commit: Option<String> = place.commit.as_ref().map(|id| id.chars().take(12).collect());
    let commit = commit.map(|id| format!(" [{id}]")).unwrap_or_default();
    format!("{}{unknown}{commit}", finding.title)
}

fn message(finding: &Finding) -> String {
    let lines = [
        Some(finding.marked_text()),
        finding.marked_fix().map(|fix| format!("fix: {fix}")),
        finding.upstream.as_ref().map(|note| format!("note: {note}")),
        finding.excused.as_ref().map(excuse),
        Some(format!("({})", finding.check)),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// Text after the second `::`, escaped as the runner reads it back.
fn data(text: &str) -> String {
    clean(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property: a colon or comma would end it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
