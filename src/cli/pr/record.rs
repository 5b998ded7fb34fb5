//! What onramp remembers of a clone's drafts, in the clone's own git folder: the texts it wrote, by
//! file, and what the author answered, by branch. A record that cannot be read is none.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::keep::{LONGEST, placed};
use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::sys::{Access, System, stays_inside};
use crate::text::{Line, Tone};

/// How many of the last texts are remembered of a file: a run that is killed leaves the one before
/// or the new one, and both are onramp's.
const REMEMBERED: usize = 3;

/// The record. Unknown fields of newer versions are passed over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Texts that onramp wrote, by absolute path, the newest last.
    #[serde(default)]
    drafts: BTreeMap<String, Vec<String>>,
    /// The branch that a file's text is for, by the same paths.
    #[serde(default)]
    branches: BTreeMap<String, String>,
    /// What the author said, by branch.
    #[serde(default)]
    answers: BTreeMap<String, Answers>,
}

/// What the author said as options, word for word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// `--title`.
    #[serde(default)]
    pub title: Option<String>,
    /// `--type`.
    #[serde(default)]
    pub kind: Option<String>,
    /// `--severity`.
    #[serde(default)]
    pub severity: Option<String>,
    /// `--scale`.
    #[serde(default)]
    pub scale: Option<String>,
    /// `--assisted`.
    #[serde(default)]
    pub assisted: Option<String>,
}

/// What is remembered of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// Texts that onramp wrote there, the newest last; none for a file that it does not know.
    pub(super) texts: Vec<String>,
    /// The branch they are for, where that was noted.
    pub(super) branch: Option<String>,
}

impl Record {
    /// Reads it. Paths that lead to one file by different ways are one.
    #[must_use]
    pub fn read(system: &dyn System, path: &Path) -> Self {
        if !lies_inside(system, path) {
            return Self::default();
        }
        let bytes = system.read(path, 64 * LONGEST).unwrap_or_default();
        let mut record: Self = serde_json::from_slice(&bytes).unwrap_or_default();
        let key = |file: String| placed(system, Path::new(&file)).unwrap_or(file);
        record.drafts = record.drafts.into_iter().map(|(file, all)| (key(file), all)).collect();
        record.branches = record.branches.into_iter().map(|(file, one)| (key(file), one)).collect();
        record
    }

    /// Writes it; whoever cannot is told what that means.
    ///
    /// # Errors
    /// Where it would lie outside of the clone.
    pub(super) fn keep(&self, session: &Session<'_>, path: &Path) -> anyhow::Result<()> {
        if !lies_inside(session.bench, path) {
            return Err(Trouble::usage(format!("{} leads out of the clone", path.display()))
                .remedy("a part of it is a link that onramp did not make: remove it")
                .into());
        }
        let noted = session.bench.write(path, &serde_json::to_vec(self)?, Access::Private);
        if let Err(error) = noted {
            let what = format!("{} could not be written: {error}", path.display());
            let effect = "a later run will know neither what you edited nor what you said";
            session.terminal.complain(Line::toned(Tone::Warn, format!("{what}; {effect}")));
        }
        Ok(())
    }

    /// What is known of a file that holds this text now. One that was moved is known again as long
    /// as nobody edited it.
    pub(super) fn known(&self, file: &str, text: &str) -> Known {
        let moved = || self.drafts.iter().find(|(_, texts)| texts.iter().any(|one| one == text));
        let found = self.drafts.get_key_value(file).or_else(moved);
        found.map_or_else(Known::default, |(name, texts)| Known {
            texts: texts.clone(),
            branch: self.branches.get(name).cloned(),
        })
    }

    /// Notes what is about to be written to a file, beside what was known of it.
    pub(super) fn note(&mut self, file: &str, mut known: Known, text: &str, branch: Option<&str>) {
        known.texts.retain(|one| one != text);
        known.texts.push(text.to_owned());
        known.texts.drain(..known.texts.len().saturating_sub(REMEMBERED));
        self.drafts.insert(file.to_owned(), known.texts);
        match branch {
            Some(branch) => self.branches.insert(file.to_owned(), branch.to_owned()),
            None => self.branches.remove(file),
        };
    }

    /// What the author said on a branch.
    pub(super) fn answers(&self, branch: Option<&str>) -> Answers {
        branch.and_then(|branch| self.answers.get(branch)).cloned().unwrap_or_default()
    }

    /// Notes what the author said on a branch; nothing where no branch is checked out.
    pub(super) fn answer(&mut self, branch: Option<&str>, answers: Answers) {
        match branch {
            Some(branch) if answers == Answers::default() => self.answers.remove(branch),
            Some(branch) => self.answers.insert(branch.to_owned(), answers),
            None => None,
        };
    }
}

fn lies_inside(system: &dyn System, path: &Path) -> bool {
    let git = path.parent().and_then(Path::parent);
    git.is_some_and(|git| stays_inside(system, git, path))
}
