//! What signatures are worth, on real ones: every row of the table of known traps.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use onramp::observation::Unknown;
use onramp::pgp::packet::{Reading, unwrap};
use onramp::pgp::{GnuPg, Keyring, Listing};
use onramp::probe::signatures::{SignedObject, judge_objects};
use onramp::signature::{Signed, Trust, Verdict, Word, judge};
use proptest::prelude::*;

use crate::support::keys::{Elsewhere, Home, LONG_AGO};

const PAYLOAD: &[u8] = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\
    author Ada <ada@example.org> 1577836800 +0000\n\
    committer Ada <ada@example.org> 1577836800 +0000\n\nmend the door\n";

fn verdict_with(home: &Home, payload: &[u8], signature: &[u8], forges: &[&str]) -> Verdict {
    let machine = Elsewhere::with(home.path());
    let forges: Vec<String> = forges.iter().map(|key| (*key).to_owned()).collect();
    let signed = Signed::new(payload, Some(signature));
    judge(&[signed], &GnuPg::live(Arc::new(machine)), Trust { forge_keys: &forges, signers: None })
        .pop()
        .unwrap()
}

fn verdict(home: &Home, signature: &[u8]) -> Verdict {
    verdict_with(home, PAYLOAD, signature, &[])
}

#[test]
fn good_untrusted_tampered_and_missing() {
    let (home, other, stranger) = (Home::new(), Home::new(), Home::new());
    let ada = home.make("Ada <ada@example.org>", "2y");
    let grace = other.make("Grace <grace@example.org>", "2y");
    home.import(&other, &grace);

    let own = home.sign(&ada, PAYLOAD, &[]);
    let good = verdict(&home, &own);
    assert_eq!((good.word, good.own, good.reason.as_deref()), (Word::Good, true, None));
    assert_eq!(good.key.as_ref(), Some(&ada));
    assert_eq!(good.signer.as_deref(), Some("Ada <ada@example.org>"));
    assert!(good.hash.as_deref().is_some_and(|hash| hash.starts_with("SHA-")) && !good.weak);

    let foreign = other.sign(&grace, PAYLOAD, &[]);
    let untrusted = verdict(&home, &foreign);
    assert_eq!((untrusted.word, untrusted.own), (Word::Untrusted, false));
    assert_eq!(untrusted.signer.as_deref(), Some("Grace <grace@example.org>"));

    let tampered = verdict_with(&home, b"opened the door\n", &own, &[]);
    assert_eq!(tampered.word, Word::Bad);

    // A ring of someone who knows neither, and a machine without any.
    stranger.make("Eve <eve@example.org>", "2y");
    for home in [&stranger, &Home::new()] {
        let missing = verdict(home, &own);
        assert_eq!(missing.word, Word::MissingKey);
        assert_eq!(missing.key.as_ref(), Some(&ada), "the fingerprint is named");
        assert!(missing.reason.unwrap().contains(&ada));
    }
}

#[test]
fn trust_given_in_gpg_makes_a_stranger_good() {
    let (home, other) = (Home::new(), Home::new());
    let grace = other.make("Grace <grace@example.org>", "2y");
    home.import(&other, &grace);
    let trust = home.path().join("trust");
    fs::write(&trust, format!("{grace}:6:\n")).unwrap();
    home.gpg(&["--import-ownertrust", trust.to_str().unwrap()]);
    let signature = other.sign(&grace, PAYLOAD, &[]);
    let verdict = verdict(&home, &signature);
    assert_eq!((verdict.word, verdict.own), (Word::Good, false));
}

#[test]
fn expired_and_revoked_keys_and_signatures() {
    let home = Home::new();
    let past = ["--faked-system-time", LONG_AGO];
    let old = home.make_at("Old <old@example.org>", "1w", &past);
    let expired = verdict(&home, &home.sign(&old, PAYLOAD, &past));
    assert_eq!(expired.word, Word::GoodExpiredKey);
    assert_eq!(
        expired.reason.as_deref(),
        Some("its key expired on 2020-01-09, after it was signed")
    );

    let lasting = home.make_at("Lasting <lasting@example.org>", "never", &past);
    let dated = [past[0], past[1], "--default-sig-expire", "1d"];
    let lapsed = verdict(&home, &home.sign(&lasting, PAYLOAD, &dated));
    assert_eq!(lapsed.word, Word::GoodExpiredSignature);

    let signature = home.sign(&lasting, PAYLOAD, &[]);
    assert_eq!(verdict(&home, &signature).word, Word::Good);
    home.revoke(&lasting);
    let revoked = verdict(&home, &signature);
    assert_eq!(revoked.word, Word::GoodRevokedKey);
    let reason = revoked.reason.unwrap();
    assert!(reason.contains("without a reason, so the date"), "{reason}");
}

