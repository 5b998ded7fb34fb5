//! `onramp build --blame` on real clones: with a real Maven where the fault lies in code, with one of
//! our own that prints what a real one would where it lies outside.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::maven::Shop;
use crate::support::process::{Output, flat};
use crate::support::world::{TestWorld, write_script};

const TEST: &str = "till/src/test/java/org/example/TillTest.java";
const WITH_TESTS: [&str; 2] = ["--", "-DskipTests=false"];

/// A shop on a branch `work` beside `main`.
fn branched() -> Shop {
    let shop = Shop::new();
    shop.world.git(&shop.tree, &["checkout", "--quiet", "-b", "work"]);
    shop
}

fn blame(shop: &Shop, more: &[&str]) -> Output {
    shop.onramp(&[&["build", "--blame", "--base", "main"], more, &WITH_TESTS].concat())
}

/// The one work tree is the user's, and no other folder is left.
#[track_caller]
fn nothing_is_left(shop: &Shop) {
    let trees = shop.world.git(&shop.tree, &["worktree", "list", "--porcelain"]);
    assert_eq!(trees.matches("worktree ").count(), 1, "{trees}");
    assert!(!shop.tree.join(".git/onramp/blame-tree").exists());
}

#[test]
fn my_change_with_a_real_maven() {
    let shop = branched();
    shop.replace(TEST, "assertEquals(3", "assertEquals(4");
    let failed = shop.onramp(&[&["build"][..], &WITH_TESTS].concat());
    assert_eq!(failed.code, Some(1), "{}", failed.stderr());
    let installed = shop.repository().join("org/example/till");
    // As it failed, though the words are not typed again.
    let output = shop.onramp(&["build", "--blame", "--base", "main"]);
    let (said, told) = (output.stdout(), output.stderr());
    assert_eq!(output.code, Some(1), "{said}{told}");
    let told = flat(&told);
    assert!(told.contains(" -DskipTests=false -pl :till -am -Dtest=TillTest "), "{told}");
    assert!(told.contains("runs again till, once or twice here, and once on main at "), "{told}");
    assert!(told.contains("this runs the code of the work tree and of the base"), "{told}");
    assert!(
        flat(&said).contains("answer your change: it fails here every time, and not on main"),
        "{said}"
    );
    assert!(flat(&said).contains("with what is not committed, "), "{said}");
    assert!(said.contains(": passed\n"), "{said}");
    assert!(!installed.exists(), "nothing is installed");
    assert!(shop.world.git(&shop.tree, &["status", "--porcelain"]).contains(TEST), "nor touched");
    nothing_is_left(&shop);
}

#[test]
fn what_passes_in_other_surroundings_is_not_called_flaky() {
    let shop = branched();
    shop.replace(
        TEST,
        "assertEquals(3",
        "assertEquals(System.getProperty(\"odd\") == null ? 3 : 4",
    );
    let build = [&["build"][..], &WITH_TESTS].concat();
    let failed = shop.onramp_with("JAVA_TOOL_OPTIONS", "-Dodd=1", &build);
    assert_eq!(failed.code, Some(1), "{}", failed.stderr());
    let output = blame(&shop, &[]);
    let said = flat(&output.stdout());
    assert!(
        said.contains("answer cannot be told: it passes, but the last build was not"),
        "{said}"
    );
    assert!(said.contains("it had `-Dodd=1` in MAVEN_OPTS and JAVA_TOOL_OPTIONS"), "{said}");
    assert_eq!(output.code, Some(3), "{said}");
}

#[test]
fn the_base_with_a_real_maven() {
    let shop = Shop::new();
    shop.replace(TEST, "assertEquals(3", "assertEquals(4");
    shop.commit("Break a test");
    shop.world.git(&shop.tree, &["checkout", "--quiet", "-b", "work"]);
    shop.write("notes.txt", "a change of mine\n");
    shop.commit("Note something");
    let build = [&["build"][..], &WITH_TESTS].concat();
    assert_eq!(shop.onramp(&build).code, Some(1));
    let known = shop.world.path("known.yaml");
    let known = known.to_str().unwrap();
    let output = blame(&shop, &["--known-failures", known]);
    let said = output.stdout();
    assert_eq!(output.code, Some(1), "{said}{}", output.stderr());
    assert!(
        flat(&said).contains("answer the base: main fails in the same way without your change"),
        "{said}"
    );
    nothing_is_left(&shop);

    let text = fs::read_to_string(known).unwrap();
    assert!(text.starts_with("- id: 'till/TillTest.sums'\n  reason: 'fails on main at "), "{text}");
    let said =
        shop.onramp(&[&["build", "--known-failures", known][..], &WITH_TESTS].concat()).stderr();
    assert!(flat(&said).contains("known till/TillTest.sums: fails on main at "), "{said}");
    let old = text.lines().map(|line| match line.trim_start().starts_with("until:") {
        true => "  until: 2020-01-31\n".to_owned(),
        false => format!("{line}\n"),
    });
    fs::write(known, old.collect::<String>()).unwrap();
    let said =
        shop.onramp(&[&["build", "--known-failures", known][..], &WITH_TESTS].concat()).stderr();
    assert!(flat(&said).contains("no longer till/TillTest.sums: fails on main at "), "{said}");
}

