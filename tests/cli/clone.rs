//! `onramp clone` against a real git server on loopback.

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
    Access, Command, DiskSpace, Ended, Kind, Output, Platform, Real, RunError, Stream, System,
    Workbench,
};

use crate::support::git_server::{Fault, GitServer};
use crate::support::repository::{Ground, HEADER};

/// This machine with a home, a current folder and variables made for the test.
struct Bench {
    folder: PathBuf,
    home: PathBuf,
    variables: Vec<(&'static str, String)>,
    free: u64,
}

impl System for Bench {
    fn platform(&self) -> Platform {
        Real.platform()
    }
    fn now(&self) -> i64 {
        Real.now()
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
        Real.kind(path)
    }
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        Real.read(path, limit)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        Real.list(folder)
    }
    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        Real.real_path(path)
    }
    fn find_program(&self, name: &str) -> Option<PathBuf> {
        Real.find_program(name)
    }
    fn run(&self, command: &Command) -> Result<Output, RunError> {
        Real.run(command)
    }
    fn cores(&self) -> usize {
        2
    }
    fn disk_space(&self, _: &Path) -> io::Result<DiskSpace> {
        Ok(DiskSpace { free: self.free, total: self.free })
    }
}

impl Workbench for Bench {
    fn write(&self, path: &Path, content: &[u8], access: Access) -> io::Result<()> {
        Real.write(path, content, access)
    }
    fn open_log(&self, path: &Path) -> io::Result<Box<dyn io::Write + Send>> {
        Real.open_log(path)
    }
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        Real.create_folder(path)
    }
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        Real.rename_new(from, to)
    }
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        Real.remove_folder(path)
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        Real.remove_file(path)
    }
    fn lock(&self, path: &Path) -> io::Result<Box<dyn Send>> {
        Real.lock(path)
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
        Real.stream(&command, sink)
    }
}

struct World {
    ground: Ground,
    server: GitServer,
    bench: Bench,
}

impl World {
    fn new() -> Self {
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

    fn plan(&self) -> ClonePlan {
        plan(&self.server.url("cloudstack"))
    }

    fn clone(&self, args: &CloneArgs) -> Result<Exit, Trouble> {
        clone(&session(&self.bench), args, self.plan())
    }

    fn target(&self) -> PathBuf {
        self.bench.folder.join("cloudstack")
    }

    fn left(&self) -> Vec<OsString> {
        Real.list(&self.bench.folder).unwrap()
    }

    fn git(&self, words: &[&str]) -> String {
        self.ground.git(&self.target(), words)
    }
}

fn plan(repository: &str) -> ClonePlan {
    ClonePlan {
        git: Real.find_program("git"),
        project: "cloudstack".into(),
        title: "Apache CloudStack".into(),
        repository: repository.into(),
        branches: ["main", "4.22", "4.20"].map(String::from).into(),
        needs: Needs { partial: 1 << 20, full: 2 << 20, shallow: 1 << 19 },
        stall: Duration::from_secs(60),
    }
}

fn session(bench: &Bench) -> Session<'_> {
    let terminal =
        Terminal { out_colour: false, err_colour: false, live: false, quiet: true, width: 80 };
    let machine = Machine::live(Arc::new(Real));
    Session { bench, machine, terminal }
}

