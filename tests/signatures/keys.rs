//! Rows about keys: whose they are, what they may, when they ended, and of what kind.

use onramp::signature::Word;

use super::Row;
use super::ring::{Ring, commit, with_signature};

pub(super) fn rows(ring: &Ring) -> Vec<Row> {
    let mut rows = trust(ring);
    rows.extend(subkeys(ring));
    rows.extend(ended(ring));
    rows.extend(unfit(ring));
    rows.extend(algorithms(ring));
    rows
}

fn by(ring: &Ring, key: &str, word: Word) -> Row {
    Row::new(&format!("signed by: {key}"), ring.signed(key, key), word)
}

fn trust(ring: &Ring) -> Vec<Row> {
    vec![
        by(ring, "me", Word::Good),
        by(ring, "full", Word::Good),
        // git says G: one marginally trusted acquaintance is not enough for us.
        by(ring, "marginal", Word::Untrusted).then(true),
        by(ring, "stranger", Word::Untrusted).then(true),
        // git says G: its owner switched it off, or took every name back.
        by(ring, "switched off", Word::Untrusted).then(true),
        by(ring, "nameless", Word::Untrusted).then(true),
        by(ring, "gone", Word::MissingKey),
        by(ring, "hostile name", Word::Good),
        by(ring, "latin name", Word::Good),
        by(ring, "empty name", Word::Good)
            .differs("git prints no fingerprint where a name is empty, for it misreads gpg"),
    ]
}

fn subkeys(ring: &Ring) -> Vec<Row> {
    vec![
        by(ring, "subkey", Word::Good),
        by(ring, "unbound", Word::Bad),
        by(ring, "bound to another", Word::Bad),
        by(ring, "encrypts", Word::Bad),
        by(ring, "wanted", Word::Good).differs(
            "gpg takes the first key that lists the subkey, though it never acknowledged that one",
        ),
    ]
}

fn ended(ring: &Ring) -> Vec<Row> {
    let revoked = |key| by(ring, key, Word::GoodRevokedKey);
    let expired = |key| by(ring, key, Word::GoodExpiredKey);
    vec![
        expired("expired later").then(true),
        expired("expired before").then(false),
        expired("its subkey").then(true),
        expired("expired subkey").then(false),
        revoked("replaced later").then(true),
        revoked("replaced before").then(false),
        revoked("replaced subkey").then(true),
        // The date of a signature proves nothing once the key is in other hands.
        revoked("stolen"),
        revoked("unexplained"),
        // git says Y, which hides the revocation.
        revoked("expired and stolen"),
    ]
}

fn unfit(ring: &Ring) -> Vec<Row> {
    vec![
        by(ring, "certifies", Word::Bad),
        by(ring, "late", Word::Bad),
        by(ring, "unsigned name", Word::Bad),
    ]
}

/// Keys that gpg makes.
fn algorithms(ring: &Ring) -> Vec<Row> {
    let nobody = "no library checks this curve";
    let kinds = [
        ("rsa1024", None),
        ("rsa2048", None),
        ("dsa1024", None),
        ("nistp256", None),
        ("nistp384", None),
        ("nistp521", None),
        ("secp256k1", None),
        ("brainpoolP256r1", None),
        ("brainpoolP384r1", None),
        ("brainpoolP512r1", Some(nobody)),
    ];
    kinds
        .into_iter()
        .flat_map(|(kind, differs)| {
            let name = format!("{kind} <{kind}@example.org>");
            ring.home.gpg(&["--quick-generate-key", &name, kind, "sign", "never"]);
            let key = format!("<{kind}@example.org>");
            let sign = |digest: &str| {
                let name = format!("{kind} {digest}");
                let body = commit(&name);
                let options = ["--digest-algo", digest];
                let raw = with_signature(&body, &ring.home.sign(&key, &body, &options));
                match differs {
                    None => Row::new(&name, raw, Word::Good),
                    Some(why) => Row::new(&name, raw, Word::Unsupported).differs(why),
                }
            };
            // RSA with every hash; the others with the longest, which all of them take.
            let digests: &[&str] = match kind {
                "rsa2048" => &["SHA1", "RIPEMD160", "SHA224", "SHA256", "SHA384", "SHA512"],
                "rsa1024" => &["SHA384", "SHA512"],
                "dsa1024" => &["SHA1", "SHA256"],
                _ => &["SHA512"],
            };
            digests.iter().map(|digest| sign(digest)).collect::<Vec<_>>()
        })
        .collect()
}
