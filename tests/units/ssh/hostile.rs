//! What is damaged, odd or meant to hurt: never good, never a hang, never a fall.

use std::fs;

use onramp::signature::{Signers, Word};
use onramp::ssh::{AllowedSigners, Answer, Clock, PublicKey, Revoked, Signature, decode, encode};
use proptest::prelude::*;

use crate::support::keys::Elsewhere;
use crate::support::ssh::{Curve, Edwards, Parts, Workshop, armoured, line};

use super::table::{ADA, THEN, commit, judged};

fn machine() -> Elsewhere {
    Elsewhere { home: None, env: [].into(), gpg: false }
}

fn believing(shop: &Workshop, text: impl AsRef<[u8]>) -> Signers {
    let list = shop.write("list", text);
    Signers::unset(Clock::utc(THEN)).with_file(&machine(), &list)
}

/// Signatures of several kinds over one payload, in their armour, and a list that believes each.
fn signatures(shop: &Workshop, payload: &[u8]) -> (Vec<Vec<u8>>, String) {
    shop.make("ed", &["-t", "ed25519"]);
    shop.make("ec", &["-t", "ecdsa"]);
    shop.make("ca", &["-t", "ed25519"]);
    let certified = shop.certify("certified", &["-n", ADA]);
    let (edwards, curve) = (Edwards::new(), Curve::new());
    let (card, other) = (edwards.card(), curve.card());
    let on_card = Parts::of(&card);
    let on_card = on_card.armoured(&edwards.sign_on_card(&on_card.signed(payload), 1));
    let by_curve = Parts::of(&other);
    let by_curve = by_curve.armoured(&curve.sign_on_card(&by_curve.signed(payload), 1));
    let mut made: Vec<Vec<u8>> =
        ["ed", "ec", &certified].iter().map(|key| shop.sign(key, payload, &[])).collect();
    made.extend([on_card, by_curve]);
    let keys = [
        shop.public("ed"),
        shop.public("ec"),
        format!("cert-authority {}", shop.public("ca")),
        line("sk-ssh-ed25519@openssh.com", &card),
        line("sk-ecdsa-sha2-nistp256@openssh.com", &other),
    ];
    let list: String = keys.iter().map(|key| format!("{ADA} {key}\n")).collect();
    (made, list)
}

fn blob(armour: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(armour).unwrap();
    let digits: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    decode(digits.as_bytes()).unwrap()
}

#[test]
fn nothing_cut_or_changed_is_good() {
    let (shop, payload) = (Workshop::new(), commit(&THEN.to_string()));
    let (made, list) = signatures(&shop, &payload);
    let signers = believing(&shop, list);
    for whole in &made {
        assert_eq!(judged(&payload, whole, &signers).word, Word::Good);
        // Without its last line feed it is still whole.
        for end in 0..whole.len() - 1 {
            let cut = &whole[..end];
            if cut.starts_with(b"-----BEGIN SSH SIGNATURE-----") {
                let verdict = judged(&payload, cut, &signers);
                assert_eq!(verdict.word, Word::Bad, "{end}: {:?}", verdict.reason);
            }
        }
        let blob = blob(whole);
        for place in 0..blob.len() {
            let cut = judged(&payload, &armoured(&blob[..place]), &signers);
            assert_eq!(cut.word, Word::Bad, "{place}: {:?}", cut.reason);
            for bit in [0x01, 0x80] {
                let mut changed = blob.clone();
                changed[place] ^= bit;
                let verdict = judged(&payload, &armoured(&changed), &signers);
                let word = verdict.word;
                let doubted = matches!(word, Word::Bad | Word::Unsupported | Word::Untrusted);
                assert!(doubted, "{place}: {word:?} {:?}", verdict.reason);
            }
        }
    }
}

