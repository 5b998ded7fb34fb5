//! This machine. The one file, with `supervise` and `interrupt`, where onramp meets the operating
//! system.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::supervise::{self, supervise};
use super::{
    Access, Bounds, Command, DiskSpace, Ended, Follower, Item, Kind, Output, Platform, RunError,
    Seekable, Stream, System, Temporary, Workbench,
};
use super::{beside, gather, handed, launch, lock, processes, runnable};

/// Most bytes kept of what a short command says on standard error.
const COMPLAINT_LIMIT: usize = 64 * 1024;

/// The machine onramp runs on.
#[derive(Debug, Default)]
pub struct Real {
    /// The work tree that nothing is run of.
    shunned: OnceLock<PathBuf>,
    /// What it is, read once.
    platform: OnceLock<Platform>,
    /// When time was first asked for.
    since: OnceLock<Instant>,
}

impl Real {
    /// Refuses a program of the work tree, as it is written and where its links lead.
    fn may_run(&self, command: &Command) -> Result<(), RunError> {
        let Some(tree) = self.shunned.get() else { return Ok(()) };
        let program = &command.program;
        let real = fs::canonicalize(program).unwrap_or_else(|_| program.clone());
        if !program.starts_with(tree) && !real.starts_with(tree) {
            return Ok(());
        }
        let why = "it belongs to the work tree, and nothing of that is run here";
        let refused = io::Error::new(io::ErrorKind::PermissionDenied, why);
        Err(RunError::Start(program.clone(), refused))
    }
}

/// Asked before opening: opening a pipe would wait for its writer for ever.
fn size_of_file(path: &Path) -> io::Result<u64> {
    let metadata = fs::metadata(path)?;
    if metadata.is_file() {
        return Ok(metadata.len());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"))
}

impl System for Real {
    fn platform(&self) -> Platform {
        let read = || {
            let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
            super::platform::read(std::env::consts::OS, std::env::consts::ARCH, &release)
        };
        self.platform.get_or_init(read).clone()
    }

    fn now(&self) -> i64 {
        jiff::Timestamp::now().as_second()
    }

    fn steady(&self) -> Duration {
        // CLOCK_MONOTONIC on Linux and the uptime clock on macOS, which both stop in sleep.
        self.since.get_or_init(Instant::now).elapsed()
    }

    fn env(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name).filter(|value| !value.is_empty())
    }

    fn env_names(&self) -> Vec<OsString> {
        std::env::vars_os().map(|(name, _)| name).collect()
    }

    fn home(&self) -> Option<PathBuf> {
        std::env::home_dir().filter(|home| home.is_absolute())
    }

    fn current_dir(&self) -> io::Result<PathBuf> {
        std::env::current_dir()
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        let metadata = fs::metadata(path).ok()?;
        Some(if metadata.is_file() {
            Kind::File
        } else if metadata.is_dir() {
            Kind::Folder
        } else {
            Kind::Other
        })
    }

    fn link_target(&self, path: &Path) -> Option<PathBuf> {
        fs::read_link(path).ok()
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        // The size is a hint that saves reading in many small steps; it may be wrong.
        let expected = usize::try_from(size_of_file(path)?.min(limit)).unwrap_or(0);
        let mut content = Vec::with_capacity(expected.saturating_add(1));
        File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut content)?;
        if content.len() as u64 > limit {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(content)
    }

    fn read_private(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        use rustix::fs::OFlags;
        // Opened first and asked then, so that nobody can change what lies there in between.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let mut options = OpenOptions::new();
        let file = options.read(true).custom_flags(flags.bits().cast_signed()).open(path)?;
        let about = file.metadata()?;
        let private = about.is_file() && about.mode() & 0o077 == 0 && about.uid() == self.user();
        if !private {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        if about.len() > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut content = Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0));
        file.take(limit).read_to_end(&mut content)?;
        Ok(content)
    }

    fn open(&self, path: &Path, limit: u64) -> io::Result<Box<dyn Seekable>> {
        if size_of_file(path)? > limit {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(Box::new(io::BufReader::new(File::open(path)?)))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        let mut names = fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.file_name()))
            .collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn find_program(&self, name: &str) -> Option<PathBuf> {
        // A name with a folder in it would be looked for there, and not on PATH.
        if Path::new(name).file_name() != Some(OsStr::new(name)) {
            return None;
        }
        let path = self.env("PATH")?;
        let absolute = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
        let searched = std::env::join_paths(absolute).ok()?;
        which::which_in(name, Some(searched), "/").ok()
    }

    fn shun(&self, tree: &Path) {
        // The first one counts: there is one work tree to a run.
        let _ = self.shunned.set(fs::canonicalize(tree).unwrap_or_else(|_| tree.to_owned()));
    }

    fn run(&self, command: &Command) -> Result<Output, RunError> {
        self.may_run(command)?;
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut keep = |stream, bytes: &[u8]| {
            let (kept, limit) = match stream {
                Stream::Out => (&mut out, command.output_limit),
                Stream::Err => (&mut err, command.output_limit.min(COMPLAINT_LIMIT)),
            };
            let room = limit.saturating_sub(kept.len());
            kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
        };
        match supervise(command, &mut keep, None)? {
            Ended::Exited(code) => Ok(Output { code, out, err }),
            Ended::Interrupted(signal) => Err(RunError::Interrupted(signal)),
        }
    }

    fn cores(&self) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }

    fn disk_space(&self, path: &Path) -> io::Result<DiskSpace> {
        let existing =
            path.ancestors().find(|ancestor| ancestor.exists()).unwrap_or(Path::new("/"));
        let stat = rustix::fs::statvfs(existing)?;
        let block = if stat.f_frsize == 0 { stat.f_bsize } else { stat.f_frsize };
        Ok(DiskSpace {
            free: stat.f_bavail.saturating_mul(block),
            total: stat.f_blocks.saturating_mul(block),
        })
    }

    fn user(&self) -> u32 {
        rustix::process::geteuid().as_raw()
    }

    fn owner(&self, path: &Path) -> io::Result<u32> {
        Ok(fs::symlink_metadata(path)?.uid())
    }

    fn gather(&self, above: &Path, name: &str, bounds: Bounds) -> io::Result<Vec<Item>> {
        gather::gather(above, name, bounds)
    }

    fn may_write(&self, path: &Path) -> bool {
        let existing =
            path.ancestors().find(|ancestor| ancestor.exists()).unwrap_or(Path::new("/"));
        let wanted = if existing.is_dir() {
            rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK
        } else {
            rustix::fs::Access::WRITE_OK
        };
        rustix::fs::access(existing, wanted).is_ok()
    }

    fn mode(&self, path: &Path) -> io::Result<u32> {
        Ok(fs::symlink_metadata(path)?.permissions().mode() & 0o7777)
    }

    fn terminal(&self) -> Option<PathBuf> {
        supervise::terminal()
    }

    fn read_handed(&self, number: u32, limit: u64, patience: Duration) -> io::Result<Vec<u8>> {
        handed::read(number, limit, patience)
    }
}

