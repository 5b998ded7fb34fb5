//! Fills a template: each method answers one of its questions from what is known, or leaves a
//! reminder to the author. Keeps every line of the template that it does not answer.

use super::assistance::{Answer, Place, box_named, place, statement};
use super::change::{Change, Commit, without_number};
use super::choice::{Choice, boxes};
use super::draft::Request;
use super::quote::{code_span, prose};
use super::reminder::reminder;
use super::sections::{Purpose, Sections};
use super::template::{Edit, Role, Section, Template};
use super::words::blocks;
use crate::base::touched::Use;
use crate::text::clean_line;

/// Most changed tests named one by one.
const TESTS_NAMED: usize = 20;

/// Most changed files named one by one.
const FILES_NAMED: usize = 8;

/// A template with what is to be done to it.
pub(super) struct Filling<'a> {
    template: &'a Template,
    sections: Sections,
    edits: Vec<Edit>,
    /// Which of the edits describes the change.
    described: Option<usize>,
    left: Vec<String>,
}

impl<'a> Filling<'a> {
    /// Begins with the template as it is.
    pub(super) fn of(template: &'a Template, sections: Sections) -> Self {
        Self { template, sections, edits: Vec::new(), described: None, left: Vec::new() }
    }

    /// The text, and what is left for the author.
    pub(super) fn done(self) -> (String, Vec<String>) {
        (self.template.with(&self.edits), self.left)
    }

