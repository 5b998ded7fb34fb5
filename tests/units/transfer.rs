//! Copies of a public key, compared packet by packet.

use onramp::pgp::transfer::{Kind, Piece, Transfer};

use crate::support::keys::Home;

const OLD: &str = "Ada Old <old@example.org>";

fn export(home: &Home, key: &str) -> Vec<u8> {
    home.gpg(&["--armor", "--export", key]).stdout
}

fn read(armoured: &[u8]) -> Transfer {
    Transfer::read(armoured).unwrap()
}

#[test]
fn what_one_copy_has_and_the_other_has_not() {
    let home = Home::new();
    let key = home.make("Ada Lovelace <ada@example.org>", "2y");
    let before = export(&home, &key);
    home.gpg(&["--quick-add-uid", &key, OLD]);
    home.gpg(&["--quick-add-key", &key, "cv25519", "encr", "1y"]);
    let after = export(&home, &key);
    let difference = read(&after).against(&read(&before));
    let whole = |of| Piece { of, signature: false };
    assert_eq!(difference.missing, [whole(Kind::Name(OLD.to_owned())), whole(Kind::Subkey(0))]);
    assert_eq!(difference.extra, []);
    let turned = read(&before).against(&read(&after));
    assert_eq!((turned.missing.len(), turned.extra.len()), (0, 2));
    home.gpg(&["--quick-revoke-uid", &key, OLD]);
    let revoked = read(&export(&home, &key)).against(&read(&after));
    assert_eq!(
        revoked.missing,
        [Piece { of: Kind::Name(OLD.to_owned()), signature: true }],
        "{revoked:?}"
    );
}

#[test]
fn one_key_among_others_is_found() {
    let home = Home::new();
    let ada = home.make("Ada Lovelace <ada@example.org>", "2y");
    let bob = home.make("Bob <bob@example.org>", "2y");
    let both = home.gpg(&["--armor", "--export", &ada, &bob]).stdout;
    assert!(Transfer::read(&both).unwrap_err().contains("2 keys"));
    let (own, foreign) = (read(&export(&home, &ada)), export(&home, &bob));
    assert_eq!(own.same_in(&both), Ok(Some(own.clone())));
    assert_eq!(own.same_in(&foreign), Ok(None));
}

#[test]
fn a_secret_key_is_never_taken_for_a_public_one() {
    let home = Home::new();
    let key = home.make("Ada Lovelace <ada@example.org>", "2y");
    let secret = home.gpg(&["--armor", "--export-secret-keys", &key]).stdout;
    assert_eq!(Transfer::read(&secret).unwrap_err(), "it holds a secret key");
    // Whatever its armour claims.
    let disguised = String::from_utf8(secret).unwrap().replace("PRIVATE", "PUBLIC");
    assert_eq!(Transfer::read(disguised.as_bytes()).unwrap_err(), "it holds a secret key");
}

#[test]
fn damage_is_an_error_and_never_a_key() {
    let home = Home::new();
    let key = home.make("Ada Lovelace <ada@example.org>", "2y");
    let good = export(&home, &key);
    for text in ["", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n-----END PGP PUBLIC KEY BLOCK-----\n"]
    {
        assert!(Transfer::read(text.as_bytes()).is_err(), "{text}");
    }
    for cut in 0..good.len() {
        // Cut in the armour's own end it may still be whole.
        let _ = Transfer::read(&good[..cut]);
    }
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        if let Ok(other) = Transfer::read(&bad) {
            let _ = read(&good).against(&other);
        }
    }
    let signature = home.sign(&key, b"text", &[]);
    assert!(Transfer::read(&signature).unwrap_err().contains("does not begin with a key"));
}

#[test]
fn what_a_server_may_write_anew_makes_no_difference() {
    let header = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n";
    let armour = |unhashed: u8, hashed: u8| {
        // A key of three bytes, a name, and a signature with an unhashed area of two bytes.
        let packets = [
            &[0xc6, 3, 4, 1, 2][..],
            &[0xcd, 3, b'A', b'd', b'a'],
            &[0xc2, 13, 4, 0x13, 22, 8, 0, 1, hashed, 0, 1, unhashed, 7, 7, 9],
        ];
        let text = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, packets.concat());
        format!("{header}{text}\n-----END PGP PUBLIC KEY BLOCK-----\n")
    };
    let own = read(armour(1, 1).as_bytes());
    assert_eq!(own.against(&read(armour(2, 1).as_bytes())).missing, []);
    let other = own.against(&read(armour(1, 2).as_bytes()));
    let name = Piece { of: Kind::Name("Ada".to_owned()), signature: true };
    assert_eq!((other.missing, other.extra), (vec![name.clone()], vec![name]));
}
