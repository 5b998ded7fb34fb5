//! Puts together what is kept out of a request: the shapes of secrets that the checks of the patch
//! know, and the names of this machine. Takes it out of what a draft is made from.

use std::path::Path;

use regex::bytes::Regex;

use crate::cli::workspace::Workspace;
use crate::pr::change::Commit;
use crate::pr::withheld::{Here, Hit, Shape, Withheld};
use crate::secret::Rules;
use crate::sys::System;
use crate::text::clean_line;

/// A machine's name is short.
const LIMIT: u64 = 4 << 10;

/// What is kept out.
///
/// # Errors
/// The rules for secrets cannot be read: without them nothing is drafted.
pub fn withheld(system: &dyn System, workspace: &Workspace) -> anyhow::Result<Withheld> {
    let wanted = &workspace.project.request.secrets;
    let checks = workspace.all_checks();
    let ends = |id: &str, end: &String| id == end || id.ends_with(&format!("/{end}"));
    let checks = checks.iter().filter(|check| wanted.iter().any(|end| ends(&check.id, end)));
    let rules = checks.filter_map(|check| check.arguments.get("rules")?.as_array());
    let withheld = Withheld::new(rules.flatten().filter_map(shape).collect(), &here(system));
    Ok(withheld.by(Rules::embedded().map_err(anyhow::Error::msg)?))
}

/// A rule of a check, as it is written.
fn shape(rule: &serde_json::Value) -> Option<Shape> {
    let text = |name: &str| rule.get(name).and_then(serde_json::Value::as_str);
    Some(Shape {
        name: text("name")?.to_owned(),
        pattern: Regex::new(text("pattern")?).ok()?,
        unless: text("unless").and_then(|unless| Regex::new(unless).ok()),
    })
}

fn here(system: &dyn System) -> Here {
    let said = |name: &str| system.env(name)?.into_string().ok();
    let written = || {
        let bytes = system.read(Path::new("/etc/hostname"), LIMIT).ok()?;
        Some(String::from_utf8(bytes).ok()?.trim().to_owned())
    };
    let home = system.home().and_then(|home| home.into_os_string().into_string().ok());
    let last = || home.as_deref()?.rsplit('/').next().map(ToOwned::to_owned);
    Here {
        host: written().or_else(|| said("HOSTNAME")).filter(|host| !host.is_empty()),
        user: said("USER").or_else(|| said("LOGNAME")).or_else(last),
        home,
    }
}

/// The commits without what is kept out, and what was taken out where, for their author.
#[must_use]
pub fn cleared(withheld: &Withheld, commits: Vec<Commit>) -> (Vec<Commit>, Vec<String>) {
    let mut notes = Vec::new();
    let cleared = commits.into_iter().map(|commit| {
        let (subject, mut hits) = withheld.clear(&commit.subject);
        let (body, more) = withheld.clear(&commit.body);
        hits.extend(more);
        let place = format!("the message of {}", commit.short);
        notes.extend(told(&hits, &place));
        Commit { subject, body, ..commit }
    });
    (cleared.collect(), notes)
}

/// Lines without what is kept out, and what that was.
#[must_use]
pub fn cleared_lines(
    withheld: &Withheld,
    lines: &[String],
    place: &str,
) -> (Vec<String>, Vec<String>) {
    let mut hits = Vec::new();
    let cleared = lines.iter().map(|line| {
        let (line, more) = withheld.clear(line);
        hits.extend(more);
        line
    });
    (cleared.collect(), told(&hits, place))
}

/// What was taken out, each kind once. What it was is never shown.
fn told(hits: &[Hit], place: &str) -> Vec<String> {
    let mut kinds: Vec<&Hit> = Vec::new();
    for hit in hits {
        if !kinds.iter().any(|known| known.what == hit.what) {
            kinds.push(hit);
        }
    }
    let place = clean_line(place);
    kinds
        .into_iter()
        .map(|hit| {
            let what = clean_line(&hit.what);
            if hit.secret {
                format!("{what} was left out of the draft: withdraw it, and take it out of {place}")
            } else {
                format!("{what} was left out of the draft; it stands in {place}")
            }
        })
        .collect()
}
