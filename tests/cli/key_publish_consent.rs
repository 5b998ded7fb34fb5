//! `onramp key publish` without consent: nothing leaves, whoever asks and wherever.

use crate::support::process::Output;
use crate::support::publishing::Publishing;
use crate::support::tls_proxy::Behind;

fn own() -> Publishing {
    Publishing::behind(Behind::Cut)
}

#[track_caller]
fn refused(own: &Publishing, done: &Output, code: i32, why: &str) {
    let said = format!("{}{}", done.stdout(), done.stderr());
    assert_eq!(done.code, Some(code), "{said}");
    assert!(said.contains(why), "{said}");
    assert_eq!(own.proxy.connections(), 0, "{said}");
}

#[test]
fn nobody_at_a_terminal_agrees_to_nothing() {
    let own = own();
    let done = own.publish(&["--server", &own.server]);
    refused(&own, &done, 2, "nobody is at a terminal to agree; nothing was sent");
    let command = format!("{} --server {} --yes", own.fingerprint, own.server);
    assert!(done.stderr().contains(&command), "{}", done.stderr());
    assert!(done.stdout().contains("Ada Lovelace <ada@example.org>"), "{}", done.stdout());
}

#[test]
fn yes_needs_a_server() {
    let own = own();
    let done = own.publish(&[&own.fingerprint, "--yes"]);
    refused(&own, &done, 2, "--yes needs --server");
}

#[test]
fn ci_needs_the_whole_fingerprint_too() {
    let mut own = own();
    own.world = own.world.with_variable("CI", "true");
    let done = own.publish(&["--server", &own.server]);
    refused(&own, &done, 2, "nobody is asked in CI");
    let done = own.publish(&["ada@example.org", "--server", &own.server, "--yes"]);
    refused(&own, &done, 2, "the key's whole fingerprint");
}

#[test]
fn anything_but_the_word_is_a_no() {
    let own = own();
    let publish = ["key", "publish", "--server", &own.server];
    for typed in ["\n", "y\n", "yes\n", "publis\n", "\u{4}"] {
        let done = own.world.at_terminal(&own.world.work(), &publish, typed);
        refused(&own, &done, 1, "not published; nothing was sent");
    }
}

#[test]
fn the_word_is_a_yes() {
    let own = own();
    let publish = ["key", "publish", "--server", &own.server];
    let done = own.world.at_terminal(&own.world.work(), &publish, "publish\n");
    let said = done.stdout();
    assert!(said.contains(&format!("put this key on {}?", own.server)), "{said}");
    assert_eq!(own.proxy.connections(), 1, "{said}");
}

#[test]
fn offline_sends_nothing() {
    let own = own();
    for further in ["--yes", "--check"] {
        let done = own.publish(&["--offline", &own.fingerprint, "--server", &own.server, further]);
        refused(&own, &done, 2, "--offline leaves that alone");
    }
    let done = own.publish(&["--offline", "--server", &own.server, "--dry-run"]);
    refused(&own, &done, 0, "nothing was sent");
}

#[test]
fn nothing_goes_out_in_the_open() {
    let own = own();
    for server in [format!("hkp://{}", own.server), format!("http://{}", own.server)] {
        let done = own.publish(&[&own.fingerprint, "--server", &server, "--yes"]);
        refused(&own, &done, 2, "sends everything in the open");
    }
}

#[test]
fn a_work_tree_chooses_neither_key_nor_proxy() {
    let own = own();
    let tree = own.world.tree();
    own.world.git(&own.world.work(), &["init", "--quiet", tree.to_str().unwrap()]);
    own.world.git(&tree, &["config", "user.signingKey", "0123456789ABCDEF"]);
    own.world.git(&tree, &["config", "http.proxy", "http://evil.example:3128"]);
    let arguments = ["key", "publish", "--server", &own.server, "--dry-run"];
    let done = own.world.onramp(&tree, &arguments);
    assert_eq!(done.code, Some(0), "{}", done.stderr());
    assert!(done.stdout().contains("encrypted, directly"), "{}", done.stdout());
}

#[test]
fn several_keys_are_not_chosen_from() {
    let own = own();
    let make = ["--quick-generate-key", "Bob <bob@example.org>", "ed25519", "sign", "never"];
    own.gpg(&make);
    own.world.git(&own.world.work(), &["config", "--global", "--unset", "user.signingKey"]);
    own.world.git(&own.world.work(), &["config", "--global", "user.email", "eve@example.org"]);
    let done = own.publish(&["--server", &own.server, "--dry-run"]);
    refused(&own, &done, 2, "several keys to choose from");
    let done = own.publish(&["nobody@example.org", "--server", &own.server, "--dry-run"]);
    refused(&own, &done, 2, "no key of yours answers to");
}

#[test]
fn without_a_key_there_is_nothing_to_publish() {
    let own = Publishing::keyless(Behind::Cut);
    let done = own.publish(&["--server", &own.server, "--dry-run"]);
    refused(&own, &done, 2, "there is no key to publish");
    assert!(!own.world.home().join(".gnupg").exists());
}
