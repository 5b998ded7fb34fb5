//! Whose word counts on SSH keys: the user's own settings, and never those of the work tree.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use onramp::git::Live;
use onramp::signature::{Signers, Verdict, Word};

use crate::support::keys::Elsewhere;
use crate::support::repository::Ground;
use crate::support::ssh::{Workshop, shown};

use super::table::{ADA, THEN, commit, judged};

/// A user with a home and a work tree, and a commit signed by the key `ed`.
struct User {
    ground: Ground,
    shop: Workshop,
    tree: PathBuf,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl User {
    fn new() -> Self {
        let (ground, shop) = (Ground::new(), Workshop::new());
        shop.make("ed", &["-t", "ed25519"]);
        let payload = commit(&THEN.to_string());
        let signature = shop.sign("ed", &payload, &[]);
        let tree = ground.repository("tree");
        let user = Self { ground, shop, tree, payload, signature };
        let entry = format!("{ADA} {}\n", user.shop.public("ed"));
        fs::write(user.ground.home().join("signers"), &entry).unwrap();
        fs::write(user.tree.join("signers"), &entry).unwrap();
        user
    }

    fn set(&self, scope: &str, name: &str, value: &str) {
        self.ground.git(&self.tree, &["config", scope, name, value]);
    }

    fn verdict(&self) -> Verdict {
        let env = self.ground.variables().into_iter();
        let env = env.map(|(name, value)| (name.to_owned(), value.into())).collect();
        let machine = Elsewhere { home: Some(self.ground.home()), env, gpg: false };
        let signers = Signers::of_user(&machine, &Live::new(&machine), Some(&self.tree));
        judged(&self.payload, &self.signature, &signers)
    }

    fn doubted(&self, reason: &str) {
        let verdict = self.verdict();
        assert_eq!(verdict.word, Word::Untrusted);
        assert!(verdict.reason.as_ref().unwrap().contains(reason), "{:?}", verdict.reason);
    }
}

const FILE: &str = "gpg.ssh.allowedSignersFile";

#[test]
fn the_users_own_list_counts() {
    let user = User::new();
    user.doubted("gpg.ssh.allowedSignersFile is not set");
    user.set("--global", FILE, "~/signers");
    assert_eq!(user.verdict().word, Word::Good);
    user.set("--global", FILE, &shown(&user.ground.home().join("signers")));
    assert_eq!((user.verdict().word, user.verdict().own), (Word::Good, false));
    user.set("--global", FILE, "~/nowhere");
    user.doubted("is not there");
    user.set("--global", FILE, "~grace/signers");
    user.doubted("~grace/signers, which leads nowhere");
}

#[test]
fn a_list_that_the_tree_names_is_told_of_and_not_believed() {
    let user = User::new();
    user.set("--local", FILE, &shown(&user.ground.home().join("signers")));
    user.doubted("gpg.ssh.allowedSignersFile is this work tree's own setting, not believed");
    // What the user says stands, whatever the tree sets over it.
    fs::write(user.ground.home().join("others"), "").unwrap();
    user.set("--global", FILE, "~/others");
    user.doubted("is not among the allowed signers of");
    user.ground.git(&user.tree, &["config", "--local", "--unset", FILE]);
    let included = user.tree.join("included");
    fs::write(
        &included,
        format!("[gpg \"ssh\"]\n\tallowedSignersFile = {}\n", shown(&user.tree.join("signers"))),
    )
    .unwrap();
    user.set("--local", "include.path", &shown(&included));
    user.doubted("is not among the allowed signers of");
}

#[test]
fn a_list_that_lies_in_the_tree_is_not_believed() {
    let user = User::new();
    for value in ["signers", "./signers", "../tree/signers"] {
        user.set("--global", FILE, value);
        user.doubted("leads into the work tree");
    }
    user.set("--global", FILE, &shown(&user.tree.join("signers")));
    user.doubted("leads into the work tree");
    symlink(user.tree.join("signers"), user.ground.home().join("link")).unwrap();
    user.set("--global", FILE, "~/link");
    user.doubted("leads into the work tree");
    symlink(user.ground.home().join("signers"), user.tree.join("link")).unwrap();
    user.set("--global", FILE, &shown(&user.tree.join("link")));
    user.doubted("leads into the work tree");
}

#[test]
fn revocation_is_the_users_as_well() {
    let user = User::new();
    user.set("--global", FILE, "~/signers");
    let revoked = user.shop.write("revoked", user.shop.public("ed"));
    user.set("--local", "gpg.ssh.revocationFile", &shown(&revoked));
    assert_eq!(user.verdict().word, Word::Good, "a tree may not have signatures doubted");
    user.set("--global", "gpg.ssh.revocationFile", &shown(&revoked));
    assert_eq!(user.verdict().word, Word::GoodRevokedKey);
    fs::write(user.tree.join("revoked"), "").unwrap();
    user.set("--global", "gpg.ssh.revocationFile", "revoked");
    assert_eq!(user.verdict().word, Word::Unchecked, "the tree may not empty the list");
}

#[test]
fn the_users_own_key_is_known_by_its_public_half() {
    let user = User::new();
    let private = user.shop.path("ed");
    user.set("--local", "user.signingkey", &shown(&private));
    assert!(!user.verdict().own);
    let public = format!("{}.pub", shown(&private));
    let literal = user.shop.public("ed");
    for value in [&shown(&private), &public, &literal, &format!("key::{literal}")] {
        user.set("--global", "user.signingkey", value);
        let verdict = user.verdict();
        assert_eq!((verdict.word, verdict.own), (Word::Untrusted, true), "{value}");
    }
}
