//! The rules a request is held to, by name, and how much each matters where a project does not say
//! otherwise. Looks at nothing.

use crate::finding::Severity;

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// There is a title.
    TitleMissing,
    /// The title fits a list.
    TitleLong,
    /// The title says what changes.
    TitleVague,
    /// The title is in no form that the project gave up.
    TitleForm,
    /// The change is described.
    DescriptionMissing,
    /// What was to be replaced is replaced.
    Placeholder,
    /// Every heading that asks something of this change is there.
    HeadingMissing,
    /// The boxes below a heading are there.
    BoxesMissing,
    /// One type of change is ticked.
    TypeMissing,
    /// Of boxes that exclude each other one is ticked.
    SeveralTicked,
    /// The size of a feature is ticked.
    ScaleMissing,
    /// The severity of a bug is ticked.
    SeverityMissing,
    /// What looks like a box is one.
    BoxForm,
    /// A bug fix names the issue.
    FixesMissing,
    /// It is said what was tested.
    TestingMissing,
    /// What is said to have been run was run on this commit.
    EvidenceOld,
    /// A change that can be seen is shown.
    ScreenshotsMissing,
    /// No reminder of onramp's waits for an answer.
    Unanswered,
    /// Every other section has a text.
    SectionEmpty,
    /// Something on the list of things to do is ticked.
    ChecklistUntouched,
    /// A comment ends.
    CommentOpen,
    /// A block of code ends.
    CodeOpen,
    /// Nothing is in it that readers cannot see.
    HiddenText,
    /// No secret is in it.
    Secret,
    /// No name of a private machine or person is in it.
    PrivateName,
    /// The forge takes it.
    TooLong,
}

use Rule as R;
use Severity::{Advice, Error, Warn};

/// Every rule: its name, and what breaking it amounts to.
const BOOK: [(Rule, &str, Severity); 26] = [
    (R::TitleMissing, "title-missing", Error),
    (R::TitleLong, "title-long", Warn),
    (R::TitleVague, "title-vague", Warn),
    (R::TitleForm, "title-form", Warn),
    (R::DescriptionMissing, "description-missing", Error),
    (R::Placeholder, "placeholder", Error),
    (R::HeadingMissing, "heading-missing", Error),
    (R::BoxesMissing, "boxes-missing", Error),
    (R::TypeMissing, "type-missing", Error),
    (R::SeveralTicked, "several-ticked", Error),
    (R::ScaleMissing, "scale-missing", Warn),
    (R::SeverityMissing, "severity-missing", Warn),
    (R::BoxForm, "box-form", Warn),
    (R::FixesMissing, "fixes-missing", Warn),
    (R::TestingMissing, "testing-missing", Warn),
    (R::EvidenceOld, "evidence-old", Warn),
    (R::ScreenshotsMissing, "screenshots-missing", Warn),
    (R::Unanswered, "unanswered", Warn),
    (R::SectionEmpty, "section-empty", Warn),
    (R::ChecklistUntouched, "checklist-untouched", Advice),
    (R::CommentOpen, "comment-open", Error),
    (R::CodeOpen, "code-open", Error),
    (R::HiddenText, "hidden-text", Error),
    (R::Secret, "secret", Error),
    (R::PrivateName, "private-name", Warn),
    (R::TooLong, "too-long", Error),
];

impl Rule {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        BOOK.iter().find(|(rule, ..)| *rule == self).map_or("", |(_, name, _)| name)
    }

    /// What breaking it amounts to where the project says nothing.
    #[must_use]
    pub fn usual(self) -> Severity {
        BOOK.iter().find(|(rule, ..)| *rule == self).map_or(Error, |(_, _, level)| *level)
    }

    /// All rules.
    pub fn all() -> impl Iterator<Item = Self> {
        BOOK.iter().map(|(rule, ..)| *rule)
    }

    /// Their names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BOOK.iter().map(|(_, name, _)| *name)
    }
}
