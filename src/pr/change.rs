//! What a pull request is made of, in plain values: its commits and files, and what can be read
//! from them without guessing. Knows nothing of templates.

use std::collections::BTreeSet;

use super::issues::{Closed, closed, states};
use super::kind::{Decision, decide};
use crate::base::Message;
use crate::base::touched::{Use, is_prose, is_test, only};
use crate::text::clean_line;

/// One commit of the change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Commit {
    /// Full id.
    pub id: String,
    /// The id as people write it.
    pub short: String,
    /// First line of the message.
    pub subject: String,
    /// The rest of it, trailers included.
    pub body: String,
    /// Whether it has several parents.
    pub merge: bool,
    /// Whether somebody else than the author of the request wrote it.
    pub foreign: bool,
    /// Paths it touches; empty where that was not looked up.
    pub files: Vec<String>,
}

impl Commit {
    /// What decides which kind of change it is.
    #[must_use]
    pub(super) fn message(&self) -> Message<'_> {
        let Self { short, subject, body, files, merge, .. } = self;
        Message { short, subject, body, files, merge: *merge }
    }

    /// The issues it closes in so many words: by its subject, or a line that begins with them.
    pub(super) fn stated(&self) -> impl Iterator<Item = Closed> {
        let subject = self.subject.split('(').filter(|part| states(part));
        subject.chain(self.body.lines().filter(|line| states(line))).flat_map(closed)
    }

    /// The issues that the words of its message close, wherever they stand.
    fn mentioned(&self) -> impl Iterator<Item = Closed> {
        // A paragraph of a message may break its line between the word and the number.
        let body = self.body.split("\n\n").map(|block| block.replace('\n', " "));
        let found: Vec<Closed> = std::iter::once(self.subject.clone())
            .chain(body)
            .flat_map(|text| closed(&text).collect::<Vec<_>>())
            .collect();
        found.into_iter()
    }

    /// What it says of tools that wrote part of it, one trailer each.
    fn assistance(&self) -> impl Iterator<Item = &str> {
        self.body.lines().map(str::trim).filter(|line| {
            let name = line.split_once(": ").map(|(name, _)| name.to_ascii_lowercase());
            name.is_some_and(|name| ASSISTANCE.contains(&name.as_str()))
        })
    }
}

/// Trailers by which people tell that a tool wrote part of a change.
pub(super) const ASSISTANCE: [&str; 3] = ["generated-by", "assisted-by", "ai-assisted-by"];

/// What the commits and files amount to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The commits that stand for themselves, oldest first.
    pub commits: Vec<Commit>,
    /// All changed files.
    pub files: Vec<String>,
    /// A title taken from the commits.
    pub title: String,
    /// Which commit the title is from, as a sentence fragment.
    pub title_from: String,
    /// The type of change.
    pub decision: Decision,
    /// Issues of the project that the author's own commits state they close, as `#12`.
    pub closes: Vec<String>,
    /// Words in messages that would close an issue and are only quoted, each with the reason.
    pub not_closed: Vec<String>,
    /// What the author's own commits say of tools that wrote part of them.
    pub assistance: Vec<String>,
    /// What all the files are for, where that is one thing.
    pub(super) only: Option<Use>,
    /// Changed test files.
    pub tests: Vec<String>,
    /// Changed files of the user interface.
    pub screens: Vec<String>,
    /// The folders of the user interface, as the project names them; empty where it names none.
    pub screen_folders: Vec<String>,
}

impl Change {
    /// Reads the change. `project` is the repository's `owner/name`, so that links to it become
    /// short; `screens` are the folders of the user interface.
    #[must_use]
    pub fn of(
        commits: &[Commit],
        files: &[String],
        project: Option<&str>,
        screens: &[String],
    ) -> Self {
        let speaking: Vec<Commit> =
            commits.iter().filter(|commit| commit.message().speaks()).cloned().collect();
        let speaking = if speaking.is_empty() { commits.to_vec() } else { speaking };
        let (title, title_from) = title(&speaking);
        let shown = |path: &&String| screens.iter().any(|folder| path.starts_with(folder.as_str()));
        Self {
            title,
            title_from,
            decision: decide(&speaking, files),
            closes: closes(&speaking, project),
            not_closed: not_closed(&speaking, project),
            assistance: assistance(&speaking),
            tests: files.iter().filter(|path| is_test(path) && !is_prose(path)).cloned().collect(),
            only: only(files),
            screens: files.iter().filter(shown).filter(|path| !is_test(path)).cloned().collect(),
            screen_folders: screens.to_vec(),
            commits: speaking,
            files: files.to_vec(),
        }
    }
}

