//! A test's own world: a temporary home, a folder to work in, only the programs it asked for, and
//! an environment with nothing of the machine's. Hides nothing that lies at a fixed place, such as
//! `/etc`: what depends on that is tested on recorded machines.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use snapbox::{Assert, Redactions};
use tempfile::TempDir;

use super::process::{Output, finish};
use super::terminal;

/// Longest any one command may take; far more than any needs on a busy machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// What the world's git always says about who and when.
const GIT_CONFIG: &str = "[user]\n\tname = Ada Lovelace\n\temail = ada@example.org\n\
                          [init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n";
const DATE: &str = "2026-01-02T03:04:05Z";

/// A world, removed with everything in it when dropped.
pub(crate) struct TestWorld {
    folder: TempDir,
    variables: Vec<(OsString, OsString)>,
}

impl TestWorld {
    /// A world with git and nothing else on PATH.
    pub(crate) fn new() -> Self {
        let above = std::env::temp_dir().canonicalize().expect("a folder for temporary files");
        let folder = TempDir::with_prefix_in("onramp-", above).expect("a temporary folder");
        let world = Self { folder, variables: Vec::new() };
        for place in [world.home(), world.programs(), world.work()] {
            fs::create_dir(place).expect("a new folder");
        }
        fs::write(world.home().join(".gitconfig"), GIT_CONFIG).expect("a new file");
        world.with_program("git").scrubbed()
    }

    fn scrubbed(mut self) -> Self {
        for (name, value) in [
            ("HOME", self.home().as_os_str()),
            ("PATH", self.programs().as_os_str()),
            ("GIT_CONFIG_GLOBAL", self.home().join(".gitconfig").as_os_str()),
            ("GIT_CONFIG_NOSYSTEM", "1".as_ref()),
            ("GIT_TERMINAL_PROMPT", "0".as_ref()),
            ("LC_ALL", "C".as_ref()),
            ("TERM", "dumb".as_ref()),
            ("TZ", "UTC".as_ref()),
        ] {
            self.variables.push((name.into(), value.to_owned()));
        }
        self
    }

    /// Puts a program of this machine on the world's PATH.
    pub(crate) fn with_program(self, name: &str) -> Self {
        let real = which::which(name).unwrap_or_else(|_| panic!("the tests need {name}"));
        symlink(real, self.programs().join(name)).expect("a new link");
        self
    }

    /// Puts a program written for the test on the world's PATH.
    pub(crate) fn with_script(self, name: &str, text: &str) -> Self {
        write_script(&self.programs().join(name), text);
        self
    }

    /// Sets a variable for every command.
    pub(crate) fn with_variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// The home folder.
    pub(crate) fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// The one folder on PATH.
    pub(crate) fn programs(&self) -> PathBuf {
        self.path("programs")
    }

    /// An empty folder to work in.
    pub(crate) fn work(&self) -> PathBuf {
        self.path("work")
    }

    /// Where work trees are made.
    pub(crate) fn tree(&self) -> PathBuf {
        self.path("cloudstack")
    }

    /// A path anywhere in the world.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// Runs onramp in a folder, standard input empty.
    #[track_caller]
    pub(crate) fn onramp<A: AsRef<OsStr>>(&self, folder: &Path, arguments: &[A]) -> Output {
        self.run(folder, Path::new(env!("CARGO_BIN_EXE_onramp")), arguments, b"")
    }

    /// Runs any program in a folder of this world.
    #[track_caller]
    pub(crate) fn run<A: AsRef<OsStr>>(
        &self,
        folder: &Path,
        program: &Path,
        arguments: &[A],
        input: &[u8],
    ) -> Output {
        finish(self.command(folder, program, arguments), input, LIMIT)
    }

    /// A command in a folder of this world, not started yet.
    pub(crate) fn command<A: AsRef<OsStr>>(
        &self,
        folder: &Path,
        program: &Path,
        arguments: &[A],
    ) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(folder).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs onramp at a terminal where somebody types `typed`; all that is said is in `out`.
    #[track_caller]
    pub(crate) fn at_terminal(&self, folder: &Path, arguments: &[&str], typed: &str) -> Output {
        let onramp = Path::new(env!("CARGO_BIN_EXE_onramp"));
        terminal::finish(self.command(folder, onramp, arguments), typed, LIMIT)
    }

    /// Runs git to make something, at a fixed time and with the machine's whole PATH: its own
    /// scripts need more than a test wants onramp to see.
    #[track_caller]
    pub(crate) fn git<A: AsRef<OsStr>>(&self, folder: &Path, arguments: &[A]) -> String {
        self.git_fed(folder, arguments, b"")
    }

    /// Like `git`, with something on standard input.
    #[track_caller]
    pub(crate) fn git_fed<A: AsRef<OsStr>>(
        &self,
        folder: &Path,
        arguments: &[A],
        input: &[u8],
    ) -> String {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(folder).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.env("GIT_AUTHOR_DATE", DATE).env("GIT_COMMITTER_DATE", DATE);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let shown = format!("{command:?}");
        let output = finish(command, input, LIMIT);
        assert_eq!(output.code, Some(0), "{shown}\n{}{}", output.stdout(), output.stderr());
        output.stdout().trim_end().to_owned()
    }

    /// Makes an OpenPGP key for Ada and has git sign with it; the fingerprint.
    pub(crate) fn signing_key(&self) -> String {
        let home = self.home().join(".gnupg");
        fs::create_dir(&home).expect("a new folder");
        fs::set_permissions(&home, fs::Permissions::from_mode(0o700)).expect("our folder");
        let gpg = which::which("gpg").expect("the tests need gpg");
        let make = ["--batch", "--quiet", "--passphrase", "", "--quick-generate-key"];
        let whose = ["Ada Lovelace <ada@example.org>", "ed25519", "sign", "never"];
        let made = self.run(&self.work(), &gpg, &[&make[..], &whose].concat(), b"");
        assert_eq!(made.code, Some(0), "{}", made.stderr());
        let listed = self.run(&self.work(), &gpg, &["--with-colons", "--list-secret-keys"], b"");
        let listed = listed.stdout();
        let line = listed.lines().find(|line| line.starts_with("fpr:")).expect("a fingerprint");
        let fingerprint = line.split(':').nth(9).expect("a fingerprint").to_owned();
        self.git(&self.work(), &["config", "--global", "user.signingKey", &fingerprint]);
        fingerprint
    }

    /// Compares text with snapshots, this world's places named.
    pub(crate) fn assert(&self) -> Assert {
        let mut places = Redactions::new();
        for (name, place) in [
            ("[HOME]", self.home()),
            ("[PROGRAMS]", self.programs()),
            ("[TREE]", self.tree()),
            ("[WORK]", self.work()),
        ] {
            places.insert(name, place).expect("a fixed placeholder");
        }
        Assert::new().action_env(snapbox::assert::DEFAULT_ACTION_ENV).redact_with(places)
    }
}

impl Drop for TestWorld {
    fn drop(&mut self) {
        let home = self.home().join(".gnupg");
        if home.exists() && !std::thread::panicking() {
            // The agent that gpg started would stay behind.
            let mut end = Command::new("gpgconf");
            end.arg("--homedir").arg(home).args(["--kill", "all"]);
            finish(end, b"", LIMIT);
        }
    }
}

/// Writes a file anyone may run, folders above it included.
pub(crate) fn write_script(path: &Path, text: &str) {
    write(path, text);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("our file");
}

/// Writes a file, folders above it included.
pub(crate) fn write(path: &Path, text: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("a folder above")).expect("a new folder");
    fs::write(path, text).expect("a new file");
}
