//! Keys that somebody made to hurt, and keyrings that give no answer: each costs the verdict on its
//! own signatures, and no other's.

use std::fs;
use std::sync::Arc;

use onramp::observation::Unknown;
use onramp::pgp::check::{Keys, Outcome};
use onramp::pgp::key::{Key, Listing, Part};
use onramp::pgp::packet::Signature;
use onramp::pgp::{GnuPg, Keyring};
use onramp::signature::{Signed, Trust, Verdict, Word, judge};
use proptest::prelude::*;

use super::ring::{Y20, Y21, commit};
use crate::support::keys::{Elsewhere, Home};
use crate::support::openpgp::{Certificate, Key as Hand, armored, packet};

/// The verdicts on one commit by each key.
fn verdicts(home: &Home, keys: &[&Hand]) -> Vec<Verdict> {
    let body = commit("one of many");
    let signatures: Vec<_> =
        keys.iter().map(|key| armored(&packet(2, &key.sign(&body, &key.form(Y21))))).collect();
    let signed: Vec<_> =
        signatures.iter().map(|signature| Signed::new(&body, Some(signature))).collect();
    let verdicts =
        judge(&signed, &GnuPg::live(Arc::new(Elsewhere::with(home.path()))), Trust::default());
    home.quiet();
    verdicts
}

fn imported(certificates: &[Certificate<'_>]) -> Home {
    let home = Home::new();
    let file = home.path().join("certificates");
    fs::write(&file, certificates.iter().flat_map(Certificate::bytes).collect::<Vec<_>>()).unwrap();
    home.gpg(&["--quiet", "--import", file.to_str().unwrap()]);
    home
}

#[test]
fn a_key_of_endless_names_hides_no_other() {
    let (blown, plain) = (Hand::new(1, Y20), Hand::new(2, Y20));
    // gpg writes each byte of these as four.
    let name = |number: u32| [number.to_string().as_bytes(), &[1; 2000]].concat();
    let home = imported(&[
        Certificate { more_names: (0..560).map(name).collect(), ..Certificate::of(&blown, "Eve") },
        Certificate::of(&plain, "Ada <ada@example.org>"),
    ]);
    let [first, second] = &verdicts(&home, &[&blown, &plain])[..] else { panic!() };
    assert_eq!((first.word, second.word), (Word::Unchecked, Word::Untrusted));
    let reason = first.reason.as_deref().unwrap();
    assert!(reason.contains(&blown.hex()) && reason.contains("too large"), "{reason}");
}

#[test]
fn a_key_of_many_certifications_is_read() {
    let (key, subkey) = (Hand::new(1, Y20), Hand::new(2, Y20));
    let flooded =
        Certificate { certifications: 3000, ..Certificate::of(&key, "Ada <a@b.example>") };
    let home = imported(&[flooded.sub(&subkey, |_| {})]);
    let found = verdicts(&home, &[&key, &subkey]);
    assert!(found.iter().all(|verdict| verdict.word == Word::Untrusted), "{found:?}");
}

#[test]
fn names_come_clean() {
    let key = Hand::new(1, Y20);
    let name = b"\x1b[31mx\n[GNUPG:] GOODSIG 0 x\0\xe2\x80\xae <eve@example.org>\xff".to_vec();
    let home = imported(&[Certificate { name, ..Certificate::of(&key, "") }]);
    let found = verdicts(&home, &[&key]).pop().unwrap();
    let signer = found.signer.unwrap();
    let hidden = |letter: char| letter.is_control() || letter == '\u{202e}';
    assert!(!signer.contains(hidden) && signer.contains("GOODSIG"), "{signer:?}");
}

/// A keyring whose gpg hangs.
struct Hung;

impl Keyring for Hung {
    fn secret_keys(&self, _: Option<&str>) -> Result<Listing, Unknown> {
        self.public_keys(&[])
    }
    fn public_keys(&self, _: &[String]) -> Result<Listing, Unknown> {
        Err(Unknown::because("gpg gave no answer within 5 seconds"))
    }
}

#[test]
fn a_keyring_without_an_answer_leaves_it_open() {
    let (key, body) = (Hand::new(1, Y20), commit("one"));
    let signature = armored(&packet(2, &key.sign(&body, &key.form(Y21))));
    let signed = Signed::new(&body, Some(&signature));
    let verdict = judge(&[signed], &Hung, Trust::default()).pop().unwrap();
    assert_eq!((verdict.word, verdict.git), (Word::Unchecked, '?'));
    assert_eq!(verdict.reason.as_deref(), Some("gpg gave no answer within 5 seconds"));
}

fn part(code: u8, numbers: Vec<Vec<u8>>) -> Part {
    Part {
        fingerprint: "00".repeat(20),
        key_id: "00".repeat(8),
        created: Some(0),
        signs: true,
        code,
        numbers,
        ..Part::default()
    }
}

fn number() -> impl Strategy<Value = Vec<u8>> {
    let any_length = proptest::collection::vec(any::<u8>(), 0..70);
    let usual = prop_oneof![Just(20usize), Just(28), Just(32), Just(128), Just(256)]
        .prop_flat_map(|length| proptest::collection::vec(any::<u8>(), length));
    let curve = prop_oneof![
        Just(vec![8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7]),
        Just(vec![5, 0x2B, 0x81, 4, 0, 0x23]),
        Just(vec![9, 0x2B, 0x24, 3, 3, 2, 8, 1, 1, 7]),
        Just(vec![9, 0x2B, 6, 1, 4, 1, 0xDA, 0x47, 0x0F, 1]),
    ];
    prop_oneof![any_length, usual, curve]
}

proptest! {
    #[test]
    fn no_key_makes_the_arithmetic_stumble(
        code in prop_oneof![Just(1u8), Just(17), Just(19), Just(22)],
        numbers in proptest::collection::vec(number(), 2..5),
        signature in proptest::collection::vec(number(), 0..3),
        hash in 1u8..13,
    ) {
        let key = Key {
            fingerprint: "00".repeat(20),
            revoked: false,
            disabled: false,
            trusted: true,
            accepted: true,
            user_ids: Vec::new(),
            parts: vec![part(code, numbers)],
        };
        let listing = Listing {
            gpg: true,
            home: String::new(),
            nothing: None,
            stale_trust: false,
            now: i64::from(Y21),
            keys: vec![key],
            unreadable: Vec::new(),
        };
        let signature = Signature {
            version: 4,
            algorithm: code,
            hash,
            numbers: signature.iter().map(Vec::as_slice).collect(),
            ..Signature::default()
        };
        let (outcome, _) = Keys::of(&listing).check(b"content", &signature);
        prop_assert!(!matches!(outcome, Outcome::Holds | Outcome::Rewritten));
    }
}
