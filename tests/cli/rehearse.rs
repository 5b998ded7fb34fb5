//! `key rehearse` with real keys and a real agent: what is said of each way in which signing fails,
//! and that nothing is left behind. Nobody sits at a terminal here.

mod at_terminal;
mod hostile;
mod ssh;

use super::stopped::until;
use crate::support::process::Output;
use crate::support::signing::Signing;

const ADA: &str = "Ada Lovelace <ada@example.org>";

/// Exit code and what the screen says of the one problem.
#[track_caller]
fn says(output: &Output, code: i32, what: &[&str]) {
    let screen = output.stdout();
    assert_eq!(output.code, Some(code), "{screen}{}", output.stderr());
    // The screen breaks lines; words are what counts.
    let words = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    for what in what {
        assert!(words.contains(what), "no {what:?} in:\n{screen}");
    }
}

#[test]
fn a_good_signature_is_shown_with_what_the_forge_needs() {
    let signing = Signing::new();
    let key = signing.key(ADA, "", &[]);
    signing.set("commit.gpgsign", "true");
    signing.set("tag.gpgsign", "true");
    let output = signing.rehearse(&[]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    let timed = regex::Regex::new("git signed it .*").unwrap();
    let screen = output.stdout().replace(&key, "KEY");
    let screen = timed.replace(&screen, "git signed it [TIME]").into_owned();
    signing.world.assert().eq(screen, snapbox::file!["rehearse/good.txt"]);
    assert!(signing.left().is_empty(), "{:?}", signing.left());
}

#[test]
fn an_agent_that_was_there_stays_and_one_that_was_not_goes() {
    let signing = Signing::new();
    signing.key(ADA, "", &[]);
    assert!(signing.has_agent());
    says(&signing.rehearse(&[]), 0, &["the signature holds"]);
    assert!(signing.has_agent());
    signing.end_agent();
    says(&signing.rehearse(&[]), 0, &["gpg-agent did not run before"]);
    assert!(!signing.has_agent());
}

#[test]
fn a_rehearsal_is_told_as_data() {
    let signing = Signing::new();
    let key = signing.key(ADA, "", &[]);
    let output = signing.rehearse(&["--json"]);
    let told: serde_json::Value = serde_json::from_slice(&output.out).unwrap();
    assert_eq!(told["outcome"], "accepted");
    assert_eq!(told["signature"]["verdict"], "good");
    assert_eq!(told["signature"]["git"], "G");
    assert_eq!(told["signature"]["key"], key.as_str());
    assert_eq!(told["committer"], ADA);
    assert_eq!(told["forge"]["word"], "Verified");
    assert_eq!(told["problem"], serde_json::Value::Null);
}

#[test]
fn without_any_key_nothing_is_made() {
    let signing = Signing::new();
    says(&signing.rehearse(&[]), 1, &["you have no OpenPGP key", "onramp key new"]);
    assert_eq!(std::fs::read_dir(signing.gnupg()).unwrap().count(), 0);
    assert!(!signing.has_agent());
}

#[test]
fn the_address_the_key_and_the_committer_have_to_agree() {
    let signing = Signing::new();
    let key = signing.key(ADA, "", &[]);
    signing.set("user.email", "countess@example.org");
    let offered = format!("gpg --quick-add-uid {key} 'Ada Lovelace <countess@example.org>'");
    let no_key = "asks for a key that names countess@example.org; yours names ada@example.org";
    says(&signing.rehearse(&[]), 1, &[no_key, &offered]);
    signing.set("user.signingkey", &key);
    let differs = "the commit carries countess@example.org, and the key names ada@example.org";
    says(&signing.rehearse(&[]), 1, &[differs, &offered, "Unverified", "bad_email"]);
    signing.set("user.signingkey", "DEADBEEFDEADBEEF");
    let named = format!("git config --global user.signingkey {key}");
    says(&signing.rehearse(&[]), 1, &["names DEADBEEFDEADBEEF", &named]);
}

#[test]
fn a_key_that_cannot_sign_is_told_with_the_reason() {
    let signing = Signing::new();
    let old = ["--faked-system-time", "20200102T030405!"];
    let make = ["--quick-generate-key", ADA, "ed25519", "sign", "1y"];
    signing.gpg("", &[&old[..], &make].concat());
    let key = signing.fingerprint(ADA);
    let renew = format!("gpg --quick-set-expire {key} 2y");
    says(&signing.rehearse(&[]), 1, &["expired on 2021-01-01", &renew]);

    let signing = Signing::new();
    signing.gpg("", &["--quick-generate-key", ADA, "ed25519", "cert", "never"]);
    says(&signing.rehearse(&[]), 1, &["was not made for signing", "--quick-add-key"]);

    let signing = Signing::new();
    let key = signing.key(ADA, "", &[]);
    let file = signing.gnupg().join(format!("openpgp-revocs.d/{key}.rev"));
    let text = std::fs::read_to_string(&file).unwrap().replace(":-----BEGIN", "-----BEGIN");
    std::fs::write(&file, text).unwrap();
    signing.gpg("", &["--import", file.to_str().unwrap()]);
    signing.set("user.signingkey", &key);
    says(&signing.rehearse(&[]), 1, &["is revoked", "onramp key new"]);
}

#[test]
fn a_passphrase_comes_from_the_agent_or_the_answer_is_open() {
    let signing = Signing::new();
    let key = signing.key(ADA, "open sesame", &[]);
    std::fs::write(signing.gnupg().join("gpg-agent.conf"), "allow-preset-passphrase\n").unwrap();
    signing.end_agent();
    let output = signing.rehearse(&[]);
    says(&output, 3, &["there is no terminal to ask at", "it could not be told"]);
    assert!(!signing.has_agent());
    // Signing once with the passphrase leaves it with the agent.
    signing.gpg(
        "open sesame",
        &["--local-user", &key, "--output", "/dev/null", "--sign", "/dev/null"],
    );
    let listed = signing.gpg("", &["--with-colons", "--with-keygrip", "--list-keys"]);
    let grip = listed.lines().find(|line| line.starts_with("grp:")).unwrap();
    let grip = grip.split(':').nth(9).unwrap();
    // "open sesame", as the agent wants to be told.
    let hex = "6F70656E20736573616D65";
    let preset = signing.ask_agent(&format!("PRESET_PASSPHRASE {grip} -1 {hex}"));
    assert!(preset.contains("OK"), "{preset}");
    says(&signing.rehearse(&[]), 0, &["the signature holds"]);
}

#[test]
fn a_pinentry_that_fails_is_told_by_how_it_fails() {
    use crate::support::signing::pinentry;
    let signing = Signing::new();
    signing.key(ADA, "open sesame", &[]);
    let cases = [
        (pinentry("echo 'ERR 83886179 cancelled'"), 1, "asked for and not given"),
        (pinentry("echo 'D wrong'; echo OK"), 1, "the passphrase was wrong"),
        (pinentry("exit 0"), 1, "ended without an answer"),
        (pinentry("echo 'D open sesame'; echo OK"), 0, "the signature holds"),
    ];
    for (text, code, what) in cases {
        signing.asks_through("pinentry-test", &text);
        says(&signing.rehearse(&[]), code, &[what]);
        assert!(!signing.has_agent());
    }
    let gone = signing.asks_through("pinentry-test", "");
    std::fs::remove_file(gone).unwrap();
    says(&signing.rehearse(&[]), 1, &["found no program that asks", "pinentry"]);
    assert!(signing.left().is_empty(), "{:?}", signing.left());
}

#[test]
fn an_agent_that_does_not_answer_is_told_before_anything_waits_for_it() {
    use rustix::process::{Pid, Signal, kill_process};
    let signing = Signing::new();
    signing.key(ADA, "", &[]);
    let told = signing.ask_agent("GETINFO pid");
    let pid = told.lines().find_map(|line| line.strip_prefix("D ")).unwrap().parse().unwrap();
    let pid = Pid::from_raw(pid).unwrap();
    let stat = format!("/proc/{}/stat", pid.as_raw_nonzero());
    // The signal is lost where it meets a thread of the agent that is just about to end.
    until("the agent went on", || {
        kill_process(pid, Signal::STOP).unwrap();
        std::fs::read_to_string(&stat).unwrap().contains(") T ")
    });
    let output = signing.rehearse(&[]);
    kill_process(pid, Signal::CONT).unwrap();
    says(&output, 1, &["runs and does not answer"]);
}

#[test]
fn a_program_that_is_not_there_or_fails_is_named() {
    let signing = Signing::new();
    signing.key(ADA, "", &[]);
    signing.set("gpg.program", "/nowhere/gpg");
    let unset = "git config --global --unset gpg.program";
    says(&signing.rehearse(&[]), 1, &["gpg.program is /nowhere/gpg", unset]);
    let failing = signing.gnupg().join("failing");
    crate::support::world::write_script(&failing, "#!/bin/sh\necho out of order >&2\nexit 3\n");
    signing.set("gpg.program", failing.to_str().unwrap());
    says(&signing.rehearse(&[]), 1, &["signed nothing and said: out of order", unset]);
    signing.set("gpg.program", "./gpg");
    says(&signing.rehearse(&[]), 1, &["leads into whatever work tree", "it was not run"]);
}

#[test]
fn git_has_to_know_who_signs() {
    let signing = Signing::new();
    signing.key(ADA, "", &[]);
    signing.set("user.useConfigOnly", "true");
    let settings = signing.world.home().join(".gitconfig");
    let text = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, text.replace("\temail = ada@example.org\n", "")).unwrap();
    let what = ["user.useConfigOnly keeps it from guessing", "git config --global user.email"];
    says(&signing.rehearse(&[]), 1, &what);
    signing.set("gpg.format", "pgp");
    says(&signing.rehearse(&[]), 1, &["gpg.format is pgp, which git does not know"]);
}
