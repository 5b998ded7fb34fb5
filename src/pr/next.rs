//! The one next command on the way from a draft to a request: fork, branch, push or open.
//! Says it; never does it.

use super::compare::{Repository, Route, address};
use super::draft::Draft;
use crate::text::{clean_line, shell_word};

/// What stands in an address, as we print it, where the reader's own name belongs.
pub const PLACEHOLDER: &str = "YOUR-NAME";

/// What `origin` is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The user's fork, at this address.
    Fork(String),
    /// The project's own repository.
    Project,
    /// There is none, or its address still has [`PLACEHOLDER`] in it.
    Absent,
}

/// How the pushed branch compares to the local one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// The same commit.
    Same,
    /// Older: a push brings it up.
    Behind,
    /// It has commits the local branch no longer has, as after an amended commit; all of them were
    /// seen here.
    Diverged,
    /// It has commits that were never fetched: somebody else's, or pushed from another clone.
    Unseen,
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
    /// A remote `origin` exists, wherever it leads.
    pub has_origin: bool,
    /// A remote `upstream` exists.
    pub has_upstream: bool,
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
        Origin::Project | Origin::Absent => return fork_first(here),
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
        Pushed::Unseen => with(
            "your fork has commits that were never here: fetch them and look before you push",
            vec![
                "git fetch origin".to_owned(),
                format!("git log {}", shell_word(&format!("HEAD..origin/{branch}"))),
            ],
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

fn fork_first(here: &Whereabouts) -> Next {
    let (page, name) = match Repository::of(&here.project) {
        Ok(project) => (Some(format!("https://github.com/{}/fork", project.slug())), project.name),
        Err(_) => (None, "PROJECT".to_owned()),
    };
    let fork = format!("https://github.com/{PLACEHOLDER}/{name}.git");
    let add = format!("git remote add origin {fork}");
    let change = format!("git remote set-url origin {fork}");
    let (why, commands) = match (&here.origin, here.has_origin) {
        (Origin::Project, _) if here.has_upstream => ("origin is the project itself", vec![change]),
        (Origin::Project, _) => (
            "origin is the project itself",
            vec!["git remote rename origin upstream".to_owned(), add],
        ),
        (_, true) => ("origin leads to no fork of yours yet", vec![change]),
        (_, false) => ("there is no origin to push to", vec![add]),
    };
    let how = match page {
        Some(page) => {
            format!("make a fork at {page}, then, with your name in place of {PLACEHOLDER}")
        }
        None => "make a fork where the project is hosted, then".to_owned(),
    };
    let note = format!(
        "to push you must be signed in: with an SSH key (https://github.com/settings/keys, and \
         git@github.com:{PLACEHOLDER}/… as address) or by `gh auth login`"
    );
    Next { why: format!("{why}: {how}"), commands, open: None, note: Some(note) }
}

fn open(here: &Whereabouts, fork: &str, branch: &str, draft: &Draft, file: Option<&str>) -> Next {
    let text = match file {
        Some(file) => format!("the text of {file}"),
        None => "the draft above".to_owned(),
    };
    let both =
        Repository::of(&here.project).and_then(|project| Ok((project, Repository::of(fork)?)));
    match both {
        Ok((project, fork)) => {
            let route = Route { project: &project, fork: &fork, base: &here.base, branch };
            let note = format!("paste {text} into the page, in place of what stands there");
            let open = Some(address(&route, &draft.title));
            Next { open, note: Some(note), ..Next::default() }
        }
        Err(host) => {
            let note = format!(
                "no address to open: {} is not GitHub; open the request on its page and paste {text}",
                clean_line(&host)
            );
            Next { note: Some(note), ..Next::default() }
        }
    }
}
