//! The only door to the machine: processes, files, environment, clock.
//!
//! Two traits, so that the compiler keeps lookers from writing: [`System`] observes, and
//! [`Workbench`] also changes things and runs long commands. Probes get the first. `real` is this
//! machine, `recorded` one read from a text file. Nothing here judges or prints.

mod archive;
mod beside;
mod command;
mod follow;
pub mod gather;
mod guard;
mod handed;
mod inbox;
mod interrupt;
mod launch;
mod lock;
mod lookup;
mod platform;
mod processes;
mod real;
pub mod recorded;
mod runnable;
mod scratch;
mod steady;
mod supervise;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use command::{Command, Ended, Environment, Group, Output, RunError, Stream};
pub use follow::Follower;
pub use gather::{Bounds, Item};
pub use lookup::{
    find_program_elsewhere, is_of_tree, opened_out, read_archive_entry, read_in_tree, stays_inside,
};
pub use real::Real;
pub use scratch::Temporary;
pub use steady::Steady;

/// Ends the questions to tools that nobody waits for any more: for the end of a run, so that no
/// process outlives it.
pub fn end_questions() {
    interrupt::end_questions(interrupt::End::Done);
}

/// Which machine this is, as far as advice depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// `linux`, `macos`, `windows` or another `std::env::consts::OS`.
    pub os: String,
    /// Package family: `debian`, `fedora`, `suse`, `arch`, `alpine`, `macos` or `other`.
    pub family: String,
    /// The name people use, such as `Debian GNU/Linux 12 (bookworm)`.
    pub name: String,
    /// `x86_64`, `aarch64` and the like.
    pub arch: String,
}

/// What a path leads to, links followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A device, socket or pipe: never opened.
    Other,
}

/// Room on the file system that holds a path, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiskSpace {
    /// What an ordinary user may still write.
    pub free: u64,
    /// Size of the file system.
    pub total: u64,
}

/// Who may read a file that onramp writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Mode 0600, whatever the umask.
    Private,
    /// Mode 0700, whatever the umask: a program of the user's own.
    Program,
    /// Mode 0644, whatever the umask.
    Shared,
    /// Whoever may read the file that stands there already; private where there is none.
    Kept,
}

/// What can be read here and there.
pub trait Seekable: io::Read + io::Seek {}

impl<T: io::Read + io::Seek> Seekable for T {}

