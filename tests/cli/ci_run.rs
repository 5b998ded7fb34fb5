//! `onramp ci` with tools of our own: scripts that print what the real ones would. What runs, over
//! which files, what is found, what is kept, and how a run ends.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

const WORKFLOW: &str = "name: Checks
on: pull_request
jobs:
  all:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - name: RAT
        run: mvn -P developer,systemvm -Dsimulator -Dnoredist -pl . org.apache.rat:apache-rat-plugin:0.12:check
      - name: Build
        run: mvn -B -P developer,systemvm -Dsimulator -Dnoredist clean install -T$(nproc)
      - name: Hooks
        run: pre-commit run --color=always --all-files
      - name: UI
        run: |
          cd ui
          npm install
          npm run lint
      - run: ./unknown.sh
";
const HOOKS: &str = "repos:
  - repo: https://example.org/hooks
    hooks:
      - id: trailing-whitespace
      - id: codespell
";

/// A world with these tools, in a clone of which a branch adds a class and a script.
fn world(mvn: &str, hooks: Option<&str>) -> TestWorld {
    let say = "echo \"$@\" >> \"$HOME/ran\"\n";
    let mut world = TestWorld::new().with_script("mvn", &format!("#!/bin/sh\n{say}{mvn}\n"));
    if let Some(hooks) = hooks {
        world = world.with_script("pre-commit", &format!("#!/bin/sh\n{say}{hooks}\n"));
    }
    let world = world.with_jdk();
    let tree = world.cloudstack();
    write(&tree.join(".github/workflows/checks.yml"), WORKFLOW);
    write(&tree.join(".pre-commit-config.yaml"), HOOKS);
    fs::remove_file(tree.join(".github/workflows/build.yml")).unwrap();
    world.commit(&tree, "Check everything");
    world.git(&tree, &["checkout", "--quiet", "-b", "topic"]);
    write(&tree.join("api/src/main/java/More.java"), "class More {}\n");
    write(&tree.join("api/run.sh"), "ends in blanks  \n");
    world.commit(&tree, "api: say more");
    world
}

fn ci(world: &TestWorld, arguments: &[&str]) -> Output {
    world.onramp(&world.tree(), &[&["ci"], arguments].concat())
}

fn ran(world: &TestWorld) -> String {
    fs::read_to_string(world.home().join("ran")).unwrap_or_default()
}

