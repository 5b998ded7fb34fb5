//! Moving commits as values: the commands for the user's own `git`. Starts nothing itself.
//!
//! The commits are made in a work tree of their own, which holds no files but those in conflict, so
//! the user's tree is not touched before the result is there. Identity and signing are the user's
//! own settings. Hooks are left out, for they are meant for what a person does by hand, and so is
//! what would move other branches along, stash, remember conflicts or open an editor. Nothing is
//! fetched unless that was allowed: an object that a partial clone lacks ends the command.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::sys::Command;

/// What the new commits are made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As they are, onto another commit.
    Move,
    /// As they are, each signed.
    Sign,
    /// With those that mend another one folded into it.
    Fold,
}

/// The user's git, a work tree, and the place for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// The program.
    pub program: PathBuf,
    /// Root of the user's work tree.
    pub tree: PathBuf,
    /// Where the commits are made.
    pub trial: PathBuf,
    /// The network may be used for objects that a partial clone lacks.
    pub fetching: bool,
    /// The terminal at which gpg may ask, where the user has not named one.
    pub terminal: Option<PathBuf>,
}

/// What holds for every command.
const SETTINGS: [&str; 13] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "submodule.recurse=false",
    "maintenance.auto=false",
    "gc.auto=0",
    "rebase.backend=merge",
    "rebase.updateRefs=false",
    "rebase.autoSquash=false",
    "rebase.autoStash=false",
    "rebase.missingCommitsCheck=ignore",
    "rerere.enabled=false",
    "commit.cleanup=verbatim",
    "log.showSignature=false",
];

/// What holds in the trial: no file is written out.
const NARROW: [&str; 3] =
    ["core.sparseCheckout=true", "core.sparseCheckoutCone=false", "index.sparse=false"];

/// A pattern of files that fits none.
pub const NO_FILES: &str = "/.onramp-no-such-file\n";

