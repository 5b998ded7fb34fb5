//! A request's text beside the template it should follow: which section is for what, and what the
//! author made of it.

use super::super::issues::states_only;
use super::super::kind::Kind;
use super::super::reminder::reminder_of;
use super::super::sections::{Purpose, Sections, same_words};
use super::super::template::{Line, Role, Section, Template};
use super::Subject;

/// The text, sorted.
pub(super) struct Seen<'a> {
    pub(super) page: &'a Template,
    pub(super) all: Vec<Section>,
    pub(super) sections: Sections,
    pub(super) template: Option<&'a Template>,
    /// The type that is ticked.
    pub(super) kind: Option<Kind>,
    pub(super) screens: usize,
}

impl<'a> Seen<'a> {
    pub(super) fn of(page: &'a Template, subject: &Subject<'a>) -> Self {
        let sections = Sections::of(page);
        let kind = sections.get(Purpose::Types).and_then(|types| {
            ticked(page, types).find_map(|line| match &page.lines[line].role {
                Role::Tick(label, _) => Kind::named(label),
                _ => None,
            })
        });
        let (all, template, screens) = (page.sections(), subject.template, subject.screens);
        Self { page, all, sections, template, kind, screens }
    }

    /// Whether a section asks something of this kind of change.
    pub(super) fn asked(&self, purpose: Option<Purpose>) -> bool {
        match purpose {
            Some(Purpose::Severity) => self.kind == Some(Kind::Bug),
            Some(Purpose::Scale) => self.kind.is_some_and(Kind::has_scale),
            Some(Purpose::Screenshots) => self.screens > 0,
            Some(Purpose::Links) => false,
            _ => true,
        }
    }

    /// The section of this heading, by its words.
    pub(super) fn titled(&self, title: &str) -> Option<&Section> {
        let wanted = same_words(title);
        self.all.iter().skip(1).find(|section| same_words(&section.title) == wanted)
    }

    /// Whether a section says anything that is not the template's.
    pub(super) fn answered(&self, section: &Section) -> bool {
        let stock = self.template.map(|template| &template.lines);
        section.lines.clone().any(|line| {
            let line = &self.page.lines[line];
            let own =
                || stock.is_none_or(|lines| !lines.iter().any(|other| other.text == line.text));
            match &line.role {
                Role::Tick(_, ticked) => *ticked,
                // Which issue it closes says nothing of what it does.
                Role::Text if states_only(&line.text) => false,
                Role::Text | Role::Code | Role::Placeholder => own(),
                _ => false,
            }
        })
    }

    /// Whether a line is one that the template wants replaced.
    pub(super) fn is_placeholder(&self, line: usize) -> bool {
        let line = &self.page.lines[line];
        let stock = self.template.map(|template| template.lines.as_slice()).unwrap_or_default();
        let waits =
            |one: &Line| one.role == Role::Placeholder && one.text.trim() == line.text.trim();
        line.role == Role::Placeholder && stock.iter().any(waits)
    }

    /// Whether a line is a box.
    pub(super) fn is_box(&self, line: usize) -> bool {
        matches!(self.page.lines[line].role, Role::Tick(..))
    }

    /// The first reminder in a section: its line and text.
    pub(super) fn reminder(&self, section: &Section) -> Option<(usize, &str)> {
        section
            .lines
            .clone()
            .find_map(|line| Some((line, reminder_of(&self.page.lines[line].text)?)))
    }

    /// Whether a section only holds others.
    pub(super) fn holds_others(&self, section: &Section) -> bool {
        let next = self.all.iter().find(|other| other.line > section.line);
        next.is_some_and(|next| next.level > section.level) && self.reminder(section).is_none()
    }
}

/// The lines of ticked boxes.
pub(super) fn ticked(page: &Template, section: &Section) -> impl Iterator<Item = usize> {
    let on = |line: &usize| matches!(page.lines[*line].role, Role::Tick(_, true));
    section.lines.clone().filter(on).collect::<Vec<_>>().into_iter()
}
