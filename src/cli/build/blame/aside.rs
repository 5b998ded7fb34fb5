//! The base in a work tree of its own, inside the clone's git folder, which is taken away again
//! whatever happens: the user's files, index and branches are not touched. What a killed run left is
//! taken away by the next.

use std::path::{Path, PathBuf};

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::exit::Exit;
use crate::sys::{Command, Ended};

/// The work tree's name in the clone's `onramp` folder.
const NAME: &str = "blame-tree";
/// What holds for every command: no hook of the user's or the tree's runs.
const SETTINGS: [&str; 8] = [
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "submodule.recurse=false",
    "-c",
    "gc.auto=0",
];
/// Lines of git's that are shown where it fails.
const WORDS: usize = 3;

/// The work tree; dropping it takes it away.
pub(super) struct Aside<'a> {
    session: &'a Session<'a>,
    git: PathBuf,
    root: PathBuf,
    offline: bool,
    /// Its folder.
    pub(super) folder: PathBuf,
}

impl<'a> Aside<'a> {
    /// Lays out a commit; git may fetch what a partial clone left out, unless that is `offline`.
    ///
    /// # Errors
    /// Where git fails, or a signal came.
    pub(super) fn of(
        session: &'a Session<'a>,
        (root, git_folder): (&Path, &Path),
        commit: &str,
        offline: bool,
    ) -> Result<Self, Trouble> {
        let git = session.bench.find_program("git").ok_or_else(|| {
            Trouble::usage("there is no `git` on PATH")
                .remedy("`onramp check git` says how to install it")
        })?;
        let folder = git_folder.join("onramp").join(NAME);
        let aside = Self { session, git, root: root.to_owned(), offline, folder };
        aside.clear();
        let mut words = vec!["worktree", "add", "--quiet", "--detach", "--force"];
        let folder = aside.folder.to_string_lossy().into_owned();
        words.extend([folder.as_str(), commit]);
        aside.run(&words)?;
        Ok(aside)
    }

    fn clear(&self) {
        // What cannot be taken away now is at the next run; git forgets what has no folder.
        if self.session.bench.kind(&self.folder).is_some() {
            let folder = self.folder.to_string_lossy();
            let _ = self.run(&["worktree", "remove", "--force", "--force", &folder]);
            let _ = self.session.bench.remove_folder(&self.folder);
            let _ = self.run(&["worktree", "prune"]);
        }
    }

    fn run(&self, words: &[&str]) -> Result<(), Trouble> {
        let command = Command::work(&self.git)
            .args(SETTINGS)
            .args(words.iter().copied())
            .in_folder(&self.root)
            .with("LC_ALL", "C")
            .with("GIT_TERMINAL_PROMPT", "0");
        let command = if self.offline { command.with("GIT_NO_LAZY_FETCH", "1") } else { command };
        let mut said = Vec::new();
        let ended =
            self.session.bench.stream(&command, &mut |_, bytes| said.extend_from_slice(bytes));
        match ended {
            Ok(Ended::Exited(Some(0))) => Ok(()),
            Ok(Ended::Interrupted(signal)) => Err(Trouble::new(Exit::by(signal), "stopped")),
            Ok(Ended::Exited(_)) => {
                let text = String::from_utf8_lossy(&said).into_owned();
                let last: Vec<&str> = text.lines().rev().take(WORDS).collect();
                let last: Vec<&str> = last.into_iter().rev().collect();
                let what = format!("the base could not be laid out: {}", last.join("; "));
                Err(Trouble::failed(what)
                    .remedy("git's words say why; nothing of yours was touched"))
            }
            Err(error) => Err(Trouble::failed(error.to_string())),
        }
    }
}

impl Drop for Aside<'_> {
    fn drop(&mut self) {
        self.clear();
    }
}
