//! The world that other tests stand on is what it says it is.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::support::cloudstack::java;
use crate::support::process::finish;
use crate::support::world::{TestWorld, write};

#[test]
fn nothing_of_the_machine_gets_in() {
    let world = TestWorld::new().with_variable("SEEN", "yes");
    let output = world.run(&world.work(), Path::new("/usr/bin/env"), &[""; 0], b"");
    let mut names: Vec<_> = output
        .stdout()
        .lines()
        .map(|line| line.split('=').next().expect("a name").to_owned())
        .collect();
    names.sort();
    let wanted = [
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_TERMINAL_PROMPT",
        "HOME",
        "LC_ALL",
        "PATH",
        "SEEN",
        "TERM",
        "TZ",
    ];
    assert_eq!(names, wanted);
    let found = world.run(&world.work(), Path::new("/bin/sh"), &["-c", "command -v git mvn"], b"");
    world.assert().eq(found.stdout(), "[PROGRAMS]/git\n");
}

#[test]
fn a_hang_is_a_failure_that_says_what_was_said() {
    let hung = std::panic::catch_unwind(|| {
        let mut hangs = Command::new("/bin/sh");
        hangs.args(["-c", "echo so far; kill -s STOP $$; echo never"]);
        finish(hangs, b"", Duration::from_secs(2))
    });
    let message = hung.expect_err("it hangs");
    let message = message.downcast_ref::<String>().expect("a message");
    assert!(message.contains("did not end within 2s; it said:\nso far\n"), "{message}");
}

#[test]
fn the_tree_is_clean_and_its_commits_can_be_signed() {
    let world = TestWorld::new();
    let tree = world.cloudstack();
    assert_eq!(world.git(&tree, &["status", "--porcelain"]), "");
    assert_eq!(world.git(&tree, &["rev-list", "--count", "HEAD"]), "2");
    let key = world.signing_key();
    write(&tree.join("api/src/main/java/More.java"), java("More"));
    world.git(&tree, &["add", "--all"]);
    world.git(&tree, &["commit", "--quiet", "--gpg-sign", "--message", "api: more"]);
    let verified = world.git(&tree, &["log", "-1", "--format=%G? %GF %an <%ae> %ct"]);
    assert_eq!(verified, format!("G {key} Ada Lovelace <ada@example.org> 1767323045"));
}

#[test]
fn onramp_runs_in_it() {
    let world = TestWorld::new();
    let output = world.onramp(&world.work(), &["--no-such-option"]);
    assert!(output.code.is_some(), "{}", output.stderr());
}