/// Looking at a machine. No method changes anything.
pub trait System: Send + Sync {
    /// Operating system and package family.
    fn platform(&self) -> Platform;
    /// Seconds since the epoch.
    fn now(&self) -> i64;
    /// Time since some moment, the same one for a whole run: for how long things take. Neither a
    /// clock that is set nor, on Linux and macOS, the machine's sleep counts.
    fn steady(&self) -> Duration {
        Duration::ZERO
    }
    /// One environment variable; an empty one counts as unset.
    fn env(&self, name: &str) -> Option<OsString>;
    /// Names of all environment variables.
    fn env_names(&self) -> Vec<OsString>;
    /// The user's home folder: HOME, else the account's entry.
    fn home(&self) -> Option<PathBuf>;
    /// The current folder.
    ///
    /// # Errors
    /// Where it was removed or may not be read.
    fn current_dir(&self) -> io::Result<PathBuf>;
    /// What a path leads to; `None` where there is nothing or a dead link.
    fn kind(&self, path: &Path) -> Option<Kind>;
    /// Whether a link stands at the path itself, wherever it leads.
    fn is_link(&self, path: &Path) -> bool {
        self.link_target(path).is_some()
    }
    /// Where the link at the path itself leads, as it says so; `None` where there is no link.
    fn link_target(&self, _path: &Path) -> Option<PathBuf> {
        None
    }
    /// The whole content of a regular file of at most `limit` bytes.
    ///
    /// # Errors
    /// `NotFound` and friends, `InvalidInput` for anything but a regular file, and
    /// `FileTooLarge` beyond the limit: never a part of a file.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;
    /// Like [`System::read`], but only a file of this user's own that nobody else may read or write,
    /// and that no link leads to.
    ///
    /// # Errors
    /// Those of [`System::read`], and `PermissionDenied` for a file that is not private.
    fn read_private(&self, _path: &Path, _limit: u64) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::Unsupported.into())
    }
    /// A regular file of at most `limit` bytes, of which little is wanted: one entry of an archive.
    ///
    /// # Errors
    /// Those of [`System::read`].
    fn open(&self, path: &Path, limit: u64) -> io::Result<Box<dyn Seekable>> {
        Ok(Box::new(io::Cursor::new(self.read(path, limit)?)))
    }
    /// Names in a folder, sorted.
    ///
    /// # Errors
    /// Those of reading a folder.
    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>>;
    /// The path with links and dots resolved.
    ///
    /// # Errors
    /// `NotFound` where it leads nowhere.
    fn real_path(&self, path: &Path) -> io::Result<PathBuf>;
    /// A program in the absolute folders of PATH. Relative entries are ignored: they would make
    /// the current folder, perhaps a hostile tree, choose what runs.
    fn find_program(&self, name: &str) -> Option<PathBuf>;
    /// Runs nothing that lies in this work tree from now on, however it is reached.
    fn shun(&self, _tree: &Path) {}
    /// Runs a short command with its deadline and output limit. What it leaves behind in its group
    /// is ended with it.
    ///
    /// # Errors
    /// When it cannot start, outlives its deadline or is interrupted, and where a whole answer was
    /// asked for and none came. A non-zero exit is no error.
    fn run(&self, command: &Command) -> Result<Output, RunError>;
    /// Cores this process may use, container limits honoured.
    fn cores(&self) -> usize;
    /// Room where `path`, or its nearest existing ancestor, lies.
    ///
    /// # Errors
    /// Those of asking the file system.
    fn disk_space(&self, path: &Path) -> io::Result<DiskSpace>;
    /// Number of the user onramp acts as.
    fn user(&self) -> u32;
    /// Number of the user that a path belongs to, a link's own where it is one.
    ///
    /// # Errors
    /// `NotFound` and friends.
    fn owner(&self, path: &Path) -> io::Result<u32>;
    /// Everything in the folder `name` of `above`, itself first, no link followed and nothing
    /// opened but regular files.
    ///
    /// # Errors
    /// `NotFound` where it is not there, `FileTooLarge` beyond the bounds.
    fn gather(&self, above: &Path, name: &str, bounds: Bounds) -> io::Result<Vec<Item>>;
    /// Whether this user may write to a folder, or to the nearest existing one above it. Writes
    /// nothing to find out.
    fn may_write(&self, path: &Path) -> bool;
    /// Who may do what with a file or folder, as `chmod` counts: 0o600 and so on.
    ///
    /// # Errors
    /// `NotFound` and friends, and `Unsupported` on a machine that was recorded without.
    fn mode(&self, _path: &Path) -> io::Result<u32> {
        Err(io::ErrorKind::Unsupported.into())
    }
    /// The name of the terminal that standard input is, where it is one.
    fn terminal(&self) -> Option<PathBuf> {
        None
    }
    /// What whoever started onramp left to be read at the open file of this number, to its end and
    /// at most `limit` bytes of it, waiting at most `patience`.
    ///
    /// # Errors
    /// `InvalidInput` for a terminal, where it would be seen; `TimedOut` where its end did not
    /// come, `FileTooLarge` beyond the limit, and those of reading.
    fn read_handed(&self, _number: u32, _limit: u64, _patience: Duration) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Changing a machine: only the verbs that exist for it get one.
