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

/// What to do next: a reason, and commands to type in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Next {
    /// Why, as a sentence fragment.
    pub why: String,
    /// Commands.
    pub commands: Vec<String>,
    /// Something to know about it.
    pub note: Option<String>,
}

/// Decides what comes next.
#[must_use]
pub fn next(here: &Whereabouts, draft: &Draft, file: Option<&str>) -> Next {
    if let Some(before) = before(here) {
        return before;
    }
    let opening = open(here, draft, file);
    if here.pushed != Pushed::Unknown {
        return Next { why: "the branch is pushed: open the request".to_owned(), ..opening };
    }
    let why = "push, in case it is not done yet, then open the request (--check-push looks)";
    let commands = push(here).into_iter().chain(opening.commands).collect();
    Next { why: why.to_owned(), commands, ..opening }
}

/// What has to be done before the request can be opened at all; `None` where nothing has.
#[must_use]
pub fn obstacle(here: &Whereabouts) -> Option<Next> {
    before(here).or_else(|| {
        (here.pushed == Pushed::Unknown).then(|| Next {
            why: "whether your fork has the branch as it is here is not known".to_owned(),
            commands: push(here),
            ..Next::default()
        })
    })
}

/// The project's repository and the fork.
///
/// # Errors
/// The host that is not GitHub.
pub fn repositories(here: &Whereabouts) -> Result<(Repository, Repository), String> {
    let fork = match &here.origin {
        Origin::Fork(url) => url.as_str(),
        Origin::Project | Origin::Absent => "",
    };
    Ok((Repository::of(&here.project)?, Repository::of(fork)?))
}

fn push(here: &Whereabouts) -> Vec<String> {
    let branch = here.branch.as_deref().map(shell_word);
    branch.into_iter().map(|branch| format!("git push -u origin {branch}")).collect()
}

fn before(here: &Whereabouts) -> Option<Next> {
    let Some(branch) = here.branch.as_deref() else {
        return Some(switch("your commits are on no branch"));
    };
    if branch == here.base {
        return Some(switch(&format!(
            "your commits are on {} itself: a request needs a branch of its own",
            clean_line(branch)
        )));
    }
    if !matches!(here.origin, Origin::Fork(_)) {
        return Some(fork_first(here));
    }
    let word = shell_word(branch);
    let (why, commands) = match here.pushed {
        Pushed::Same | Pushed::Unknown => return None,
        Pushed::Absent => ("the branch is not on your fork yet", push(here)),
        Pushed::Behind => ("your fork has an older state of the branch", push(here)),
        Pushed::Diverged => (
            "your fork has commits that the branch no longer has; this replaces them, unless someone else pushed there",
            vec![format!("git push --force-with-lease origin {word}")],
        ),
        Pushed::Unseen => (
            "your fork has commits that were never here: fetch them and look before you push",
            vec![
                "git fetch origin".to_owned(),
                format!("git log {}", shell_word(&format!("HEAD..origin/{branch}"))),
            ],
        ),
    };
    Some(Next { why: why.to_owned(), commands, note: None })
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
    Next { why: format!("{why}: {how}"), commands, note: Some(note) }
}

fn open(here: &Whereabouts, draft: &Draft, file: Option<&str>) -> Next {
    let text = match file {
        Some(file) => format!("the text of {file}"),
        None => "the draft above".to_owned(),
    };
    let branch = here.branch.as_deref().unwrap_or_default();
    match repositories(here) {
        Ok((project, fork)) => {
            let route = Route { project: &project, fork: &fork, base: &here.base, branch };
            let page = address(&route, &draft.title);
            let output = file.map(|file| format!(" --output {}", shell_word(file)));
            Next {
                commands: vec![format!("onramp pr --open{}", output.unwrap_or_default())],
                note: Some(format!(
                    "it fills in the text; by hand, open {page} and paste {text} there, in place of what stands on the page"
                )),
                ..Next::default()
            }
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
