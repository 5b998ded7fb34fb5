//! What `onramp branch` tells, as values: the screen and `--json` show the same. Decides how the run
//! ends and which command comes next; looks at nothing itself.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::{Fitting, Maintained, Proposal, Tried, Work};
use crate::exit::Exit;
use crate::git::{Base, Foreign, Pushed};
use crate::text::shell_word;

/// One commit of the branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Own {
    /// Full id.
    pub commit: String,
    /// The first ten digits of it.
    pub short: String,
    /// First line of the message.
    pub subject: String,
    /// It has several parents.
    pub merge: bool,
    /// It carries a signature, good or bad.
    pub signed: bool,
}

/// Whether upstream's news and the branch go together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct News {
    /// Commits of the base that the branch lacks, as last fetched.
    pub commits: u64,
    /// How the branch and the base merge.
    pub fitting: Fitting,
}

/// The one next command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    /// Why, as a sentence fragment.
    pub why: String,
    /// The command.
    pub command: String,
}

/// Where a branch stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stand {
    /// Name of the branch; none where no branch is checked out.
    pub branch: Option<String>,
    /// Full id of its newest commit.
    pub head: String,
    /// What git has begun here and not ended, such as `rebase`.
    pub operation: Option<String>,
    /// A step of `onramp branch` was cut short while it moved the branch.
    pub cut_short: bool,
    /// The branch is itself one of the project's.
    pub on_base: bool,
    /// What it is based on; none where it has nothing in common with any branch of the project.
    pub base: Option<Base>,
    /// The kind of change.
    pub work: Work,
    /// The maintained branches and who says so.
    pub maintained: Maintained,
    /// Where the change was tried, in memory.
    pub tried: Vec<Tried>,
    /// The base it should have.
    pub proposal: Proposal,
    /// Its commits, newest first, as far as they are listed.
    pub commits: Vec<Own>,
    /// Number of all its commits.
    pub total: u64,
    /// Commits that came along from another branch of the project.
    pub foreign: Vec<Foreign>,
    /// What upstream has since.
    pub news: Option<News>,
    /// The pushed copy, as last seen from here.
    pub published: Option<Pushed>,
    /// The one next command.
    pub next: Option<Step>,
}

impl Stand {
    /// The branch that it should be based on and is not; none where it is, or nothing is proven.
    #[must_use]
    pub fn better_base(&self) -> Option<&str> {
        let wanted = self.proposal.base.as_deref()?;
        let current = self.base.as_ref()?;
        // Which of the releases have the bug, its author alone can tell.
        let release = matches!(self.work, Work::Fix(_))
            && current.name != self.maintained.default
            && self.maintained.sure().contains(&current.name);
        if release {
            return None;
        }
        (self.total > 0 && current.maintained && current.name != wanted).then_some(wanted)
    }

    /// Whether upstream's news and the branch changed the same places.
    #[must_use]
    pub fn conflicts(&self) -> bool {
        matches!(self.news, Some(News { fitting: Fitting::Conflicts(_), .. }))
    }

    /// How a run that shows this ends.
    #[must_use]
    pub fn ending(&self) -> Exit {
        let merges = self.commits.iter().any(|commit| commit.merge);
        if self.better_base().is_some() || self.conflicts() || merges || !self.foreign.is_empty() {
            return Exit::Findings;
        }
        if self.unproven() { Exit::Incomplete } else { Exit::Success }
    }

    /// Whether this is a fix, and nobody knows for which branch.
    fn unproven(&self) -> bool {
        let open = self.total > 0 && self.proposal.base.is_none();
        open && matches!(self.work, Work::Fix(_))
    }

    /// The one next command, from what stands most in the way to what stands least.
    #[must_use]
    pub fn step(&self) -> Option<Step> {
        let step = |why: &str, command: String| Some(Step { why: why.to_owned(), command });
        if self.cut_short {
            let why = "a step was cut short here: this makes branch and files whole again";
            return step(why, "onramp branch undo --list".to_owned());
        }
        if let Some(operation) = &self.operation {
            let why = format!("a {operation} is under way: end it first");
            let command = match operation.as_str() {
                "bisect" => "git bisect reset".to_owned(),
                other => format!("git {other} --continue"),
            };
            return step(&why, command);
        }
        if self.branch.is_none() {
            let why = "no branch is checked out: give your work a name";
            return step(why, "git switch -c my-change".to_owned());
        }
        if self.on_base {
            let why = "this is the project's own branch: your work needs one of its own";
            return step(why, "git switch -c my-change".to_owned());
        }
        self.of_commits()
    }

    fn of_commits(&self) -> Option<Step> {
        let step = |why: String, command: String| Some(Step { why, command });
        if self.total == 0 {
            let why = "there are no commits of yours yet".to_owned();
            return step(why, "git commit".to_owned());
        }
        if self.commits.iter().any(|commit| commit.merge) {
            let why = "merges do not belong into a pull request".to_owned();
            return step(why, "onramp branch drop".to_owned());
        }
        if let Some(base) = self.better_base() {
            let why = format!("it belongs to {base}");
            return step(why, format!("onramp branch retarget {}", shell_word(base)));
        }
        if let Some(foreign) = self.foreign.first() {
            let why = format!("some commits are of {}, not yours", foreign.branch);
            return step(why, format!("onramp branch retarget {}", shell_word(&foreign.branch)));
        }
        if self.conflicts() {
            let why = "upstream changed the same places".to_owned();
            return step(why, "onramp branch sync".to_owned());
        }
        let unsigned = self.commits.iter().filter(|commit| !commit.signed).count();
        if unsigned > 0 {
            let why = format!("{} not signed", of_commits(unsigned));
            return step(why, "onramp branch sign".to_owned());
        }
        match &self.published {
            Some(pushed) if !pushed.equal => {
                let why = "the branch is pushed, and not as it is here".to_owned();
                step(why, pushed.push(self.branch.as_deref().unwrap_or_default()))
            }
            _ if self.unproven() => {
                let why = "which branch it is for cannot be told here; all else stands well";
                step(why.to_owned(), "onramp check patch".to_owned())
            }
            _ => step("it stands well".to_owned(), "onramp check patch".to_owned()),
        }
    }
}

/// `1 commit is`, `3 commits are`.
fn of_commits(count: usize) -> String {
    if count == 1 { "1 commit is".to_owned() } else { format!("{count} commits are") }
}
