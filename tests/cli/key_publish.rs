//! `onramp key publish` against a real key server behind TLS: what arrives, what is read back, and
//! what stays at home.

use crate::support::key_server::KeyServer;
use crate::support::publishing::Publishing;
use crate::support::tls_proxy::Behind;

fn with_server() -> (KeyServer, Publishing) {
    let server = KeyServer::start();
    let own = Publishing::behind(Behind::Server(server.port));
    (server, own)
}

#[test]
fn an_ed25519_key_is_published_and_read_back() {
    let (mut server, own) = with_server();
    let done = own.agreed();
    assert_eq!(done.code, Some(0), "{}{}", done.stdout(), done.stderr());
    let said = done.stdout();
    assert!(said.contains("read back and compared: nothing is missing"), "{said}");
    assert!(said.contains("name      Ada Lovelace <ada@example.org>"), "{said}");
    assert!(server.wait_for("/pks/lookup"), "{}", server.log());
    let log = server.log();
    assert!(log.contains("/pks/add"), "{log}");
    let again = own.agreed();
    assert_eq!(again.code, Some(0), "{}{}", again.stdout(), again.stderr());
}

#[test]
fn an_rsa_key_with_a_subkey_is_published_and_its_revocation_after_it() {
    let server = KeyServer::start();
    let mut own = Publishing::keyless(Behind::Server(server.port));
    let home = own.home();
    own.gpg(&[
        "--quick-generate-key",
        "Ada Lovelace <ada@example.org>",
        "rsa4096",
        "default",
        "2y",
    ]);
    let listed = own.gpg(&["--with-colons", "--list-keys"]).stdout();
    let line = listed.lines().find(|line| line.starts_with("fpr:")).unwrap();
    own.fingerprint = line.split(':').nth(9).unwrap().to_owned();
    own.gpg(&["--quick-add-key", &own.fingerprint, "rsa3072", "encr", "1y"]);
    let done = own.agreed();
    assert_eq!(done.code, Some(0), "{}{}", done.stdout(), done.stderr());
    assert!(done.stdout().contains("RSA 4096, signs, certifies"), "{}", done.stdout());
    assert!(done.stdout().contains("nothing is missing"), "{}", done.stdout());
    // The certificate that gpg made with the key lies there unarmed, as a colon before it says.
    let file = home.join("openpgp-revocs.d").join(format!("{}.rev", own.fingerprint));
    let armed = std::fs::read_to_string(file).unwrap().replace(":-----BEGIN", "-----BEGIN");
    let revocation = own.world.path("revocation.asc");
    std::fs::write(&revocation, armed).unwrap();
    own.gpg(&["--import", revocation.to_str().unwrap()]);
    let stale = own.publish(&[&own.fingerprint, "--server", &own.server, "--check"]);
    assert_eq!(stale.code, Some(1), "{}", stale.stdout());
    assert!(
        stale.stderr().contains("lacks your signature on the key itself"),
        "{}",
        stale.stderr()
    );
    let done = own.agreed();
    assert_eq!(done.code, Some(0), "{}{}", done.stdout(), done.stderr());
    assert!(done.stdout().contains("it is how others learn"), "{}", done.stdout());
    let now = own.publish(&[&own.fingerprint, "--server", &own.server, "--check"]);
    assert_eq!(now.code, Some(0), "{}", now.stderr());
}

#[test]
fn a_dry_run_touches_neither_the_server_nor_the_disk() {
    let (mut server, own) = with_server();
    let (before, files) = (server.log(), files(&own));
    let done = own.publish(&[&own.fingerprint, "--server", &own.server, "--dry-run"]);
    assert_eq!(done.code, Some(0), "{}", done.stderr());
    assert!(done.stdout().contains("nothing was sent"), "{}", done.stdout());
    assert_eq!(own.proxy.connections(), 0);
    assert_eq!(files, self::files(&own));
    // The same server does log what really comes, after all that came before.
    assert_eq!(own.agreed().code, Some(0));
    assert!(server.wait_for("/pks/lookup: "), "{}", server.log());
    let log = server.log();
    let since = log.strip_prefix(&before).expect("the log goes on where it ended");
    assert_eq!(since.matches("Handling /pks/add").count(), 1, "{since}");
    assert_eq!(since.matches("Get request: ").count(), 1, "{since}");
}

#[test]
fn the_copy_may_hold_more_than_was_sent() {
    let (_server, own) = with_server();
    own.gpg(&["--quick-add-uid", &own.fingerprint, "Ada <ada@elsewhere.org>"]);
    assert_eq!(own.agreed().code, Some(0));
    let only = ["--only", "ada@example.org", "--server", &own.server, "--yes"];
    let done = own.publish(&[&[own.fingerprint.as_str()], &only[..]].concat());
    assert_eq!(done.code, Some(0), "{}", done.stderr());
    let said = done.stdout();
    assert!(said.contains("not sent  Ada <ada@elsewhere.org>"), "{said}");
    assert!(said.contains("besides"), "{said}");
}

#[test]
fn a_revoked_name_stays_at_home_unless_asked_for() {
    let (_server, own) = with_server();
    let old = "Ada Old <old@example.org>";
    own.gpg(&["--quick-add-uid", &own.fingerprint, old]);
    own.gpg(&["--quick-revoke-uid", &own.fingerprint, old]);
    let done = own.agreed();
    assert_eq!(done.code, Some(0), "{}", done.stderr());
    assert!(done.stdout().contains(&format!("not sent  {old}")), "{}", done.stdout());
    let with = [own.fingerprint.as_str(), "--server", &own.server, "--revoked-names"];
    let check = own.publish(&[&with[..], &["--check"]].concat());
    assert_eq!(check.code, Some(1), "{}", check.stdout());
    assert!(check.stderr().contains(&format!("lacks the name {old}")), "{}", check.stderr());
    let done = own.publish(&[&with[..], &["--yes"]].concat());
    assert_eq!(done.code, Some(0), "{}", done.stderr());
    assert!(done.stdout().contains(&format!("name      {old}, revoked")), "{}", done.stdout());
}

#[test]
fn what_was_never_published_is_not_there() {
    let (_server, own) = with_server();
    let done = own.publish(&["--server", &own.server, "--check"]);
    assert_eq!(done.code, Some(1), "{}", done.stdout());
    assert!(done.stderr().contains("does not have your key"), "{}", done.stderr());
}

/// Every file at home, with its content.
fn files(own: &Publishing) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let (mut found, mut folders) = (Vec::new(), vec![own.world.path("")]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else {
                found.push((path.clone(), std::fs::read(&path).unwrap_or_default()));
            }
        }
    }
    found.sort();
    found
}
