//! A rehearsed signature: what git is set to sign with, what came of it, and what that means for
//! the person who signs. Values and words only; nothing here starts a program or asks for a key.

mod agent;
mod expected;
mod gpg;
mod notes;
mod setup;
mod ssh;

use schemars::JsonSchema;
use serde::Serialize;

use crate::pgp::{Key, Listing};
use crate::profile::Need;

pub use agent::Agent;
pub use expected::{differs, expected, fits};
pub use notes::notes;
pub use setup::{Own, Setup, WANTED, setup};

use super::Word;

/// How a rehearsal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The forge would accept the signature, given what it needs to know.
    Accepted,
    /// Git could not sign, or nobody would accept the signature.
    Refused,
    /// It could not be told here.
    Unknown,
}

/// What went wrong, with the one thing to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// A word for programs.
    pub kind: &'static str,
    /// What happened, a fragment.
    pub says: String,
    /// What to do: a sentence or commands, one to a line.
    pub remedy: String,
    /// Whether it may be otherwise elsewhere, such as at a terminal.
    #[serde(skip)]
    pub unsure: bool,
}

impl Problem {
    /// A problem that holds everywhere.
    pub fn new(kind: &'static str, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { kind, says: says.into(), remedy: remedy.into(), unsure: false }
    }

    /// One that may not be there elsewhere.
    #[must_use]
    pub fn perhaps(self) -> Self {
        Self { unsure: true, ..self }
    }
}

/// Something to know that is no problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Note {
    /// A sentence, as a fragment.
    pub says: String,
    /// What to do about it, where there is something.
    pub remedy: Option<String>,
}

impl Note {
    /// A note with nothing to do.
    pub fn new(says: impl Into<String>) -> Self {
        Self { says: says.into(), remedy: None }
    }

    /// Adds what to do.
    #[must_use]
    pub fn with(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }
}

/// What the signature came to, once there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Signature {
    /// The verdict.
    pub verdict: Word,
    /// Git's letter for it, judged with the user's settings.
    pub git: Option<String>,
    /// Whether it holds by git's own account, whoever's key it is.
    pub holds: bool,
    /// Fingerprint of the key.
    pub key: Option<String>,
    /// The key's first name.
    pub signer: Option<String>,
    /// Addresses the key names.
    pub emails: Vec<String>,
    /// Why it is not simply good.
    pub reason: Option<String>,
}

/// What the forge would show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Shown {
    /// The forge.
    pub forge: String,
    /// The word it would show, if its conditions hold.
    pub word: String,
    /// The reason it would give, where it would not accept the signature.
    pub reason: Option<String>,
    /// What it needs for that, which is not to be seen from here.
    pub needs: Vec<Need>,
}

/// One rehearsal, whole.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    /// How it ended.
    pub outcome: Outcome,
    /// `openpgp`, `ssh` or `x509`.
    pub format: String,
    /// The program that signs.
    pub program: String,
    /// The key git is told to sign with; none where git chooses by the address.
    pub key: Option<String>,
    /// Who would be the commit's author.
    pub author: Option<String>,
    /// Who would be its committer.
    pub committer: Option<String>,
    /// Whether git signs every commit by itself.
    pub signs_commits: bool,
    /// Whether git signs every tag by itself.
    pub signs_tags: bool,
    /// How long signing took, in seconds, waiting for a passphrase included.
    pub seconds: Option<f64>,
    /// What the signature is worth.
    pub signature: Option<Signature>,
    /// What went wrong.
    pub problem: Option<Problem>,
    /// What else is to know.
    pub notes: Vec<Note>,
    /// What the work tree itself sets: left out of the rehearsal, and no program of it was run.
    pub tree: Vec<Own>,
    /// What the forge would show.
    pub forge: Option<Shown>,
}

impl Report {
    /// A rehearsal with nothing told yet but what git is set to.
    #[must_use]
    pub fn of(setup: &Setup) -> Self {
        Self {
            outcome: Outcome::Unknown,
            format: setup.format.clone(),
            program: setup.program.clone(),
            key: setup.key.clone(),
            author: None,
            committer: None,
            signs_commits: setup.signs_commits,
            signs_tags: setup.signs_tags,
            seconds: None,
            signature: None,
            problem: None,
            notes: Vec::new(),
            tree: setup.tree.clone(),
            forge: None,
        }
    }

