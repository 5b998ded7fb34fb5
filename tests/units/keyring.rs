//! The user's keys: which of them could sign, and that looking leaves no trace.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use onramp::pgp::{GnuPg, Keyring};
use onramp::probe::openpgp_key::{Arguments, Found, look};
use onramp::sys::System;
use onramp::sys::recorded::Recorded;

use crate::support::keys::{Elsewhere, Home, LONG_AGO};

fn ring(system: &Elsewhere) -> GnuPg {
    GnuPg::live(Arc::new(system.clone()))
}

fn asked(system: &Elsewhere, email: Option<&str>, signing_key: Option<&str>) -> Found {
    let text = |text: Option<&str>| text.map(str::to_owned);
    let arguments = Arguments { email: text(email), signing_key: text(signing_key) };
    look(&ring(system), system.now(), arguments).expect("an answer")
}

#[test]
fn the_key_that_can_sign_is_found_by_address_and_id() {
    let home = Home::new();
    let ada = home.make("Ada Example <ada@example.org>", "2y");
    home.make("Grace Example <grace@example.org>", "never");
    let machine = Elsewhere::with(home.path());

    let found = asked(&machine, Some("ADA@example.org"), None);
    assert!(found.present && found.named && found.matches && found.gpg);
    assert_eq!(found.keys.len(), 1, "only the key that was asked for");
    let key = &found.keys[0];
    assert_eq!((key.fingerprint.as_str(), key.can_sign), (ada.as_str(), true));
    assert_eq!((key.algorithm.as_str(), key.curve.as_deref()), ("EdDSA", Some("ed25519")));
    assert_eq!((key.bits, key.card, key.problem.clone()), (Some(255), false, None));
    assert_eq!(key.signs_with.as_ref(), Some(&ada));
    assert!(key.expires.is_some());

    for id in [ada.clone(), ada[24..].to_owned(), format!("{ada}!"), format!("0x{}", &ada[24..])] {
        let found = asked(&machine, Some("grace@example.org"), Some(&id));
        assert_eq!(found.usable[0].fingerprint, ada, "{id}");
        assert!(found.named && !found.matches, "the key named is not the commit address's");
    }

    let found = asked(&machine, Some("a@example.org"), None);
    assert!(!found.named && !found.matches, "part of an address is not the address");
    assert_eq!(found.usable.len(), 2, "what else there is");
}

#[test]
fn a_signing_subkey_counts_and_a_dead_primary_does_not() {
    let home = Home::new();
    let certifies = home.gpg(&["--quick-generate-key", "Ada <ada@example.org>", "ed25519", "cert"]);
    drop(certifies);
    let found = asked(&Elsewhere::with(home.path()), None, None);
    assert_eq!(found.keys[0].problem.as_deref(), Some("it was not made for signing"));
    let primary = found.keys[0].fingerprint.clone();

    home.gpg(&["--quick-add-key", &primary, "ed25519", "sign", "1y"]);
    let found = asked(&Elsewhere::with(home.path()), None, None);
    assert_eq!(found.keys.len(), 1);
    assert_ne!(found.usable[0].signs_with.as_ref(), Some(&primary));

    home.revoke(&primary);
    let found = asked(&Elsewhere::with(home.path()), None, None);
    assert!(found.present && found.usable.is_empty());
    assert_eq!(found.keys[0].problem.as_deref(), Some("it is revoked"));
}

#[test]
fn an_expired_key_says_since_when() {
    let home = Home::new();
    home.make_at("Ada <ada@example.org>", "1w", &["--faked-system-time", LONG_AGO]);
    let found = asked(&Elsewhere::with(home.path()), Some("ada@example.org"), None);
    assert!(found.keys[0].expired && found.usable.is_empty());
    assert_eq!(found.keys[0].problem.as_deref(), Some("it expired on 2020-01-09"));
}

#[test]
fn a_key_from_the_future_questions_the_clock() {
    let home = Home::new();
    home.make("Ada <ada@example.org>", "2y");
    let machine = Elsewhere::with(home.path());
    let arguments = Arguments::default();
    let found = look(&ring(&machine), 1_000_000_000, arguments).unwrap();
    let problem = found.usable[0].problem.clone().unwrap();
    assert!(problem.contains("the clock of this machine may be wrong"), "{problem}");
}

#[test]
fn somebody_elses_key_is_not_a_secret_key() {
    let (home, other) = (Home::new(), Home::new());
    let grace = other.make("Grace <grace@example.org>", "2y");
    home.import(&other, &grace);
    let found = asked(&Elsewhere::with(home.path()), Some("grace@example.org"), None);
    assert!(!found.present);
    assert!(found.reason.unwrap().starts_with("there is no secret key in "));
}

#[test]
fn looking_makes_no_file_and_starts_no_agent() {
    let home = Home::new();
    let ada = home.make("Ada <ada@example.org>", "2y");
    home.gpg(&["--quick-add-key", &ada, "ed25519", "sign", "1y"]);
    let subkey = home.fingerprints().pop().unwrap();
    // A home that was copied from elsewhere may lack the trust database, which gpg likes to make.
    fs::remove_file(home.path().join("trustdb.gpg")).unwrap();
    home.quiet();
    assert!(!home.has_agent());
    let before = home.snapshot();

    let machine = Elsewhere::with(home.path());
    let ring = ring(&machine);
    assert_eq!(ring.secret_keys(None).unwrap().keys.len(), 1);
    assert_eq!(ring.secret_keys(Some("ada@example.org")).unwrap().keys.len(), 1);
    let found = ring.public_keys(&[ada, subkey]).unwrap();
    assert_eq!(found.keys.len(), 1, "a key that is named twice is listed once");
    assert_eq!(found.keys[0].parts[1].bound, Some(true), "the key was exported");

    assert!(!home.has_agent(), "an agent was started");
    assert_eq!(before, home.snapshot(), "a file came, went or changed");
}

