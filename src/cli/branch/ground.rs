//! The clone before a step: whose branch it is, that nothing is under way, that nothing would be
//! lost. Everything that must not be touched is refused here, with the way out.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::Workspace;
use crate::git::rewrite::Rewrite;
use crate::git::{HeadState, State, Status, Unreadable, Wanted};
use crate::sys::{System, stays_inside};
use crate::text::{Line, Tone, clean_line};

use super::git::run_well;
use super::settle;
use super::stand::{maintained, root, unreadable, wanted};

/// Files named in a message.
const SHOWN: usize = 5;
/// `commondir` holds a path.
const PATH_LIMIT: u64 = 4096;

/// What a step may find in the work tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// No change that is not committed.
    Clean,
    /// Whatever there is: files and index stay as they are.
    Anything,
}

/// A clone in which no step is half done. Nobody begins one meanwhile.
pub(super) struct Settled {
    root: PathBuf,
    git_folder: PathBuf,
    rewrite: Rewrite,
    lock: Box<dyn Send>,
}

impl Settled {
    /// Ends a step that was cut short.
    ///
    /// # Errors
    /// What stands in the way.
    pub(super) fn open(
        session: &Session<'_>,
        workspace: &Workspace,
        fetching: bool,
    ) -> Result<Self, Trouble> {
        let root = root(session, workspace)?;
        let state = session.machine.world().git.state(&root).map_err(unreadable)?;
        let git_folder = PathBuf::from(&state.git_folder);
        let common = common_folder(session.bench, &git_folder);
        let rewrite = rewrite(session, &root, &common, fetching)?;
        let lock = lock(session, &common)?;
        if settle::settle(session, &rewrite, &git_folder)? {
            let said = "a step was cut short here; branch, index and files are whole again";
            session.terminal.say(Line::toned(Tone::Warn, said));
        }
        Ok(Self { root, git_folder, rewrite, lock })
    }
}

/// A clone in which a step may begin. Nobody else begins one meanwhile.
pub(super) struct Ground {
    /// Root of the work tree.
    pub(super) root: PathBuf,
    /// git's own folder of this work tree.
    pub(super) git_folder: PathBuf,
    /// Name of the branch.
    pub(super) branch: String,
    /// Full id of the commit it is at.
    pub(super) tip: String,
    /// The history that counts.
    pub(super) wanted: Wanted,
    /// The remote that a partial clone got its promises from.
    pub(super) promisor: Option<String>,
    /// The commands.
    pub(super) rewrite: Rewrite,
    _lock: Box<dyn Send>,
}

impl Ground {
    /// Looks whether a step may begin, after ending one that was cut short.
    ///
    /// # Errors
    /// What stands in the way, and what to do about it.
    pub(super) fn open(
        session: &Session<'_>,
        workspace: &Workspace,
        needs: Needs,
        fetching: bool,
    ) -> Result<Self, Trouble> {
        let Settled { root, git_folder, rewrite, lock } =
            Settled::open(session, workspace, fetching)?;
        let world = session.machine.world();
        let state = world.git.state(&root).map_err(unreadable)?;
        let (branch, tip) = at_branch(&state)?;
        let maintained = maintained(session, workspace, &root)?;
        let own = |standing: &crate::base::Standing| standing.branch == branch;
        if maintained.branches.iter().any(own) {
            let what = format!("{branch} is the project's own branch, and is left as it is");
            return Err(Trouble::usage(what)
                .remedy("give your work a branch of its own: git switch -c my-change"));
        }
        // An index that cannot be read is refused even where nothing needs to be clean.
        let status = world.git.status(&root).map_err(unreadable)?;
        if needs == Needs::Clean {
            unchanged(&status)?;
        }
        elsewhere(session, &rewrite, &branch)?;
        Ok(Self {
            wanted: wanted(workspace, &maintained),
            promisor: state.promisor,
            root,
            git_folder,
            branch,
            tip,
            rewrite,
            _lock: lock,
        })
    }

    /// Full name of the branch.
    pub(super) fn reference(&self) -> String {
        format!("refs/heads/{}", self.branch)
    }
}

/// The folder that all work trees of the clone share.
pub(in crate::cli) fn common_folder(system: &dyn System, git_folder: &Path) -> PathBuf {
    let named = system.read(&git_folder.join("commondir"), PATH_LIMIT).ok();
    let named = named.and_then(|bytes| String::from_utf8(bytes).ok());
    let common = named.map(|path| git_folder.join(path.trim()));
    common.and_then(|path| system.real_path(&path).ok()).unwrap_or_else(|| git_folder.to_owned())
}