fn args() -> CloneArgs {
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

#[test]
fn a_partial_clone_on_a_topic_branch() {
    let world = World::new();
    assert_eq!(world.clone(&args()).unwrap(), Exit::Success);
    assert_eq!(world.git(&["symbolic-ref", "HEAD"]), "refs/heads/my-change");
    assert_eq!(world.git(&["remote"]), "upstream");
    assert_eq!(world.git(&["rev-parse", "HEAD"]), world.git(&["rev-parse", "upstream/main"]));
    assert_eq!(world.git(&["config", "remote.upstream.partialclonefilter"]), "blob:none");
    assert!(!world.git(&["for-each-ref", "refs/remotes/upstream/4.20"]).is_empty());
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    // No tracking: a plain `git push` must not aim at the project.
    assert!(!world.git(&["config", "--list", "--local"]).contains("branch.my-change.remote"));
    world.git(&["fsck"]);
    assert_eq!(world.left(), ["cloudstack"]);
}

#[test]
fn a_fork_becomes_origin_and_the_place_to_push_to() {
    let world = World::new();
    let fork = world.server.url("ada/cloudstack");
    let wanted = CloneArgs { fork: Some(fork.clone()), base: Some("4.20".into()), ..args() };
    world.clone(&wanted).unwrap();
    assert_eq!(world.git(&["remote"]), "origin\nupstream");
    assert_eq!(world.git(&["remote", "get-url", "origin"]), fork);
    assert_eq!(world.git(&["config", "remote.pushDefault"]), "origin");
    assert_eq!(world.git(&["rev-parse", "HEAD"]), world.git(&["rev-parse", "upstream/4.20"]));
}

#[test]
fn full_and_shallow() {
    let world = World::new();
    world.clone(&CloneArgs { full: true, folder: Some("full".into()), ..args() }).unwrap();
    let full = world.bench.folder.join("full");
    assert!(
        world
            .ground
            .git(&full, &["config", "--list"])
            .lines()
            .all(|line| !line.contains("promisor"))
    );
    world.clone(&CloneArgs { shallow: true, folder: Some("shallow".into()), ..args() }).unwrap();
    let shallow = world.bench.folder.join("shallow");
    assert_eq!(world.ground.git(&shallow, &["rev-list", "--count", "HEAD"]), "1");
}

#[test]
fn a_cut_transfer_leaves_nothing_and_says_so() {
    let world = World::new();
    world.server.fail(Fault::Cut(300));
    let trouble = world.clone(&args()).unwrap_err();
    assert!(trouble.what.starts_with("the connection was cut"), "{}", trouble.what);
    assert!(trouble.what.contains("\n  git: "), "{}", trouble.what);
    assert_eq!(trouble.exit, Exit::Findings);
    assert_eq!(world.left(), Vec::<OsString>::new());
    world.server.fail(Fault::None);
    world.clone(&args()).unwrap();
}

#[test]
fn a_silent_server_is_given_up() {
    let world = World::new();
    world.server.fail(Fault::Hold(300));
    let plan = ClonePlan { stall: Duration::from_secs(1), ..world.plan() };
    let trouble = clone(&session(&world.bench), &args(), plan).unwrap_err();
    assert!(trouble.what.starts_with("the server fell silent"), "{}", trouble.what);
    assert_eq!(world.left(), Vec::<OsString>::new());
}

#[test]
fn a_proxy_that_wants_a_login_is_named() {
    let mut world = World::new();
    world.server.fail(Fault::Refuse("407 Proxy Authentication Required"));
    world.bench.variables.push(("http_proxy", world.server.url("")));
    let plan = plan("http://cloud.test/cloudstack");
    let trouble = clone(&session(&world.bench), &args(), plan).unwrap_err();
    assert!(
        trouble.what.starts_with("the proxy asks for a login (set by http_proxy)"),
        "{}",
        trouble.what
    );
}

#[test]
fn an_unknown_branch_and_an_unknown_repository() {
    let world = World::new();
    let trouble = world.clone(&CloneArgs { base: Some("4.99".into()), ..args() }).unwrap_err();
    assert!(trouble.what.ends_with("has no branch 4.99"), "{}", trouble.what);
    assert_eq!(trouble.remedy.unwrap(), "choose with --base: 4.20, 4.22, main");
    let nowhere = plan(&world.server.url("nothing"));
    let trouble = clone(&session(&world.bench), &args(), nowhere).unwrap_err();
    assert!(trouble.what.starts_with("there is no repository"), "{}", trouble.what);
    assert_eq!(world.left(), Vec::<OsString>::new());
}

#[test]
fn what_is_in_the_way_stays_untouched() {
    let world = World::new();
    let target = world.target();
    let refused = |says: &str| {
        let trouble = world.clone(&args()).unwrap_err();
        assert!(trouble.what.contains(says), "{}", trouble.what);
        assert_eq!(trouble.exit, Exit::Usage);
        assert_eq!(world.left(), ["cloudstack"]);
    };
    std::fs::write(&target, "mine").unwrap();
    refused("is not a folder");
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine");
    std::fs::remove_file(&target).unwrap();
    std::os::unix::fs::symlink("/nowhere/at/all", &target).unwrap();
    refused("is not a folder");
    std::fs::remove_file(&target).unwrap();
    std::fs::create_dir(&target).unwrap();
    refused("it is empty");
    std::fs::write(target.join("notes"), "mine").unwrap();
    refused("holds other files");
    std::fs::remove_dir_all(&target).unwrap();
    world.ground.git(&world.bench.folder, &["init", "-q", "cloudstack"]);
    world.git(&["remote", "add", "origin", "https://cloud.test/other"]);
    refused("is a clone of https://cloud.test/other");
    world.git(&["remote", "add", "upstream", &world.server.url("cloudstack")]);
    refused("is a clone of Apache CloudStack already");
}

#[test]
fn a_hidden_folder_of_somebody_else_stays_untouched() {
    let world = World::new();
    let hidden = world.bench.folder.join(".cloudstack.onramp-clone");
    std::fs::create_dir(&hidden).unwrap();
    std::fs::write(hidden.join("thesis.txt"), "mine").unwrap();
    let trouble = world.clone(&args()).unwrap_err();
    assert!(trouble.what.contains("onramp did not make it"), "{}", trouble.what);
    assert_eq!(std::fs::read_to_string(hidden.join("thesis.txt")).unwrap(), "mine");
}

#[test]
fn too_little_room_is_told_before_the_start() {
    let mut world = World::new();
    world.bench.free = 1 << 18;
    let trouble = world.clone(&args()).unwrap_err();
    assert!(
        trouble.what.contains("has 256 KiB free, and a partial clone needs about 1 MiB"),
        "{}",
        trouble.what
    );
    assert_eq!(world.left(), Vec::<OsString>::new());
}

#[test]
fn a_rehearsal_touches_nothing() {
    let mut world = World::new();
    world.server.fail(Fault::Refuse("500 Touched"));
    assert_eq!(world.clone(&CloneArgs { dry_run: true, ..args() }).unwrap(), Exit::Success);
    assert_eq!(world.left(), Vec::<OsString>::new());
    world.bench.variables.clear();
}

/// The body of the process that the next tests kill. Not a test by itself.
#[test]
#[ignore = "started and killed by the tests below"]
fn child() {
    let variable = |name: &str| std::env::var(name).expect("set by the parent");
    let bench = Bench {
        folder: variable("ONRAMP_TEST_FOLDER").into(),
        home: variable("HOME").into(),
        variables: Vec::new(),
        free: 1 << 40,
    };
    let result = clone(&session(&bench), &args(), plan(&variable("ONRAMP_TEST_URL")));
    std::process::exit(result.map_or(99, |exit| i32::from(exit.code())));
}

impl World {
    fn child(&self) -> std::process::Child {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "cli::clone::child", "--ignored", "--nocapture"]);
        command.env_clear().envs(self.bench.variables.iter().map(|(k, v)| (*k, v)));
        command
            .env("ONRAMP_TEST_FOLDER", &self.bench.folder)
            .env("ONRAMP_TEST_URL", self.server.url("cloudstack"))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap()
    }
}

