//! A real key server (sks) on loopback with an empty database of its own: no peers, no mail. Its
//! log tells every connection.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// Longest wait for a line of its log.
const PATIENCE: Duration = Duration::from_secs(30);
/// The line that says it answers.
const READY: &str = "Applied filters";
/// Times that a port is taken by somebody else before we give up.
const ATTEMPTS: usize = 5;

/// A running server, ended when dropped.
pub(crate) struct KeyServer {
    server: Child,
    /// Where it listens, without TLS.
    pub(crate) port: u16,
    lines: Receiver<String>,
    /// Everything it said so far.
    said: Vec<String>,
    _folder: TempDir,
}

impl KeyServer {
    /// Starts one.
    pub(crate) fn start() -> Self {
        let attempt = (0..ATTEMPTS).find_map(|_| Self::attempt());
        attempt.expect("a key server on a port of its own")
    }

    /// None where somebody else took the port meanwhile.
    fn attempt() -> Option<Self> {
        let folder = TempDir::with_prefix_in("onramp-sks-", "/tmp").unwrap();
        // As root it runs as nobody, who must reach what is in the folder.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
        let base = folder.path().join("server");
        let inside = ["etc/sks", "var/lib/sks/DB", "var/run/sks", "var/log/sks"];
        for below in [&inside[..], &["var/spool/sks/messages"]].concat() {
            fs::create_dir_all(base.join(below)).unwrap();
        }
        let port = free_port();
        let mut server = command(&base, port).spawn().expect("sks starts");
        let lines = follow(server.stdout.take().unwrap());
        let mut server = Self { server, port, lines, said: Vec::new(), _folder: folder };
        server.wait_for(READY).then_some(server)
    }

    /// Waits for a line of its log with this in it; whether it came before the server ended.
    pub(crate) fn wait_for(&mut self, piece: &str) -> bool {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    let found = line.contains(piece);
                    self.said.push(line);
                    if found {
                        return true;
                    }
                }
                Err(_) => return false,
            }
        }
    }

    /// Everything it said.
    pub(crate) fn log(&mut self) -> String {
        self.said.extend(self.lines.try_iter());
        self.said.join("\n")
    }
}

impl Drop for KeyServer {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has seen.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

fn sks() -> PathBuf {
    let places = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&places).chain(["/usr/sbin".into(), "/sbin".into()]);
    let mut programs = places.map(|folder: PathBuf| folder.join("sks"));
    programs.find(|program| program.is_file()).expect(
        "the tests publish on a real key server: install the package sks, as `./dev test` does",
    )
}

fn command(base: &Path, port: u16) -> Command {
    let port = port.to_string();
    let mut arguments = vec!["db", "-basedir", ".", "-hostname", "localhost"];
    arguments.extend(["-hkp_address", "127.0.0.1", "-hkp_port", &port, "-disable_mailsync"]);
    // Level 5 logs every request and even a connection that says nothing.
    arguments.extend(["-disable_log_diffs", "-stdoutlog", "-debuglevel", "5", "-cache", "1"]);
    let mut command = if rustix::process::geteuid().is_root() {
        let owned = Command::new("chown").args(["-R", "nobody"]).arg(base).status().unwrap();
        assert!(owned.success());
        let mut command = Command::new("setpriv");
        command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(sks());
        command
    } else {
        Command::new(sks())
    };
    // A socket's path has 107 bytes at most: sks stands in its folder and names it from there.
    command.args(arguments).current_dir(base).env("TZ", "UTC").process_group(0);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

fn follow(stdout: ChildStdout) -> Receiver<String> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    lines
}