    /// Adds how it ended, by what is told.
    #[must_use]
    pub fn concluded(mut self) -> Self {
        self.outcome = match (&self.signature, &self.problem) {
            (Some(signature), _) if !fits(signature, self.committer.as_deref()) => Outcome::Refused,
            (Some(signature), _) => signature.outcome(),
            (None, Some(problem)) if problem.unsure => Outcome::Unknown,
            (None, _) => Outcome::Refused,
        };
        self
    }
}

impl Signature {
    /// Whether a forge that knows the key would accept it; git's letter counts only for what is
    /// not judged here.
    fn outcome(&self) -> Outcome {
        match (self.verdict, self.git.as_deref()) {
            (Word::Good | Word::Untrusted, _) => Outcome::Accepted,
            (Word::Unsupported | Word::Unchecked | Word::MissingKey, _) if self.holds => {
                Outcome::Accepted
            }
            (
                Word::Unsupported | Word::Unchecked | Word::MissingKey,
                Some("B" | "R" | "X" | "Y"),
            ) => Outcome::Refused,
            (Word::Unsupported | Word::Unchecked | Word::MissingKey, _) => Outcome::Unknown,
            _ => Outcome::Refused,
        }
    }
}

/// How the attempt to sign ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Git made the commit.
    Signed,
    /// Git gave up.
    Failed,
    /// Nobody answered for so many seconds.
    Waited(u64),
}

/// All that is known of an attempt.
#[derive(Debug)]
pub struct Attempt<'a> {
    /// What git is set to.
    pub setup: &'a Setup,
    /// How it ended.
    pub ended: Ended,
    /// What git said on standard error.
    pub git: &'a str,
    /// What the program that signs said on standard error.
    pub said: &'a str,
    /// Name and address of the committer, where git knows them.
    pub committer: Option<&'a str>,
    /// Whether a person sits at this terminal.
    pub interactive: bool,
    /// `GPG_TTY`.
    pub gpg_tty: Option<&'a str>,
    /// The name of this terminal.
    pub terminal: Option<&'a str>,
    /// gpg's agent before.
    pub agent: Agent,
    /// The user's own OpenPGP keys, where they could be listed.
    pub keys: Option<&'a Listing>,
}

/// There is no OpenPGP key at all.
#[must_use]
pub fn no_key() -> Problem {
    gpg::none()
}

/// gpg's agent is there and does not answer.
#[must_use]
pub fn agent_hung() -> Problem {
    gpg::agent_hung()
}

/// The own key that gpg would take, where it is known.
#[must_use]
pub fn key<'a>(attempt: &Attempt<'a>) -> Option<&'a Key> {
    gpg::meant(attempt)
}

/// Why there is no signature.
#[must_use]
pub fn diagnose(attempt: &Attempt<'_>) -> Problem {
    if let Some(problem) = of_git(attempt) {
        return problem;
    }
    match attempt.setup.format.as_str() {
        "ssh" => ssh::diagnose(attempt),
        _ => gpg::diagnose(attempt),
    }
}

/// What git itself refuses, whatever signs.
fn of_git(attempt: &Attempt<'_>) -> Option<Problem> {
    let git = attempt.git;
    let lines = || git.lines().filter(|line| line.starts_with("fatal: "));
    if git.contains("identity unknown") || git.contains("empty ident name") {
        let says = if git.contains("auto-detection is disabled") {
            "git does not know who you are, and user.useConfigOnly keeps it from guessing"
        } else {
            "git does not know who you are"
        };
        let remedy = "git config --global user.name \"YOUR NAME\"\n\
                      git config --global user.email YOUR@ADDRESS";
        return Some(Problem::new("no-identity", says, remedy));
    }
    if git.contains("invalid value for 'gpg.format'") {
        let says = format!("gpg.format is {}, which git does not know", attempt.setup.format);
        return Some(Problem::new(
            "format-unknown",
            says,
            "git config --global gpg.format openpgp",
        ));
    }
    if let Some(line) =
        lines().find(|line| line.contains("cannot run") && line.contains("/program"))
    {
        let says = format!(
            "nothing can be started from the folder for temporary files: {}",
            line.trim_start_matches("fatal: ")
        );
        let remedy = "name a folder that programs may be started from: export TMPDIR=$HOME";
        return Some(Problem::new("temporary-folder", says, remedy).perhaps());
    }
    None
}
