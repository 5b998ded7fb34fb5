//! Rows of the table about kinds of keys, and about signatures put together otherwise.

use onramp::signature::Word::{self, Bad, Good, Unsupported, Untrusted};

use crate::support::ssh::{Curve, Edwards, Parts, armoured, line, string};

use super::table::{ADA, List, Table, commit, tag};

const REFUSED: &str = "git says bad";

pub(super) fn rows(table: &mut Table) {
    kinds(table);
    let edwards = Edwards::new();
    let list = format!("{ADA} {}\n", line("ssh-ed25519", &edwards.blob()));
    by_hand(table, &edwards, &list);
    armour(table, &edwards, &list);
    rsa(table);
    cards(table, &edwards);
    purposes(table);
    tags(table);
}

fn kinds(table: &mut Table) {
    let given_up = "not followed: OpenSSH has given DSA up, and checks it still in 9.2";
    let kinds: [(&'static str, &[&str], Word, &'static str); 6] = [
        ("rsa", &["-t", "rsa", "-b", "3072", "-m", "PEM"], Good, ""),
        ("rsa1k", &["-t", "rsa", "-b", "1024"], Good, ""),
        ("ec256", &["-t", "ecdsa", "-b", "256"], Good, ""),
        ("ec384", &["-t", "ecdsa", "-b", "384"], Good, ""),
        ("ec521", &["-t", "ecdsa", "-b", "521"], Good, ""),
        ("dsa", &["-t", "dsa"], Unsupported, given_up),
    ];
    let payload = table.usual.0.clone();
    for (name, kind, word, why) in kinds {
        table.shop.make(name, kind);
        let signature = table.shop.sign(name, &payload, &[]);
        let list = format!("{ADA} {}\n", table.shop.public(name));
        table.usual(name, &list, word, why);
        table.with(&payload, &signature);
        if word == Good {
            table.usual(name, &list, Bad, "");
            let other = commit("1609459201");
            table.with(&other, &signature);
        }
    }
}

/// Adds a row under a list of its own.
fn row(
    table: &mut Table,
    name: &'static str,
    signature: &[u8],
    list: &str,
    word: Word,
    why: &'static str,
) {
    let payload = table.usual.0.clone();
    table.add(name, List::Text(list.as_bytes().to_vec()), word, why);
    table.with(&payload, signature);
}

fn by_hand(table: &mut Table, edwards: &Edwards, list: &str) {
    let (payload, key) = (table.usual.0.clone(), edwards.blob());
    let parts = || Parts::of(&key);
    let whole = |parts: Parts<'_>| parts.armoured(&edwards.sign(&parts.signed(&payload)));
    let plain = edwards.sign(&parts().signed(&payload));
    let blob = parts().blob(&plain);
    let zero = "no OpenSSH ever made version 0, and git takes it";
    let mistyped = [&b"ssh-rsa"[..], &plain[plain.len() - 64..]].map(string).concat();
    let rows = [
        ("by hand", whole(parts()), Good, ""),
        ("SHA-256", whole(Parts { hash: "sha256", ..parts() }), Good, ""),
        ("SHA-1", whole(Parts { hash: "sha1", ..parts() }), Bad, ""),
        ("SHA-384", whole(Parts { hash: "sha384", ..parts() }), Bad, ""),
        ("for files", whole(Parts { namespace: b"file", ..parts() }), Bad, ""),
        (
            "for files, relabelled",
            parts()
                .armoured(&edwards.sign(&Parts { namespace: b"file", ..parts() }.signed(&payload))),
            Bad,
            "",
        ),
        ("version 0", whole(Parts { version: 0, ..parts() }), Unsupported, zero),
        ("version 2", whole(Parts { version: 2, ..parts() }), Unsupported, REFUSED),
        ("magic", whole(Parts { magic: b"SSHSIX", ..parts() }), Bad, ""),
        ("reserved, signed", whole(Parts { reserved: b"x", ..parts() }), Bad, ""),
        ("reserved, unsigned", Parts { reserved: b"x", ..parts() }.armoured(&plain), Good, ""),
        ("more behind", armoured(&[&blob[..], b"x"].concat()), Bad, ""),
        ("more inside", parts().armoured(&[&plain[..], b"x"].concat()), Bad, ""),
        ("mistyped", parts().armoured(&mistyped), Bad, ""),
        ("cut in the number", parts().armoured(&plain[..plain.len() - 1]), Bad, ""),
    ];
    for (name, signature, word, why) in rows {
        row(table, name, &signature, list, word, why);
    }
}

