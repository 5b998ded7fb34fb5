//! `onramp build --resume`: goes on where the last build stopped, and only where that builds the same
//! thing; one build at a time in a tree, and who it is.

use std::fs;

use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

/// A Maven that gets as far as the third module and fails there, unless told to pass.
const MVN: &str = "#!/bin/sh
echo \"$@\" >> \"$HOME/ran\"
cat <<'END'
[INFO] Reactor Build Order:
[INFO] 
[INFO] Apache CloudStack                  [pom]
[INFO] cloud-api                          [jar]
[INFO] cloud-server                       [jar]
[INFO] 
[INFO] ---< org.apache.cloudstack:cloudstack >---
[INFO] Building Apache CloudStack 4.23.0.0-SNAPSHOT                     [1/3]
[INFO] ---< org.apache.cloudstack:cloud-api >---
[INFO] Building cloud-api 4.23.0.0-SNAPSHOT                [2/3]
[INFO] ---< org.apache.cloudstack:cloud-server >---
[INFO] Building cloud-server 4.23.0.0-SNAPSHOT                [3/3]
END
test -e \"$HOME/pass\" || exit 1
";

fn world() -> TestWorld {
    let world = TestWorld::new().with_program("cat").with_script("mvn", MVN).with_jdk();
    world.cloudstack();
    world
}

fn build(world: &TestWorld, arguments: &[&str]) -> Output {
    world.onramp(&world.tree(), &[&["--offline", "build", "--anyway"], arguments].concat())
}

fn unwrapped(output: &Output) -> String {
    output.stderr().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Why the last build cannot be resumed.
fn refused(world: &TestWorld, arguments: &[&str]) -> String {
    let output = build(world, &[&["--resume"], arguments].concat());
    assert_eq!(output.code, Some(2), "{}", output.stderr());
    unwrapped(&output)
}

#[test]
fn a_build_goes_on_where_the_last_one_stopped() {
    let world = world();
    assert!(refused(&world, &[]).contains("there is nothing to resume"));
    assert_eq!(build(&world, &[]).code, Some(1));
    world.install("cloudstack", false);
    world.install("cloud-api", true);
    // The module that failed was mended.
    write(&world.tree().join("server/src/main/java/Server.java"), "class Server { int mended; }\n");
    fs::write(world.home().join("pass"), "").unwrap();
    let output = build(&world, &["--resume"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    assert!(unwrapped(&output).contains("resumed at :cloud-server"), "{}", output.stderr());
    let ran = fs::read_to_string(world.home().join("ran")).unwrap();
    assert!(ran.lines().last().unwrap().contains(" -rf :cloud-server"), "{ran}");
    let kept = fs::read_to_string(world.tree().join(".git/onramp/build.json")).unwrap();
    assert!(kept.contains("\"partial\": true"), "no evidence for a request: {kept}");
    assert!(refused(&world, &[]).contains("there is nothing to resume"));
}

#[test]
fn only_what_is_still_needed_has_to_be_installed() {
    let world = world();
    assert_eq!(build(&world, &[]).code, Some(1));
    // The server inherits the project's settings, and does not use the api.
    world.install("cloudstack", false);
    let stopped = build(&world, &["--resume", "--dry-run"]);
    assert_eq!(stopped.code, Some(0), "{}", stopped.stderr());
    assert!(stopped.stdout().contains(" -rf :cloud-server"), "{}", stopped.stdout());
    let pom = world.tree().join("server/pom.xml");
    let uses = "<dependencies><dependency><groupId>org.apache.cloudstack</groupId>\
                <artifactId>cloud-api</artifactId></dependency></dependencies></project>";
    let text = fs::read_to_string(&pom).unwrap().replace("</project>", uses);
    write(&pom, text);
    let why = refused(&world, &[]);
    assert!(why.contains("cloud-api is not in the local repository"), "{why}");
}

#[test]
fn trying_a_download_again_leaves_nothing_out_that_was_asked_for() {
    let world = world();
    let repository = world.home().join(".m2/repository");
    write(&repository.join("g/a/1/a-1.jar.lastUpdated"), "#NOTE\n");
    let said = unwrapped(&build(&world, &["--threads", "1", "--", "-Pextra"]));
    assert!(said.contains(" has 1 failed download that Maven does not try again today"), "{said}");
    assert!(said.contains("→ onramp build --anyway --threads 1 -- -Pextra -U "), "{said}");
}

#[test]
fn what_would_build_something_else_is_not_resumed() {
    let world = world();
    let tree = world.tree();
    assert_eq!(build(&world, &[]).code, Some(1));
    let why = refused(&world, &[]);
    assert!(why.contains("cloudstack is not in the local repository"), "{why}");
    world.install("cloudstack", false);
    world.install("cloud-api", true);
    let why = refused(&world, &["--", "-Pextra"]);
    assert!(why.contains("this one would be `mvn clean install -DskipTests -Pextra`"), "{why}");
    write(&tree.join("api/src/main/java/Api.java"), "class Api { int changed; }\n");
    let why = refused(&world, &[]);
    assert!(
        why.contains("api/src/main/java/Api.java has changed, of which something is built"),
        "{why}"
    );
    world.commit(&tree, "api: change");
    let why = refused(&world, &[]);
    assert!(why.contains("it was of commit") && why.contains("is checked out"), "{why}");
    let ran = fs::read_to_string(world.home().join("ran")).unwrap();
    assert_eq!(ran.lines().count(), 1, "nothing ran but the first: {ran}");
}
