//! `onramp build` with a Maven of our own: a script that prints what a real one would. The verb
//! runs in a process of its own, so that its streams, signals and exit code are real.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use clap::Parser;
use onramp::cli::Session;
use onramp::cli::build::{BuildArgs, BuildPlan, Jdk, Way, build, look_back, looks_back};
use onramp::cli::build_maven::Maven;
use onramp::cli::terminal::Terminal;
use onramp::cli::trouble::Trouble;
use onramp::exit::Exit;
use onramp::maven::catalogue::Shelved;
use onramp::maven::tuning::Machine;
use onramp::probe;
use onramp::results::Here;
use onramp::sys::Real;
use onramp::text::Line;

const APACHE: &str = include_str!("../../checks/apache/build-failures.yaml");
const ROOT: &str = "ONRAMP_TEST_BUILD";

#[derive(Parser)]
struct Words {
    #[command(flatten)]
    args: BuildArgs,
}

/// Not a test by itself: the other side of [`World::start`].
#[test]
fn the_verb_in_a_process_of_its_own() {
    let Some(root) = std::env::var_os(ROOT).map(PathBuf::from) else { return };
    let text = fs::read_to_string(root.join("words")).unwrap();
    let words = Words::parse_from(std::iter::once("build").chain(text.split_whitespace()));
    let terminal = Terminal { width: 100, ..Terminal::detect(false, false) };
    let machine = probe::Machine::live(Arc::new(Real::default()));
    let session = Session { bench: &Real::default(), machine, terminal };
    let plan = plan(&root);
    let done = if looks_back(&words.args) {
        look_back(&session, &words.args, &plan.title, &plan.git_folder, plan.catalogue.open())
    } else {
        build(&session, &words.args, plan, None)
    };
    let exit = done.unwrap_or_else(|error| {
        let trouble = error.downcast_ref::<Trouble>();
        let remedy = trouble.and_then(|trouble| trouble.remedy.clone()).unwrap_or_default();
        session.terminal.complain(Line::plain(format!("{error:#}\n{remedy}")));
        trouble.map_or(Exit::Internal, |trouble| trouble.exit)
    });
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the verb's own process, and it is done"
    )]
    std::process::exit(i32::from(exit.code()));
}

fn plan(root: &Path) -> BuildPlan {
    BuildPlan {
        title: "Shop".into(),
        root: root.join("tree"),
        here: Here::default(),
        git_folder: root.join("tree/.git"),
        jdk: Jdk {
            home: "/opt/jdk-17".into(),
            feature: Some(17),
            why: "the newest that fits".into(),
        },
        skip_rc: false,
        maven: Maven {
            program: root.join("mvn"),
            version: Some("3.9.9".into()),
            ..Maven::default()
        },
        goals: ["clean", "install", "-DskipTests"].map(str::to_owned).into(),
        way: Way { name: "guide".into(), ..Way::default() },
        partial: false,
        offline: false,
        changed: Some(Default::default()),
        machine: Machine { cores: 2, busy: 0, total: 16 << 30, available: 8 << 30, limit: None },
        catalogue: Shelved::of_onramp([("apache", APACHE)]),
    }
}

/// A work tree of two modules and a Maven that runs `script`.
pub(super) struct World(tempfile::TempDir);

