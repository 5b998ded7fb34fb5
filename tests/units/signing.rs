//! Keys as `key show` tells them: which is named, what keeps each from signing, and how long the
//! screen gets.

use std::collections::BTreeMap;

use onramp::pgp::Key;
use onramp::pgp::key::{Part, Revocation, Secret, UserId};
use onramp::signing::named::{By, meant};
use onramp::signing::shape::{Kept, State, Weight, Works};
use proptest::prelude::*;
use snapbox::{assert_data_eq, str};

use crate::support::keyrings::*;

#[test]
fn one_key_and_all_fine_is_a_short_screen() {
    let shown = told(&settings(&FINE), &holds(vec![ada()]));
    assert!(shown.problems.is_empty(), "{:#?}", shown.problems);
    assert_data_eq!(
        screen(&shown),
        str![[r#"
✓ git can sign here
  key       08045932CF9E717D0C8A98EFC2D6862407A2B876 (ed25519)
  names     Ada Lovelace <ada@example.org>, the address you commit with
  lasts     expires in 400 days, on 2027-10-26
  kept      in /home/ada/.gnupg, with a revocation certificate
  good for  certifying, signing
  git       signs every commit and tag, with /usr/bin/gpg
  told by   user.signingkey in /home/ada/.gitconfig

"#]]
    );
}

#[test]
fn a_key_is_named_in_all_the_ways_of_gpg() {
    let mut key = ada();
    key.parts.push(part(SUB));
    key.parts[0].keygrip = Some("8D117FC75C456B2B2DFA92B4F266B5199A9AC339".to_owned());
    let spaced = "0804 5932 CF9E 717D 0C8A  98EF C2D6 8624 07A2 B876";
    for text in [
        ADA,
        &ADA.to_lowercase(),
        &format!("0x{ADA}"),
        &format!("{ADA}!"),
        &ADA[24..],
        &ADA[32..],
        &format!("0{}", &ADA[32..]),
        SUB,
        spaced,
        "<ADA@example.org>",
        "ada@example.org",
        "@example.org",
        "=Ada Lovelace <ada@example.org>",
        "*lovelace",
        "Lovelace <ada",
        "&8d117fc75c456b2b2dfa92b4f266b5199a9ac339",
    ] {
        assert!(meant(text).names(&key), "{text}");
    }
    for text in
        ["", "!", "0x", "0x12", "#x", "/CN=Ada", "<ada@example.or>", "=Ada", "Grace", &ADA[25..]]
    {
        assert!(!meant(text).names(&key), "{text}");
    }
    assert_eq!(meant(&ADA[32..]).by, By::ShortId(ADA[32..].to_owned()));
}

#[test]
fn an_exclamation_mark_means_that_very_part() {
    let mut key = ada();
    key.parts.push(Part { created: Some(NOW), ..part(SUB) });
    assert_eq!(meant(ADA).signer(&key).unwrap().fingerprint, SUB, "gpg prefers a subkey");
    assert_eq!(meant(&format!("{ADA}!")).signer(&key).unwrap().fingerprint, ADA);
    key.parts[0].secret = Secret::Absent;
    assert!(meant(&format!("{ADA}!")).signer(&key).is_none());

    let shown = told(&but("user.signingkey", &format!("{ADA}!")), &holds(vec![key]));
    fails(&shown, "the secret part that signs is not on this machine", "--export-secret-keys");
}

#[test]
fn a_signing_key_that_names_nothing_several_or_too_little() {
    let grace = || key(SUB, "Ada Lovelace", "ada@example.org");
    for text in ["grace@example.org", "DEADBEEF", "%%%", "deadbeefdeadbeef"] {
        let shown = told(&but("user.signingkey", text), &holds(vec![ada()]));
        let remedy = format!("git config --global user.signingkey {ADA}");
        fails(&shown, "which names none of your secret keys", &remedy);
    }
    let shown = told(&but("user.signingkey", "ada@example.org"), &holds(vec![ada(), grace()]));
    warns(&shown, "names 2 of your keys", &format!("user.signingkey {ADA}"));
    let shown = told(&but("user.signingkey", &ADA[32..]), &holds(vec![ada()]));
    warns(&shown, "is a short key id", &format!("user.signingkey {ADA}"));

    let nobody = settings(&[("user.email", "ada@example.org"), ("user.name", "A. Lovelace")]);
    let shown = told(&nobody, &holds(vec![ada()]));
    fails(&shown, "none of yours carries A. Lovelace <ada@example.org>, by which git looks", ADA);
    let guessed = settings(&[("user.email", "ada@example.org"), ("user.name", "Ada Lovelace")]);
    let shown = told(&guessed, &holds(vec![ada()]));
    warns(&shown, "git guesses one from your name and address", ADA);
}

#[test]
fn keys_that_sign_no_more_say_why() {
    let mut revoked = ada();
    revoked.revoked = true;
    let mut expired = ada();
    expired.parts[0].expires = Some(NOW - DAY);
    expired.parts[0].expired = true;
    let mut disabled = ada();
    disabled.disabled = true;
    let mut encrypts = ada();
    encrypts.parts[0].signs = false;
    let mut part_expired = encrypts.clone();
    part_expired.parts.push(Part { expired: true, expires: Some(NOW - DAY), ..part(SUB) });
    let mut part_revoked = encrypts.clone();
    part_revoked.parts.push(Part { unusable: true, revoked: true, ..part(SUB) });
    let revocation = |date| Revocation { date, code: 2, comment: "lost".into() };
    let revocations =
        BTreeMap::from([(ADA.into(), revocation(NOW - DAY)), (SUB.into(), revocation(NOW))]);
    for (key, state, what, remedy) in [
        (
            revoked,
            State::Revoked,
            "it was revoked on 2026-09-20, because it fell into other hands (\"lost\")",
            "onramp key new",
        ),
        (expired, State::Expired, "it expired on 2026-09-20", "--quick-set-expire"),
        (disabled, State::Disabled, "it is disabled", "enable save"),
        (encrypts, State::NotForSigning, "it was not made for signing", "--quick-add-key"),
        (part_expired, State::PartExpired, "its signing subkey expired on 2026-09-20", "2y '*'"),
        (
            part_revoked,
            State::PartRevoked,
            "its signing subkey was revoked on 2026-09-21",
            "--quick-add-key",
        ),
    ] {
        let revocations = revocations.clone();
        let ring = Ring { keys: vec![key], revocations, ..Ring::default() };
        let shown = told(&settings(&FINE), &ring);
        fails(&shown, what, remedy);
        assert_eq!(shown.keys[0].state, state);
    }
}

#[test]
fn offline_primary_card_and_missing_certificate() {
    let mut key = ada();
    key.parts[0].secret = Secret::Absent;
    key.parts.push(Part { secret: Secret::Card, expires: Some(NOW + 9 * DAY), ..part(SUB) });
    let shown = told(&settings(&FINE), &holds(vec![key]));
    assert!(shown.keys[0].primary_away && shown.keys[0].kept == Kept::Card);
    assert_eq!(shown.keys[0].signs_with.as_deref(), Some(SUB));
    warns(&shown, "expires on 2026-09-30, in 9 days", "where its primary part is kept: gpg");
    let text = screen(&shown);
    assert!(text.contains("on a smart card, with a revocation certificate; its primary"), "{text}");

    let other = key_of_grace();
    let shown = told(&but("user.signingkey", SUB), &holds(vec![other]));
    let missing = "no revocation certificate of key";
    let found = shown.problems.iter().find(|problem| problem.what.starts_with(missing)).unwrap();
    assert_eq!(found.weight, Weight::Advice);
    assert!(found.remedy.as_ref().unwrap().contains("--gen-revoke"));
}

fn key_of_grace() -> Key {
    key(SUB, "Grace Hopper", "grace@example.org")
}

#[test]
fn strength_follows_the_rules_of_apache() {
    use onramp::signature::strength::Strength::{Short, Strong, Unknown, Weak};
    for (algorithm, bits, expected) in [
        ("RSA", Some(1024), Weak),
        ("RSA", Some(2047), Weak),
        ("RSA", Some(2048), Short),
        ("RSA", Some(4095), Short),
        ("RSA", Some(4096), Strong),
        ("RSA", None, Unknown),
        ("DSA", Some(3072), Weak),
        ("EdDSA", Some(255), Strong),
        ("ECDSA", Some(256), Strong),
        ("ECDSA", Some(192), Unknown),
        ("ssh-dss", None, Weak),
        ("ssh-rsa", Some(3072), Short),
        ("ssh-ed25519", None, Strong),
        ("sk-ssh-ed25519@openssh.com", None, Strong),
        ("algorithm 99", None, Unknown),
    ] {
        assert_eq!(
            onramp::signature::strength::strength(algorithm, bits),
            expected,
            "{algorithm} {bits:?}"
        );
    }
    let rsa = |bits| {
        let mut key = ada();
        key.parts[0] = Part { algorithm: "RSA".into(), bits: Some(bits), curve: None, ..part(ADA) };
        told(&settings(&FINE), &holds(vec![key]))
    };
    fails(&rsa(1024), "signs with RSA of 1024 bits, which can be forged", "onramp key new");
    warns(&rsa(3072), "is an RSA key of 3072 bits", "keep it");
}

#[test]
fn a_thousand_keys_and_a_megabyte_of_name_fit_a_screen() {
    let mut keys: Vec<Key> = (0..1000)
        .map(|at| key(&format!("{at:040X}"), &format!("Ada {at}"), "ada@old.example"))
        .collect();
    let mut vast = ada();
    vast.user_ids[0].text = "A".repeat(1 << 20) + " <ada@example.org>";
    vast.user_ids.extend((0..500).map(|at| UserId { text: format!("x{at}"), email: None }));
    keys.push(vast);
    let shown = told(&settings(&FINE), &holds(keys));
    assert_eq!((shown.works, shown.keys.len()), (Works::Yes, 1001));
    assert_eq!((shown.keys[0].user_ids.len(), shown.keys[0].user_id_count), (100, 501));
    let text = screen(&shown);
    assert!(text.lines().count() < 40, "{text}");
    assert!(text.contains("and 990 more; `--verbose` shows them"), "{text}");
    assert!(text.len() < 4000, "{}", text.len());
}

proptest! {
    #[test]
    fn whatever_a_key_is_called_by_nothing_panics(text in "\\PC{0,50}") {
        let _ = meant(&text).names(&ada());
        let _ = meant(&text).signer(&ada());
    }
}
