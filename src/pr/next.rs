//! The one next command on the way from a draft to a request: fork, branch, push or open.
//! Says it; never does it.

use super::compare::{Address, Repository, Route, address};
use super::draft::Draft;
use crate::text::clean_line;

/// What `origin` is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The user's fork, at this address.
    Fork(String),
    /// The project's own repository.
    Project,
    /// There is none.
    Absent,
}

/// How the pushed branch compares to the local one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// The same commit.
    Same,
    /// Older: a push brings it up.
    Behind,
    /// It has commits the local branch no longer has, as after an amended commit.
    Diverged,
    /// Not there.
    Absent,
    /// Nobody looked, or looking failed.
    Unknown,
}

/// Where the branch stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whereabouts {
    /// The project's repository, as an address.
    pub project: String,
    /// What `origin` is.
    pub origin: Origin,
    /// The branch; `None` on a detached head.
    pub branch: Option<String>,
    /// The branch to merge into.
    pub base: String,
    /// What is on the fork.
    pub pushed: Pushed,
}

/// What to do next: a reason, commands to type in order, and an address to open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Next {
    /// Why, as a sentence fragment.
    pub why: String,
    /// Commands.
    pub commands: Vec<String>,
    /// An address to open, after the commands.
    pub open: Option<String>,
    /// Something to know about it.
    pub note: Option<String>,
}

/// Decides what comes next.
#[must_use]
pub fn next(here: &Whereabouts, draft: &Draft, file: Option<&str>) -> Next {
    let Some(branch) = here.branch.as_deref() else {
        return switch("your commits are on no branch");
    };
    if branch == here.base {
        return switch(&format!(
            "your commits are on {} itself: a request needs a branch of its own",
            clean_line(branch)
        ));
    }
    let fork = match &here.origin {
        Origin::Fork(url) => url,
        Origin::Project => return fork_first(here, true),
        Origin::Absent => return fork_first(here, false),
    };
    let opening = open(here, fork, branch, draft, file);
    let word = shell_word(branch);
    let push = format!("git push -u origin {word}");
    let with = |why: &str, commands: Vec<String>| Next {
        why: why.to_owned(),
        commands,
        ..Next::default()
    };
    match here.pushed {
        Pushed::Same => {
            Next { why: "the branch is pushed: open the request".to_owned(), ..opening }
        }
        Pushed::Absent => with("the branch is not on your fork yet", vec![push]),
        Pushed::Behind => with("your fork has an older state of the branch", vec![push]),
        Pushed::Diverged => with(
            "your fork has commits that the branch no longer has; this replaces them, unless someone else pushed there",
            vec![format!("git push --force-with-lease origin {word}")],
        ),
        Pushed::Unknown => Next {
            why: "push, in case it is not done yet, then open the request (--check-push looks)"
                .to_owned(),
            commands: vec![push],
            ..opening
        },
    }
}

fn switch(why: &str) -> Next {
    Next {
        why: why.to_owned(),
        commands: vec!["git switch -c my-topic".to_owned()],
        ..Next::default()
    }
}

fn fork_first(here: &Whereabouts, taken: bool) -> Next {
    let (page, name) = match Repository::of(&here.project) {
        Ok(project) => (Some(format!("https://github.com/{}/fork", project.slug())), project.name),
        Err(_) => (None, "PROJECT".to_owned()),
    };
    let mut commands =
        vec![format!("git remote add origin https://github.com/YOUR-NAME/{name}.git")];
    if taken {
        commands.insert(0, "git remote rename origin upstream".to_owned());
    }
    let why = if taken { "origin is the project itself" } else { "there is no origin to push to" };
    let how = match page {
        Some(page) => format!("make a fork at {page}, then"),
        None => "make a fork where the project is hosted, then".to_owned(),
    };
    let note = "to push you must be signed in: with an SSH key (https://github.com/settings/keys, and git@github.com:YOUR-NAME/… as address) or by `gh auth login`";
    Next { why: format!("{why}: {how}"), commands, open: None, note: Some(note.to_owned()) }
}

fn open(here: &Whereabouts, fork: &str, branch: &str, draft: &Draft, file: Option<&str>) -> Next {
    let both =
        Repository::of(&here.project).and_then(|project| Ok((project, Repository::of(fork)?)));
    match both {
        Ok((project, fork)) => {
            let route = Route { project: &project, fork: &fork, base: &here.base, branch };
            let Address { url, shortened } = address(&route, &draft.title, &draft.body, file);
            let note = shortened
                .then(|| "the draft is too long for an address: paste the rest from it".to_owned());
            Next { open: Some(url), note, ..Next::default() }
        }
        Err(host) => {
            let note = format!(
                "no address to open: {} is not GitHub; open the request on its page and paste the draft",
                clean_line(&host)
            );
            Next { note: Some(note), ..Next::default() }
        }
    }
}

/// A branch name as one word of a shell: git allows `$(…)`, `;` and the like in one.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./+@".contains(c);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