impl World {
    pub(super) fn new(script: &str) -> Self {
        let world = Self(tempfile::tempdir().unwrap());
        let pom = |artifact: &str, rest: &str| {
            let id = format!("<groupId>org.example</groupId><artifactId>{artifact}</artifactId>");
            format!("<project>{id}<version>1.0</version>{rest}</project>")
        };
        fs::create_dir_all(world.path("tree/.git")).unwrap();
        fs::create_dir_all(world.path("tree/till")).unwrap();
        let modules =
            "<packaging>pom</packaging><name>Shop</name><modules><module>till</module></modules>";
        fs::write(world.path("tree/pom.xml"), pom("shop", modules)).unwrap();
        fs::write(world.path("tree/till/pom.xml"), pom("till", "<name>Shop Till</name>")).unwrap();
        fs::write(world.path("mvn"), format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(world.path("mvn"), fs::Permissions::from_mode(0o755)).unwrap();
        world
    }

    pub(super) fn path(&self, inside: &str) -> PathBuf {
        self.0.path().join(inside)
    }

    pub(super) fn start(&self, words: &str) -> Command {
        fs::write(self.path("words"), words).unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "cli::build::the_verb_in_a_process_of_its_own", "--nocapture"])
            .env(ROOT, self.0.path())
            .env("HOME", self.path("home"))
            .env_remove("MAVEN_OPTS")
            .env_remove("JAVA_TOOL_OPTIONS")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(super) fn run(&self, words: &str) -> Output {
        self.start(words).output().unwrap()
    }

    pub(super) fn logs(&self) -> Vec<PathBuf> {
        let folder = fs::read_dir(self.path("tree/.git/onramp/build")).unwrap();
        let mut logs: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
        logs.retain(|path| path.extension().is_none_or(|ending| ending != "json"));
        logs.sort();
        logs
    }
}

pub(super) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(super) const BEGIN: &str = "cat <<'END'
[INFO] Scanning for projects...
[INFO] Reactor Build Order:
[INFO] 
[INFO] Shop                     [pom]
[INFO] Shop Till                [jar]
[INFO] 
[INFO] ---< org.example:shop >---
[INFO] Building Shop 1.0                     [1/2]
[INFO] --- maven-install-plugin:2.4:install (default-install) @ shop ---
[INFO] ---< org.example:till >---
[INFO] Building Shop Till 1.0                [2/2]
END
";

pub(super) const PASS: &str = "cat <<'END'
[INFO] Reactor Summary for Shop 1.0:
[INFO] 
[INFO] Shop ............................ SUCCESS [  1.500 s]
[INFO] Shop Till ....................... SUCCESS [01:02 min]
[INFO] BUILD SUCCESS
[INFO] Total time:  01:04 min
END
";