fn recorded(world: &TestWorld) -> Value {
    let text = fs::read(world.tree().join(".git/onramp/ci.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_passes_is_one_line_each_and_recorded() {
    let world = world("true", Some("true"));
    let tree = world.tree();
    let output = ci(&world, &[]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    let said = output.stderr();
    assert!(said.contains("this runs the code of the work tree"), "{said}");
    for line in [
        "ok       licence headers (RAT)  exact",
        "ok       checkstyle  approximate",
        "spared   lint of the user interface  approximate; this branch touches none of ui/**",
        "ok       the project's hooks  exact",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let base = world.git(&tree, &["rev-parse", "main"]);
    let head = world.git(&tree, &["rev-parse", "topic"]);
    assert_eq!(
        ran(&world),
        format!(
            "-B -Dstyle.color=never -P developer,systemvm -Dsimulator -pl . org.apache.rat:apache-rat-plugin:0.12:check\n\
             -B -Dstyle.color=never -pl tools/checkstyle install\n\
             -B -Dstyle.color=never --fail-at-end -P developer,systemvm -Dsimulator validate -pl api\n\
             run --from-ref {base} --to-ref {head} --color never\n"
        )
    );
    let kept = recorded(&world);
    assert_eq!((&kept["exit"], &kept["counts"]["ok"]), (&0.into(), &3.into()), "{kept}");
    assert_eq!(kept["counts"]["skipped"], 1, "what did not run did not pass");
    let command = "mvn -B -Dstyle.color=never -P developer,systemvm -Dsimulator -pl . org.apache.rat:apache-rat-plugin:0.12:check";
    assert_eq!(kept["steps"][0]["command"], command, "nothing of this machine is in it");
    assert_eq!(kept["head"], head);
    assert_eq!(kept["steps"][0]["how"], "exact");
    assert_eq!(kept["partial"], true, "whole builds were left out");
    let log = tree.join(".git/onramp/ci/01-licence-headers--rat.log");
    let mode = fs::metadata(&log).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn what_fails_names_file_and_line() {
    let mvn = "case \"$*\" in
*rat*) printf ' !????? api/run.sh\\n !????? api/src/main/java/More.java\\n' > target/rat.txt
echo \"[ERROR] Failed to execute goal org.apache.rat:apache-rat-plugin:0.12:check (default-cli) on project cloudstack: Too many files with unapproved license: 2 See RAT report in: $PWD/target/rat.txt -> [Help 1]\"; exit 1;;
*validate*) echo '[ERROR] src/main/java/More.java:1: Missing package declaration. [PackageDeclaration]'; exit 1;;
esac";
    let hooks = "echo 'codespell......Failed'; echo '- hook id: codespell'; echo; echo 'api/run.sh:1: endz ==> ends'; printf 'ends in blanks\\n' > api/run.sh; exit 1";
    let world = world(mvn, Some(hooks));
    fs::create_dir(world.tree().join("target")).unwrap();
    let output = ci(&world, &[]);
    assert_eq!(output.code, Some(1), "{}{}", output.stdout(), output.stderr());
    let told = output.stdout();
    for line in [
        "api/run.sh  no licence header that RAT approves",
        "api/src/main/java/More.java  no licence header that RAT approves",
        "api/src/main/java/More.java:1",
        "Missing package declaration. [PackageDeclaration]",
        "api/run.sh:1  endz ==> ends [codespell]",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    assert!(
        unwrapped(&told).contains("the hooks changed api/run.sh: look with `git diff`"),
        "{told}"
    );
    assert_eq!(recorded(&world)["exit"], 1);
}

#[test]
fn without_the_hooks_onramps_own_checks_stand_in_and_say_so() {
    let world = world("true", None);
    let output = ci(&world, &["--only", "checks/all/4"]);
    assert_eq!(output.code, Some(1), "{}{}", output.stdout(), output.stderr());
    let (told, said) = (output.stdout(), output.stderr());
    assert!(said.contains("onramp's own checks stand in; pre-commit is not installed"), "{said}");
    assert!(!said.contains("this runs the code"), "{said}");
    assert!(
        unwrapped(&told).contains("api/run.sh:1 ends in blanks [cloudstack/patch/trailing-blanks]"),
        "{told}"
    );
    assert!(told.contains("not looked at: codespell; pre-commit is not installed"), "{told}");
    assert_eq!(recorded(&world)["steps"][0]["how"], "stand-in");
    assert_eq!(ran(&world), "");
}

#[test]
fn hooks_are_kept_from_a_tree_with_changes_of_ones_own() {
    let world = world("true", Some(": > mended"));
    let file = world.tree().join("api/src/main/java/Api.java");
    write(&file, "half done\n");
    let output = ci(&world, &["--only", "checks/all/4"]);
    assert_eq!(output.code, Some(1), "{}{}", output.stdout(), output.stderr());
    assert!(output.stderr().contains("commit or stash them first"), "{}", output.stderr());
    assert_eq!(ran(&world), "");
    assert_eq!(fs::read_to_string(file).unwrap(), "half done\n");
}

#[test]
fn checks_that_could_not_look_are_no_pass() {
    let world = world("true", None);
    write(&world.tree().join("pom.xml"), "broken\n");
    world.commit(&world.tree(), "Break the pom");
    let output = ci(&world, &["--only", "checks/all/4"]);
    assert_eq!(output.code, Some(3), "{}{}", output.stdout(), output.stderr());
    let told = unwrapped(&output.stdout());
    assert!(told.contains("nothing here says that this is a clone of Apache CloudStack"), "{told}");
}

#[test]
fn all_hooks_look_at_everything_where_their_configuration_changed() {
    let world = world("true", Some("true"));
    write(&world.tree().join(".pre-commit-config.yaml"), format!("{HOOKS}# more\n"));
    world.commit(&world.tree(), "Configure the hooks");
    let output = ci(&world, &["--only", "checks/all/4"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    assert_eq!(ran(&world), "run --all-files --color never\n");
}

#[test]
fn what_should_run_and_cannot_be_told_is_incomplete() {
    let cannot = "echo '[ERROR] Plugin x:y:1 or one of its dependencies could not be resolved: Could not transfer artifact x:y:pom:1 from/to central (https://repo.example.org/maven2): repo.example.org: Name or service not known -> [Help 1]'; exit 1";
    let world = world(cannot, Some("echo 'An unexpected error has occurred'; exit 3"));
    let output = ci(&world, &["--only", "checks/all/2", "--only", "checks/all/4"]);
    assert_eq!(output.code, Some(3), "{}{}", output.stdout(), output.stderr());
    let told = unwrapped(&output.stdout());
    assert!(told.contains("unknown Maven came to no verdict"), "{told}");
    assert!(
        told.contains(
            "it ended with 3 and named no file, saying: An unexpected error has occurred"
        ),
        "{told}"
    );
    assert!(told.contains("0 of 2 passed, 2 could not be told"), "{told}");
}

#[test]
fn a_dry_run_says_all_and_runs_nothing() {
    let world = world("true", Some("true"));
    let output = ci(&world, &["--dry-run", "--long"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    let told = output.stdout();
    assert!(told.contains("apache-rat-plugin:0.12:check"), "{told}");
    assert!(told.contains("developer,systemvm -Dsimulator clean install -T"), "{told}");
    assert!(!told.contains("-Dnoredist") && !told.contains("$(nproc)"), "{told}");
    assert_eq!(ran(&world), "");
    assert!(!world.tree().join(".git/onramp").exists());
}

#[test]
fn a_step_can_be_named_and_a_wrong_name_says_which_there_are() {
    let world = world("true", Some("true"));
    let output = ci(&world, &["--only", "all/2"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    assert_eq!(ran(&world).lines().count(), 1);
    let wrong = ci(&world, &["--only", "checks/all/99"]);
    assert_eq!(wrong.code, Some(2));
    let said = unwrapped(&wrong.stderr());
    assert!(
        said.contains(
            "`checks/all/99` is no step that can be run here; these are: `licence headers (RAT)` \
             (checks/all/2)"
        ),
        "{said}"
    );
}

#[test]
fn work_is_chosen_by_the_name_that_a_run_prints_and_long_work_by_nothing_less() {
    let world = world("true", Some("true"));
    let output = ci(&world, &["--only", "checkstyle"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    assert!(ran(&world).lines().all(|line| !line.contains("clean install")), "{}", ran(&world));
    let output = ci(&world, &["--only", "checks/all/3"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    assert!(output.stdout().contains("left for later, for they take long"), "{}", output.stdout());
    assert!(ran(&world).lines().all(|line| !line.contains("clean install")), "{}", ran(&world));
    let output = ci(&world, &["--only", "the whole build with its tests"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    assert!(ran(&world).lines().any(|line| line.contains("clean install")), "{}", ran(&world));
}

#[test]
fn a_signal_ends_the_tool_and_records_nothing() {
    let world = world(": > \"$HOME/begun\"; exec /bin/sleep 600", Some("true"));
    let onramp = Path::new(env!("CARGO_BIN_EXE_onramp"));
    let mut command = world.command(&world.tree(), onramp, &["ci", "--only", "checks/all/2"]);
    let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.contains("running the CI steps"), "{first}");
    let until = Instant::now() + Duration::from_secs(60);
    while !world.home().join("begun").exists() {
        assert!(Instant::now() < until, "the tool was not started");
        std::thread::yield_now();
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let said: Vec<String> = lines.map_while(Result::ok).collect();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(said.iter().any(|line| line.contains("stopped; 0 of 1 steps had ended")), "{said:?}");
    assert!(!world.tree().join(".git/onramp/ci.json").exists());
}

#[test]
fn a_planted_link_leads_no_log_out_of_the_clone() {
    let world = world("true", Some("true"));
    let outside = world.path("outside");
    fs::create_dir(&outside).unwrap();
    fs::create_dir(world.tree().join(".git/onramp")).unwrap();
    symlink(&outside, world.tree().join(".git/onramp/ci")).unwrap();
    let output = ci(&world, &["--only", "checks/all/2"]);
    assert_eq!(output.code, Some(2), "{}", output.stderr());
    assert!(output.stderr().contains("leads out of the clone"), "{}", output.stderr());
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    assert_eq!(ran(&world), "");
}

#[test]
fn what_a_tool_prints_cannot_reach_the_screen_raw() {
    let mvn = "printf '[ERROR] F.java:1: \\033]0;owned\\007 odd [Rule]\\n'; exit 1";
    let world = world(mvn, Some("true"));
    let output = ci(&world, &["--only", "checks/all/2"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    let all = output.stdout() + &output.stderr();
    assert!(all.contains("\\x1b]0;owned\\x07 odd [Rule]"), "{all}");
    assert!(!all.contains('\u{1b}') && !all.contains('\u{7}'), "{all:?}");
}