pub trait Workbench: System {
    /// Writes a whole file beside its place and renames it there; folders above are made.
    ///
    /// # Errors
    /// Those of the file system; the old content then still stands.
    fn write(&self, path: &Path, content: &[u8], access: Access) -> io::Result<()>;
    /// Lets a regular file be run by whoever may read it, or by nobody; a link is no such file.
    ///
    /// # Errors
    /// Those of the file system.
    fn set_runnable(&self, _path: &Path, _runnable: bool) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    /// Replaces a file as git does its settings: the lock that keeps git out meanwhile is the new
    /// file itself, and nothing is written unless the content is still `before`, `None` for no
    /// file.
    ///
    /// # Errors
    /// `AlreadyExists` where git holds the lock, `WouldBlock` where the content has changed, and
    /// those of the file system; the old content then still stands.
    fn replace(&self, path: &Path, before: Option<&[u8]>, content: &[u8]) -> io::Result<()>;
    /// Opens a file for appending bit by bit, private, emptied first: logs of long work.
    ///
    /// # Errors
    /// Those of the file system.
    fn open_log(&self, path: &Path) -> io::Result<Box<dyn io::Write + Send>>;
    /// Makes a folder and those above it.
    ///
    /// # Errors
    /// Those of the file system.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder that nobody else may look into, whatever the umask, and those above it.
    ///
    /// # Errors
    /// Those of the file system.
    fn create_private_folder(&self, path: &Path) -> io::Result<()>;
    /// Makes a private folder in the system's place for temporary files; it goes with the value, or
    /// when a signal ends onramp.
    ///
    /// # Errors
    /// Those of the file system.
    fn temporary_folder(&self) -> io::Result<Temporary>;
    /// Renames, refusing to replace anything.
    ///
    /// # Errors
    /// `AlreadyExists` where the target is there.
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a folder that onramp made, with everything in it. Links are not followed.
    ///
    /// # Errors
    /// Those of the file system.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;
    /// Removes a file that onramp made.
    ///
    /// # Errors
    /// Those of the file system.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Takes a kernel lock on a file, made if absent, waiting at most `patience` for it. It is
    /// given back with the guard, or with the last process started meanwhile: what a killed onramp
    /// left running still holds it.
    ///
    /// # Errors
    /// `WouldBlock` when another process holds it.
    fn lock(&self, path: &Path, patience: Duration) -> io::Result<Box<dyn Send>>;
    /// Runs a long command, handing over output as it comes. On SIGINT or SIGTERM the whole
    /// group is ended, politely and then firmly, and the result says so.
    ///
    /// # Errors
    /// When it cannot start or outlives its deadline.
    fn stream(
        &self,
        command: &Command,
        sink: &mut dyn FnMut(Stream, &[u8]),
    ) -> Result<Ended, RunError>;
    /// Like [`Workbench::stream`], for a follower that also wants to know when nothing comes.
    ///
    /// # Errors
    /// As `stream`.
    fn follow(&self, command: &Command, follower: &mut dyn Follower) -> Result<Ended, RunError> {
        self.stream(command, &mut |stream, bytes| follower.output(stream, bytes))
    }
    /// Like [`Workbench::stream`], for work that would leave half of something behind: a first
    /// signal is only told to `stopping`, which may end what the work waits for. The work goes on to
    /// its end or deadline, and the result says that a signal came.
    ///
    /// # Errors
    /// As `stream`.
    fn stream_whole(
        &self,
        command: &Command,
        sink: &mut dyn FnMut(Stream, &[u8]),
        stopping: &dyn Fn(),
    ) -> Result<Ended, RunError>;
    /// Starts a program that goes on by itself, such as a browser, and says whether it was still
    /// running, or had ended well, after `patience`.
    ///
    /// # Errors
    /// When it cannot start.
    fn launch(&self, command: &Command, _patience: Duration) -> Result<bool, RunError> {
        Err(RunError::Start(command.program.clone(), io::ErrorKind::Unsupported.into()))
    }
    /// The number of onramp's own process.
    fn process(&self) -> u32 {
        0
    }
    /// Whether there is a process of this number.
    fn is_running(&self, _process: u32) -> bool {
        false
    }
    /// Asks a process of this user to end.
    ///
    /// # Errors
    /// Where it is not there, or belongs to somebody else.
    fn end_process(&self, process: i32) -> io::Result<()>;
}