#[test]
fn a_build_that_passes() {
    let script =
        format!("env > \"$0.env\"; echo \"$@\" > \"$0.words\"; pwd > \"$0.folder\"\n{BEGIN}{PASS}");
    let world = World::new(&script);
    let output = world.run("-- -Pextra");
    let said = said(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("this runs the code of the work tree"), "{said}");
    assert!(said.contains("17, /opt/jdk-17: the newest that fits"), "{said}");
    assert!(said.contains("[2/2] Shop Till\n"), "{said}");
    assert!(
        said.contains("built 2 modules in 1:04 min\nslowest: Shop Till 1:02 min, Shop 1.5 s\n"),
        "{said}"
    );
    let read = |name: &str| fs::read_to_string(world.path(name)).unwrap();
    assert_eq!(read("mvn.words"), "-B -Dstyle.color=never -T2 clean install -DskipTests -Pextra\n");
    let folder = fs::canonicalize(world.path("tree")).unwrap();
    assert_eq!(read("mvn.folder").trim(), folder.to_str().unwrap());
    let environment = read("mvn.env");
    assert!(environment.contains("JAVA_HOME=/opt/jdk-17\n"));
    let quick = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";
    let options = format!("MAVEN_OPTS=-Xmx2048m -XX:MaxMetaspaceSize=800m {quick}\n");
    assert!(environment.contains(&options), "{environment}");
    let logs = world.logs();
    assert!(fs::read_to_string(&logs[0]).unwrap().contains("BUILD SUCCESS"));
    assert_eq!(fs::metadata(&logs[0]).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(read("tree/.git/onramp/timings.json").contains("\"Shop Till\": 62.0"));
    let tree: Vec<_> =
        fs::read_dir(world.path("tree")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(tree.len(), 3, "nothing is written into the tree: {tree:?}");
}

#[test]
fn a_failure_is_one_screen_with_the_way_on() {
    let end = "cat <<'END'
[INFO] BUILD FAILURE
[INFO] Total time:  32.640 s
[ERROR] Failed to execute goal on project till: Could not resolve dependencies for project org.example:till:jar:1.0: Could not transfer artifact org.example:far:pom:9 from/to far.releases (https://far.example.org/releases/): transfer failed for https://far.example.org/releases/far.pom: Unknown host far.example.org -> [Help 1]
[ERROR] 
[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.
[ERROR]   mvn <args> -rf :till
END
exit 1";
    let world = World::new(&format!("{BEGIN}{end}"));
    let output = world.run("--threads 1 -- -Pextra");
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let screen = &said[said.find("the build failed").unwrap()..];
    for part in [
        "the build failed after 33 s in till",
        "artifact   org.example:far:pom:9\n",
        "repository far.releases (https://far.example.org/releases/)\n",
        "on the network: ",
        "let this machine reach https://far.example.org/releases/",
        "then       onramp build --resume-from :till --threads 1 -- -Pextra\n",
        "whole log  ",
    ] {
        assert!(screen.contains(part), "{part}: {screen}");
    }
    assert!(
        screen.lines().count() <= 24
            && screen
                .lines()
                .all(|line| line.chars().count() <= 100 || line.contains("/onramp/build/")),
        "{screen}"
    );
}

#[test]
fn going_on_in_the_middle_is_not_proposed_where_a_module_is_not_installed() {
    let end = "echo '[ERROR] Failed to execute goal g:odd-plugin:1:do (x) on project till: it broke -> [Help 1]'; exit 1";
    let world = World::new(&format!("{BEGIN}{end}"));
    let parent =
        "<parent><groupId>org.example</groupId><artifactId>shop</artifactId></parent></project>";
    // A release that lies in nobody's repository.
    for (file, old, new) in [("pom.xml", "1.0", "1.0-none"), ("till/pom.xml", "</project>", parent)]
    {
        let file = format!("tree/{file}");
        let text = fs::read_to_string(world.path(&file)).unwrap();
        fs::write(world.path(&file), text.replace(old, new)).unwrap();
    }
    let said = said(&world.run("--threads 1"));
    assert!(said.contains("then       onramp build --threads 1\n"), "{said}");
    assert!(said.contains("everything: shop is not in the local repository"), "{said}");
    assert!(said.contains("unknown: nothing that onramp knows looks like this"), "{said}");
}

#[test]
fn the_longest_failure_fits_one_screen() {
    let errors: String = (1..200)
        .map(|n| {
            format!(
                "[ERROR] $PWD/till/src/{}/A.java:{n}: {} [Odd]\n",
                "deep".repeat(30),
                "word ".repeat(60)
            )
        })
        .collect();
    let script = format!(
        "{BEGIN}cat <<END\n{errors}[INFO] BUILD FAILURE\n[ERROR] Failed to execute goal g:maven-checkstyle-plugin:3:check (x) on project till: Failed during checkstyle execution -> [Help 1]\nEND\nexit 1",
    );
    let said = said(&World::new(&script).run(""));
    let screen = &said[said.find("the build failed").unwrap()..];
    assert!(screen.contains("deep/A.java:1\n"), "the end of a long path counts: {screen}");
    assert!(screen.contains("and 196 more, in the log"), "{screen}");
    assert!(screen.lines().count() <= 24, "{screen}");
}

/// What is said of one file without a header, which RAT tells of in `report`.
fn unapproved(report: &str) -> String {
    let script = format!(
        "{BEGIN}mkdir target; echo ' !????? notes/scratch.sh' > {report}\n\
         echo \"[ERROR] Failed to execute goal org.apache.rat:apache-rat-plugin:0.12:check (x) on project shop: Too many files with unapproved license: 1 See RAT report in: $PWD/{report} -> [Help 1]\"\nexit 1",
    );
    said(&World::new(&script).run(""))
}

#[test]
fn files_without_a_licence_header_are_named() {
    for (report, named) in [("target/rat.txt", true), (".git/rat.txt", false)] {
        let said = unapproved(report);
        assert_eq!(said.contains("\n  notes/scratch.sh\n"), named, "{said}");
        assert!(said.contains("files without the licence header: 1"), "{said}");
    }
}

#[test]
fn a_maven_that_is_killed_is_no_riddle() {
    let said = said(&World::new(&format!("{BEGIN}kill -9 $$")).run(""));
    assert!(said.contains("Maven was ended from outside"), "{said}");
}

#[test]
fn a_dry_run_touches_nothing() {
    let world = World::new("touch \"$0.ran\"");
    let output = world.run("--dry-run --resume-from till");
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("heap of 2 GiB for Maven, ") && text.contains("--explain-tuning` says why"),
        "{text}"
    );
    assert!(text.contains("clean install -DskipTests -rf :till"), "{text}");
    assert!(!world.path("mvn.ran").exists());
    assert!(!world.path("tree/.git/onramp").exists());
}

#[test]
fn mistakes_are_told_before_maven_starts() {
    let world = World::new("touch \"$0.ran\"");
    for (words, says, remedy) in [
        ("--resume-from tll", "the project has no module `tll`", "did you mean `:till`?"),
        ("--jdk /nowhere", "--jdk /nowhere: there is no bin/javac in it", "the JDK's own folder"),
    ] {
        let output = world.run(words);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(says) && said.contains(remedy), "{said}");
    }
    fs::write(world.path("tree/pom.xml"), "<project>\n<modules>").unwrap();
    let output = world.run("");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("tree/pom.xml:2: "), "{}", said(&output));
    assert!(!world.path("mvn.ran").exists());
}

/// Makes a pipe by name; it reads as ended once nobody holds it open for writing.
pub(super) fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn an_interrupt_leaves_no_process_and_says_how_to_go_on() {
    // The grandchild ignores the polite signal and holds the pipe.
    let script = format!(
        "{BEGIN}exec 9>\"$0.pipe\"\n(trap '' TERM; echo ready >&9; exec sleep 600) &\nwait"
    );
    let world = World::new(&script);
    pipe(&world.path("mvn.pipe"));
    let child = world.start("").spawn().unwrap();
    let mut held = BufReader::new(fs::File::open(world.path("mvn.pipe")).unwrap());
    let mut line = String::new();
    held.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");

    let second = world.run("");
    assert_eq!(second.status.code(), Some(1));
    assert!(said(&second).contains("is being built already"), "{}", said(&second));

    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let mut rest = String::new();
    held.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "the pipe ended: nobody of the group is left");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", said(&output));
    let said = said(&output);
    assert!(said.contains("stopped; 1 of 2 modules is built"), "{said}");
    assert!(said.contains("onramp build --resume-from :till"), "{said}");
    assert!(!said.contains("failed"), "an interrupt is no failure: {said}");
}

#[test]
fn a_log_that_cannot_be_written_does_not_stop_the_build() {
    let world = World::new(&format!("{BEGIN}{PASS}"));
    fs::create_dir_all(world.path("tree/.git/onramp")).unwrap();
    fs::write(world.path("tree/.git/onramp/build"), "in the way").unwrap();
    let output = world.run("");
    let said = said(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("no log is kept") && said.contains("built 2 modules"), "{said}");
}

#[test]
fn a_disk_that_fills_up_does_not_stop_the_build() {
    let filler = "i=0; while [ $i -lt 400 ]; do echo \"[INFO] a line of some length, number $i of many\"; i=$((i+1)); done\n";
    let world = World::new(&format!("{BEGIN}{filler}{PASS}"));
    let verb = world.start("");
    // A limit on file size stands in for the disk: writing fails in the same way.
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\""]);
    limited.arg(verb.get_program()).args(verb.get_args()).env(ROOT, world.0.path());
    let output = limited.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("ends here, the build goes on: File too large"), "{said}");
    assert!(said.contains("built 2 modules"), "{said}");
}
