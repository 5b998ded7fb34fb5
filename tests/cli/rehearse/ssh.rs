//! `key rehearse` with SSH keys: locked ones, ones that are not there, and the file that says whose
//! key is whose.

use super::says;
use crate::support::signing::Signing;

fn signing() -> Signing {
    let signing = Signing::new();
    signing.set("gpg.format", "ssh");
    signing
}

#[test]
fn a_key_signs_and_git_is_told_whose_it_is() {
    let signing = signing();
    let key = signing.ssh_key("id", "");
    signing.set("user.signingkey", "~/.ssh/id.pub");
    let output = signing.rehearse(&[]);
    let made = "echo ada@example.org \"$(cat ~/.ssh/id.pub)\" >> ~/.ssh/allowed_signers";
    let named = "git config --global gpg.ssh.allowedSignersFile ~/.ssh/allowed_signers";
    says(&output, 0, &["the signature holds", made, named, "as a signing key"]);

    let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
    let signers = signing.world.home().join(".ssh/allowed_signers");
    std::fs::write(&signers, format!("bob@example.org {}", signing_line(&signing))).unwrap();
    signing.set("gpg.ssh.allowedSignersFile", "~/.ssh/allowed_signers");
    says(&signing.rehearse(&[]), 0, &["does not name your key", made]);

    std::fs::write(&signers, format!("ada@example.org {public}")).unwrap();
    let output = signing.rehearse(&["--json"]);
    let told: serde_json::Value = serde_json::from_slice(&output.out).unwrap();
    assert_eq!(told["signature"]["git"], "G", "{told}");
    assert_eq!(told["outcome"], "accepted");
    assert!(signing.left().is_empty(), "{:?}", signing.left());
}

/// Another key's public half.
fn signing_line(signing: &Signing) -> String {
    let other = signing.ssh_key("other", "");
    std::fs::read_to_string(other.with_extension("pub")).unwrap()
}

#[test]
fn a_key_that_cannot_be_used_is_told_with_the_reason() {
    let signing = signing();
    says(&signing.rehearse(&[]), 1, &["user.signingkey names no SSH key"]);
    signing.set("user.signingkey", "~/.ssh/id.pub");
    says(&signing.rehearse(&[]), 1, &["names ~/.ssh/id.pub, and no SSH key is there"]);
    let key = signing.ssh_key("id", "open sesame");
    says(&signing.rehearse(&[]), 3, &["a passphrase locks ~/.ssh/id.pub", "ssh-add ~/.ssh/id,"]);
    std::fs::remove_file(&key).unwrap();
    let what = "the private half of ~/.ssh/id.pub is neither beside it nor in an SSH agent";
    says(&signing.rehearse(&[]), 1, &[what, "ssh-add ~/.ssh/id"]);
    let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
    signing.set("user.signingkey", &format!("key::{}", public.trim()));
    says(&signing.rehearse(&[]), 1, &["no SSH agent has its private half"]);
    assert!(signing.left().is_empty(), "{:?}", signing.left());
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let signing = signing();
    signing.ssh_key("id", "");
    signing.set("user.signingkey", "~/.ssh/id.pub");
    signing.set("gpg.ssh.program", "/nowhere/ssh-keygen");
    let unset = "git config --global --unset gpg.ssh.program";
    says(&signing.rehearse(&[]), 1, &["gpg.ssh.program is /nowhere/ssh-keygen", unset]);
}