/// Whether a key counts as trusted, and whether that is known of today.
fn trusted(home: &Home, key: &str) -> (bool, bool) {
    let machine = Elsewhere::with(home.path());
    let listing = ring(&machine).public_keys(&[key.to_owned()]).unwrap();
    (listing.keys[0].trusted, !listing.stale_trust)
}

fn take_trust_back(home: &Home, key: &str) {
    let file = home.path().join("owner");
    fs::write(&file, format!("{key}:2:\n")).unwrap();
    home.gpg(&["--import-ownertrust", file.to_str().unwrap()]);
}

#[test]
fn trust_that_was_taken_back_is_gone_at_once_and_nothing_is_written() {
    let home = Home::new();
    let ada = home.make("Ada <ada@example.org>", "2y");
    assert_eq!(trusted(&home, &ada), (true, true));
    take_trust_back(&home, &ada);
    home.quiet();
    let before = home.snapshot();
    assert_eq!(trusted(&home, &ada), (false, true));
    assert_eq!(before, home.snapshot(), "a file came, went or changed");
}

#[test]
fn of_a_keyring_in_the_old_form_nothing_is_trusted_that_may_have_been_taken_back() {
    let home = Home::new();
    fs::write(home.path().join("pubring.gpg"), "").unwrap();
    let ada = home.make("Ada <ada@example.org>", "2y");
    home.gpg(&["--check-trustdb"]);
    assert_eq!(trusted(&home, &ada), (true, true));
    take_trust_back(&home, &ada);
    home.quiet();
    let before = home.snapshot();
    assert_eq!(trusted(&home, &ada), (false, false));
    assert_eq!(before, home.snapshot(), "a file came, went or changed");
    home.gpg(&["--check-trustdb"]);
    assert_eq!(trusted(&home, &ada), (false, true));
}

#[test]
fn where_there_is_nothing_nothing_is_started() {
    let empty = Home::new();
    let missing = empty.path().join("not-here");
    for folder in [missing.as_path(), empty.path()] {
        let found = asked(&Elsewhere::with(folder), Some("ada@example.org"), None);
        assert!(!found.present && found.gpg);
        assert!(found.reason.unwrap().contains("there are no keys"));
    }
    assert!(!missing.exists());
    assert!(empty.snapshot().is_empty(), "gpg would have made a keyring");
}

#[test]
fn no_gpg_and_no_home_are_told_apart() {
    let home = Home::new();
    let without = Elsewhere { gpg: false, ..Elsewhere::with(home.path()) };
    let found = asked(&without, None, None);
    assert!(!found.present && !found.gpg);
    assert_eq!(found.reason.as_deref(), Some("gpg is not installed"));

    let homeless = Elsewhere { home: None, env: BTreeMap::new(), gpg: true };
    let unknown = look(&ring(&homeless), 0, Arguments::default()).unwrap_err();
    assert!(unknown.0.contains("HOME is not set"), "{}", unknown.0);
}

#[test]
fn a_recorded_machine_lists_what_was_recorded() {
    let grip = "8D117FC75C456B2B2DFA92B4F266B5199A9AC339";
    let text = format!(
        r#"
files:
  /home/ada/.gnupg/pubring.kbx: ""
  /home/ada/.gnupg/trustdb.gpg: ""
  /home/ada/.gnupg/private-keys-v1.d/{grip}.key: "Key: (shadowed-private-key (ecc))"
run:
  gpg --homedir /home/ada/.gnupg --batch --no-tty --no-autostart --lock-never --no-auto-check-trustdb --trust-model pgp --status-fd 2 --with-colons --with-fingerprint --with-fingerprint --with-keygrip --list-keys -- <ada@example.org>: |
    tru::1:1795366608:0:3:1:5
    pub:u:255:22:C2D6862407A2B876:1695366608:1858438608::u:::scSC:::::ed25519:::0:
    fpr:::::::::08045932CF9E717D0C8A98EFC2D6862407A2B876:
    grp:::::::::{grip}:
    uid:u::::1695366608::1F11D7A4DC::Ada \x3a \x1b[31m <ada@example.org>::::::::::0:
    uid:r::::1695366608::1F11D7A4DD::Ada <old@example.org>::::::::::0:
"#
    );
    let machine = Recorded::read(&text).unwrap();
    let arguments = Arguments { email: Some("ada@example.org".into()), signing_key: None };
    let ring = GnuPg::live(Arc::new(machine));
    let found = look(&ring, 1_790_000_000, arguments).unwrap();
    assert!(found.matches && found.keys[0].card, "the secret part is on a card");
    assert_eq!(found.keys[0].user_ids, ["Ada : \\x1b[31m <ada@example.org>"]);
    assert_eq!(found.keys[0].emails, ["ada@example.org"], "a revoked name does not count");
}
