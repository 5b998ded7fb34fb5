//! Drafts a request: chooses the type, has the template filled from the change, and tells what is
//! left for the author. What only the author can know stays open; nothing is claimed that was not
//! recorded.

use super::assistance::Answer;
use super::change::Change;
pub use super::choice::{Choice, Unoffered};
use super::choice::{boxes, choose, named_box};
use super::filling::Filling;
use super::kind::Kind;
use super::quote::visible;
use super::sections::{Purpose, Sections};
use super::template::Template;
use crate::profile;
use crate::text::clean_line;

/// What the author says beside the commits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The title.
    pub title: Option<String>,
    /// The type of change.
    pub kind: Option<String>,
    /// How bad the bug is.
    pub severity: Option<String>,
    /// How large the change is.
    pub scale: Option<String>,
    /// Whether tools wrote part of it.
    pub assistance: Option<Answer>,
}

/// What to draft from.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The tree's own template, if it has one.
    pub template: Option<&'a Template>,
    /// How the project wants its requests.
    pub asks: &'a profile::Request,
    /// What the request is about.
    pub change: &'a Change,
    /// What the author says.
    pub said: &'a Said,
    /// What was really run, one line each, as recorded.
    pub evidence: &'a [String],
}

/// A pull request, drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its title; empty where no commit has a subject.
    pub title: String,
    /// Where the title is from, as a sentence fragment.
    pub title_from: String,
    /// Its text.
    pub body: String,
    /// The type of change.
    pub choice: Choice,
    /// The issues it closes.
    pub closes: Vec<String>,
    /// What is left for the author and no look at the text can tell, as short requests.
    pub left: Vec<String>,
}

/// Drafts.
///
/// # Errors
/// Where the author says something that the template does not offer.
pub fn draft(request: &Request<'_>) -> Result<Draft, Unoffered> {
    let plain;
    let template = match request.template {
        Some(template) => template,
        None => {
            plain = plain_template(&request.asks.sections);
            &plain
        }
    };
    let (change, said) = (request.change, request.said);
    let sections = Sections::of(template);
    let choice = choose(template, &sections, change, said.kind.as_deref())?;
    let weight = weight(template, &sections, choice.ticked(), said)?;
    let mut filling = Filling::of(template, sections);
    let mut more = filling.unasked(request.evidence);
    more.extend(filling.assistance(request));
    filling.description(change, more);
    filling.types(&choice);
    filling.links(change);
    filling.ticks(weight);
    filling.screenshots(change);
    filling.testing(change, request.evidence);
    let title = said.title.as_deref().unwrap_or(&change.title);
    let title_from = match said.title {
        Some(_) => "as you said".to_owned(),
        None => change.title_from.clone(),
    };
    let (body, mut left) = filling.done();
    left.extend(change.not_closed.iter().cloned());
    left.extend(needs(request, choice.kind));
    if said.kind.is_none() && change.decision.unsure {
        left.push("check the type of change (--type NAME sets another)".to_owned());
    }
    let title = clean_line(&visible(title.trim()));
    Ok(Draft { title, title_from, body, choice, closes: change.closes.clone(), left })
}

/// The template of a project that brings none.
#[must_use]
pub fn plain_template(titles: &[String]) -> Template {
    let mut text =
        "<!-- this tree brings no pull request template: these are the usual sections -->\n"
            .to_owned();
    for title in titles {
        text.push_str(&format!("\n### {}\n", clean_line(title)));
    }
    Template::read(&text)
}

/// The box for severity or scale that the author chose, where such a change has one.
fn weight(
    template: &Template,
    sections: &Sections,
    kind: Option<Kind>,
    said: &Said,
) -> Result<Option<(Purpose, usize)>, Unoffered> {
    let bug = kind == Some(Kind::Bug);
    let wishes = [
        (Purpose::Severity, "severity", &said.severity, bug),
        (Purpose::Scale, "scale", &said.scale, kind.is_some_and(Kind::has_scale)),
    ];
    let mut chosen = None;
    for (purpose, what, asked, fits) in wishes {
        let Some(asked) = asked else { continue };
        let offered = sections.get(purpose).map(|section| boxes(template, section));
        let offered = offered.filter(|_| fits).unwrap_or_default();
        chosen = Some((purpose, named_box(what, asked, &offered)?));
    }
    Ok(chosen)
}

/// What the project wants of such a change beside the patch.
fn needs(request: &Request<'_>, kind: Option<Kind>) -> Vec<String> {
    let of_kind = |name: &String| kind.is_some() && Kind::named(name) == kind;
    let open = request.asks.reminders.values().filter(|reminder| {
        let answered = |file: &String| request.change.files.contains(file);
        reminder.kinds.iter().any(of_kind) && !reminder.unless.as_ref().is_some_and(answered)
    });
    open.map(|reminder| reminder.say.clone()).collect()
}