/// A clone whose Maven is a script: `fails` is a condition of the shell, `how` what it then says.
struct Played {
    world: TestWorld,
    tree: PathBuf,
}

const BEGIN: &str = "cat <<'END'
[INFO] Scanning for projects...
[INFO] ---< org.example:till >---
[INFO] Building Shop Till 1.0                [1/1]
[INFO] --- maven-surefire-plugin:2.22.2:test (default-test) @ till ---
END
";

const PASS: &str = "cat <<'END'
[INFO] Tests run: 1, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s - in org.example.TillTest
[INFO] BUILD SUCCESS
END
";

const TEST_FAILS: &str = "[ERROR] Tests run: 1, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.1 s <<< FAILURE! - in org.example.TillTest
[ERROR] Failures: 
[ERROR]   TillTest.sums:10 expected:<4> but was:<3>
[ERROR] Tests run: 1, Failures: 1, Errors: 0, Skipped: 0
[INFO] BUILD FAILURE
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:2.22.2:test (default-test) on project till: There are test failures. -> [Help 1]";

const NO_HOST: &str = "[INFO] BUILD FAILURE
[ERROR] Failed to execute goal on project till: Could not resolve dependencies for project org.example:till:jar:1.0: Could not transfer artifact org.far:far:pom:9 from/to far (http://127.0.0.1:1/m2): transfer failed for http://127.0.0.1:1/m2/far.pom: Connect to 127.0.0.1:1 failed: Connection refused (Connection refused) -> [Help 1]";

const DISK: &str = "[INFO] BUILD FAILURE
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:2.22.2:test (default-test) on project till: Error while storing the mojo status: No space left on device -> [Help 1]";

const COLLECTORS: &str = "Conflicting collector combinations in option list; please refer to the release notes for the combinations allowed";

impl Played {
    fn new(fails: &str, how: &str) -> Self {
        let world = TestWorld::new();
        let tree = world.tree();
        world.git(&world.work(), &["init", "--quiet", tree.to_str().expect("a UTF-8 path")]);
        let played = Self { world, tree };
        let pom = "<project><groupId>org.example</groupId><artifactId>till</artifactId><version>1.0</version></project>";
        fs::write(played.tree.join("pom.xml"), pom).unwrap();
        fs::write(played.tree.join(".gitignore"), "target/\n").unwrap();
        played.world.git(&played.tree, &["add", "--all"]);
        played.world.git(&played.tree, &["commit", "--quiet", "--message", "Open a shop"]);
        played.world.git(&played.tree, &["checkout", "--quiet", "-b", "work"]);
        write_script(&played.world.path("jdk/bin/javac"), "#!/bin/sh\n");
        write_script(&played.world.path("jdk/bin/java"), "#!/bin/sh\n");
        played.maven(fails, how);
        played
    }

    /// `$RUNS` holds a line for every run before, with its folder.
    fn maven(&self, fails: &str, how: &str) {
        let runs = self.world.path("runs");
        let script = format!(
            "#!/bin/sh\nPATH=/usr/bin:/bin\nRUNS={}\ntouch $RUNS\necho \"$PWD\" >> $RUNS\n{BEGIN}\
             if {fails}; then cat <<'END'\n{how}\nEND\nexit 1; fi\n{PASS}",
            runs.display()
        );
        write_script(&self.world.programs().join("mvn"), &script);
    }

    fn onramp(&self, words: &[&str]) -> Output {
        let jdk = self.world.path("jdk");
        let all =
            [&["--project", "apache", "build", "--jdk", jdk.to_str().unwrap()], words].concat();
        self.world.onramp(&self.tree, &all)
    }

    /// What is answered after a build that failed.
    #[track_caller]
    fn answered(&self) -> Output {
        // What could have been told before is to fail here.
        let failed = self.onramp(&["--anyway"]);
        assert_eq!(failed.code, Some(1), "{}", failed.stderr());
        self.onramp(&["--blame", "--base", "main"])
    }

    fn runs(&self) -> Vec<String> {
        let text = fs::read_to_string(self.world.path("runs")).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    #[track_caller]
    fn nothing_is_left(&self) {
        let trees = self.world.git(&self.tree, &["worktree", "list", "--porcelain"]);
        assert_eq!(trees.matches("worktree ").count(), 1, "{trees}");
        assert!(!self.tree.join(".git/onramp/blame-tree").exists());
    }
}

#[track_caller]
fn says(output: &Output, code: i32, answer: &str) {
    let said = output.stdout();
    assert_eq!(output.code, Some(code), "{said}{}", output.stderr());
    assert!(flat(&said).contains(answer), "{answer}: {said}{}", output.stderr());
}

#[test]
fn my_change_and_the_base() {
    // The base's folder is another one.
    let here = "case $PWD in */blame-tree) false;; *) true;; esac";
    let played = Played::new(here, TEST_FAILS);
    says(&played.answered(), 1, "answer your change: it fails here every time, and not on main");
    assert_eq!(played.runs().len(), 3, "the build, again here, and the base");
    assert!(played.runs()[2].ends_with("/blame-tree"));
    played.nothing_is_left();

    let played = Played::new("true", TEST_FAILS);
    says(&played.answered(), 1, "answer the base: main fails in the same way without your change");
    played.nothing_is_left();
}

#[test]
fn a_test_that_fails_sometimes() {
    let played = Played::new("[ $(wc -l < $RUNS) = 1 ]", TEST_FAILS);
    says(
        &played.answered(),
        1,
        "answer flaky: it failed once and passed since, with nothing changed",
    );
    assert_eq!(played.runs().len(), 3, "the build and twice here; no need to try the base");
}

#[test]
fn the_network_and_the_machine() {
    let played = Played::new("true", NO_HOST);
    says(&played.answered(), 1, "answer the network: not your change");
    let played = Played::new("true", DISK);
    says(&played.answered(), 1, "answer this machine: main fails here in the same way");
}

#[test]
fn a_machine_that_is_proved_to_be_at_fault_runs_nothing_again() {
    let played = Played::new("true", COLLECTORS);
    let played = Played {
        world: played.world.with_variable("MAVEN_OPTS", "-XX:+UseSerialGC -XX:+UseG1GC"),
        tree: played.tree,
    };
    let output = played.answered();
    says(&output, 1, "answer this machine: Java does not start with the options it is given");
    assert_eq!(played.runs().len(), 1, "{}", output.stdout());
}

#[test]
fn another_failure_than_at_first_tells_nothing() {
    let played = Played::new("true", TEST_FAILS);
    assert_eq!(played.onramp(&[]).code, Some(1));
    played.maven("true", &TEST_FAILS.replace("TillTest.sums", "TillTest.other"));
    let output = played.onramp(&["--blame", "--base", "main"]);
    says(
        &output,
        3,
        "answer cannot be told: here it fails otherwise than at first: TillTest.other",
    );
}

#[test]
fn without_a_failure_there_is_no_blame() {
    let played = Played::new("false", "");
    let output = played.onramp(&["--blame", "--base", "main"]);
    assert_eq!(output.code, Some(2), "{}", output.stderr());
    assert!(output.stderr().contains("no build of this tree left a log"), "{}", output.stderr());
    assert_eq!(played.onramp(&[]).code, Some(0));
    let output = played.onramp(&["--blame", "--base", "main"]);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr().contains("the last build here did not fail"), "{}", output.stderr());
}

#[test]
fn it_can_be_asked_what_it_would_run() {
    let played = Played::new("true", TEST_FAILS);
    assert_eq!(played.onramp(&[]).code, Some(1));
    let output = played.onramp(&["--blame", "--base", "main", "--dry-run"]);
    let said = output.stdout();
    assert_eq!(output.code, Some(0), "{said}{}", output.stderr());
    assert!(said.contains("-pl :till -am -Dtest=TillTest "), "{said}");
    assert!(said.contains(" clean verify -pl "), "{said}");
    assert_eq!(played.runs().len(), 1);
}

#[test]
fn an_interrupt_on_the_base_leaves_no_work_tree() {
    let played = Played::new("true", TEST_FAILS);
    assert_eq!(played.onramp(&[]).code, Some(1));
    let pipe = played.world.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let base = format!(
        "case $PWD in */blame-tree) echo ready > {}; exec sleep 600;; *) true;; esac",
        pipe.display()
    );
    played.maven(&base, TEST_FAILS);
    let jdk = played.world.path("jdk");
    let words = [
        "--project",
        "apache",
        "build",
        "--jdk",
        jdk.to_str().unwrap(),
        "--blame",
        "--base",
        "main",
    ];
    let onramp = std::path::Path::new(env!("CARGO_BIN_EXE_onramp"));
    let mut command = played.world.command(&played.tree, onramp, &words);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(fs::File::open(&pipe).unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    assert!(played.tree.join(".git/onramp/blame-tree/pom.xml").is_file());
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    played.nothing_is_left();
}
