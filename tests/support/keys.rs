//! Real GnuPG homes with real keys, made for one test. Ed25519 without passphrase; the agent that
//! making keys starts is ended when the home is dropped.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use onramp::sys::{
    Bounds, Command as SysCommand, DiskSpace, Item, Kind, Output as SysOutput, Platform, Real,
    RunError, System,
};
use tempfile::TempDir;

/// A day long gone, so that keys can have expired since.
pub(crate) const LONG_AGO: &str = "20200102T030405!";

/// Waits until an agent that was told to end has removed its sockets.
pub(crate) fn await_no_sockets(folder: &Path) {
    let socket = |entry: io::Result<fs::DirEntry>| {
        entry.is_ok_and(|it| it.file_name().to_string_lossy().starts_with("S."))
    };
    let begun = Instant::now();
    // One that was killed leaves them for good.
    while fs::read_dir(folder).is_ok_and(|mut all| all.any(socket))
        && begun.elapsed() < Duration::from_secs(5)
    {
        thread::park_timeout(Duration::from_millis(10));
    }
}

/// A GnuPG home.
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        // In /tmp whatever TMPDIR says: an agent's socket may not have a long path.
        let folder = TempDir::with_prefix_in("onramp-keys-", "/tmp").unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn gpg(&self, arguments: &[&str]) -> Output {
        let output = Command::new("gpg")
            .env_remove("GNUPGHOME")
            .arg("--homedir")
            .arg(self.path())
            .args(["--batch", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", ""])
            .args(arguments)
            .output()
            .expect("gpg is installed");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "gpg {arguments:?}: {said}");
        output
    }

    /// Makes a signing key and returns its fingerprint.
    pub(crate) fn make(&self, name: &str, expires: &str) -> String {
        self.make_at(name, expires, &[])
    }

    pub(crate) fn make_at(&self, name: &str, expires: &str, options: &[&str]) -> String {
        let before = self.fingerprints();
        let make = ["--quick-generate-key", name, "ed25519", "sign", expires];
        self.gpg(&[options, &make].concat());
        let mut now = self.fingerprints();
        now.retain(|fingerprint| !before.contains(fingerprint));
        now.pop().expect("a new key")
    }

    /// Fingerprints of all keys and subkeys, in the order of the keyring.
    pub(crate) fn fingerprints(&self) -> Vec<String> {
        let text = self.gpg(&["--with-colons", "--with-subkey-fingerprint", "--list-keys"]).stdout;
        let text = String::from_utf8(text).unwrap();
        let lines = text.lines().filter(|line| line.starts_with("fpr:"));
        lines.map(|line| line.split(':').nth(9).unwrap().to_owned()).collect()
    }

    /// A detached, armoured signature over a payload.
    pub(crate) fn sign(&self, key: &str, payload: &[u8], options: &[&str]) -> Vec<u8> {
        let content = self.path().join("payload");
        fs::write(&content, payload).unwrap();
        let name = content.to_str().unwrap();
        let sign = ["--local-user", key, "--armor", "--output", "-", "--detach-sign", name];
        let signature = self.gpg(&[options, &sign].concat()).stdout;
        fs::remove_file(&content).unwrap();
        signature
    }

    /// Takes over another home's public key.
    pub(crate) fn import(&self, from: &Home, key: &str) {
        let file = self.path().join("import.asc");
        fs::write(&file, from.gpg(&["--armor", "--export", key]).stdout).unwrap();
        self.gpg(&["--import", file.to_str().unwrap()]);
        fs::remove_file(&file).unwrap();
    }

    /// Revokes a key with the certificate that gpg made along with it.
    pub(crate) fn revoke(&self, key: &str) {
        let file = self.path().join(format!("openpgp-revocs.d/{key}.rev"));
        // A colon keeps the certificate from being imported by accident.
        let text = fs::read_to_string(&file).unwrap().replace(":-----BEGIN", "-----BEGIN");
        let armed = self.path().join("revoke.asc");
        fs::write(&armed, text).unwrap();
        self.gpg(&["--import", armed.to_str().unwrap()]);
        fs::remove_file(&armed).unwrap();
    }

    /// Ends the agent that making keys started, and waits for its sockets to go: it answers before
    /// it removes them.
    pub(crate) fn quiet(&self) {
        let folder = self.path();
        let _ =
            Command::new("gpgconf").arg("--homedir").arg(folder).args(["--kill", "all"]).status();
        await_no_sockets(folder);
    }

    /// Whether an agent serves this home; asks without starting one.
    pub(crate) fn has_agent(&self) -> bool {
        let asked = Command::new("gpg-connect-agent")
            .arg("--homedir")
            .arg(self.path())
            .args(["--no-autostart", "GETINFO pid", "/bye"])
            .output()
            .unwrap();
        String::from_utf8_lossy(&asked.stdout).contains("OK")
    }

    /// Every file below, with its content.
    pub(crate) fn snapshot(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path.clone());
                }
                found.insert(path.clone(), fs::read(&path).ok());
            }
        }
        found
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.quiet();
    }
}

/// This machine with another home folder, environment and set of programs.
#[derive(Clone)]
pub(crate) struct Elsewhere {
    pub(crate) home: Option<PathBuf>,
    pub(crate) env: BTreeMap<String, OsString>,
    pub(crate) gpg: bool,
}

impl Elsewhere {
    /// A machine whose GnuPG home is at a path.
    pub(crate) fn with(gnupg: &Path) -> Self {
        let env = BTreeMap::from([("GNUPGHOME".to_owned(), gnupg.as_os_str().to_owned())]);
        Self { home: None, env, gpg: true }
    }
}

impl System for Elsewhere {
    fn platform(&self) -> Platform {
        Real::default().platform()
    }
    fn now(&self) -> i64 {
        Real::default().now()
    }
    fn env(&self, name: &str) -> Option<OsString> {
        self.env.get(name).cloned()
    }
    fn env_names(&self) -> Vec<OsString> {
        self.env.keys().map(OsString::from).collect()
    }
    fn home(&self) -> Option<PathBuf> {
        self.home.clone()
    }
    fn current_dir(&self) -> io::Result<PathBuf> {
        Ok(PathBuf::from("/"))
    }
    fn kind(&self, path: &Path) -> Option<Kind> {
        Real::default().kind(path)
    }
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        Real::default().read(path, limit)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        Real::default().list(folder)
    }
    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        Real::default().real_path(path)
    }
    fn find_program(&self, name: &str) -> Option<PathBuf> {
        if self.gpg { Real::default().find_program(name) } else { None }
    }
    fn run(&self, command: &SysCommand) -> Result<SysOutput, RunError> {
        Real::default().run(command)
    }
    fn cores(&self) -> usize {
        Real::default().cores()
    }
    fn disk_space(&self, path: &Path) -> io::Result<DiskSpace> {
        Real::default().disk_space(path)
    }
    fn user(&self) -> u32 {
        Real::default().user()
    }
    fn owner(&self, path: &Path) -> io::Result<u32> {
        Real::default().owner(path)
    }
    fn gather(&self, above: &Path, name: &str, bounds: Bounds) -> io::Result<Vec<Item>> {
        Real::default().gather(above, name, bounds)
    }

    fn may_write(&self, path: &Path) -> bool {
        Real::default().may_write(path)
    }
}
