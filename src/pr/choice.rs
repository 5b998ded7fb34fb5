//! Chooses the one box to tick among a template's types of change. Never ticks a box that means
//! something else: without a fitting one, the choice is the author's.

use super::change::Change;
use super::kind::Kind;
use super::sections::{Purpose, Sections};
use super::template::{Role, Section, Template};

/// Which type of change, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// As the template calls it.
    pub name: String,
    /// Why, as a sentence fragment.
    pub reason: String,
    /// The line of the box to tick, where the template has one.
    pub(super) line: Option<usize>,
    /// What it amounts to, where that is known.
    pub(super) kind: Option<Kind>,
}

impl Choice {
    /// Whether the change mends a bug.
    #[must_use]
    pub fn is_fix(&self) -> bool {
        self.kind == Some(Kind::Bug)
    }

    /// What the box stands for that is ticked, which is what the rest of the template goes by: a
    /// change to the documentation may have to tick another.
    pub(super) fn ticked(&self) -> Option<Kind> {
        self.line.and_then(|_| Kind::named(&self.name)).or(self.kind)
    }
}

/// The author asked for a box that the template does not offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unoffered {
    /// What the box is for, such as `type of change`.
    pub what: &'static str,
    /// What was asked for.
    pub asked: String,
    /// What there is.
    pub offered: Vec<String>,
}

/// Chooses: the author's own word, else what the change says.
pub(super) fn choose(
    template: &Template,
    sections: &Sections,
    change: &Change,
    asked: Option<&str>,
) -> Result<Choice, Unoffered> {
    let section = sections.get(Purpose::Types);
    let offered = section.map(|section| boxes(template, section)).unwrap_or_default();
    match asked {
        Some(asked) => asked_for(asked, &offered),
        None => Ok(derived(change, &offered)),
    }
}

/// Lines and names of a section's boxes.
pub(super) fn boxes(template: &Template, section: &Section) -> Vec<(usize, String)> {
    let named = |line: usize| match &template.lines[line].role {
        Role::Tick(label, _) => Some((line, label.split(" (").next().unwrap_or(label).to_owned())),
        _ => None,
    };
    section.lines.clone().filter_map(named).collect()
}

fn asked_for(asked: &str, offered: &[(usize, String)]) -> Result<Choice, Unoffered> {
    let reason = "as you said".to_owned();
    let kind = Kind::named(asked);
    let same = |(_, name): &&(usize, String)| name.eq_ignore_ascii_case(asked.trim());
    let alike = |(_, name): &&(usize, String)| kind.is_some() && Kind::named(name) == kind;
    if let Some((line, name)) = offered.iter().find(same).or_else(|| offered.iter().find(alike)) {
        return Ok(Choice {
            name: name.clone(),
            reason,
            line: Some(*line),
            kind: Kind::named(name),
        });
    }
    match kind {
        Some(kind) if offered.is_empty() => {
            Ok(Choice { name: kind.name().to_owned(), reason, line: None, kind: Some(kind) })
        }
        _ => {
            let offered = match offered {
                [] => Kind::ALL.iter().map(|kind| kind.name().to_owned()).collect(),
                boxes => boxes.iter().map(|(_, name)| name.clone()).collect(),
            };
            Err(Unoffered { what: "type of change", asked: asked.to_owned(), offered })
        }
    }
}

/// The line of the box of this name.
pub(super) fn named_box(
    what: &'static str,
    asked: &str,
    offered: &[(usize, String)],
) -> Result<usize, Unoffered> {
    let same = |(_, name): &&(usize, String)| name.eq_ignore_ascii_case(asked.trim());
    offered.iter().find(same).map(|(line, _)| *line).ok_or_else(|| Unoffered {
        what,
        asked: asked.to_owned(),
        offered: offered.iter().map(|(_, name)| name.clone()).collect(),
    })
}

fn derived(change: &Change, offered: &[(usize, String)]) -> Choice {
    let decision = &change.decision;
    let find = |kind: Kind| offered.iter().find(|(_, name)| Kind::named(name) == Some(kind));
    let mut reason = decision.reason.clone();
    let found = find(decision.kind).or_else(|| {
        let other = decision.kind.instead().iter().find_map(|kind| find(*kind))?;
        reason.push_str(&format!(
            "; the template has no box for {}",
            decision.kind.name().to_lowercase()
        ));
        Some(other)
    });
    match found {
        Some((line, name)) => {
            Choice { name: name.clone(), reason, line: Some(*line), kind: Some(decision.kind) }
        }
        None => Choice {
            name: decision.kind.name().to_owned(),
            reason,
            line: None,
            kind: Some(decision.kind),
        },
    }
}
