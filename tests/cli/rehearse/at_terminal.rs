//! `key rehearse` at a terminal, with a pinentry written for the test: which terminal it is given,
//! one that never answers, and a signal in the middle.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::{ADA, says};
use crate::cli::stopped::{gone, started, until};
use crate::support::process::Output;
use crate::support::signing::{Signing, pinentry};

/// A screen is one stream.
#[track_caller]
fn shows(output: &Output, code: i32, what: &[&str]) {
    let screen = Output { code: output.code, out: output.out.clone(), err: Vec::new() };
    says(&screen, code, what);
}

/// A locked key, whose passphrase is asked for by this.
fn locked(answer: &str) -> Signing {
    let signing = Signing::new();
    signing.key(ADA, "open sesame", &[]);
    signing.asks_through("pinentry-test", &pinentry(answer));
    signing
}

#[test]
fn a_passphrase_that_is_typed_signs() {
    let signing = locked("echo 'D open sesame'; echo OK");
    let output = signing.at_terminal("GPG_TTY=$(tty) &&export GPG_TTY &&");
    shows(&output, 0, &["gpg may ask for the passphrase", "the signature holds"]);
    assert!(!signing.has_agent());
}

#[test]
fn a_pinentry_without_a_terminal_is_told_by_what_is_missing() {
    // The one that needs a terminal says so with ENOTTY, as pinentry-curses does.
    let signing = locked("echo 'ERR 83918950 Inappropriate ioctl for device'");
    let output = signing.at_terminal("unset GPG_TTY;");
    shows(&output, 1, &["GPG_TTY is not set", "export GPG_TTY=$(tty)"]);
    let output = signing.at_terminal("GPG_TTY=/dev/pts/4242 && export GPG_TTY &&");
    shows(&output, 1, &["GPG_TTY is /dev/pts/4242, and you are at", "export GPG_TTY=$(tty)"]);
    assert!(signing.left().is_empty(), "{:?}", signing.left());
}

#[test]
fn a_signal_while_the_passphrase_is_asked_for_leaves_nothing() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let waiting = "echo \"$$\" >\"$HOME/started.new\"; mv \"$HOME/started.new\" \"$HOME/started\"; \
                       read -r never";
        let signing = locked(waiting);
        let mut command = Command::new(env!("CARGO_BIN_EXE_onramp"));
        let world = &signing.world;
        command.args(["key", "rehearse"]).current_dir(world.work()).env_clear();
        command.envs([("HOME", world.home()), ("PATH", world.programs())]);
        command.envs([("GNUPGHOME", signing.gnupg().to_owned())]);
        command.env("TMPDIR", world.path("temporary")).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let asking = started(&world.home().join("started"));
        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains("nothing is left behind"), "{said}");
        assert!(signing.left().is_empty(), "{:?}", signing.left());
        assert!(!signing.has_agent());
        until("the pinentry outlived the signal", || gone(&asking));
        fs::remove_file(world.home().join("started")).unwrap();
    }
}

#[test]
fn a_pinentry_that_never_answers_is_ended_with_its_time() {
    let signing = locked("read -r never");
    let output = signing.rehearse(&[]);
    says(&output, 3, &["the passphrase was asked for", "it could not be told"]);
    assert!(signing.left().is_empty(), "{:?}", signing.left());
    assert!(!signing.has_agent());
}
