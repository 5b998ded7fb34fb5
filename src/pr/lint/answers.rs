//! Looks at what the sections say: whether every heading that asks something of this change is
//! there and answered, and whether a bug fix names its issue.

use super::super::issues::closing_lines;
use super::super::kind::Kind;
use super::super::reminder::reminder_of;
use super::super::sections::{Purpose, Sections, same_words};
use super::super::template::Section;
use super::Fault;
use super::rule::Rule;
use super::seen::Seen;
use crate::text::clean_line;

pub(super) fn look(seen: &Seen<'_>, found: &mut Vec<Fault>) {
    headings(seen, found);
    placeholders(seen, found);
    reminders(seen, found);
    for section in seen.all.iter().skip(1) {
        found.extend(empty(seen, section));
    }
    let described = seen.sections.get(Purpose::Description);
    // Without headings the whole text describes.
    let said = described.or(seen.all.first().filter(|_| seen.all.len() == 1));
    if described.is_none() && !said.is_some_and(|section| seen.answered(section)) {
        found.push(undescribed(0));
    }
    let bug = seen.kind == Some(Kind::Bug);
    if bug && closing_lines(seen.page).next().is_none() {
        let line = described.map_or(0, |section| section.line);
        found.push(Fault::new(
            Rule::FixesMissing,
            Some(line),
            "a bug fix that names no issue",
            "name the issue it fixes, if there is one, on a line of its own: Fixes: #123",
        ));
    }
}

fn undescribed(line: usize) -> Fault {
    let remedy = "say what changes for users, and why";
    Fault::new(Rule::DescriptionMissing, Some(line), "the change is not described", remedy)
}

/// Headings of the template that are gone, and boxes that are.
fn headings(seen: &Seen<'_>, found: &mut Vec<Fault>) {
    let Some(template) = seen.template else { return };
    let purposes = Sections::of(template);
    let mut gone: Vec<Fault> = Vec::new();
    let mut asked = 0;
    let mut place = seen.page.lines.len().saturating_sub(1);
    for section in template.sections().iter().skip(1).rev() {
        let purpose = purposes.purpose(section.line);
        if let Some(own) = seen.titled(&section.title) {
            place = own.line;
            asked += 1;
            let group = purpose.filter(|purpose| purpose.ticks_one());
            if group.is_some_and(|group| seen.sections.get(group).is_none()) {
                found.push(no_boxes(own));
            }
        } else if seen.asked(purpose) && !only_holds(template.sections().as_slice(), section) {
            asked += 1;
            gone.push(missing(section, place));
        }
    }
    match gone.len() {
        0 => {}
        1 => found.append(&mut gone),
        count if 2 * count <= asked => found.append(&mut gone),
        count => found.push(Fault::new(
            Rule::HeadingMissing,
            Some(0),
            format!("{count} of the {asked} headings of the template are gone"),
            "put the text into the template: onramp pr --output FILE writes it filled in",
        )),
    }
}

fn no_boxes(section: &Section) -> Fault {
    Fault::new(
        Rule::BoxesMissing,
        Some(section.line),
        format!("the boxes under \"{}\" are gone", clean_line(&section.title)),
        "put them back as the template has them, and tick one: tools of the project read them",
    )
}

fn missing(section: &Section, place: usize) -> Fault {
    let heading = format!("{} {}", "#".repeat(section.level), clean_line(&section.title));
    Fault::new(
        Rule::HeadingMissing,
        Some(place),
        format!("the template's heading \"{}\" is gone", clean_line(&section.title)),
        format!("put it back above this line: {heading}"),
    )
}

/// A heading without text of its own above deeper ones.
fn only_holds(all: &[Section], section: &Section) -> bool {
    let next = all.iter().find(|other| other.line > section.line);
    next.is_some_and(|next| next.level > section.level && next.line <= section.lines.start + 1)
}

fn placeholders(seen: &Seen<'_>, found: &mut Vec<Fault>) {
    for (index, line) in seen.page.lines.iter().enumerate() {
        if seen.is_placeholder(index) {
            let what = format!("\"{}\" still stands here", clean_line(line.text.trim()));
            let remedy = "say what the request does in its place";
            found.push(Fault::new(Rule::Placeholder, Some(index), what, remedy));
        }
    }
}

/// What onramp asked the author to say, and waits for. A group of boxes speaks for itself.
fn reminders(seen: &Seen<'_>, found: &mut Vec<Fault>) {
    for section in &seen.all {
        if seen.sections.purpose(section.line).is_some_and(Purpose::ticks_one) {
            continue;
        }
        for line in section.lines.clone() {
            if let Some(text) = reminder_of(&seen.page.lines[line].text) {
                let what = match section.title.as_str() {
                    "" => "the text waits for an answer in place of this reminder".to_owned(),
                    title => format!(
                        "\"{}\" waits for an answer in place of this reminder",
                        clean_line(title)
                    ),
                };
                let remedy = clean_line(text);
                found.push(Fault::new(Rule::Unanswered, Some(line), what, remedy));
            }
        }
    }
}

fn empty(seen: &Seen<'_>, section: &Section) -> Option<Fault> {
    let purpose = seen.sections.purpose(section.line);
    let boxes = purpose.is_some_and(|it| it.ticks_one() || it == Purpose::Checklist);
    let of_template = seen.template.is_none_or(|template| {
        let same = |other: &Section| same_words(&other.title) == same_words(&section.title);
        template.sections().iter().any(same)
    });
    let asks = of_template && seen.asked(purpose) && !boxes;
    if !asks
        || seen.answered(section)
        || purpose.is_none() && seen.holds_others(section)
        || seen.reminder(section).is_some()
        || section.lines.clone().any(|line| seen.is_box(line) || seen.is_placeholder(line))
    {
        return None;
    }
    let what = format!("\"{}\" is empty", clean_line(&section.title));
    let at = Some(section.line);
    Some(match purpose {
        Some(Purpose::Description) => undescribed(section.line),
        Some(Purpose::Testing) => Fault::new(
            Rule::TestingMissing,
            at,
            "it is not said what was tested",
            "say what you ran, where, and what you saw",
        ),
        Some(Purpose::Screenshots) => Fault::new(
            Rule::ScreenshotsMissing,
            at,
            "the user interface changes, and nothing shows how",
            "add pictures of the screen before and after",
        ),
        _ => Fault::new(Rule::SectionEmpty, at, what, "answer it, or say why it does not apply"),
    })
}
