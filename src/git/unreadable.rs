//! Why a repository, or a part of it, cannot be read: one sentence for each state, with the way
//! out of it. Never decides what that means for a check.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why git2 gave no answer. Shown as a fragment fit to stand after a dash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// Nothing of git here or above.
    NotARepository(PathBuf),
    /// A bare repository, where files were asked for.
    Bare(PathBuf),
    /// The folder belongs to somebody else.
    ForeignOwner(PathBuf),
    /// A format that git2 does not read: SHA-256, reftable, a sparse index, an unknown extension.
    Format(String),
    /// A path that is not UTF-8, which no report could name.
    Name(PathBuf),
    /// The `.git` file here leads to a folder that is not there: what libgit2 says.
    Astray(String),
    /// A file of settings that the user may not read: what libgit2 says.
    Denied(String),
    /// git's files are damaged, or git2 takes them for it.
    Damaged(String),
    /// No commit yet.
    Unborn(String),
    /// A revision that does not exist.
    Revision(String),
    /// An abbreviated id that several objects begin with.
    Ambiguous(String),
    /// A name that leads to something no signature belongs to: the name, and what it is.
    Unsigned(String, &'static str),
    /// An object that is not here: full id, and whether a partial clone promised it.
    Missing(String, bool),
    /// The history was cut before the answer.
    Shallow,
    /// More files differ than any project has: at least so many, or paths of no sensible length.
    Endless(usize),
    /// None of the maintained branches is known here.
    NoBase(Vec<String>),
    /// This machine was recorded without repositories.
    Recorded,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotARepository(path) => write!(f, "{} is not inside a git clone", path.display()),
            Self::Bare(path) => {
                write!(f, "{} is a bare repository: it has no files to look at", path.display())
            }
            Self::ForeignOwner(path) => write!(
                f,
                "{} belongs to another user, and git would refuse it as well: use a clone of your \
                 own, or give the folder to yourself with chown",
                path.display()
            ),
            Self::Format(what) => write!(
                f,
                "this clone uses {what}, which onramp cannot read yet: a clone made by \
                 `onramp clone` does not"
            ),
            Self::Name(path) => write!(
                f,
                "the path {} is not UTF-8, and onramp could not name its files: rename the folder",
                path.display()
            ),
            Self::Astray(what) => write!(
                f,
                "the `.git` file here leads nowhere ({what}): `git worktree repair` in the main \
                 clone mends it where either was moved"
            ),
            Self::Denied(what) => write!(
                f,
                "a file of git's settings may not be read ({what}): give yourself the right to, \
                 with chmod or chown"
            ),
            Self::Damaged(what) => {
                write!(f, "git's own files are damaged ({what}): see `git fsck`")
            }
            Self::Unborn(branch) => {
                write!(
                    f,
                    "branch {branch} has no commit yet: make one, or switch to another branch"
                )
            }
            Self::Revision(name) => write!(f, "there is no commit called {name} here"),
            Self::Ambiguous(id) => {
                write!(f, "several objects have an id that begins with {id}: write more of it")
            }
            Self::Unsigned(name, what) => {
                write!(f, "{name} is {what}, and only commits and tags carry a signature")
            }
            Self::Missing(id, true) => write!(
                f,
                "object {id} was left at the server by this partial clone: `git cat-file -e {id}` \
                 brings it"
            ),
            Self::Missing(id, false) => {
                write!(f, "object {id} is missing from this clone: see `git fsck`")
            }
            Self::Shallow => f.write_str(
                "the history of this shallow clone ends too early: `git fetch --unshallow` brings \
                 the rest",
            ),
            Self::Endless(most) => write!(
                f,
                "there are more than {most} files in it, or paths that no system can hold: compare \
                 with a nearer commit, as in --base COMMIT"
            ),
            Self::NoBase(branches) => write!(
                f,
                "none of the maintained branches ({}) is known here: `git fetch upstream {}` \
                 brings one",
                branches.join(", "),
                branches.first().map_or("main", String::as_str)
            ),
            Self::Recorded => f.write_str("a recorded machine has no repositories"),
        }
    }
}

impl std::error::Error for Unreadable {}

impl Unreadable {
    /// Reads libgit2's answer to opening a repository.
    pub(super) fn opening(error: &git2::Error, path: &Path) -> Self {
        match error.code() {
            git2::ErrorCode::Owner => Self::ForeignOwner(path.to_owned()),
            git2::ErrorCode::NotFound if error.class() == git2::ErrorClass::Repository => {
                Self::NotARepository(path.to_owned())
            }
            _ if error.message().starts_with("failed to resolve path") => {
                Self::Astray(error.message().to_owned())
            }
            _ => Self::from(error),
        }
    }

    /// Reads libgit2's answer to a revision.
    pub(super) fn naming(error: &git2::Error, name: &str) -> Self {
        match error.code() {
            git2::ErrorCode::HashsumMismatch => Self::from(error),
            _ => Self::Revision(name.to_owned()),
        }
    }
}

impl From<&git2::Error> for Unreadable {
    fn from(error: &git2::Error) -> Self {
        let message = error.message();
        // libgit2 tells settings that may not be read by its words alone.
        if message.starts_with("failed to stat") && message.contains("config") {
            return Self::Denied(message.to_owned());
        }
        format_named_in(message)
            .map_or_else(|| Self::Damaged(message.to_owned()), |what| Self::Format(what.to_owned()))
    }
}

impl From<git2::Error> for Unreadable {
    fn from(error: git2::Error) -> Self {
        Self::from(&error)
    }
}

/// libgit2 1.9 names what it does not read only in its message.
fn format_named_in(message: &str) -> Option<&'static str> {
    let known = [
        ("extensions.refstorage", "the reftable format"),
        ("extensions.partialclone", "a partial clone in the form of git before 2.24"),
        ("unsupported extension name", "an extension of the repository format"),
        ("unsupported repository version", "a repository format newer than any onramp knows"),
        ("object format", "SHA-256 object names"),
        ("unsupported mandatory extension", "a sparse or split index"),
    ];
    known.iter().find(|(sign, _)| message.contains(sign)).map(|(_, what)| *what)
}
