//! Worlds in which somebody signs commits: with keys, an agent, and programs that ask for a
//! passphrase, all made for one test. Decides nothing about what onramp says.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::process::Output;
use super::world::{LIMIT, TestWorld, write_script};
use super::{process, terminal};

/// What signing takes besides git: GnuPG's, OpenSSH's, and the shell's.
const PROGRAMS: [&str; 17] = [
    "sh",
    "cat",
    "chmod",
    "echo",
    "kill",
    "mv",
    "ps",
    "rm",
    "sed",
    "sleep",
    "wc",
    "gpg",
    "gpgconf",
    "gpg-agent",
    "gpg-connect-agent",
    "ssh-keygen",
    "tty",
];

/// A pinentry, as gpg-agent talks to it: greets, tells who it is, and answers the question for the
/// passphrase as `GETPIN` says.
pub(crate) fn pinentry(answer: &str) -> String {
    format!(
        "#!/bin/sh
echo 'OK at your service'
while read -r verb rest; do
    case \"$verb $rest\" in
    'GETINFO pid') echo \"D $$\"; echo OK ;;
    'GETINFO '*) echo 'D test'; echo OK ;;
    GETPIN*) {answer} ;;
    BYE*) echo OK; exit 0 ;;
    *) echo OK ;;
    esac
done
"
    )
}

/// A world, a GnuPG home with a short path, and a folder for temporary files that is watched.
pub(crate) struct Signing {
    /// The world.
    pub(crate) world: TestWorld,
    gnupg: TempDir,
}

impl Signing {
    /// Nobody has a key yet, and no agent runs.
    pub(crate) fn new() -> Self {
        // In /tmp whatever TMPDIR says: an agent's socket may not have a long path.
        let gnupg = TempDir::with_prefix_in("onramp-sign-", "/tmp").unwrap();
        let mut world = TestWorld::new();
        for program in PROGRAMS {
            world = world.with_program(program);
        }
        let temporary = world.path("temporary");
        fs::create_dir(&temporary).unwrap();
        let world =
            world.with_variable("GNUPGHOME", gnupg.path()).with_variable("TMPDIR", temporary);
        Self { world, gnupg }
    }

    /// The GnuPG home.
    pub(crate) fn gnupg(&self) -> &Path {
        self.gnupg.path()
    }

    /// Runs gpg, unattended and with this passphrase.
    pub(crate) fn gpg(&self, passphrase: &str, arguments: &[&str]) -> String {
        let mut command = Command::new("gpg");
        command.args(["--batch", "--no-tty", "--pinentry-mode", "loopback"]);
        command.args(["--passphrase", passphrase]).args(arguments);
        command.env("GNUPGHOME", self.gnupg());
        let output = process::finish(command, b"", LIMIT);
        assert_eq!(output.code, Some(0), "gpg {arguments:?}: {}", output.stderr());
        output.stdout()
    }

    /// Makes a key for a person, which then signs; its fingerprint.
    pub(crate) fn key(&self, person: &str, passphrase: &str, options: &[&str]) -> String {
        let make = ["--quick-generate-key", person, "ed25519"];
        self.gpg(passphrase, &[&["--quiet"], options, &make].concat());
        self.fingerprint(person)
    }

    /// The fingerprint of a person's key.
    pub(crate) fn fingerprint(&self, person: &str) -> String {
        let listed = self.gpg("", &["--with-colons", "--list-keys", person]);
        let line = listed.lines().find(|line| line.starts_with("fpr:")).unwrap();
        line.split(':').nth(9).unwrap().to_owned()
    }

    /// A setting of the user's own.
    pub(crate) fn set(&self, name: &str, value: &str) {
        self.world.git(&self.world.work(), &["config", "--global", name, value]);
    }

    /// Has the agent ask for passphrases through a program of this name and text.
    pub(crate) fn asks_through(&self, name: &str, text: &str) -> PathBuf {
        let program = self.gnupg().join(name);
        write_script(&program, text);
        let line = format!("pinentry-program {}\n", program.display());
        fs::write(self.gnupg().join("gpg-agent.conf"), line).unwrap();
        self.end_agent();
        program
    }

    /// Ends the agent.
    pub(crate) fn end_agent(&self) {
        let mut command = Command::new("gpgconf");
        command.env("GNUPGHOME", self.gnupg()).args(["--kill", "gpg-agent"]);
        process::finish(command, b"", LIMIT);
    }

    /// Asks the agent for something, without starting one.
    pub(crate) fn ask_agent(&self, question: &str) -> String {
        let mut command = Command::new("gpg-connect-agent");
        command.env("GNUPGHOME", self.gnupg()).args(["--no-autostart", question, "/bye"]);
        process::finish(command, b"", LIMIT).stdout()
    }

    /// Whether an agent runs.
    pub(crate) fn has_agent(&self) -> bool {
        self.ask_agent("GETINFO pid").contains("OK")
    }

    /// Rehearses without a terminal.
    pub(crate) fn rehearse(&self, arguments: &[&str]) -> Output {
        self.rehearse_in(&self.world.work(), arguments)
    }

    /// Rehearses in a folder.
    pub(crate) fn rehearse_in(&self, folder: &Path, arguments: &[&str]) -> Output {
        self.world.onramp(folder, &[&["key", "rehearse"], arguments].concat())
    }

    /// Rehearses at a terminal; `variables` are set before, `tty` stands for its name.
    pub(crate) fn at_terminal(&self, variables: &str) -> Output {
        let script = format!("{variables} exec \"$0\" key rehearse");
        let arguments = ["-c", &script, env!("CARGO_BIN_EXE_onramp")];
        let shell = which::which("sh").unwrap();
        terminal::finish(self.world.command(&self.world.work(), &shell, &arguments), "", LIMIT)
    }

    /// What lies in the folder for temporary files.
    pub(crate) fn left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.world.path("temporary")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    /// An SSH key of this name in the home folder.
    pub(crate) fn ssh_key(&self, name: &str, passphrase: &str) -> PathBuf {
        let folder = self.world.home().join(".ssh");
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        let file = folder.join(name);
        let mut command = Command::new("ssh-keygen");
        command.args(["-q", "-t", "ed25519", "-C", "test", "-N", passphrase, "-f"]).arg(&file);
        assert_eq!(process::finish(command, b"", LIMIT).code, Some(0));
        file
    }
}

impl Drop for Signing {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.end_agent();
        }
    }
}