#[test]
fn a_weak_hash_is_named() {
    let home = Home::new();
    let ada = home.make("Ada <ada@example.org>", "2y");
    let verdict = verdict(&home, &home.sign(&ada, PAYLOAD, &["--digest-algo", "SHA1"]));
    assert_eq!((verdict.hash.as_deref(), verdict.weak), (Some("SHA-1"), true));
}

#[test]
fn a_hosting_sites_key_is_no_persons() {
    let (home, site) = (Home::new(), Home::new());
    let key = site.make("Site <noreply@example.org>", "never");
    let signature = site.sign(&key, PAYLOAD, &[]);
    let id = &key[24..];
    for forge in [key.as_str(), id, &id.to_lowercase()] {
        assert_eq!(verdict_with(&home, PAYLOAD, &signature, &[forge]).word, Word::ForgeSigned);
    }
    home.import(&site, &key);
    assert_eq!(verdict_with(&home, PAYLOAD, &signature, &[id]).word, Word::ForgeSigned);
    // Once the key is here, claiming its name is not enough.
    assert_eq!(verdict_with(&home, b"other", &signature, &[id]).word, Word::Bad);
}

#[test]
fn what_a_hosting_site_signed_outlives_its_key() {
    let home = Home::new();
    let past = ["--faked-system-time", LONG_AGO];
    let key = home.make_at("Site <noreply@example.org>", "1w", &past);
    let then = verdict_with(&home, PAYLOAD, &home.sign(&key, PAYLOAD, &past), &[&key]);
    assert_eq!((then.word, then.git), (Word::ForgeSigned, 'Y'), "git's letter stays");
    let reason = then.reason.unwrap();
    assert!(
        reason.ends_with("not by a person; its key expired on 2020-01-09, after it was signed")
    );
    // Whoever signs with a dead key is not the site.
    let key = home.make_at("Site <site@example.org>", "never", &past);
    let since = home.sign(&key, PAYLOAD, &["--faked-system-time", "20210101T000000!"]);
    home.gpg(&["--faked-system-time", "20200103T000000!", "--quick-set-expire", &key, "1w"]);
    assert_eq!(verdict_with(&home, PAYLOAD, &since, &[&key]).word, Word::GoodExpiredKey);
}

#[test]
fn several_signatures_and_foreign_forms() {
    let home = Home::new();
    let ada = home.make("Ada <ada@example.org>", "2y");
    let both = home.sign(&ada, PAYLOAD, &["--local-user", &ada]);
    let grace = home.make("Grace <grace@example.org>", "2y");
    let two = home.sign(&ada, PAYLOAD, &["--local-user", &grace]);
    assert_eq!(verdict(&home, &both).word, Word::Good, "the same key named twice signs once");
    assert_eq!(verdict(&home, &two).word, Word::Unsupported);
    let ssh = b"-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n";
    assert_eq!(verdict(&home, ssh).word, Word::Bad);
    let x509 = b"-----BEGIN SIGNED MESSAGE-----\nMIIE\n-----END SIGNED MESSAGE-----\n";
    assert_eq!(verdict(&home, x509).word, Word::Unsupported);
    let damaged = b"-----BEGIN PGP SIGNATURE-----\n\niHUE\n-----END PGP SIGNATURE-----\n";
    for damaged in [&damaged[..], b"-----BEGIN PGP SIGNATURE-----\n\n!\n"] {
        assert_eq!(verdict(&home, damaged).word, Word::Bad);
    }
    assert_eq!(verdict(&home, b"").word, Word::Unsupported, "git stops at it");
}

#[test]
fn without_gpg_a_signature_stays_unchecked() {
    let home = Home::new();
    let ada = home.make("Ada <ada@example.org>", "2y");
    let signature = home.sign(&ada, PAYLOAD, &[]);
    let without = Elsewhere { gpg: false, ..Elsewhere::with(home.path()) };
    let signed = Signed::new(PAYLOAD, Some(&signature));
    let verdict =
        judge(&[signed], &GnuPg::live(Arc::new(without)), Trust::default()).pop().unwrap();
    assert_eq!(verdict.word, Word::Unchecked);
    assert_eq!(verdict.reason.as_deref(), Some("gpg is not installed"));
}

/// Counts what a keyring is asked.
struct Counting {
    ring: GnuPg,
    listed: AtomicUsize,
}

