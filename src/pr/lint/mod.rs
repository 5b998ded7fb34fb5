//! What a maintainer would say about a request before reading the code: pure, title and text in,
//! remarks out. Changes nothing, and knows of the change only what it is told.
//!
//! [`rule`] names the rules, `title`, `ticks`, `answers` and `page` look, each at one side.

mod answers;
mod page;
pub mod rule;
mod seen;
mod ticks;
mod title;

use std::collections::BTreeMap;

use crate::finding::Severity;
use crate::profile::Titles;

use super::template::Template;
use rule::Rule;
use seen::Seen;

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The title; none where nobody told it.
    pub title: Option<&'a str>,
    /// The text.
    pub body: &'a str,
    /// The template that it should follow.
    pub template: Option<&'a Template>,
    /// How many files of the user interface the change touches.
    pub screens: usize,
    /// What the project asks of a title.
    pub titles: &'a Titles,
    /// How much each rule matters to the project, by name.
    pub levels: &'a BTreeMap<String, Severity>,
}

/// Something that a maintainer would ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The rule.
    pub rule: Rule,
    /// How much it matters.
    pub level: Severity,
    /// The line, counted from 1; none for the title.
    pub line: Option<usize>,
    /// What is wrong, as a fragment.
    pub what: String,
    /// What to do, as a request.
    pub remedy: String,
}

/// Looks. The title comes first, then line by line.
#[must_use]
pub fn lint(subject: &Subject<'_>) -> Vec<Remark> {
    let page = Template::read(subject.body);
    let seen = Seen::of(&page, subject);
    let mut found = Vec::new();
    title::look(subject, &mut found);
    page::look(&page, &mut found);
    ticks::look(&seen, &mut found);
    answers::look(&seen, &mut found);
    found.sort_by_key(|fault| fault.line);
    found.into_iter().map(|fault| fault.weighed(subject.levels)).collect()
}

/// A remark before the project weighs it. Lines count from 0 here.
#[derive(Debug)]
pub(super) struct Fault {
    rule: Rule,
    line: Option<usize>,
    what: String,
    remedy: String,
}

impl Fault {
    fn new(
        rule: Rule,
        line: Option<usize>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { rule, line, what: what.into(), remedy: remedy.into() }
    }

    fn weighed(self, levels: &BTreeMap<String, Severity>) -> Remark {
        let level = levels.get(self.rule.name()).copied();
        Remark {
            rule: self.rule,
            level: level.unwrap_or_else(|| self.rule.usual()),
            line: self.line.map(|line| line + 1),
            what: self.what,
            remedy: self.remedy,
        }
    }
}

/// A remark on something that others found in the text, such as a secret.
#[must_use]
pub fn remark(
    (rule, line): (Rule, Option<usize>),
    (what, remedy): (String, String),
    levels: &BTreeMap<String, Severity>,
) -> Remark {
    Fault { rule, line, what, remedy }.weighed(levels)
}
