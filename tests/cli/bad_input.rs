//! What comes in crooked: each ends in one sentence and the right exit code, and nothing is lost.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;

use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

#[track_caller]
fn refused(output: &Output, says: &str) {
    let text = output.stderr();
    assert_eq!(output.code, Some(2), "{text}");
    assert!(text.contains(says), "{text}");
    assert!(text.contains("\n  → "), "no remedy: {text}");
}

fn pipe(world: &TestWorld, path: &Path) {
    let mkfifo = which::which("mkfifo").unwrap();
    assert_eq!(world.run(&world.work(), &mkfifo, &[path], b"").code, Some(0));
}

fn check(world: &TestWorld, folder: &Path, more: &[&str]) -> Output {
    world.onramp(folder, &[&["--offline", "check"], more].concat())
}

#[test]
fn a_report_never_takes_the_place_of_a_device_or_a_link() {
    let world = TestWorld::new();
    let (fifo, link, file) = (world.path("pipe"), world.path("link"), world.path("report"));
    pipe(&world, &fifo);
    let report = |path: &Path| format!("json:{}", path.display());
    refused(&check(&world, &world.work(), &["cores", "--report", &report(&fifo)]), "a pipe");
    assert!(fs::symlink_metadata(&fifo).unwrap().file_type().is_fifo());
    fs::write(&file, "old").unwrap();
    symlink(&file, &link).unwrap();
    let output = check(&world, &world.work(), &["cores", "--report", &report(&link)]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&file).unwrap().starts_with("{\n"));
}

#[test]
fn a_tree_whose_path_is_not_utf8_is_refused_and_no_other_made() {
    let world = TestWorld::new();
    let tree = world.path("trees").join(OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir(world.path("trees")).unwrap();
    fs::rename(world.cloudstack(), &tree).unwrap();
    for verb in [&["--offline"][..], &["check", "patch"], &["pr", "--output", "d.md"], &["build"]] {
        refused(&world.onramp(&tree, verb), "is not UTF-8");
    }
    // A linked work tree elsewhere leads into it.
    let linked = world.path("linked");
    world.git(&tree, &["worktree", "add", "-q", "-b", "topic", linked.to_str().unwrap()]);
    let output = world.onramp(&linked, &["pr"]);
    assert_eq!(output.code, Some(2), "{}", output.stderr());
    assert!(output.stderr().contains("is not UTF-8"), "{}", output.stderr());
    assert_eq!(fs::read_dir(world.path("trees")).unwrap().count(), 1);
    let folder = [OsStr::new("clone"), OsStr::from_bytes(b"caf\xe9")];
    refused(&world.onramp(&world.work(), &folder), "is not UTF-8");
}

#[test]
fn the_folder_to_make_is_not_the_one_to_start_in() {
    let world = TestWorld::new();
    let output = world.onramp(&world.work(), &["clone", "mine", "--shallow", "--dry-run"]);
    let said = output.stdout() + &output.stderr();
    // Where the disk is small the room is what stands in the way.
    assert!(said.contains("/work/mine") || said.contains("a shallow clone needs"), "{said}");
}

#[test]
fn what_cannot_be_printed_is_told_and_changes_no_verdict() {
    let world = TestWorld::new();
    let shell = which::which("sh").unwrap();
    let onramp = env!("CARGO_BIN_EXE_onramp");
    let run = |script: &str| {
        world.run(&world.work(), &shell, &["-c", &format!("'{onramp}' --offline {script}")], b"")
    };
    // On Linux a device that is always full.
    if Path::new("/dev/full").exists() {
        refused(&run("list > /dev/full"), "standard output cannot be written");
    }
    let failing = check(&world, &world.work(), &["apache/machine/maven"]).code;
    assert_eq!(failing, Some(1));
    // `true` reads nothing, and with nobody to print to there is no reason to say all is well.
    let script = "check apache/machine/maven -v --report json | true; echo ended";
    assert_eq!(run(script).code, Some(0));
    let closed = world.run(
        &world.work(),
        &which::which("bash").unwrap_or(shell.clone()),
        &["-c", &format!("set -o pipefail; {{ sleep 0; '{onramp}' --offline check apache/machine/maven; }} | true")],
        b"",
    );
    assert_eq!(closed.code, Some(1), "{}", closed.stderr());
}

#[test]
fn a_folder_must_be_one() {
    let world = TestWorld::new();
    let file = world.home().join(".gitconfig");
    refused(&world.onramp(&world.work(), &["-C", file.to_str().unwrap()]), "not a folder");
}

#[test]
fn nothing_waits_for_a_pipe_among_gits_files() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    for name in ["packed-refs", "config"] {
        let file = tree.join(".git").join(name);
        let _ = fs::remove_file(&file);
        pipe(&world, &file);
        for verb in [&["--offline"][..], &["--offline", "check", "patch"], &["pr"]] {
            refused(&world.onramp(&tree, verb), &format!(".git/{name} is a pipe"));
        }
        fs::remove_file(&file).unwrap();
    }
}

