//! A world in which `onramp clone` runs against a real git server on loopback, in this process or
//! in one of its own that can be killed.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use onramp::cli::Session;
use onramp::cli::clone::{CloneArgs, ClonePlan, Needs, TOPIC, clone};
use onramp::cli::terminal::Terminal;
use onramp::cli::trouble::Trouble;
use onramp::exit::Exit;
use onramp::probe::Machine;
use onramp::sys::{
    Access, Bounds, Command, DiskSpace, Ended, Item, Kind, Output, Platform, Real, RunError,
    Stream, System, Temporary, Workbench,
};

use super::git_server::GitServer;
use super::repository::Ground;

/// Names the world's folder to the process that is to be killed.
pub(crate) const FOLDER: &str = "ONRAMP_TEST_CLONE";
/// Names the repository to it.
pub(crate) const URL: &str = "ONRAMP_TEST_CLONE_URL";

/// This machine with a home, a current folder and variables made for the test.
pub(crate) struct Bench {
    pub(crate) folder: PathBuf,
    pub(crate) home: PathBuf,
    pub(crate) variables: Vec<(&'static str, String)>,
    pub(crate) free: u64,
}

impl System for Bench {
    fn platform(&self) -> Platform {
        Real::default().platform()
    }
    fn now(&self) -> i64 {
        Real::default().now()
    }
    fn env(&self, name: &str) -> Option<OsString> {
        self.variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())
    }
    fn env_names(&self) -> Vec<OsString> {
        self.variables.iter().map(|(key, _)| key.into()).collect()
    }
    fn home(&self) -> Option<PathBuf> {
        Some(self.home.clone())
    }
    fn current_dir(&self) -> io::Result<PathBuf> {
        Ok(self.folder.clone())
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
        Real::default().find_program(name)
    }
    fn run(&self, command: &Command) -> Result<Output, RunError> {
        Real::default().run(command)
    }
    fn cores(&self) -> usize {
        2
    }
    fn disk_space(&self, _: &Path) -> io::Result<DiskSpace> {
        Ok(DiskSpace { free: self.free, total: self.free })
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

impl Workbench for Bench {
    fn write(&self, path: &Path, content: &[u8], access: Access) -> io::Result<()> {
        Real::default().write(path, content, access)
    }
    fn replace(&self, path: &Path, before: Option<&[u8]>, content: &[u8]) -> io::Result<()> {
        Real::default().replace(path, before, content)
    }
    fn stream_whole(
        &self,
        command: &Command,
        sink: &mut dyn FnMut(Stream, &[u8]),
        _: &dyn Fn(),
    ) -> Result<Ended, RunError> {
        self.stream(command, sink)
    }
    fn end_process(&self, process: i32) -> io::Result<()> {
        Real::default().end_process(process)
    }
    fn open_log(&self, path: &Path) -> io::Result<Box<dyn io::Write + Send>> {
        Real::default().open_log(path)
    }
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        Real::default().create_folder(path)
    }
    fn create_private_folder(&self, path: &Path) -> io::Result<()> {
        Real::default().create_private_folder(path)
    }
    fn temporary_folder(&self) -> io::Result<Temporary> {
        Real::default().temporary_folder()
    }
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        Real::default().rename_new(from, to)
    }
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        Real::default().remove_folder(path)
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        Real::default().remove_file(path)
    }
    fn lock(&self, path: &Path, patience: Duration) -> io::Result<Box<dyn Send>> {
        Real::default().lock(path, patience)
    }
    fn stream(
        &self,
        command: &Command,
        sink: &mut dyn FnMut(Stream, &[u8]),
    ) -> Result<Ended, RunError> {
        let mut command = command.clone();
        for name in [
            "http_proxy",
            "https_proxy",
            "HTTPS_PROXY",
            "all_proxy",
            "ALL_PROXY",
            "no_proxy",
            "NO_PROXY",
        ] {
            command = command.without(name);
        }
        for (name, value) in &self.variables {
            command = command.with(*name, value);
        }
        Real::default().stream(&command, sink)
    }
}

pub(crate) struct World {
    pub(crate) ground: Ground,
    pub(crate) server: GitServer,
    pub(crate) bench: Bench,
}

impl World {
    pub(crate) fn new() -> Self {
        let ground = Ground::new();
        ground.project("served/cloudstack");
        let server = GitServer::start(&ground.path("served"));
        let bench = Bench {
            folder: ground.path("work"),
            home: ground.home(),
            variables: ground.variables(),
            free: 1 << 40,
        };
        std::fs::create_dir(&bench.folder).unwrap();
        Self { ground, server, bench }
    }

    pub(crate) fn plan(&self) -> ClonePlan {
        plan(&self.server.url("cloudstack"))
    }

    pub(crate) fn clone(&self, args: &CloneArgs) -> Result<Exit, Trouble> {
        clone(&session(&self.bench), args, self.plan())
    }

    pub(crate) fn target(&self) -> PathBuf {
        self.bench.folder.join("cloudstack")
    }

    pub(crate) fn left(&self) -> Vec<OsString> {
        Real::default().list(&self.bench.folder).unwrap()
    }

    pub(crate) fn git(&self, words: &[&str]) -> String {
        self.ground.git(&self.target(), words)
    }
}

pub(crate) fn plan(repository: &str) -> ClonePlan {
    ClonePlan {
        git: Real::default().find_program("git"),
        project: "cloudstack".into(),
        title: "Apache CloudStack".into(),
        repository: repository.into(),
        branches: ["main", "4.22", "4.20"].map(String::from).into(),
        needs: Needs { partial: 1 << 20, full: 2 << 20, shallow: 1 << 19 },
        stall: Duration::from_secs(60),
        patience: Duration::from_millis(100),
    }
}

pub(crate) fn session(bench: &Bench) -> Session<'_> {
    let terminal =
        Terminal { out_colour: false, err_colour: false, live: false, quiet: true, width: 80 };
    Session { bench, machine: Machine::live(Arc::new(Real::default())), terminal }
}

pub(crate) fn args() -> CloneArgs {
    CloneArgs {
        folder: None,
        fork: None,
        full: false,
        shallow: false,
        base: None,
        branch: TOPIC.into(),
        adopt: false,
        dry_run: false,
    }
}

impl World {
    /// Starts a clone in a process of its own.
    pub(crate) fn child(&self) -> std::process::Child {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args([
            "--exact",
            "cli::clone_cut::the_verb_in_a_process_of_its_own",
            "--nocapture",
        ]);
        command.env_clear().envs(self.bench.variables.iter().map(|(k, v)| (*k, v)));
        command
            .env(FOLDER, &self.bench.folder)
            .env(URL, self.server.url("cloudstack"))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap()
    }
}
