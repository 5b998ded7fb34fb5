//! `onramp build --profile`: the command that each way to build comes to, with a Maven of our own
//! that only writes down how it was called.

use std::fs;

use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

const WORKFLOW: &str = "name: Build
on: pull_request
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: mvn -B -P developer,systemvm -Dsimulator -Dnoredist clean install -T$(nproc)
";

/// A clone with a branch `topic` that differs from `main` in nothing yet.
fn world() -> TestWorld {
    let script = "#!/bin/sh\necho \"$@\" >> \"$HOME/ran\"\n";
    let world = TestWorld::new().with_script("mvn", script).with_jdk();
    let tree = world.cloudstack();
    world.git(&tree, &["checkout", "--quiet", "-b", "topic"]);
    world
}

fn build(world: &TestWorld, arguments: &[&str]) -> Output {
    world.onramp(&world.tree(), &[&["--offline", "build", "--anyway"], arguments].concat())
}

/// What Maven was called with, without what onramp adds to every call.
fn ran(world: &TestWorld) -> String {
    let text = fs::read_to_string(world.home().join("ran")).unwrap_or_default();
    let ours = ["-B", "-Dstyle.color=never", "-o"];
    let words = text.split_whitespace();
    let words = words.filter(|word| !ours.contains(word) && !word.starts_with("-T"));
    words.collect::<Vec<_>>().join(" ")
}

fn unwrapped(output: &Output) -> String {
    output.stderr().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_guides_command_is_the_usual_one() {
    let world = world();
    assert_eq!(build(&world, &[]).code, Some(0));
    assert_eq!(ran(&world), "clean install -DskipTests");
}

#[test]
fn a_pom_that_cannot_be_read_is_not_taken_for_none() {
    let world = world();
    write(&world.tree().join("pom.xml"), "<project>\n<modules></project>\n");
    let output = build(&world, &["--dry-run"]);
    assert_eq!(output.code, Some(1));
    let said = unwrapped(&output);
    assert!(said.contains("/pom.xml:2: ") && said.contains("mend the file"), "{said}");
    fs::remove_file(world.tree().join("pom.xml")).unwrap();
    let output = build(&world, &[]);
    assert_eq!(output.code, Some(2));
    assert!(unwrapped(&output).contains(" has no pom.xml → run it"), "{}", output.stderr());
    assert_eq!(ran(&world), "");
}

#[test]
fn why_another_jdk_is_taken_is_told() {
    let world = world();
    // One at least that is found, whatever else this machine has.
    let known = world.path("sdkman/candidates/java");
    fs::create_dir_all(&known).unwrap();
    std::os::unix::fs::symlink(world.jdk(), known.join("17")).unwrap();
    let sdkman = world.path("sdkman");
    let world = world.with_variable("SDKMAN_DIR", sdkman).with_variable("JAVA_HOME", "/nowhere");
    let output = build(&world, &["--dry-run"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    let said = output.stdout().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("installed here, and accepted; JAVA_HOME names /nowhere"), "{said}");
}

#[test]
fn a_name_that_nobody_knows_lists_those_there() {
    let world = world();
    let output = build(&world, &["--profile", "fast"]);
    assert_eq!(output.code, Some(2));
    let said = unwrapped(&output);
    for part in [
        "Apache CloudStack has no build profile `fast`",
        "ci (the goals and profiles of the project's own CI); guide (the command of the onboarding guide); quick (",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert_eq!(ran(&world), "");
}

#[test]
fn the_ci_profile_is_what_the_workflow_runs() {
    let world = world();
    // The fixture's own workflow has no job: the table stands in, and says so.
    let output = build(&world, &["--profile", "ci"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    assert!(unwrapped(&output).contains("goals from onramp's own table"), "{}", output.stderr());
    assert_eq!(ran(&world), "-P developer,systemvm -Dsimulator clean install");
    fs::remove_file(world.home().join("ran")).unwrap();
    let tree = world.tree();
    write(&tree.join(".github/workflows/whole.yml"), WORKFLOW.replace("-Dsimulator", "-Dother"));
    let output = build(&world, &["--profile", "ci"]);
    assert_eq!(ran(&world), "-P developer,systemvm -Dother clean install");
    let said = unwrapped(&output);
    assert!(said.contains("goals of whole/build/1"), "{said}");
    assert!(said.contains("without -Dnoredist, whose jars are proprietary"), "{said}");
}

#[test]
fn the_quick_profile_builds_what_the_branch_touches_and_what_needs_it() {
    let world = world();
    let tree = world.tree();
    let quick = || {
        let _ = fs::remove_file(world.home().join("ran"));
        let output = build(&world, &["--profile", "quick"]);
        assert_eq!(output.code, Some(0), "{}", output.stderr());
        (ran(&world), unwrapped(&output))
    };
    let (ran, said) = quick();
    assert_eq!(ran, "", "{said}");
    assert!(said.contains("nothing to build: nothing that is built differs from main"), "{said}");

    write(&tree.join("README.md"), "read me\n");
    assert_eq!(quick().0, "", "no module reads it");

    write(&tree.join("server/src/main/java/More.java"), "class More {}\n");
    let (ran, said) = quick();
    assert!(ran.ends_with("-pl :cloud-server -amd -am"), "{ran}");
    assert!(said.contains("built too, for they are not installed: cloudstack"), "{said}");

    world.install("cloudstack", false);
    world.commit(&tree, "server: say more");
    write(&tree.join("api/New.java"), "class New {}\n");
    let (ran, said) = quick();
    assert!(ran.ends_with("-pl :cloud-api,:cloud-server -amd"), "{ran}");
    assert!(said.contains("touched since main: cloud-api, cloud-server"), "{said}");
    let kept = fs::read_to_string(tree.join(".git/onramp/build.json")).unwrap();
    assert!(kept.contains("\"partial\":true") || kept.contains("\"partial\": true"), "{kept}");

    write(&tree.join("deps/list"), "a file of no module\n");
    let (ran, said) = quick();
    assert_eq!(ran, "clean install -DskipTests");
    assert!(said.contains("all modules: deps/ is touched, which lies in no module"), "{said}");
}
