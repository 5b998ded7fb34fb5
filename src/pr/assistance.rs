//! Tells whether tools wrote part of a change, in the project's own form, and only what the author
//! says: by an option, or in a trailer of a commit of their own. Never guesses.

use super::change::Change;
use super::quote::prose;
use super::sections::{Purpose, Sections};
use super::template::{Role, Section, Template};

/// The author's own answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// No tool wrote any of it.
    No,
    /// One did: which, and what.
    By(String),
}

/// Where a template asks.
pub(super) enum Place {
    /// A section, with the boxes in it that mean yes and no.
    Section(Section),
    /// A single box among others.
    Box(usize),
    /// Nowhere.
    Nowhere,
}

/// Where the template asks.
pub(super) fn place(template: &Template, sections: &Sections) -> Place {
    if let Some(section) = sections.get(Purpose::Assistance) {
        return Place::Section(section.clone());
    }
    let asks = |role: &Role| match role {
        Role::Tick(label, _) => confesses(label),
        _ => false,
    };
    let line = template.lines.iter().position(|line| asks(&line.role));
    line.map_or(Place::Nowhere, Place::Box)
}

/// Whether a box says that a tool was used.
fn confesses(label: &str) -> bool {
    let mut words = label.split(|c: char| !c.is_alphanumeric());
    let tool =
        words.clone().any(|word| word == "AI") || label.to_lowercase().contains("generative");
    tool && words.any(|word| word == "I") && label.to_lowercase().contains("used")
}

/// The box of a section whose label begins with this word.
pub(super) fn box_named(template: &Template, section: &Section, word: &str) -> Option<usize> {
    section.lines.clone().find(|line| match &template.lines[*line].role {
        Role::Tick(label, _) => label
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .is_some_and(|first| first.eq_ignore_ascii_case(word)),
        _ => false,
    })
}

/// The lines that say it: the author's answer first, else what their commits say. None where
/// nobody said anything.
pub(super) fn statement(
    template: &Template,
    token: &str,
    answer: Option<&Answer>,
    change: &Change,
) -> Option<Vec<String>> {
    match answer {
        Some(Answer::No) => Some(Vec::new()),
        Some(Answer::By(tool)) => {
            let token = token_of(template).unwrap_or(token);
            Some(vec![format!("{token}: {}", prose(tool))])
        }
        None if change.assistance.is_empty() => None,
        None => Some(change.assistance.iter().map(|line| prose(line)).collect()),
    }
}

/// The word that the template itself asks for.
fn token_of(template: &Template) -> Option<&'static str> {
    ["Assisted-by", "Generated-by"]
        .into_iter()
        .find(|token| template.lines.iter().any(|line| line.text.contains(&format!("{token}:"))))
}
