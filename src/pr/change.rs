//! What a pull request is made of, in plain values: its commits and files, and what can be read
//! from them without guessing. Knows nothing of templates.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::kind::{Decision, decide};
use super::touched::is_test;
use crate::text::clean_line;

/// GitHub's own words for "this closes that issue"; a bare `#12` is a mention and no more.
#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant that every test of links compiles"
)]
static CLOSES: LazyLock<Regex> = LazyLock::new(|| {
    let words = r"(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?)";
    let url = r"https://github\.com/([\w.-]+/[\w.-]+)/(?:issues|pull)/";
    let issue = format!(r"(?:{url}|([\w.-]+/[\w.-]+)?#)(\d+)\b");
    Regex::new(&format!(r"(?i-u)\b{words}(?::[ \t]*|[ \t]+){issue}")).expect("a valid pattern")
});

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
    /// Paths it touches; empty where that was not looked up.
    pub files: Vec<String>,
}

impl Commit {
    /// How a sentence names the commit.
    #[must_use]
    pub fn label(&self) -> String {
        format!("\"{}\" ({})", clean_line(&self.subject), clean_line(&self.short))
    }

    /// The issues its message says it closes: repository, if named, and number.
    pub(super) fn closes(&self) -> impl Iterator<Item = (Option<String>, String)> {
        let found = CLOSES.captures_iter(&self.subject).chain(CLOSES.captures_iter(&self.body));
        found.map(|parts| {
            let repository = parts.get(1).or(parts.get(2)).map(|part| part.as_str().to_owned());
            (repository, parts[3].to_owned())
        })
    }

    /// Whether the commit stands for itself: no merge, and nothing to be squashed into another.
    fn speaks(&self) -> bool {
        const SILENT: [&str; 4] = ["fixup! ", "squash! ", "amend! ", "Merge "];
        !self.merge && !SILENT.iter().any(|start| self.subject.starts_with(start))
    }
}

/// Whether a line of a message does nothing but close issues.
pub(super) fn closes_only(line: &str) -> bool {
    let left = CLOSES.replace_all(line, "");
    left.len() < line.len() && left.trim_matches([' ', ',', '.', ';', '-', '*']).is_empty()
}

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
    /// Issues that the commits say they close: `#12` or `owner/name#12`.
    pub closes: Vec<String>,
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
            commits.iter().filter(|commit| commit.speaks()).cloned().collect();
        let speaking = if speaking.is_empty() { commits.to_vec() } else { speaking };
        let (title, title_from) = title(&speaking);
        let shown = |path: &&String| screens.iter().any(|folder| path.starts_with(folder.as_str()));
        Self {
            title,
            title_from,
            decision: decide(&speaking, files),
            closes: closed(&speaking, project),
            tests: files.iter().filter(|path| is_test(path)).cloned().collect(),
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
    let from = match (commits.len(), shared_component(commits)) {
        (1, _) => "the commit's subject".to_owned(),
        (count, Some(component)) => format!("the first of {count} commits, all about {component}"),
        (count, None) => format!("the first of {count} commits; --title gives another"),
    };
    (subject, from)
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

fn closed(commits: &[Commit], project: Option<&str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let all = commits.iter().flat_map(Commit::closes).map(|(repository, number)| {
        let own = repository
            .as_deref()
            .is_none_or(|name| project.is_some_and(|own| own.eq_ignore_ascii_case(name)));
        if own {
            format!("#{number}")
        } else {
            format!("{}#{number}", repository.unwrap_or_default())
        }
    });
    all.filter(|issue| seen.insert(issue.clone())).collect()
}
