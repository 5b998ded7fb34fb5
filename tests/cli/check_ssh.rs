//! `onramp check patch` on a commit that an SSH key signed: whose word counts, as people read it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::signing::Signing;

/// A tree whose last commit is signed by the key `id`.
fn signed(signing: &Signing) -> PathBuf {
    signing.ssh_key("id", "");
    signing.set("gpg.format", "ssh");
    signing.set("user.signingkey", "~/.ssh/id.pub");
    let tree = signing.world.cloudstack();
    fs::write(tree.join("more.txt"), "more\n").unwrap();
    signing.world.git(&tree, &["add", "--all"]);
    signing.world.git(&tree, &["commit", "--quiet", "-S", "-m", "server: mend the door"]);
    tree
}

/// Outcome, text and remedy of one check on the last commit.
fn finding(signing: &Signing, tree: &Path, check: &str) -> (String, String, String) {
    let arguments = ["check", check, "--base", "HEAD~1", "--offline", "--report", "json"];
    let output = signing.world.onramp(tree, &arguments);
    let told: Value = serde_json::from_slice(&output.out).unwrap();
    let found = told["findings"].as_array().unwrap().iter().find(|it| it["check"] == check);
    let found = found.unwrap_or_else(|| panic!("{told:#}"));
    let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    (text("outcome"), text("text"), text("fix"))
}

#[test]
fn a_commit_signed_by_ssh_is_held_against_the_users_own_list() {
    let signing = Signing::new();
    let tree = signed(&signing);
    let (signed, signer) = ("apache/patch/signed", "apache/patch/signer");
    // One's own key counts, listed or not.
    let (outcome, text, _) = finding(&signing, &tree, signed);
    assert_eq!(outcome, "pass", "{text}");

    signing.set("user.signingkey", "~/.ssh/nothing.pub");
    let (outcome, text, fix) = finding(&signing, &tree, signed);
    assert_eq!(outcome, "fail");
    assert!(text.contains("nobody said whose keys to believe"), "{text}");
    assert!(fix.contains("git config --global gpg.ssh.allowedSignersFile FILE"), "{fix}");

    let public = fs::read_to_string(signing.world.home().join(".ssh/id.pub")).unwrap();
    let list = signing.world.home().join("signers");
    fs::write(&list, format!("ada@example.org {public}")).unwrap();
    // What the tree says of it is told, and not believed.
    signing.world.git(&tree, &["config", "gpg.ssh.allowedSignersFile", list.to_str().unwrap()]);
    let (outcome, text, _) = finding(&signing, &tree, signed);
    assert_eq!(outcome, "fail");
    assert!(text.contains("is this work tree's own setting, not believed"), "{text}");

    signing.set("gpg.ssh.allowedSignersFile", "~/signers");
    let (outcome, text, _) = finding(&signing, &tree, signed);
    assert_eq!((outcome.as_str(), text.contains("is signed by ada@example.org")), ("pass", true));
    assert_eq!(finding(&signing, &tree, signer).0, "pass");

    fs::write(&list, format!("eve@example.org {public}")).unwrap();
    assert_eq!(finding(&signing, &tree, signed).0, "pass");
    let (outcome, text, _) = finding(&signing, &tree, signer);
    assert_eq!(outcome, "warn");
    assert!(text.contains("but the key is that of eve@example.org"), "{text}");
}

#[test]
fn key_verify_says_how_to_have_an_ssh_key_believed() {
    let signing = Signing::new();
    let tree = signed(&signing);
    let verify = || signing.world.onramp(&tree, &["key", "verify", "HEAD~1..HEAD"]);
    let output = verify();
    let told = output.stdout().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.code, Some(1), "{told}");
    assert!(told.contains("git config --global gpg.ssh.allowedSignersFile FILE"), "{told}");
    assert!(!told.contains("gpg --lsign-key"), "{told}");

    let public = fs::read_to_string(signing.world.home().join(".ssh/id.pub")).unwrap();
    let list = signing.world.home().join("signers");
    fs::write(&list, format!("ada@example.org {public}")).unwrap();
    signing.set("gpg.ssh.allowedSignersFile", "~/signers");
    assert_eq!(verify().code, Some(0), "{}", verify().stdout());
}
