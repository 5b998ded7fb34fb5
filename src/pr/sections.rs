//! Recognises what a template's section is for by the words of its heading, whatever its level.
//! A heading it does not know stays as it is.

use super::template::{Role, Section, Template};

/// What a section asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// What changed and why.
    Description,
    /// One box a type of change.
    Types,
    /// How large a feature is.
    Scale,
    /// How bad a bug is.
    Severity,
    /// Pictures of the user interface.
    Screenshots,
    /// What was run.
    Testing,
    /// What was tried to break it.
    Breaking,
    /// Issues and other requests.
    Links,
    /// Whether tools wrote part of the change.
    Assistance,
    /// Things the author should have done, any number of boxes.
    Checklist,
}

impl Purpose {
    /// Whether it is answered by ticking one of several boxes.
    pub(super) fn ticks_one(self) -> bool {
        matches!(self, Self::Types | Self::Scale | Self::Severity)
    }
}

/// The first section of each purpose.
#[derive(Debug)]
pub(super) struct Sections(Vec<(Purpose, Section)>);

impl Sections {
    /// Sorts a template's sections.
    pub(super) fn of(template: &Template) -> Self {
        let mut found: Vec<(Purpose, Section)> = Vec::new();
        for section in template.sections() {
            let Some(purpose) = purpose(&section.title) else { continue };
            let boxes = section.lines.clone().any(|line| is_box(template, line));
            let fits = boxes || !(purpose.ticks_one() || purpose == Purpose::Checklist);
            if fits && found.iter().all(|(other, _)| *other != purpose) {
                found.push((purpose, section));
            }
        }
        Self(found)
    }

    /// What the section that begins at this line is for.
    pub(super) fn purpose(&self, line: usize) -> Option<Purpose> {
        self.0.iter().find(|(_, section)| section.line == line).map(|(purpose, _)| *purpose)
    }

    /// The section for a purpose.
    pub(super) fn get(&self, purpose: Purpose) -> Option<&Section> {
        self.0.iter().find(|(other, _)| *other == purpose).map(|(_, section)| section)
    }
}

/// A heading by its words alone: what is left when case, signs and spaces do not count.
pub(super) fn same_words(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Whether a template lets people tick every box that fits.
pub(super) fn lets_tick_several(template: &Template, section: &Section) -> bool {
    section.lines.clone().any(|line| {
        let text = template.lines[line].text.to_lowercase();
        template.lines[line].role == Role::Comment
            && ["all the boxes", "all boxes", "all that apply"].iter().any(|all| text.contains(all))
    })
}

fn is_box(template: &Template, line: usize) -> bool {
    matches!(template.lines.get(line).map(|line| &line.role), Some(Role::Tick(..)))
}

fn purpose(title: &str) -> Option<Purpose> {
    let title = title.to_lowercase();
    let has = |word: &str| title.contains(word);
    Some(match () {
        () if has("break this") || has("to break") => Purpose::Breaking,
        () if has("type") && has("change") => Purpose::Types,
        () if has("screenshot") => Purpose::Screenshots,
        () if has("tested") || has("testing") || has("test plan") => Purpose::Testing,
        () if has("scale") && has("severity") => return None,
        () if has("severity") => Purpose::Severity,
        () if has("scale") => Purpose::Scale,
        () if has("description") || has("summary") || has("what changes were proposed") => {
            Purpose::Description
        }
        () if has("generative") || has("ai tool") || has("ai usage") || has("assist") => {
            Purpose::Assistance
        }
        () if has("checklist") || has("check list") => Purpose::Checklist,
        () if has("issue") => Purpose::Links,
        () => return None,
    })
}