#[test]
fn killed_in_the_middle_and_run_again_it_completes() {
    let world = World::new();
    world.server.fail(Fault::Hold(300));
    let mut child = world.child();
    let held = world.server.held();
    child.kill().unwrap();
    child.wait().unwrap();
    drop(held);
    assert_eq!(world.left(), [".cloudstack.onramp-clone"]);
    world.server.fail(Fault::None);
    world.clone(&args()).unwrap();
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    assert_eq!(world.left(), ["cloudstack"]);
}

#[test]
fn two_at_once_and_the_second_is_told() {
    let world = World::new();
    world.server.fail(Fault::Hold(300));
    let mut child = world.child();
    let held = world.server.held();
    let trouble = world.clone(&args()).unwrap_err();
    assert!(trouble.what.contains("busy"), "{}", trouble.what);
    child.kill().unwrap();
    child.wait().unwrap();
    drop(held);
}

#[test]
fn a_signal_ends_it_with_its_code_and_it_can_go_on() {
    let world = World::new();
    world.server.fail(Fault::Hold(300));
    let mut child = world.child();
    let held = world.server.held();
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    drop(held);
    assert_eq!(world.left(), [".cloudstack.onramp-clone"]);
    world.server.fail(Fault::None);
    world.clone(&args()).unwrap();
    assert_eq!(world.left(), ["cloudstack"]);
}

