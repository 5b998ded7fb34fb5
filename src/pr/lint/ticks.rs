//! Looks at boxes: of those that exclude each other one must be ticked, and no more.

use super::super::kind::Kind;
use super::super::sections::{Purpose, lets_tick_several};
use super::super::template::{Role, Section};
use super::Fault;
use super::rule::Rule;
use super::seen::{Seen, ticked};
use crate::text::clean_line;

pub(super) fn look(seen: &Seen<'_>, found: &mut Vec<Fault>) {
    for purpose in [Purpose::Types, Purpose::Scale, Purpose::Severity] {
        let Some(section) = seen.sections.get(purpose) else { continue };
        let count = ticked(seen.page, section).count();
        if count > 1 && !lets_tick_several(seen.page, section) {
            found.push(several(seen, section, count));
        } else if count == 0 && seen.asked(Some(purpose)) {
            found.push(none(seen.kind, purpose, section));
        }
    }
    let list = seen.sections.get(Purpose::Checklist);
    if let Some(list) = list.filter(|list| ticked(seen.page, list).next().is_none()) {
        let what = format!("nothing is ticked under \"{}\"", clean_line(&list.title));
        let remedy = "tick what you have done, with - [x]";
        found.push(Fault::new(Rule::ChecklistUntouched, Some(list.line), what, remedy));
    }
}

fn several(seen: &Seen<'_>, section: &Section, count: usize) -> Fault {
    let second = ticked(seen.page, section).nth(1);
    let labels = ticked(seen.page, section).filter_map(|line| match &seen.page.lines[line].role {
        Role::Tick(label, _) => label.split(" (").next().map(clean_line),
        _ => None,
    });
    let labels: Vec<String> = labels.collect();
    let title = clean_line(&section.title);
    let what = format!("{count} boxes are ticked under \"{title}\": {}", labels.join(", "));
    Fault::new(Rule::SeveralTicked, second, what, "leave the one that fits best")
}

fn none(kind: Option<Kind>, purpose: Purpose, section: &Section) -> Fault {
    let what = format!("no box is ticked under \"{}\"", clean_line(&section.title));
    let (rule, remedy) = match (purpose, kind) {
        (Purpose::Severity, _) => {
            (Rule::SeverityMissing, "tick how severe the bug is for those who meet it (--severity)")
        }
        (Purpose::Scale, _) => {
            (Rule::ScaleMissing, "tick how large the change is for users (--scale)")
        }
        _ => (Rule::TypeMissing, "tick the one that fits best, as - [x]"),
    };
    Fault::new(rule, Some(section.line), what, remedy)
}
