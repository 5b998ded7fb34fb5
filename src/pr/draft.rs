//! Fills a template from a change: description, type, links, screenshots, tests. What only the
//! author can know stays open, with a reminder; nothing is claimed that was not recorded.

use super::change::{Change, Commit};
pub use super::choice::{Choice, UnknownType};
use super::choice::{boxes, choose};
use super::kind::Kind;
use super::quote::{code_span, prose};
use super::sections::{Purpose, Sections};
use super::template::{Edit, Role, Section, Template};
use super::words::blocks;
use crate::text::clean_line;

/// Most changed tests named one by one.
const TESTS_NAMED: usize = 20;

/// What to draft from.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The tree's own template, if it has one.
    pub template: Option<&'a Template>,
    /// Section titles to use where it has none.
    pub sections: &'a [String],
    /// What the request is about.
    pub change: &'a Change,
    /// The author's own title.
    pub title: Option<&'a str>,
    /// The author's own type of change.
    pub kind: Option<&'a str>,
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
    /// What is left for the author, as short requests.
    pub left: Vec<String>,
}

/// Drafts.
///
/// # Errors
/// Where the author's own type is none the template offers.
pub fn draft(request: &Request<'_>) -> Result<Draft, UnknownType> {
    let plain;
    let template = match request.template {
        Some(template) => template,
        None => {
            plain = plain_template(request.sections);
            &plain
        }
    };
    let sections = Sections::of(template);
    let choice = choose(template, &sections, request.change, request.kind)?;
    let mut filling = Filling { template, sections, edits: Vec::new(), left: Vec::new() };
    let title = clean_line(request.title.unwrap_or(&request.change.title).trim());
    if title.is_empty() {
        filling.left.push("give it a title: --title TEXT".to_owned());
    }
    filling.description(request.change);
    filling.types(&choice);
    filling.links(request.change, choice.kind);
    filling.weight(choice.kind);
    filling.screenshots(request.change);
    filling.testing(request);
    if request.kind.is_none() && request.change.decision.unsure {
        filling.left.push("check the type of change (--type NAME sets another)".to_owned());
    }
    let title_from = match request.title {
        Some(_) => "as you said".to_owned(),
        None => request.change.title_from.clone(),
    };
    let body = template.with(&filling.edits);
    Ok(Draft { title, title_from, body, choice, left: filling.left })
}

fn plain_template(titles: &[String]) -> Template {
    let mut text =
        "<!-- this tree brings no pull request template: these are the usual sections -->\n"
            .to_owned();
    for title in titles {
        text.push_str(&format!("\n### {}\n", clean_line(title)));
    }
    Template::read(&text)
}

/// A template with what is to be done to it.
struct Filling<'a> {
    template: &'a Template,
    sections: Sections,
    edits: Vec<Edit>,
    left: Vec<String>,
}