#[test]
fn a_finished_transfer_is_kept() {
    let world = World::new();
    // As a run leaves it that is killed while git writes files.
    world.clone(&CloneArgs { branch: "x".into(), ..args() }).unwrap();
    let hidden = world.bench.folder.join(".cloudstack.onramp-clone");
    std::fs::create_dir(&hidden).unwrap();
    std::fs::rename(world.target(), hidden.join("transfer-1")).unwrap();
    std::fs::write(hidden.join("transfer-1/.git/index.lock"), "").unwrap();
    let note = format!(
        "{{\"onramp_clone\":1,\"repository\":\"{}\",\"depth\":\"partial\",\"base\":\"main\",\
         \"attempt\":1,\"finished\":1,\"branches\":[\"main\"],\"ready\":null}}",
        world.server.url("cloudstack")
    );
    std::fs::write(hidden.join("note.json"), note).unwrap();
    world.server.fail(Fault::Refuse("500 Asked Again"));
    world.clone(&args()).unwrap();
    assert_eq!(world.git(&["symbolic-ref", "--short", "HEAD"]), "my-change");
    assert_eq!(world.left(), ["cloudstack"]);
}

#[test]
fn adopting_adds_a_remote_and_a_branch_and_nothing_else() {
    let mut world = World::new();
    let url = world.server.url("cloudstack");
    world.ground.git(&world.bench.folder, &["clone", "-q", &url, "cloudstack"]);
    let target = world.target();
    // What a hostile tree would love to have run.
    let canary = world.ground.path("canary");
    let run = format!("touch {}", canary.display());
    for key in ["core.fsmonitor", "core.sshCommand", "gpg.program", "filter.x.smudge"] {
        world.git(&["config", key, &run]);
    }
    let hook = target.join(".git/hooks/reference-transaction");
    std::fs::write(&hook, format!("#!/bin/sh\n{run}\n")).unwrap();
    let runnable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&hook, runnable).unwrap();
    let head = std::fs::read_to_string(target.join(".git/HEAD")).unwrap();
    world.bench.folder = target.join("src");
    let wanted = CloneArgs { adopt: true, ..args() };
    clone(&session(&world.bench), &wanted, plan(&url)).unwrap();
    assert!(!canary.exists());
    assert_eq!(std::fs::read_to_string(target.join(".git/HEAD")).unwrap(), head);
    let tree = git2::Repository::open(&target).unwrap();
    assert_eq!(tree.find_remote("upstream").unwrap().url(), Ok(url.as_str()));
    let tip = tree.find_branch("my-change", git2::BranchType::Local).unwrap();
    assert_eq!(tip.get().target(), tree.head().unwrap().target());
    // Again: nothing to add.
    clone(&session(&world.bench), &wanted, plan(&url)).unwrap();
}

#[test]
fn adopting_something_else_is_refused() {
    let mut world = World::new();
    let other = world.ground.repository("other");
    world.ground.commit(&other, "a", HEADER, "a");
    world.bench.folder = other.clone();
    let wanted = CloneArgs { adopt: true, ..args() };
    let refuse = |says: &str| {
        let trouble = clone(&session(&world.bench), &wanted, plan("https://cloud.test/apache/cs"))
            .unwrap_err();
        assert!(trouble.what.contains(says), "{}", trouble.what);
    };
    refuse("has no remote");
    world.ground.git(&other, &["remote", "add", "origin", "https://name:secret@else.test/a/b"]);
    refuse("a clone of something else: https://else.test/a/b");
    world.ground.git(&other, &["remote", "add", "upstream", "https://else.test/a/b"]);
    refuse("upstream leads to https://else.test/a/b already");
}
