//! Findings as TAP 13, one test point each. TAP 14 reads it too, while Perl's own harness knows no
//! newer one.
//!
//! How outcomes map, so that a harness passes exactly where onramp exits 0:
//! - only a condition that was looked at and holds is `ok`;
//! - `skip` is `ok … # SKIP reason`, which harnesses show apart;
//! - `fail`, `warn` and `unknown` are `not ok`. One that does not count, being milder than
//!   `--fail-on` or excused, carries TAP's directive for what is known, shown and no failure, with
//!   the reason;
//! - where nothing could be judged the stream ends in `Bail out!`, as skips alone would pass.
//!
//! What was seen, why it matters and what to do stand in the YAML block below the point.

use crate::exit::Exit;
use crate::finding::{Finding, Outcome, Severity};
use crate::text::clean_line;

use super::format::Format;
use super::human::place;
use super::told::{Body, Standing, excuse};

/// Test Anything Protocol.
pub const FORMAT: Format = Format {
    name: "tap",
    about: "test points of the Test Anything Protocol, version 13",
    tell: |told| Ok(Body::Text(tap(&told.report.findings, told.fail_on, told.exit))),
    stopped: |stopped| Ok(Body::Text(format!("{HEAD}Bail out! {}\n", plain(&stopped.words())))),
};

const HEAD: &str = "TAP version 13\n";

/// Writes the findings of a run that ends in `exit`.
#[must_use]
pub fn tap(findings: &[Finding], fail_on: Severity, exit: Exit) -> String {
    let mut out = HEAD.to_owned();
    out.push_str(&format!("1..{}\n", findings.len()));
    for (index, finding) in findings.iter().enumerate() {
        point(index + 1, finding, fail_on, &mut out);
    }
    if exit == Exit::Usage {
        let reason = findings.first().map_or("no check was chosen", |finding| &finding.text);
        out.push_str(&format!("Bail out! nothing could be checked: {}\n", plain(reason)));
    }
    out
}

fn point(number: usize, finding: &Finding, fail_on: Severity, out: &mut String) {
    let standing = Standing::of(finding, fail_on);
    let ok = if matches!(standing, Standing::Holds | Standing::Skipped) { "ok" } else { "not ok" };
    let place = finding.place.as_ref().and_then(place);
    let place = place.map(|place| format!(" [{place}]")).unwrap_or_default();
    let name = plain(&format!("{} - {}{}{place}", finding.check, finding.title, finding.whose()));
    let directive = match standing {
        Standing::Skipped => format!(" # SKIP {}", plain(&finding.text)),
        Standing::Minor => format!(" # TODO {}", plain(&mild(finding))),
        Standing::Holds | Standing::Counts => String::new(),
    };
    out.push_str(&format!("{ok} {number} - {name}{directive}\n"));
    if matches!(standing, Standing::Counts | Standing::Minor) {
        diagnosis(finding, out);
    }
}

/// Why a finding does not count.
fn mild(finding: &Finding) -> String {
    let what = match (&finding.excused, finding.outcome, finding.severity) {
        (Some(reason), ..) => return excuse(reason),
        (None, Outcome::Unknown, _) => "could not be told, and does not count",
        (None, _, Severity::Advice) => "advice",
        (None, ..) => "a warning",
    };
    what.to_owned()
}

fn diagnosis(finding: &Finding, out: &mut String) {
    let seen = match finding.outcome {
        Outcome::Unknown => format!("could not be told: {}", finding.marked_text()),
        _ => finding.marked_text(),
    };
    let line = finding.place.as_ref().and_then(|place| place.line).map(|line| line.to_string());
    let file = finding.place.as_ref().and_then(|place| place.file.clone());
    let rows = [
        ("outcome", Some(finding.outcome.word().to_owned())),
        ("message", Some(seen)),
        ("file", file),
        ("line", line),
        ("why", Some(finding.why.clone())),
        ("fix", finding.marked_fix()),
        ("upstream", finding.upstream.clone()),
        ("excused", finding.excused.as_ref().map(excuse)),
        ("from", finding.from.clone()),
        ("source", Some(finding.source.clone())),
    ];
    out.push_str("  ---\n");
    for (name, text) in rows.into_iter().filter_map(|(name, text)| Some((name, text?))) {
        out.push_str(&format!("  {name}: {}\n", quoted(&text)));
    }
    out.push_str("  ...\n");
}

/// A description or reason: one line in which no directive can begin.
fn plain(text: &str) -> String {
    clean_line(text.trim()).replace('\\', "\\\\").replace('#', "\\#")
}

/// A YAML string on one line.
fn quoted(text: &str) -> String {
    let text = crate::text::clean(text.trim_end());
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