impl Filling<'_> {
    fn description(&mut self, change: &Change) {
        let mut lines = describe(&change.commits);
        if change.commits.iter().all(|commit| blocks(&commit.body).is_empty()) {
            let reminder =
                "<!-- say what changes for users, and why: the commit messages do not -->";
            lines.extend([String::new(), reminder.to_owned()]);
            self.left.push("describe the change: the commit messages have no text".to_owned());
        }
        let section = self.sections.get(Purpose::Description);
        let placeholder = section.and_then(|section| {
            section.lines.clone().find(|line| self.template.lines[*line].role == Role::Placeholder)
        });
        match (placeholder, section) {
            (Some(line), _) => self.replace(line, lines),
            (None, Some(section)) => self.edits.push(self.on_top(section, lines)),
            (None, None) => {
                lines.push(String::new());
                self.edits.push(Edit::Insert(0, lines));
            }
        }
    }

    fn types(&mut self, choice: &Choice) {
        let Some(section) = self.sections.get(Purpose::Types) else { return };
        match choice.line {
            Some(chosen) => {
                let boxes = boxes(self.template, section);
                self.edits.extend(boxes.iter().map(|(line, _)| Edit::Tick(*line, *line == chosen)));
            }
            None => {
                self.left.push(format!("tick one box under \"{}\"", clean_line(&section.title)))
            }
        }
    }

    fn links(&mut self, change: &Change, kind: Option<Kind>) {
        if change.closes.is_empty() {
            if kind == Some(Kind::Bug) {
                self.left.push("name the issue it fixes, if there is one (Fixes: #123)".to_owned());
            }
            return;
        }
        let lines: Vec<String> =
            change.closes.iter().map(|issue| format!("Fixes: {issue}")).collect();
        let place = self.template.lines.iter().position(|line| line.role == Role::LinkPlace);
        if let Some(line) = place {
            self.edits.push(Edit::Replace(line, lines));
        } else if let Some(section) = self.sections.get(Purpose::Links) {
            self.edits.push(self.on_top(section, lines));
        } else {
            self.after_description(lines);
        }
    }

    /// Boxes that only the author can tick get a reminder, where they apply.
    fn weight(&mut self, kind: Option<Kind>) {
        let (purpose, reminder, left) = match kind {
            Some(Kind::Bug) => (
                Purpose::Severity,
                "tick one box: how bad is the bug for those who meet it?",
                "tick how severe the bug is",
            ),
            Some(Kind::Feature | Kind::Enhancement | Kind::Breaking) => (
                Purpose::Scale,
                "tick one box: how large is the change for users?",
                "tick how large the change is",
            ),
            _ => return,
        };
        if self.remind(purpose, reminder) {
            self.left.push(left.to_owned());
        }
    }

    fn screenshots(&mut self, change: &Change) {
        let Some(section) = self.sections.get(Purpose::Screenshots) else { return };
        let folders: Vec<String> =
            change.screen_folders.iter().map(|folder| code_span(folder)).collect();
        let (count, folders) = (change.screens.len(), folders.join(" or "));
        if folders.is_empty() {
            self.left.push("add screenshots, if the change can be seen".to_owned());
        } else if count == 0 {
            let line = format!("Not applicable: no file under {folders} changed.");
            self.edits.push(self.on_top(section, vec![line]));
        } else {
            let files = if count == 1 { "1 file" } else { &format!("{count} files") };
            let why = format!("{files} of the user interface changed");
            self.remind(Purpose::Screenshots, &format!("show the screen before and after: {why}"));
            self.left.push("add screenshots: the user interface changed".to_owned());
        }
    }

    fn testing(&mut self, request: &Request<'_>) {
        let mut lines: Vec<String> =
            request.evidence.iter().map(|line| format!("- {}", prose(line))).collect();
        if !request.change.tests.is_empty() {
            lines.extend(if lines.is_empty() { None } else { Some(String::new()) });
            lines.extend(tests(&request.change.tests));
        }
        // That it was built, and which tests it brings, is not how the author tried it.
        lines.extend(if lines.is_empty() { None } else { Some(String::new()) });
        lines.push("<!-- say how you tested: what you ran, where, and what you saw -->".to_owned());
        self.left.push("say how you tested".to_owned());
        if let Some(section) = self.sections.get(Purpose::Testing) {
            self.edits.push(self.on_top(section, lines));
        }
        if self.remind(
            Purpose::Breaking,
            "say what you tried to break it: wrong input, missing rights, a restart in between",
        ) {
            self.left.push("say how you tried to break it".to_owned());
        }
    }

    fn remind(&mut self, purpose: Purpose, reminder: &str) -> bool {
        let Some(section) = self.sections.get(purpose) else { return false };
        self.edits.push(self.on_top(section, vec![format!("<!-- {reminder} -->")]));
        true
    }

    /// Puts lines below a section's heading, parted from what is around them.
    fn on_top(&self, section: &Section, mut lines: Vec<String>) -> Edit {
        let mut at = section.lines.start;
        if self.is_blank(at) {
            at += 1;
        } else {
            lines.insert(0, String::new());
        }
        if at < self.template.lines.len() && !self.is_blank(at) {
            lines.push(String::new());
        }
        Edit::Insert(at, lines)
    }

    fn replace(&mut self, line: usize, mut lines: Vec<String>) {
        let role = |line: usize| self.template.lines.get(line).map(|line| &line.role);
        // A block of HTML ends at an empty line, and so does a paragraph.
        if line > 0 && !matches!(role(line - 1), Some(Role::Blank | Role::Heading(..))) {
            lines.insert(0, String::new());
        }
        if !matches!(role(line + 1), None | Some(Role::Blank | Role::Comment | Role::LinkPlace)) {
            lines.push(String::new());
        }
        self.edits.push(Edit::Replace(line, lines));
    }

    fn after_description(&mut self, links: Vec<String>) {
        if let Some(Edit::Replace(_, lines) | Edit::Insert(_, lines)) = self.edits.first_mut() {
            let end = if lines.last().is_some_and(String::is_empty) {
                lines.len() - 1
            } else {
                lines.len()
            };
            lines.splice(end..end, std::iter::once(String::new()).chain(links));
        }
    }

    fn is_blank(&self, line: usize) -> bool {
        self.template.lines.get(line).is_some_and(|line| line.role == Role::Blank)
    }
}

/// The bodies of the messages, and a list of the commits where there are several.
fn describe(commits: &[Commit]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for commit in commits {
        let block = blocks(&commit.body);
        if !lines.is_empty() && !block.is_empty() {
            lines.push(String::new());
        }
        lines.extend(block);
    }
    match commits {
        [one] if lines.is_empty() => lines.push(prose(&one.subject)),
        [] | [_] => {}
        several => {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend([format!("In {} commits:", several.len()), String::new()]);
            let item = |commit: &Commit| match prose(&commit.subject) {
                subject if subject.is_empty() => {
                    format!("- {}, without a subject", prose(&commit.short))
                }
                subject => format!("- {subject} ({})", prose(&commit.short)),
            };
            lines.extend(several.iter().map(item));
        }
    }
    lines
}

fn tests(paths: &[String]) -> Vec<String> {
    let mut lines = vec!["Tests that this change adds or changes:".to_owned(), String::new()];
    lines.extend(paths.iter().take(TESTS_NAMED).map(|path| format!("- {}", code_span(path))));
    if paths.len() > TESTS_NAMED {
        lines.push(format!("- and {} more", paths.len() - TESTS_NAMED));
    }
    lines
}