impl Rewrite {
    fn command<'a>(
        &self,
        folder: &Path,
        settings: impl IntoIterator<Item = &'a str>,
        words: &[&str],
    ) -> Command {
        let settings = SETTINGS.into_iter().chain(settings);
        let settings = settings.flat_map(|setting| ["-c", setting]).map(OsString::from);
        let command = Command::work(&self.program)
            .args(settings.chain(words.iter().map(OsString::from)))
            .in_folder(folder)
            .with("LC_ALL", "C")
            .without("LANGUAGE")
            .with("GIT_EDITOR", ":")
            .with("GIT_SEQUENCE_EDITOR", ":");
        let command = match &self.terminal {
            Some(terminal) => command.with("GPG_TTY", terminal.as_os_str()),
            None => command,
        };
        if self.fetching {
            return command;
        }
        // The first is what newer releases of git heed, the second what all do.
        let command = command.with("GIT_NO_LAZY_FETCH", "1").with("GIT_ALLOW_PROTOCOL", "none");
        command.with("GIT_TERMINAL_PROMPT", "0")
    }

    fn here(&self, words: &[&str]) -> Command {
        self.command(&self.tree, [], words)
    }

    fn aside(&self, words: &[&str]) -> Command {
        self.command(&self.trial, NARROW, words)
    }

    /// Makes the trial at `tip`, without files and without an index.
    #[must_use]
    pub fn begin(&self, tip: &str) -> Command {
        let mut command = self.here(&["worktree", "add", "-q", "--detach", "--no-checkout"]);
        command.arguments.extend([self.trial.clone().into(), tip.into()]);
        command
    }

    /// Git's own folder of the trial.
    #[must_use]
    pub fn trial_folder(&self) -> Command {
        self.aside(&["rev-parse", "--absolute-git-dir"])
    }

    /// Reads the trial's index, once [`NO_FILES`] stands in its `info/sparse-checkout`.
    #[must_use]
    pub fn fill(&self) -> Command {
        self.aside(&["read-tree", "-m", "-u", "HEAD"])
    }

    /// Puts the trial's commits after `past` onto `onto`.
    #[must_use]
    pub fn rebase(&self, way: Way, onto: &str, past: &str) -> Command {
        let how: &[&str] = match way {
            Way::Move => &["--empty=drop", "--reapply-cherry-picks"],
            Way::Sign => &["--force-rebase", "--reapply-cherry-picks", "--gpg-sign"],
            Way::Fold => &["-i", "--autosquash", "--reapply-cherry-picks"],
        };
        let words = [&["rebase", "-q"], how, &["--onto", onto, past]].concat();
        // Whatever signs may ask for a passphrase.
        self.aside(&words).at_terminal()
    }

    /// The commit at which the rebase stopped.
    #[must_use]
    pub fn stopped_at(&self) -> Command {
        self.aside(&["rev-parse", "-q", "--verify", "REBASE_HEAD"])
    }

    /// The files in conflict, each ended by a NUL.
    #[must_use]
    pub fn unmerged(&self) -> Command {
        self.aside(&["diff", "--name-only", "--no-ext-diff", "--diff-filter=U", "-z"])
    }

    /// The commit that came out.
    #[must_use]
    pub fn outcome(&self) -> Command {
        self.aside(&["rev-parse", "-q", "--verify", "HEAD^{commit}"])
    }

    /// Takes the trial away, whatever state it is in.
    #[must_use]
    pub fn end(&self) -> Command {
        let mut command = self.here(&["worktree", "remove", "--force"]);
        command.arguments.push(self.trial.clone().into());
        command
    }

    /// Forgets work trees whose folder is gone.
    #[must_use]
    pub fn prune(&self) -> Command {
        self.here(&["worktree", "prune"])
    }

    /// The work trees of the clone and what each has checked out.
    #[must_use]
    pub fn worktrees(&self) -> Command {
        self.here(&["worktree", "list", "--porcelain"])
    }

    /// Changes references, all or none: lines as `git update-ref --stdin` reads them.
    #[must_use]
    pub fn references(&self, why: &str, lines: &[String]) -> Command {
        let text = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        self.here(&["update-ref", "-m", why, "--stdin"]).fed(text)
    }

    /// Brings files and index from one commit to another. Refuses, before anything changes, where
    /// that would touch a change that is not committed or a file that git does not know.
    #[must_use]
    pub fn files(&self, from: &str, to: &str) -> Command {
        self.here(&["read-tree", "-m", "-u", from, to])
    }

    /// Brings files and index to a commit, whatever they hold.
    #[must_use]
    pub fn files_whatever(&self, to: &str) -> Command {
        self.here(&["read-tree", "--reset", "-u", to])
    }

    /// What differs between two rows of commits, for people.
    #[must_use]
    pub fn compare(&self, old: (&str, &str), new: (&str, &str)) -> Command {
        let range = |(past, tip): (&str, &str)| format!("{past}..{tip}");
        self.here(&["--no-pager", "range-diff", "--no-color", &range(old), &range(new)])
    }

    /// Which files differ between two commits, with counts, for people.
    #[must_use]
    pub fn summary(&self, old: &str, new: &str) -> Command {
        self.here(&["--no-pager", "diff", "--no-color", "--no-ext-diff", "--stat=80", old, new])
    }

    /// Whether the index holds just what a commit has: exit code 0 or 1.
    #[must_use]
    pub fn index_is(&self, commit: &str) -> Command {
        self.here(&["diff-index", "--cached", "--quiet", "--no-ext-diff", commit])
    }

    /// Reads a commit into an index of its own.
    #[must_use]
    pub fn other_index(&self, index: &Path, commit: &str) -> Command {
        self.here(&["read-tree", commit]).with("GIT_INDEX_FILE", index)
    }

    /// Has such an index look at the files.
    #[must_use]
    pub fn refreshed(&self, index: &Path) -> Command {
        self.here(&["update-index", "-q", "--refresh"]).with("GIT_INDEX_FILE", index)
    }

    /// The full id of what a name leads to.
    #[must_use]
    pub fn commit_of(&self, name: &str) -> Command {
        self.here(&["rev-parse", "-q", "--verify", &format!("{name}^{{commit}}")])
    }

    /// The files that differ from such an index, each ended by a NUL.
    #[must_use]
    pub fn differing_from(&self, index: &Path) -> Command {
        self.here(&["diff-files", "--name-only", "--no-ext-diff", "-z"])
            .with("GIT_INDEX_FILE", index)
    }

    /// What a file of a commit holds once it is written out.
    #[must_use]
    pub fn content(&self, commit: &str, file: &Path) -> Command {
        let mut command = self.here(&["cat-file", "--filters"]);
        let mut name = OsString::from(format!("{commit}:"));
        name.push(file);
        command.arguments.push(name);
        command
    }

    /// The files that one commit has and another has not, each ended by a NUL.
    #[must_use]
    pub fn added(&self, from: &str, to: &str) -> Command {
        let mut command = self.differing(from, to);
        command.arguments.insert(command.arguments.len() - 2, "--diff-filter=A".into());
        command
    }

    /// The files that differ between two commits, each ended by a NUL.
    #[must_use]
    pub fn differing(&self, from: &str, to: &str) -> Command {
        self.here(&["diff-tree", "-r", "--name-only", "--no-renames", "-z", from, to])
    }

    /// Every file of the index after a letter that tells how git looks at it, each ended by a NUL.
    #[must_use]
    pub fn flags(&self) -> Command {
        self.here(&["ls-files", "-v", "-z"])
    }

    /// Brings objects of a partial clone, by full id, from the remote that promised them.
    #[must_use]
    pub fn bring(&self, remote: &str, ids: &[String]) -> Command {
        let text = ids.iter().map(|id| format!("{id}\n")).collect::<String>();
        let words = [
            "-c",
            "fetch.negotiationAlgorithm=noop",
            "fetch",
            "-q",
            "--no-tags",
            "--no-write-fetch-head",
            "--recurse-submodules=no",
            "--filter=blob:none",
            "--stdin",
            remote,
        ];
        self.here(&words).fed(text).at_terminal()
    }

    /// Fetches one branch of a remote.
    #[must_use]
    pub fn fetch(&self, remote: &str, branch: &str) -> Command {
        let spec = format!("+refs/heads/{branch}:refs/remotes/{remote}/{branch}");
        let words = ["fetch", "--progress", "--no-tags", "--no-write-fetch-head", remote, &spec];
        self.here(&words).at_terminal()
    }

    /// The files of which the index holds something else than a commit, each ended by a NUL.
    #[must_use]
    pub fn staged(&self, commit: &str) -> Command {
        self.here(&["diff-index", "--cached", "--name-only", "--no-renames", "-z", commit])
    }

    /// Writes what the index holds as a tree.
    #[must_use]
    pub fn index_tree(&self) -> Command {
        self.here(&["write-tree"])
    }

    /// Makes a commit that is to be folded into another one.
    #[must_use]
    pub fn mending(&self, tree: &str, parent: &str, mended: &str) -> Command {
        let message = format!("fixup! {mended}");
        self.here(&["commit-tree", "--no-gpg-sign", "-p", parent, "-m", &message, tree])
    }
}