#[test]
fn a_clone_of_something_else_gets_no_verdict() {
    let world = TestWorld::new();
    let tree = world.path("other");
    world.git(&world.work(), &["init", "-q", tree.to_str().unwrap()]);
    write(&tree.join("a"), "a\n");
    world.git(&tree, &["add", "-A"]);
    world.git(&tree, &["commit", "-qm", "First"]);
    refused(&check(&world, &tree, &["patch"]), "not inside a clone of Apache CloudStack");
    refused(&world.onramp(&tree, &["pr"]), "is no clone of Apache CloudStack");
    let output = check(&world, &tree, &["topic-branch", "--project", "apache"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    // A broken root pom makes it no other project: the remote still says what it is.
    let tree = world.cloudstack();
    world.git(&tree, &["remote", "add", "upstream", "https://github.com/apache/cloudstack.git"]);
    fs::write(tree.join("pom.xml"), "<project").unwrap();
    assert_eq!(check(&world, &tree, &["topic-branch"]).code, Some(0));
}

#[test]
fn a_strangers_version_is_no_release_of_the_project_and_its_code_is_not_run() {
    let world = TestWorld::new();
    let tree = world.path("stranger");
    world.git(&world.work(), &["init", "-q", tree.to_str().unwrap()]);
    write(
        &tree.join("pom.xml"),
        "<project><groupId>com.example</groupId><artifactId>a</artifactId><version>4.3</version></project>",
    );
    world.git(&tree, &["add", "-A"]);
    world.git(&tree, &["commit", "-qm", "First"]);
    let version = |words: &[&str]| {
        let words = [&["check", "machine", "--report", "json"], words].concat();
        let report: serde_json::Value =
            serde_json::from_slice(&world.onramp(&tree, &words).out).unwrap();
        report["project"]["version"].clone()
    };
    assert_eq!(version(&[]), serde_json::Value::Null);
    assert_eq!(version(&["--project", "cloudstack"]), "4.3");
    refused(&world.onramp(&tree, &["build"]), "is no clone of Apache CloudStack");
}

#[test]
fn the_road_ticks_nothing_that_could_not_be_told() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    world.git(&tree, &["remote", "add", "upstream", "https://github.com/apache/cloudstack.git"]);
    world.git(&tree, &["branch", "-m", "main", "topic"]);
    let road = world.onramp(&tree, &["--offline"]).stdout();
    let clone = road.lines().find(|line| line.contains(" clone ")).unwrap();
    assert!(clone.contains("○ clone     no maintained branch that"), "{road}");
    assert!(!road.contains("✓ patch"), "{road}");
}

#[test]
fn a_branch_name_is_one_word_of_the_command_to_copy() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    world.git(&tree, &["remote", "add", "upstream", "https://github.com/apache/cloudstack.git"]);
    world.git(&tree, &["remote", "add", "origin", "https://github.com/ada/cloudstack.git"]);
    world.git(&tree, &["switch", "-qc", "x;$(id)"]);
    write(&tree.join("b.txt"), "b\n");
    world.git(&tree, &["add", "-A"]);
    world.git(&tree, &["commit", "-qm", "Add b"]);
    let said = world.onramp(&tree, &["pr"]).stderr();
    assert!(said.contains("git push -u origin 'x;$(id)'"), "{said}");
}