fn armour(table: &mut Table, edwards: &Edwards, list: &str) {
    let (payload, key) = (table.usual.0.clone(), edwards.blob());
    let parts = Parts::of(&key);
    let good = parts.armoured(&edwards.sign(&parts.signed(&payload)));
    let bad = parts.armoured(&edwards.sign(&parts.signed(b"else")));
    let text = String::from_utf8(good.clone()).unwrap();
    let within = |what: &str| format!("{}{what}{}", &text[..80], &text[80..]);
    let open = text.split("-----END").next().unwrap().to_owned();
    let mut digits: Vec<&str> = text.lines().collect();
    let (end, begin) = (digits.pop().unwrap(), digits.remove(0));
    let one_line = format!("{begin}\n{}\n{end}\n", digits.concat());
    let rows = [
        ("text behind", format!("{text}trailing\n"), Good),
        ("two blocks", format!("{text}{}", String::from_utf8_lossy(&bad)), Good),
        ("two blocks, bad first", format!("{}{text}", String::from_utf8_lossy(&bad)), Bad),
        ("blank behind BEGIN", text.replacen("-----\n", "----- \n", 1), Bad),
        ("line ends of Windows inside", text.replace('\n', "\r\n"), Bad),
        ("blanks inside", within(" \t"), Good),
        ("junk inside", within("*"), Bad),
        ("padding inside", within("="), Bad),
        ("one line", one_line, Good),
        ("OpenPGP behind", format!("{text}-----BEGIN PGP SIGNATURE-----\n"), Good),
        ("nothing inside", format!("{begin}\n{end}\n"), Bad),
        (
            "text on the END line",
            text.replace("SIGNATURE-----\n", "SIGNATURE-----xyz\n").replacen("xyz", "", 1),
            Good,
        ),
        ("no END line", open, Bad),
        ("cut in the middle", text[..text.len() / 2].to_owned(), Bad),
    ];
    for (name, signature, word) in rows {
        row(table, name, signature.as_bytes(), list, word, "");
    }
    row(table, "cut and unlisted", &text.as_bytes()[..text.len() / 2], "", Bad, "");
    row(table, "tampered", &bad, list, Bad, "");
    row(table, "tampered and unlisted", &bad, "", Bad, "");
    table.add("tampered, no list", List::Unset, Bad, "git calls it unsigned");
    table.with(&payload, &bad);
}

fn rsa(table: &mut Table) {
    let payload = table.usual.0.clone();
    let (key, public) = (table.shop.blob("rsa"), table.shop.public("rsa"));
    let parts = Parts::of(&key);
    let data = parts.signed(&payload);
    for (name, kind, sha256, word) in [
        ("rsa-sha2-256", "rsa-sha2-256", true, Good),
        ("rsa-sha2-512", "rsa-sha2-512", false, Good),
        ("rsa mislabelled", "rsa-sha2-256", false, Bad),
        ("ssh-rsa", "ssh-rsa", true, Bad),
    ] {
        let value = table.shop.rsa("rsa", &data, sha256);
        let inner = [kind.as_bytes(), &value].map(string).concat();
        row(table, name, &parts.armoured(&inner), &format!("{ADA} {public}\n"), word, "");
    }
}

fn cards(table: &mut Table, edwards: &Edwards) {
    let payload = table.usual.0.clone();
    let key = edwards.card();
    let parts = Parts::of(&key);
    let list = format!("{ADA} {}\n", line("sk-ssh-ed25519@openssh.com", &key));
    for (name, flags) in [("security key", 1), ("security key, untouched", 0)] {
        let inner = edwards.sign_on_card(&parts.signed(&payload), flags);
        row(table, name, &parts.armoured(&inner), &list, Good, "");
        let mut other = inner.clone();
        *other.last_mut().unwrap() ^= 1;
        row(table, "security key, other counter", &parts.armoured(&other), &list, Bad, "");
    }
    let curve = Curve::new();
    let key = curve.card();
    let parts = Parts::of(&key);
    let list = format!("{ADA} {}\n", line("sk-ecdsa-sha2-nistp256@openssh.com", &key));
    let inner = curve.sign_on_card(&parts.signed(&payload), 5);
    row(table, "security key, ECDSA", &parts.armoured(&inner), &list, Good, "");
}

fn purposes(table: &mut Table) {
    let payload = table.usual.0.clone();
    let signature = table.shop.sign("ed", &payload, &["-n", "file"]);
    table.usual("ssh-keygen for files", &format!("{ADA} %ed\n"), Bad, "");
    table.with(&payload, &signature);
    table.usual("for files, unlisted", "", Bad, "");
    table.with(&payload, &signature);
    let none = "git looks at no signature where nobody committed";
    let text = String::from_utf8(payload.to_vec()).unwrap();
    let lines: Vec<&str> = text.split('\n').filter(|line| !line.starts_with("committer")).collect();
    let payload = lines.join("\n").into_bytes();
    let signature = table.shop.sign("ed", &payload, &[]);
    table.usual("nobody committed", &format!("{ADA} %ed\n"), Unsupported, none);
    table.with(&payload, &signature);
}

/// A row's name, list, payload and signature, and what is said of it.
type Made<'a> = (&'static str, &'a str, &'a [u8], &'a [u8], Word, &'static str);

fn tags(table: &mut Table) {
    let payload = tag("tagger A U Thor <a@example.org> 1609459200 +0000\n");
    let signature = table.shop.sign("ed", &payload, &[]);
    let behind = [&signature[..], b"trailing\n"].concat();
    let other = table.shop.sign("ed", b"else", &[]);
    let nobody = tag("");
    let by_nobody = table.shop.sign("ed", &nobody, &[]);
    let uncovered = "nobody signed what stands behind the signature, and git says good";
    let none = "git looks at no signature where nobody tagged";
    let early = "a@example.org valid-before=\"20201231\" %ed\n";
    let rows: [Made<'_>; 6] = [
        ("tag", "a@example.org %ed\n", &payload, &signature, Good, ""),
        ("tag, tampered", "a@example.org %ed\n", &payload, &other, Bad, ""),
        ("tag, unlisted", "", &payload, &signature, Untrusted, ""),
        ("tag, too late", early, &payload, &signature, Untrusted, ""),
        ("tag, more behind", "a@example.org %ed\n", &payload, &behind, Unsupported, uncovered),
        ("tag by nobody", "a@example.org %ed\n", &nobody, &by_nobody, Unsupported, none),
    ];
    for (name, list, payload, signature, word, why) in rows {
        table.usual(name, list, word, why);
        table.with(payload, signature);
    }
    let unset = "git checks nothing without a list";
    table.add("tag, no list", List::Unset, Untrusted, unset);
    table.with(&payload, &signature);
}