impl Workbench for Real {
    fn write(&self, path: &Path, content: &[u8], access: Access) -> io::Result<()> {
        beside::write(path, content, access)
    }

    fn set_runnable(&self, path: &Path, may_run: bool) -> io::Result<()> {
        runnable::set(path, may_run)
    }

    fn replace(&self, path: &Path, before: Option<&[u8]>, content: &[u8]) -> io::Result<()> {
        // A link stays a link: what it leads to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let mut lock = path.clone().into_os_string();
        lock.push(".lock");
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        let mode = fs::metadata(&path).map_or(0o600, |file| file.permissions().mode());
        let file = OpenOptions::new().create_new(true).write(true).mode(mode).open(&lock)?;
        let replaced = beside::filled(file, content, mode).and_then(|()| {
            let now = match fs::read(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                now => Some(now?),
            };
            if now.as_deref() != before {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            fs::rename(&lock, &path)
        });
        if replaced.is_err() {
            // It is ours, and would keep git out for good.
            let _ = fs::remove_file(&lock);
        }
        replaced
    }

    fn open_log(&self, path: &Path) -> io::Result<Box<dyn Write + Send>> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file =
            OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path)?;
        Ok(Box::new(file))
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn create_private_folder(&self, path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))
    }

    fn temporary_folder(&self) -> io::Result<Temporary> {
        Temporary::make()
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        let here = rustix::fs::CWD;
        match rustix::fs::renameat_with(here, from, here, to, rustix::fs::RenameFlags::NOREPLACE) {
            // File systems without the flag, such as some network mounts.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) if !to.exists() => {
                fs::rename(from, to)
            }
            result => Ok(result?),
        }
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir_all(path)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn lock(&self, path: &Path, patience: Duration) -> io::Result<Box<dyn Send>> {
        lock::take(path, patience)
    }

    fn stream(
        &self,
        command: &Command,
        sink: &mut dyn FnMut(Stream, &[u8]),
    ) -> Result<Ended, RunError> {
        self.follow(command, &mut |stream, bytes: &[u8]| sink(stream, bytes))
    }

    fn follow(&self, command: &Command, follower: &mut dyn Follower) -> Result<Ended, RunError> {
        self.may_run(command)?;
        supervise(command, follower, None)
    }

    fn stream_whole(
        &self,
        command: &Command,
        sink: &mut dyn FnMut(Stream, &[u8]),
        stopping: &dyn Fn(),
    ) -> Result<Ended, RunError> {
        self.may_run(command)?;
        let keyboard = supervise::Keyboard::now();
        let mut follower = |stream, bytes: &[u8]| sink(stream, bytes);
        let ended = supervise(command, &mut follower, Some(stopping));
        keyboard.put_back();
        ended
    }

    fn launch(&self, command: &Command, patience: Duration) -> Result<bool, RunError> {
        self.may_run(command)?;
        launch::launch(command, patience)
    }

    fn process(&self) -> u32 {
        std::process::id()
    }

    fn is_running(&self, process: u32) -> bool {
        processes::is_running(process)
    }

    fn end_process(&self, process: i32) -> io::Result<()> {
        processes::end(process)
    }
}