    /// What the commits say, and what has no place of its own in the template.
    pub(super) fn description(&mut self, change: &Change, more: Vec<String>) {
        let mut lines = describe(&change.commits);
        if change.commits.iter().all(|commit| blocks(&commit.body).is_empty()) {
            lines.extend(touched(&change.files));
            let ask = "say what changes for users, and why: the commit messages do not";
            lines.extend([String::new(), reminder(ask)]);
        }
        if !more.is_empty() {
            lines.push(String::new());
            lines.extend(more);
        }
        self.described = Some(self.edits.len());
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

    /// Ticks the type.
    pub(super) fn types(&mut self, choice: &Choice) {
        let Some(section) = self.sections.get(Purpose::Types) else { return };
        // Where no box fits, the lint asks the author for one.
        if let Some(chosen) = choice.line {
            let boxes = boxes(self.template, section);
            self.edits.extend(boxes.iter().map(|(line, _)| Edit::Tick(*line, *line == chosen)));
        }
    }

    /// Names the issues that are closed.
    pub(super) fn links(&mut self, change: &Change) {
        if change.closes.is_empty() {
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

    /// Ticks the box the author chose; the others of its group are cleared.
    pub(super) fn ticks(&mut self, chosen: Option<(Purpose, usize)>) {
        let Some((purpose, line)) = chosen else { return };
        let Some(section) = self.sections.get(purpose) else { return };
        let group = boxes(self.template, section);
        self.edits.extend(group.iter().map(|(other, _)| Edit::Tick(*other, *other == line)));
    }

    /// Says whether tools wrote part of it where the template asks. What has no place there is
    /// handed back, for the description.
    pub(super) fn assistance(&mut self, request: &Request<'_>) -> Vec<String> {
        let token = request.asks.assistance.as_ref().map(|form| form.token.as_str());
        let answer = request.said.assistance.as_ref();
        let place = place(self.template, &self.sections);
        let asked = token.is_some() || !matches!(place, Place::Nowhere);
        let token = token.unwrap_or("Generated-by");
        if answer == Some(&Answer::No) && !request.change.assistance.is_empty() {
            self.left.push(format!(
                "--assisted none, but a commit says \"{}\": one of the two is wrong",
                clean_line(&request.change.assistance[0])
            ));
        }
        let Some(said) = statement(self.template, token, answer, request.change) else {
            if asked {
                self.ask_for_tools(&place);
            }
            return Vec::new();
        };
        if matches!(answer, Some(Answer::By(_))) && request.change.assistance.is_empty() {
            self.left.push(format!("say it in the commit as well: a line \"{token}: TOOL\""));
        }
        self.state(&place, said)
    }

    fn ask_for_tools(&mut self, place: &Place) {
        let ask = "say whether a tool wrote part of it: --assisted TEXT or --assisted none";
        match place {
            Place::Section(section) => {
                let edit = self.on_top(section, vec![reminder(ask)]);
                self.edits.push(edit);
            }
            Place::Box(_) | Place::Nowhere => self.left.push(ask.to_owned()),
        }
    }

    fn state(&mut self, place: &Place, said: Vec<String>) -> Vec<String> {
        let yes = !said.is_empty();
        match place {
            Place::Nowhere => return said,
            Place::Box(line) if yes => {
                self.edits.push(Edit::Tick(*line, true));
                let below = said.into_iter().map(|line| format!("  {line}")).collect();
                self.edits.push(Edit::Insert(line + 1, below));
            }
            Place::Box(_) => {}
            Place::Section(section) => {
                let word = if yes { "yes" } else { "no" };
                let ticked = box_named(self.template, section, word);
                self.edits.extend(ticked.map(|line| Edit::Tick(line, true)));
                let lines = match (yes, ticked) {
                    (true, _) => said,
                    (false, None) => vec!["No.".to_owned()],
                    (false, Some(_)) => return Vec::new(),
                };
                let edit = self.on_top(section, lines);
                self.edits.push(edit);
            }
        }
        Vec::new()
    }

    /// Asks for pictures where the user interface changes.
    pub(super) fn screenshots(&mut self, change: &Change) {
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
        }
    }

    /// What was run, where the template does not ask for it: for the description.
    pub(super) fn unasked(&self, evidence: &[String]) -> Vec<String> {
        match self.sections.get(Purpose::Testing) {
            Some(_) => Vec::new(),
            None => evidence.iter().map(|line| format!("- {}", prose(line))).collect(),
        }
    }

    /// Names what was run and which tests the change brings, and asks for the rest.
    pub(super) fn testing(&mut self, change: &Change, evidence: &[String]) {
        let mut lines: Vec<String> =
            evidence.iter().map(|line| format!("- {}", prose(line))).collect();
        if !change.tests.is_empty() {
            lines.extend(if lines.is_empty() { None } else { Some(String::new()) });
            lines.extend(tests(&change.tests));
        }
        // That it was built, and which tests it brings, is not how the author tried it.
        lines.extend(if lines.is_empty() { None } else { Some(String::new()) });
        lines.push(match change.only {
            Some(Use::Docs) => "Not applicable: only documentation changed.".to_owned(),
            _ => reminder("say how you tested: what you ran, where, and what you saw"),
        });
        self.answer(Purpose::Testing, lines);
        let ask =
            "say what you tried to break it: wrong input, missing rights, a restart in between";
        let broken = match change.only {
            Some(Use::Docs) => "Not applicable: only documentation changed.".to_owned(),
            Some(Use::Test) => "Not applicable: only tests changed.".to_owned(),
            _ => reminder(ask),
        };
        self.answer(Purpose::Breaking, vec![broken]);
    }

    fn answer(&mut self, purpose: Purpose, lines: Vec<String>) {
        if let Some(section) = self.sections.get(purpose) {
            self.edits.push(self.on_top(section, lines));
        }
    }

    fn remind(&mut self, purpose: Purpose, ask: &str) {
        self.answer(purpose, vec![reminder(ask)]);
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
        let described = self.described.and_then(|index| self.edits.get_mut(index));
        if let Some(Edit::Replace(_, lines) | Edit::Insert(_, lines)) = described {
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

/// Which files change, where no message says more than its subject.
fn touched(files: &[String]) -> Vec<String> {
    let mut lines = vec![String::new()];
    match files {
        [] => return Vec::new(),
        [one] => lines.push(format!("Changes {}.", code_span(one))),
        several => {
            lines.extend([format!("Changes {} files:", several.len()), String::new()]);
            lines.extend(listed(several, FILES_NAMED));
        }
    }
    lines
}

/// Paths as a list, the first of them named.
fn listed(paths: &[String], named: usize) -> Vec<String> {
    let mut lines: Vec<String> =
        paths.iter().take(named).map(|path| format!("- {}", code_span(path))).collect();
    if paths.len() > named {
        lines.push(format!("- and {} more", paths.len() - named));
    }
    lines
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
        [one] if lines.is_empty() => lines.push(prose(without_number(&one.subject))),
        [] | [_] => {}
        several => {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend([format!("In {} commits:", several.len()), String::new()]);
            let item = |commit: &Commit| match prose(without_number(&commit.subject)) {
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
    let head = ["Test files that this change touches:".to_owned(), String::new()];
    head.into_iter().chain(listed(paths, TESTS_NAMED)).collect()
}
