//! A command as a value: program, arguments, surroundings and limits. Nothing here starts it.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// What a child inherits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// Only PATH, HOME and a fixed locale: for asking tools about themselves. Variables such as
    /// `JDK_JAVA_OPTIONS` make a JVM run foreign code even for `-version`.
    Clean,
    /// The user's own, less what points git at another repository.
    Inherited,
}

/// Which process group a child joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// One of its own, ended as a whole: builds and everything they fork.
    Own,
    /// Ours, so that the child may ask at the terminal: git and its credential helpers.
    Shared,
}

/// Which stream a piece of output came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// A command ready to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Absolute path of the program, from `System::find_program`.
    pub program: PathBuf,
    /// Arguments; no shell ever sees them.
    pub arguments: Vec<OsString>,
    /// Working folder; `None` is the root folder, which no work tree can influence.
    pub folder: Option<PathBuf>,
    /// What it inherits.
    pub environment: Environment,
    /// Variables set on top, or removed where `None`.
    pub variables: Vec<(OsString, Option<OsString>)>,
    /// Longest run; `None` only for work a person watches.
    pub deadline: Option<Duration>,
    /// Most bytes kept of each stream by `System::run`.
    pub output_limit: usize,
    /// Whether an answer counts only as a whole: `System::run` then ends a program that prints more
    /// than the limit, and refuses what one printed that left a process behind to print more.
    pub whole: bool,
    /// What it reads from standard input, which is then closed; `None` closes it at once.
    pub input: Option<Vec<u8>>,
    /// Process group.
    pub group: Group,
    /// Whether it talks to the person at the terminal itself: it reads our standard input, and all
    /// it says goes to standard error. Its output is then not handed over.
    pub attended: bool,
    /// Whether nothing of its group may outlive it, nor onramp, however either ends: for builds, and
    /// not for what has to come to its end, or leaves a daemon behind that is meant to stay.
    pub guarded: bool,
    /// Files, by name, that lie in a private folder while it runs, which is then its working
    /// folder and is removed afterwards: for proving a compiler.
    pub scratch: Vec<(String, Vec<u8>)>,
}

impl Command {
    /// A question to a tool: neutral folder, clean environment, five seconds, 64 KiB.
    pub fn question(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            folder: None,
            environment: Environment::Clean,
            variables: Vec::new(),
            deadline: Some(Duration::from_secs(5)),
            output_limit: 64 * 1024,
            whole: false,
            input: None,
            group: Group::Own,
            attended: false,
            guarded: false,
            scratch: Vec::new(),
        }
    }

    /// Work a person asked for: inherited environment, no deadline, own group.
    pub fn work(program: impl Into<PathBuf>) -> Self {
        Self { environment: Environment::Inherited, deadline: None, ..Self::question(program) }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<I, A>(mut self, arguments: I) -> Self
    where
        I: IntoIterator<Item = A>,
        A: Into<OsString>,
    {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Sets the working folder.
    #[must_use]
    pub fn in_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Sets a variable.
    #[must_use]
    pub fn with(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.push((name.into(), Some(value.into())));
        self
    }

    /// Removes a variable.
    #[must_use]
    pub fn without(mut self, name: impl Into<OsString>) -> Self {
        self.variables.push((name.into(), None));
        self
    }

    /// Sets the deadline.
    #[must_use]
    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Hands it something to read.
    #[must_use]
    pub fn fed(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = Some(input.into());
        self
    }

    /// Takes its answer only as a whole, of at most so many bytes.
    #[must_use]
    pub fn answering_in(mut self, limit: usize) -> Self {
        self.output_limit = limit;
        self.whole = true;
        self
    }

    /// Lets nothing of its group outlive it or onramp.
    #[must_use]
    pub fn guarded(mut self) -> Self {
        self.guarded = true;
        self
    }

    /// Adds a file to its private folder, and makes that its working folder.
    #[must_use]
    pub fn scratch_file(mut self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        self.scratch.push((name.to_owned(), content.into()));
        self
    }

    /// Joins our own process group.
    #[must_use]
    pub fn at_terminal(mut self) -> Self {
        self.group = Group::Shared;
        self
    }

    /// Leaves the terminal to it: for programs that ask, such as sudo.
    #[must_use]
    pub fn attended(mut self) -> Self {
        self.attended = true;
        self.at_terminal()
    }
}

/// What a short command printed and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output, cut at the command's limit.
    pub out: Vec<u8>,
    /// Standard error, cut at the command's limit.
    pub err: Vec<u8>,
}

impl Output {
    /// Whether it exited with 0.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.code == Some(0)
    }

    /// Standard output as text, foreign bytes replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }
}

/// How a long command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this code; `None` when a signal not of ours killed it.
    Exited(Option<i32>),
    /// By us, because this signal came: 2 for SIGINT, 15 for SIGTERM.
    Interrupted(i32),
}

/// Why a command gave no result.
#[derive(Debug)]
pub enum RunError {
    /// It could not start.
    Start(PathBuf, io::Error),
    /// It outlived its deadline and was ended.
    TimedOut(PathBuf, Duration),
    /// It printed more than the limit and was ended.
    TooMuch(PathBuf, usize),
    /// It ended, and a process that it left behind still held its output.
    LeftBehind(PathBuf),
    /// A signal stopped onramp while it ran.
    Interrupted(i32),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(program, error) => {
                write!(f, "{} could not start: {error}", program.display())
            }
            Self::TimedOut(program, limit) => {
                write!(f, "{} did not answer within {} s", program.display(), limit.as_secs())
            }
            Self::TooMuch(program, limit) => {
                let limit = crate::text::size(*limit as u64);
                write!(f, "{} printed more than {limit}", program.display())
            }
            Self::LeftBehind(program) => write!(
                f,
                "{} ended and left a process behind that could still print",
                program.display()
            ),
            Self::Interrupted(signal) => write!(f, "stopped by signal {signal}"),
        }
    }
}

impl std::error::Error for RunError {}
