//! Network git as values: the commands for the user's own `git` program, and what its output
//! means. Starts nothing itself. Credentials, proxies and protocols stay the user's own.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::sys::Command;

/// How much of the history is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// All commits, old file contents on demand.
    Partial,
    /// Everything.
    Full,
    /// The newest commit only.
    Shallow,
}

impl Depth {
    /// The word used in files and messages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Partial => "partial",
            Self::Full => "full",
            Self::Shallow => "shallow",
        }
    }
}

/// The user's git and how it may behave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Git {
    /// The program.
    pub program: PathBuf,
    /// Somebody is there to answer a question for a password.
    pub interactive: bool,
    /// Longest silence of a server before the transfer is given up; HTTP only.
    pub stall: Duration,
}

impl Git {
    /// A command in the neutral root folder, so that no tree's settings are read, with everything
    /// off that could run code of a tree.
    fn command(&self, words: impl IntoIterator<Item = OsString>) -> Command {
        let silence = format!("http.lowSpeedTime={}", self.stall.as_secs().max(1));
        let settings = [
            "core.hooksPath=/dev/null",
            "core.fsmonitor=false",
            "protocol.ext.allow=never",
            "submodule.recurse=false",
            "maintenance.auto=false",
            "gc.auto=0",
            "advice.detachedHead=false",
            "http.lowSpeedLimit=1",
            &silence,
        ];
        let settings = settings.iter().flat_map(|setting| ["-c", setting]).map(OsString::from);
        let command = Command::work(&self.program)
            .args(settings)
            .args(words)
            .at_terminal()
            .with("LC_ALL", "C")
            .without("LANGUAGE");
        // An inherited command line of another git would override the settings above.

        if self.interactive { command } else { command.with("GIT_TERMINAL_PROMPT", "0") }
    }

    fn within(&self, tree: &Path, words: &[&str]) -> Command {
        let place = [OsString::from("-C"), tree.into()];
        self.command(place.into_iter().chain(words.iter().map(OsString::from)))
    }

    /// Asks the server which of `branches` it has; read by [`branches_listed`].
    #[must_use]
    pub fn list(&self, url: &str, branches: &[String]) -> Command {
        let words = ["ls-remote", "--heads", "--", url].map(OsString::from);
        self.command(
            words.into_iter().chain(branches.iter().map(|b| format!("refs/heads/{b}").into())),
        )
    }

    /// Fetches the history into a new folder, checking nothing out. The remote is `upstream`.
    #[must_use]
    pub fn transfer(&self, url: &str, depth: Depth, branch: &str, into: &Path) -> Command {
        let words = ["clone", "--no-checkout", "--progress", "--origin", "upstream"];
        let kind: &[&str] = match depth {
            Depth::Partial => &["--filter=blob:none", "--single-branch"],
            Depth::Full => &[],
            Depth::Shallow => &["--depth=1", "--single-branch"],
        };
        let what = ["--branch", branch, "--", url];
        let words = words.iter().chain(kind).chain(&what).map(OsString::from);
        self.command(words.chain([into.into()]))
    }

    /// Makes the clone follow `branches` of `upstream` and no others, and fetches what they have
    /// beyond the first: the right base can only be told where all of them are known.
    #[must_use]
    pub fn follow(&self, tree: &Path, branches: &[String]) -> Vec<Command> {
        let key = "remote.upstream.fetch";
        let mut commands = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            let spec = format!("+refs/heads/{branch}:refs/remotes/upstream/{branch}");
            let how = if index == 0 { "--replace-all" } else { "--add" };
            commands.push(self.within(tree, &["config", "--local", how, key, &spec]));
        }
        let fetch = ["fetch", "--progress", "--no-tags", "--no-write-fetch-head", "upstream"];
        commands.push(self.within(tree, &fetch));
        commands
    }

    /// Makes the topic branch off `start` and writes out its files.
    #[must_use]
    pub fn checkout(&self, tree: &Path, topic: &str, start: &str) -> Command {
        self.within(tree, &["checkout", "--progress", "--force", "--no-track", "-B", topic, start])
    }

    /// Sets one of the clone's own settings.
    #[must_use]
    pub fn set(&self, tree: &Path, name: &str, value: &str) -> Command {
        self.within(tree, &["config", "--local", name, value])
    }
}

/// Names of the branches in an answer to [`Git::list`].
#[must_use]
pub fn branches_listed(output: &[u8]) -> Vec<String> {
    heads_listed(output).into_iter().map(|(name, _)| name).collect()
}

/// Names and full commit ids of the branches in an answer to [`Git::list`].
#[must_use]
pub fn heads_listed(output: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(output);
    let heads = text.lines().filter_map(|line| line.split_once("\trefs/heads/"));
    heads.map(|(id, name)| (name.to_owned(), id.to_owned())).collect()
}

/// A step of a transfer, as git names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The server gathers what to send.
    Preparing,
    /// Data comes in.
    Receiving,
    /// git unpacks it.
    Resolving,
    /// Files are written.
    Files,
}

/// How far git has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The step.
    pub phase: Phase,
    /// Of a hundred.
    pub percent: u8,
    /// What git adds: counts and speed. Cleaning is the screen's work.
    pub detail: String,
}

/// Reads one line of git's progress; `None` for any other line.
#[must_use]
pub fn progress(line: &str) -> Option<Progress> {
    let line = line.trim_start_matches("remote: ");
    let (title, rest) = line.split_once(':')?;
    let phase = match title {
        "Enumerating objects" | "Counting objects" | "Compressing objects" => Phase::Preparing,
        "Receiving objects" => Phase::Receiving,
        "Resolving deltas" => Phase::Resolving,
        "Updating files" | "Checking out files" => Phase::Files,
        _ => return None,
    };
    let (percent, detail) = rest.split_once('%')?;
    let percent = percent.trim().parse::<u8>().ok().filter(|percent| *percent <= 100)?;
    Some(Progress { phase, percent, detail: detail.trim().to_owned() })
}

/// Cuts git's standard error into lines and keeps the last that are not progress.
#[derive(Debug, Default)]
pub struct Messages {
    open: Vec<u8>,
    last: VecDeque<String>,
}

impl Messages {
    /// Most lines kept, and most bytes of one line.
    const KEPT: usize = 20;
    const LINE: usize = 4096;

    /// Takes more output; the newest progress in it is handed back.
    pub fn feed(&mut self, bytes: &[u8]) -> Option<Progress> {
        let mut newest = None;
        for byte in bytes {
            if !matches!(byte, b'\n' | b'\r') {
                if self.open.len() < Self::LINE {
                    self.open.push(*byte);
                }
            } else if let Some(progress) = self.end_line() {
                newest = Some(progress);
            }
        }
        newest
    }

    fn end_line(&mut self) -> Option<Progress> {
        let line = String::from_utf8_lossy(&std::mem::take(&mut self.open)).trim_end().to_owned();
        let progress = progress(&line);
        let noise = line.is_empty() || is_chatter(&line);
        if progress.is_none() && !noise {
            self.last.push_back(line);
            if self.last.len() > Self::KEPT {
                self.last.pop_front();
            }
        }
        progress
    }

    /// The lines kept, oldest first.
    pub fn lines(&mut self) -> Vec<String> {
        self.end_line();
        self.last.iter().cloned().collect()
    }
}

fn is_chatter(line: &str) -> bool {
    let ends = line.ends_with(", done.") || line.starts_with("remote: Total");
    ends || line.starts_with("Cloning into") || line.starts_with("remote: Enumerating objects")
}