impl Keyring for Counting {
    fn secret_keys(&self, hint: Option<&str>) -> Result<Listing, Unknown> {
        self.ring.secret_keys(hint)
    }
    fn public_keys(&self, ids: &[String]) -> Result<Listing, Unknown> {
        self.listed.fetch_add(1, Relaxed);
        self.ring.public_keys(ids)
    }
}

#[test]
fn many_commits_of_strangers_cost_one_listing() {
    let (home, other) = (Home::new(), Home::new());
    let ada = home.make("Ada <ada@example.org>", "2y");
    let grace = other.make("Grace <grace@example.org>", "2y");
    let foreign = other.sign(&grace, PAYLOAD, &[]);
    let own = home.sign(&ada, PAYLOAD, &[]);
    let object = |number: usize, signature: Option<&Vec<u8>>| SignedObject {
        commit: format!("{number:040x}"),
        short: format!("{number:07x}"),
        subject: "mend the door".into(),
        author_email: "Ada@Example.org".into(),
        payload: PAYLOAD.to_vec(),
        signature: signature.cloned(),
    };
    let mut objects: Vec<_> = (0..300).map(|number| object(number, Some(&foreign))).collect();
    objects.push(object(300, Some(&own)));
    objects.push(object(301, None));

    let machine = Elsewhere::with(home.path());
    let ring = Counting { ring: GnuPg::live(Arc::new(machine)), listed: 0.into() };
    let items = judge_objects(&objects, &ring, Trust::default());

    assert_eq!(items.len(), 302);
    assert!(items[..300].iter().all(|item| item.verdict == Word::MissingKey));
    assert_eq!((items[300].verdict, items[300].email_matches), (Word::Good, Some(true)));
    assert_eq!((items[301].verdict, items[301].email_matches), (Word::Unsigned, None));
    assert_eq!(ring.listed.into_inner(), 1);
}

#[test]
fn unsigned_commits_never_wake_gpg() {
    let home = Home::new();
    let machine = Elsewhere { home: None, env: [].into(), gpg: true };
    let signed = Signed::new(PAYLOAD, None);
    let verdict =
        judge(&[signed], &GnuPg::live(Arc::new(machine)), Trust::default()).pop().unwrap();
    assert_eq!((verdict.word, verdict.key), (Word::Unsigned, None));
    assert!(home.snapshot().is_empty());
}

fn armored(packet: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = b"-----BEGIN PGP SIGNATURE-----\n\n".to_vec();
    for chunk in packet.chunks(3) {
        let bits = chunk.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(DIGITS[(bits >> (18 - 6 * place) & 63) as usize]);
        }
    }
    text.extend_from_slice(b"\n-----END PGP SIGNATURE-----\n");
    text
}

fn read(armored: &[u8], then: impl FnOnce(Reading<'_>)) {
    if let Ok(unwrapped) = unwrap(armored) {
        then(unwrapped.read());
    }
}

#[test]
fn what_a_signature_covers_counts_before_what_it_does_not() {
    let (covered, loose) = ([0xaa; 8], [0xbb; 20]);
    let mut body = vec![4, 0, 22, 8, 0, 10, 9, 16];
    body.extend(covered);
    body.extend([0, 23, 22, 33, 4]);
    body.extend(loose);
    body.extend([0, 0, 0, 1, 1, 0, 1, 1]);
    let mut packet = vec![0xc2, u8::try_from(body.len()).unwrap()];
    packet.extend(&body);
    read(&armored(&packet), |reading| {
        let [signature] = &reading.signatures[..] else { panic!("{reading:?}") };
        assert_eq!(signature.names(), ["AAAAAAAAAAAAAAAA"]);
        assert_eq!((signature.hash, signature.created), (8, 0));
    });
    for (version, newer) in [(9, false), (5, true), (6, true)] {
        packet[2] = version;
        read(&armored(&packet), |reading| {
            assert!(reading.signatures.is_empty() && reading.stopped.is_some());
            assert_eq!(reading.newer, newer);
        });
    }
}

proptest! {
    #[test]
    fn no_packet_makes_the_reader_stumble(packet in proptest::collection::vec(any::<u8>(), 0..300)) {
        read(&armored(&packet), |_| ());
        let mut near = vec![0xc2, 0xff, 0, 0, 1, 0, 4, 0, 22, 8];
        near.extend(packet);
        read(&armored(&near), |_| ());
    }

    #[test]
    fn no_text_makes_the_reader_stumble(text in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut armor = b"-----BEGIN PGP SIGNATURE-----\n\n".to_vec();
        armor.extend(text);
        armor.extend(b"\n-----END PGP SIGNATURE-----");
        read(&armor, |_| ());
    }
}