fn title(commits: &[Commit]) -> (String, String) {
    let Some(first) = commits.first() else { return (String::new(), "no commit".to_owned()) };
    let subject = clean_line(&first.subject).split_whitespace().collect::<Vec<_>>().join(" ");
    let numbered = without_number(&subject).len() < subject.len();
    let subject = without_number(&subject).to_owned();
    let from = match (commits.len(), shared_component(commits)) {
        (1, _) if numbered => {
            "the commit's subject without the number, which GitHub adds".to_owned()
        }
        (1, _) => "the commit's subject".to_owned(),
        (count, Some(component)) => format!("the first of {count} commits, all about {component}"),
        (count, None) => format!("the first of {count} commits; --title gives another"),
    };
    (subject, from)
}

/// A subject without the number of an earlier request at its end, as squashed commits have one.
pub(super) fn without_number(subject: &str) -> &str {
    let ended = subject.trim_end().strip_suffix(')').and_then(|text| text.rsplit_once(" (#"));
    match ended {
        Some((text, number))
            if !text.is_empty()
                && !number.is_empty()
                && number.chars().all(|c| c.is_ascii_digit()) =>
        {
            text
        }
        _ => subject,
    }
}

/// The `component` of `component: text`, where all subjects have the same.
fn shared_component(commits: &[Commit]) -> Option<String> {
    let of = |commit: &Commit| {
        let (component, _) = commit.subject.split_once(": ")?;
        (!component.is_empty() && component.len() <= 40).then(|| clean_line(component))
    };
    let first = of(commits.first()?)?;
    commits.iter().all(|commit| of(commit).as_ref() == Some(&first)).then_some(first)
}

/// The number of an issue of the project, as `#12`.
fn own(issue: &Closed, project: Option<&str>) -> Option<String> {
    let named = issue.repository.as_deref();
    let own = named.is_none_or(|name| project.is_some_and(|own| own.eq_ignore_ascii_case(name)));
    own.then(|| format!("#{}", issue.number))
}

fn closes(commits: &[Commit], project: Option<&str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let stated = commits.iter().filter(|commit| !commit.foreign).flat_map(Commit::stated);
    let issues = stated.filter_map(|issue| own(&issue, project));
    issues.filter(|issue| seen.insert(issue.clone())).collect()
}

fn not_closed(commits: &[Commit], project: Option<&str>) -> Vec<String> {
    let (carried, mut seen) = (closes(commits, project), BTreeSet::new());
    let mut notes = Vec::new();
    for commit in commits {
        for issue in commit.mentioned() {
            let number = own(&issue, project);
            let closed = number.as_ref().is_some_and(|number| carried.contains(number));
            let repository = issue.repository.clone().unwrap_or_default();
            let name = number.clone().unwrap_or(format!("{repository}#{}", issue.number));
            if closed || !seen.insert(name.clone()) {
                continue;
            }
            let short = clean_line(&commit.short);
            let name = clean_line(&name);
            notes.push(match (number, commit.foreign) {
                (None, _) => format!("{name} is not closed, as {short} says: it is another project's"),
                (_, true) => format!(
                    "{name} is not closed: {short}, which says so, is by somebody else; add \"Fixes: {name}\" if this request does"
                ),
                (_, false) => format!(
                    "{name} is not closed: {short} says it in passing; add \"Fixes: {name}\" if this request does"
                ),
            });
        }
    }
    notes
}

fn assistance(commits: &[Commit]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let own = commits.iter().filter(|commit| !commit.foreign).flat_map(Commit::assistance);
    own.filter(|line| seen.insert(line.to_lowercase())).map(str::to_owned).collect()
}