#[test]
fn a_subject_without_end_is_cut() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    world.git(&tree, &["switch", "-qc", "topic"]);
    world.git(&tree, &["commit", "-q", "--allow-empty", "-m", &"x".repeat(100_000)]);
    let output = check(&world, &tree, &["patch"]);
    assert!(output.stdout().contains("xxx…\""), "{}", output.stdout());
    assert!(output.out.len() < 10_000);
}

#[test]
fn a_work_tree_that_was_left_behind_says_where_it_led() {
    let world = TestWorld::new();
    let (tree, linked) = (world.cloudstack(), world.path("linked"));
    world.git(&tree, &["worktree", "add", "-q", "-b", "topic", linked.to_str().unwrap()]);
    fs::rename(&tree, world.path("moved")).unwrap();
    let output = world.onramp(&linked, &["pr"]);
    assert_eq!(output.code, Some(2));
    let said = output.stderr();
    assert!(said.contains("leads nowhere") && said.contains("git worktree repair"), "{said}");
}

#[test]
fn a_report_from_no_time_is_refused() {
    let world = TestWorld::new();
    let file = world.path("report.json");
    let target = format!("json:{}", file.display());
    check(&world, &world.work(), &["cores", "--report", &target]);
    let mut report: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    report["created"] = (1_i64 << 62).into();
    fs::write(&file, report.to_string()).unwrap();
    let replay = ["--replay", file.to_str().unwrap(), "--report", "junit"];
    refused(&check(&world, &world.work(), &replay), "which is no time");
}

#[test]
fn folders_of_checks_that_are_none() {
    let world = TestWorld::new();
    let packs = world.path("packs");
    let stage = packs.join("mine/machine");
    fs::create_dir_all(&stage).unwrap();
    let packs_text = packs.to_str().unwrap().to_owned();
    let list = || world.onramp(&world.work(), &["list", "--checks", &packs_text]);
    refused(&list(), "no check lies here");
    // Two links at each level would be followed for ever, were the depth not limited.
    for name in ["one", "two"] {
        symlink(".", packs.join(name)).unwrap();
    }
    refused(&list(), "too deep for a check");
    for name in ["one", "two"] {
        fs::remove_file(packs.join(name)).unwrap();
    }
    let once = |name: &OsStr, says: &str| {
        let file = stage.join(name);
        fs::write(&file, "x".repeat(300 * 1024)).unwrap();
        refused(&list(), says);
        fs::remove_file(file).unwrap();
    };
    once(OsStr::new("try.yml"), "its name does not end in .yaml");
    once(OsStr::new("try.yaml"), "larger than 256 KiB");
    once(OsStr::from_bytes(b"caf\xe9.yaml"), "the name is not UTF-8");
    pipe(&world, &stage.join("pipe.yaml"));
    refused(&list(), "not a regular file");
    fs::remove_file(stage.join("pipe.yaml")).unwrap();
    // A README is none of ours.
    fs::write(stage.join("README"), "[").unwrap();
    let good =
        "title: t\nseverity: warn\nprobe: { cores: {} }\npass: true\nsay: s\nwhy: w\nsource: s\n";
    fs::write(stage.join("try.yaml"), good).unwrap();
    assert_eq!(list().code, Some(0), "{}", list().stderr());
    fs::write(stage.join("try.yaml"), format!("{good}replaces: apache/machine/gitt\n")).unwrap();
    let said = list().stderr();
    assert!(said.contains("no check `apache/machine/gitt`; did you mean"), "{said}");
    fs::write(stage.join("try.yaml"), format!("{good}replaces: mine/machine/try\n")).unwrap();
    assert!(list().stderr().contains("it replaces itself"));
}