#[test]
fn a_list_of_revoked_keys_cut_anywhere_lets_nothing_pass() {
    let shop = Workshop::new();
    shop.make("ed", &["-t", "ed25519"]);
    let key = PublicKey::read(&shop.blob("ed")).unwrap();
    shop.write("sha1", format!("sha1: {}\n", shop.public("ed")));
    for of in ["ed.pub", "sha1"] {
        let whole = fs::read(shop.revoke("krl", of, &[])).unwrap();
        assert!(Revoked::read(&whole).unwrap().holds(&key));
        // Cut behind its head it is a list of nothing, as for ssh-keygen.
        let head = 8 + 4 + 24 + 4 + 4;
        for end in 1..whole.len() {
            let read = Revoked::read(&whole[..end]);
            assert!(read.is_err() || end == head, "{end}");
        }
    }
}

#[test]
fn what_is_too_large_is_not_believed() {
    let (shop, payload) = (Workshop::new(), commit(&THEN.to_string()));
    shop.make("ed", &["-t", "ed25519"]);
    let signature = shop.sign("ed", &payload, &[]);
    let entry = format!("{ADA} {}\n", shop.public("ed"));
    let cases = [
        (format!("#{}\n{entry}", "x".repeat(5 << 20)), Word::Unchecked, "larger than 4 MiB"),
        (format!("{}{entry}", "a,".repeat(1 << 20)), Word::Untrusted, "longer than 32 KiB"),
        (format!("{}{entry}", "a,".repeat(2_000)), Word::Untrusted, "more than 1000 names"),
        (format!("{}{entry}", "*a".repeat(9_000)), Word::Untrusted, "names nobody"),
    ];
    for (text, word, reason) in cases {
        let verdict = judged(&payload, &signature, &believing(&shop, text));
        assert_eq!(verdict.word, word);
        assert!(verdict.reason.as_ref().unwrap().contains(reason), "{:?}", verdict.reason);
    }
    // A file of ten thousand lines about one key is walked all the same.
    let many: String = (0..40_000).map(|_| entry.replace(ADA, "b")).collect();
    let verdict = judged(&payload, &signature, &believing(&shop, many + &entry));
    assert_eq!(verdict.word, Word::Good);
    let huge = [&signature[..40], &vec![b'A'; 1 << 20], &signature[40..]].concat();
    assert_eq!(judged(&payload, &huge, &believing(&shop, &entry)).word, Word::Bad);
}

#[test]
fn a_file_that_is_no_text_believes_nobody() {
    let (shop, payload) = (Workshop::new(), commit(&THEN.to_string()));
    shop.make("ed", &["-t", "ed25519"]);
    let signature = shop.sign("ed", &payload, &[]);
    let noise: Vec<u8> =
        (0..60_000_u32).map(|it| (it.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let verdict = judged(&payload, &signature, &believing(&shop, noise));
    assert_eq!((verdict.word, verdict.git), (Word::Untrusted, 'U'));
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_stumble(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = PublicKey::read(&bytes);
        let _ = AllowedSigners::read(&bytes, &Clock::utc(THEN));
        let _ = Revoked::read(&bytes);
        let _ = Revoked::read(&[b"SSHKRL\n\0\0\0\0\x01", &bytes[..]].concat());
        prop_assert!(Signature::read(&armoured(&bytes)).is_err());
        prop_assert!(Signature::read(&armoured(&[b"SSHSIG\0\0\0\x01", &bytes[..]].concat())).is_err());
    }

    #[test]
    fn base64_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        let padding = "=".repeat((3 - bytes.len() % 3) % 3);
        prop_assert_eq!(decode(format!("{}{padding}", encode(&bytes)).as_bytes()), Some(bytes));
    }

    #[test]
    fn no_text_makes_a_believer(text in "[ \t\"!*?,#=\\\\a-c@\n]{0,60}") {
        let key = Edwards::new().blob();
        let list = AllowedSigners::read(text.as_bytes(), &Clock::utc(THEN));
        let answer = list.ask(&PublicKey::read(&key).unwrap(), "git", THEN);
        prop_assert_eq!(answer, Answer::Nobody);
    }
}
