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
    for list in seen.all.iter().filter(|section| is_checklist(seen, section)) {
        if ticked(seen.page, list).next().is_none() {
            let what = match clean_line(&list.title).as_str() {
                "" => "nothing is ticked on the list of what to do first".to_owned(),
                title => format!("nothing is ticked under \"{title}\""),
            };
            let line = list.lines.clone().find(|line| seen.is_box(*line));
            let remedy = "tick what you have done, with - [x]";
            found.push(Fault::new(Rule::ChecklistUntouched, line, what, remedy));
        }
    }
}

/// Boxes that do not exclude each other: under a heading of their own, or under none.
fn is_checklist(seen: &Seen<'_>, section: &Section) -> bool {
    let purpose = seen.sections.purpose(section.line).filter(|_| section.level > 0);
    let asks = matches!(purpose, None | Some(Purpose::Checklist));
    asks && section.lines.clone().any(|line| seen.is_box(line))
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
