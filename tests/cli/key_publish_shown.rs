//! What `onramp key publish` shows of a key before anything is sent.

use std::fs;

use crate::support::keys::LONG_AGO;
use crate::support::publishing::Publishing;
use crate::support::tls_proxy::Behind;

#[track_caller]
fn shown(own: &Publishing, further: &[&str]) -> String {
    let arguments = [&["--server", &own.server, "--dry-run"], further].concat();
    let done = own.publish(&arguments);
    assert_eq!(done.code, Some(0), "{}", done.stderr());
    assert_eq!(own.proxy.connections(), 0);
    // Rows are broken at the width of the screen.
    done.stdout().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Somebody with one key of this kind.
fn with_key(options: &[&str], kind: &str, expires: &str) -> Publishing {
    let mut own = Publishing::keyless(Behind::Cut);
    own.home();
    let name = "Ada Lovelace <ada@example.org>";
    let make = ["--quick-generate-key", name, kind, "sign", expires];
    own.gpg(&[options, &make].concat());
    let listed = own.gpg(&["--with-colons", "--list-keys"]).stdout();
    let line = listed.lines().find(|line| line.starts_with("fpr:")).unwrap();
    own.fingerprint = line.split(':').nth(9).unwrap().to_owned();
    own
}

#[test]
fn an_expired_key_is_said_to_be() {
    let own = with_key(&["--faked-system-time", LONG_AGO], "ed25519", "1y");
    let said = shown(&own, &[]);
    assert!(said.contains("made on 2020-01-02, expired on 2021-01-01"), "{said}");
    let command = format!("gpg --quick-set-expire {} 2y", own.fingerprint);
    assert!(said.contains(&command), "{said}");
}

#[test]
fn weak_and_short_keys_are_told_apart() {
    let said = shown(&with_key(&[], "rsa1024", "2y"), &[]);
    assert!(said.contains("This key is weak (RSA 1024)"), "{said}");
    let said = shown(&with_key(&[], "rsa2048", "2y"), &[]);
    assert!(said.contains("(RSA 2048) is shorter than the 4096 bits"), "{said}");
}

#[test]
fn a_key_that_could_not_be_revoked_is_warned_of() {
    let own = with_key(&[], "ed25519", "2y");
    assert!(shown(&own, &[]).contains("keep a copy away from this machine"));
    fs::remove_dir_all(own.world.home().join(".gnupg/openpgp-revocs.d")).unwrap();
    let said = shown(&own, &[]);
    let command = format!("gpg --output revoke.asc --gen-revoke {}", own.fingerprint);
    assert!(said.contains("there is none of the latter here") && said.contains(&command), "{said}");
}

#[test]
fn names_are_chosen_by_address_and_never_by_what_else_gpg_could_read() {
    let own = with_key(&[], "ed25519", "2y");
    own.gpg(&["--quick-add-uid", &own.fingerprint, "Ada \u{1b}[31m <ada@elsewhere.org>"]);
    let said = shown(&own, &[]);
    assert!(said.contains("name Ada \\x1b[31m <ada@elsewhere.org>"), "{said}");
    let said = shown(&own, &["--only", "ADA@elsewhere.org"]);
    assert!(said.contains("not sent Ada Lovelace <ada@example.org>"), "{said}");
    assert!(said.contains("mails to ada@elsewhere.org") || said.contains("not known here"));
    for (only, why) in [
        ("eve@example.org", "no name on the key"),
        ("x@y || uid =~ Ada", "is no e-mail address"),
        ("Ada", "is no e-mail address"),
    ] {
        let done = own.publish(&["--server", &own.server, "--dry-run", "--only", only]);
        assert_ne!(done.code, Some(0), "{}", done.stdout());
        assert!(done.stderr().contains(why), "{}", done.stderr());
    }
}

#[test]
fn the_way_is_shown_and_a_login_is_not() {
    let mut own = with_key(&[], "ed25519", "2y");
    own.world = own.world.with_variable("https_proxy", "http://ada:s3cret@proxy.example:3128");
    let said = shown(&own, &[]);
    let way = "way encrypted, through the proxy proxy.example:3128 from https_proxy";
    assert!(said.contains(way) && !said.contains("s3cret"), "{said}");
    own.world = own.world.with_variable("https_proxy", "gopher://proxy.example");
    assert!(shown(&own, &[]).contains("way none: https_proxy cannot be understood"));
}

#[test]
fn strangers_signatures_stay_at_home() {
    let own = with_key(&[], "ed25519", "2y");
    let size =
        |said: &str| said.split(" sent ").nth(1).unwrap().split(':').next().unwrap().to_owned();
    let alone = size(&shown(&own, &[]));
    let bob = ["--quick-generate-key", "Bob <bob@example.org>", "ed25519", "default", "2y"];
    own.gpg(&bob);
    own.gpg(&["--default-key", "bob@example.org", "--quick-sign-key", &own.fingerprint]);
    let listed = own.gpg(&["--with-colons", "--list-sigs", &own.fingerprint]).stdout();
    assert!(listed.contains("Bob <bob@example.org>"), "{listed}");
    assert_eq!(size(&shown(&own, &[&own.fingerprint])), alone);
}