fn rewrite(
    session: &Session<'_>,
    root: &Path,
    common: &Path,
    fetching: bool,
) -> Result<Rewrite, Trouble> {
    let program = session.bench.find_program("git").ok_or_else(|| {
        Trouble::usage("git is not installed").remedy("`onramp check git` says how to install it")
    })?;
    let trial = common.join("onramp/trial");
    if !stays_inside(session.bench, common, &trial) {
        return Err(Trouble::usage(format!("{} leads out of the clone", trial.display()))
            .remedy("a part of it is a link that onramp did not make: remove it"));
    }
    let named = session.bench.env("GPG_TTY").is_some();
    Ok(Rewrite {
        program,
        tree: root.to_owned(),
        trial,
        fetching,
        terminal: session.bench.terminal().filter(|_| !named),
    })
}

fn lock(session: &Session<'_>, common: &Path) -> Result<Box<dyn Send>, Trouble> {
    let file = common.join("onramp/branch.lock");
    session.bench.lock(&file, Duration::ZERO).map_err(|error| match error.kind() {
        std::io::ErrorKind::WouldBlock => Trouble::usage(
            "another onramp is moving a branch of this clone, or git still ends what one that \
                 was killed had begun",
        )
        .remedy("wait for it to end, then run this again"),
        _ => Trouble::usage(format!("{} cannot be locked: {error}", file.display()))
            .remedy("make room on the disk, or give yourself the right to write there"),
    })
}

/// The branch that is checked out, with nothing under way.
fn at_branch(state: &State) -> Result<(String, String), Trouble> {
    if let Some(operation) = &state.operation {
        let remedy = match operation.as_str() {
            "bisect" => "git bisect reset ends it".to_owned(),
            other => format!("git {other} --continue or git {other} --abort ends it"),
        };
        return Err(Trouble::usage(format!("a {operation} is under way here")).remedy(remedy));
    }
    let head = &state.head;
    match (head.state, &head.name, &head.id) {
        // The sign stands for bytes that are no UTF-8: the name would be another branch's.
        (HeadState::Branch, Some(name), _) if name.contains(char::REPLACEMENT_CHARACTER) => {
            let what = format!("the branch's name is not UTF-8: {}", clean_line(name));
            Err(Trouble::usage(what).remedy("give it another name: git branch -m my-change"))
        }
        (HeadState::Branch, Some(name), Some(id)) => Ok((name.clone(), id.clone())),
        (HeadState::Unborn, name, _) => {
            Err(unreadable(Unreadable::Unborn(name.clone().unwrap_or_default())))
        }
        _ => Err(Trouble::usage("no branch is checked out here")
            .remedy("give your work a name: git switch -c my-change")),
    }
}

fn unchanged(status: &Status) -> Result<(), Trouble> {
    if status.changed_total == 0 {
        return Ok(());
    }
    let files: Vec<String> =
        status.changed.iter().take(SHOWN).map(|entry| clean_line(&entry.file)).collect();
    let more = status.changed_total.saturating_sub(files.len() as u64);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let what = format!("there are changes that are not committed: {}{more}", files.join(", "));
    Err(Trouble::usage(what).remedy(
        "commit them, or lay them aside with git stash and get them back with git stash pop",
    ))
}

/// Refuses a branch that another work tree has checked out as well: its files would not follow.
fn elsewhere(session: &Session<'_>, rewrite: &Rewrite, branch: &str) -> Result<(), Trouble> {
    let what = "the work trees of this clone cannot be listed";
    let listed = run_well(session, &rewrite.worktrees(), what)?.text();
    let line = format!("branch refs/heads/{branch}");
    let trees = listed.split("\n\n").filter(|tree| tree.lines().any(|one| one == line));
    let trees: Vec<&str> = trees.filter_map(|tree| tree.lines().next()).collect();
    if trees.len() < 2 {
        return Ok(());
    }
    let places: Vec<String> =
        trees.iter().map(|tree| clean_line(tree.trim_start_matches("worktree "))).collect();
    let what = format!("{branch} is checked out in several work trees: {}", places.join(", "));
    Err(Trouble::usage(what).remedy("switch to another branch in all but one of them"))
}
