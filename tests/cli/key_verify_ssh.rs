//! `onramp key verify` on SSH signatures: whose list of signers counts, and whose does not.

use std::fs;

use crate::support::signatures::{Signing, text};

/// An SSH key in the world, and the line that lets somebody sign with it.
fn key(signing: &Signing, principal: &str) -> (String, String) {
    let file = signing.world.path(&format!("key-{}", principal.replace('@', "-")));
    let keygen = which::which("ssh-keygen").unwrap();
    let words = ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", text(&file)];
    let made = signing.world.run(&signing.world.work(), &keygen, &words, b"");
    assert_eq!(made.code, Some(0), "{}", made.stderr());
    let public = fs::read_to_string(format!("{}.pub", text(&file))).unwrap();
    (text(&file).to_owned(), format!("{principal} {public}"))
}

fn commit(signing: &Signing, key: &str, more: &[&str]) {
    let settings = [
        "-c",
        "gpg.format=ssh",
        "-c",
        &format!("user.signingkey={key}"),
        "commit",
        "--quiet",
        "--allow-empty",
        "-S",
        "-m",
        "by ssh",
    ];
    signing.git(&[&settings[..], more].concat());
}

#[test]
fn a_named_list_counts_and_the_trees_own_does_not() {
    let signing = Signing::new();
    let (ada, line) = key(&signing, "ada@example.org");
    commit(&signing, &ada, &[]);
    let (verdict, reason, code) = signing.one(&["HEAD"]);
    assert_eq!((verdict.as_str(), code), ("untrusted", 1));
    assert!(reason.contains("gpg.ssh.allowedSignersFile is not set"), "{reason}");

    let signers = signing.file("signers", &line);
    let (value, code) = signing.json(&["HEAD", "--allowed-signers", text(&signers)]);
    assert_eq!((code, value["objects"][0]["verdict"].as_str()), (0, Some("good")), "{value}");
    let setting = format!("gpg.ssh.allowedSignersFile={}", text(&signers));
    let git = signing.git(&["-c", &setting, "log", "-1", "--format=%G? %GF"]);
    let row = &value["objects"][0];
    let ours = [&row["git"], &row["fingerprint"]].map(|it| it.as_str().unwrap());
    assert_eq!(ours.join(" "), git);
    signing.git(&["config", "gpg.ssh.allowedSignersFile", text(&signers)]);
    assert_eq!(signing.one(&["HEAD"]).0, "untrusted", "the tree's own setting");
    signing.git(&["config", "--unset", "gpg.ssh.allowedSignersFile"]);
    signing.git(&["config", "--global", "gpg.ssh.allowedSignersFile", text(&signers)]);
    assert_eq!(signing.one(&["HEAD"]).0, "good", "the user's own");

    let inside = signing.world.tree().join("signers");
    fs::copy(&signers, &inside).unwrap();
    let refused = signing.verify(&["HEAD", "--allowed-signers", text(&inside)]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr().contains("add --allowed-signers-sha256 "), "{}", refused.stderr());
}

#[test]
fn a_principal_must_be_author_and_committer() {
    let signing = Signing::new();
    let (ada, line) = key(&signing, "ada@example.org");
    let signers = signing.file("signers", &line);
    commit(&signing, &ada, &["--author=Grace <grace@example.org>"]);
    let (verdict, reason, code) = signing.one(&["HEAD", "--allowed-signers", text(&signers)]);
    assert_eq!((verdict.as_str(), code), ("identity-mismatch", 1));
    assert!(reason.contains("grace@example.org"), "{reason}");
    let (eve, line) = key(&signing, "eve@example.org");
    let signers = signing.file("signers", &line);
    commit(&signing, &eve, &[]);
    let (verdict, reason, _) = signing.one(&["HEAD", "--allowed-signers", text(&signers)]);
    assert_eq!(verdict, "identity-mismatch", "{reason}");
    let any = signing.file("any", line.replace("eve@", "*@"));
    let (verdict, reason, _) = signing.one(&["HEAD", "--allowed-signers", text(&any)]);
    assert_eq!(verdict, "good", "{reason}");
    // Files are signed for another purpose than commits.
    let signature =
        signing.file("x.sig", "-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----\n");
    signing.file("x", "content");
    let (verdict, reason, code) = signing.one(&[text(&signature)]);
    assert_eq!((verdict.as_str(), code), ("unsupported", 3));
    assert!(reason.contains("ssh-keygen -Y verify"), "{reason}");
}
