//! Rows about the form of a signature: its packet, what stands beside it, and its armour.

use onramp::signature::Word;

use super::Row;
use super::ring::{DAY, Ring, Y20, Y21, YEAR, commit, with_signature};
use crate::support::openpgp::{
    CREATED, CRITICAL, FINGERPRINT, Form, ISSUER, LIFETIME, armored, packet,
};

const KEY: &str = "me";

pub(super) fn rows(ring: &Ring) -> Vec<Row> {
    let mut rows = hashes(ring);
    rows.extend(names(ring));
    rows.extend(times(ring));
    rows.extend(demands(ring));
    rows.extend(kinds(ring));
    rows.extend(numbers(ring));
    rows.extend(company(ring));
    rows.extend(armour(ring));
    rows
}

fn form(ring: &Ring, name: &str, word: Word, form: impl Fn(Form) -> Form) -> Row {
    Row::new(name, ring.formed(name, KEY, form), word)
}

fn hashes(ring: &Ring) -> Vec<Row> {
    let hashed = |name: &str, number, word| form(ring, name, word, |form| form.hash(number));
    vec![
        hashed("SHA-1", 2, Word::Good),
        hashed("RIPEMD-160", 3, Word::Good),
        hashed("SHA-224", 11, Word::Good),
        hashed("SHA-384", 9, Word::Good),
        hashed("SHA-512", 10, Word::Good),
        hashed("MD5", 1, Word::Bad),
        hashed("unknown hash", 99, Word::Unsupported),
    ]
}

fn names(ring: &Ring) -> Vec<Row> {
    let of = |name: &str| [&[4][..], &ring.keys[name].fingerprint()].concat();
    let (mine, gone, stranger) = (of(KEY), of("gone"), of("stranger"));
    vec![
        form(ring, "only a loose id", Word::Good, |form| form.without(FINGERPRINT)),
        form(ring, "no name", Word::MissingKey, |form| form.without(FINGERPRINT).without(ISSUER)),
        form(ring, "a loose fingerprint", Word::MissingKey, |form| {
            form.without(FINGERPRINT).without(ISSUER).loosely(FINGERPRINT, &mine[..])
        }),
        form(ring, "fingerprint of a missing key", Word::Good, |form| {
            form.without(FINGERPRINT).with(FINGERPRINT, &gone[..])
        }),
        form(ring, "fingerprint of another", Word::Bad, |form| {
            form.without(FINGERPRINT).with(FINGERPRINT, &stranger[..])
        }),
        form(ring, "id of another", Word::Good, |form| {
            form.without(ISSUER).loosely(ISSUER, ring.keys["stranger"].id())
        }),
    ]
}

fn times(ring: &Ring) -> Vec<Row> {
    let lasts = |form: Form, seconds: u32| form.with(LIFETIME, seconds.to_be_bytes());
    let both = |key: &'static str| {
        let name = format!("lapsed, by: {key}");
        let raw = ring.formed(&name, key, |form| lasts(form, DAY));
        move |word| Row::new(&name, raw, word)
    };
    vec![
        form(ring, "lapsed", Word::GoodExpiredSignature, |form| lasts(form, YEAR)).then(true),
        form(ring, "lasts for ever", Word::Good, |form| lasts(form, 0)),
        form(ring, "lasts beyond the end of counting", Word::GoodExpiredSignature, |form| {
            lasts(form, u32::MAX)
        })
        .then(true),
        form(ring, "lasts by loose word", Word::Good, |form| {
            form.loosely(LIFETIME, DAY.to_be_bytes())
        }),
        // git says X, which hides what weighs more.
        both("replaced later")(Word::GoodRevokedKey).then(true),
        both("expired later")(Word::GoodExpiredKey).then(true),
        form(ring, "of the future", Word::Good, |form| {
            form.without(CREATED).with(CREATED, 4_000_000_000u32.to_be_bytes())
        }),
        form(ring, "without a time", Word::Bad, |form| form.without(CREATED)),
        form(ring, "with two times", Word::Good, |form| form.with(CREATED, Y20.to_be_bytes())),
    ]
}

fn demands(ring: &Ring) -> Vec<Row> {
    let status = b"\x80\0\0\0\0\x04\0\x1ba@b.\n[GNUPG:] GOODSIG 0123456789".to_vec();
    vec![
        form(ring, "demands the unknown", Word::Bad, |form| form.with(CRITICAL | 101, [1])),
        form(ring, "demands it loosely", Word::Bad, |form| form.loosely(CRITICAL | 101, [1])),
        form(ring, "asks for the unknown", Word::Good, |form| form.with(101, [1])),
        form(ring, "demands a notation", Word::Bad, |form| form.with(CRITICAL | 20, &status[..])),
        form(ring, "a notation like a status", Word::Good, |form| form.with(20, &status[..])),
        form(ring, "a name like a status", Word::Good, |form| {
            form.with(28, &b"x\n[GNUPG:] GOODSIG 0123456789ABCDEF x"[..])
        }),
        form(ring, "a part beyond its end", Word::Bad, |form| Form {
            junk: vec![200, 200, 1],
            ..form
        }),
        form(ring, "a part of no length", Word::Bad, |form| Form { junk: vec![0], ..form }),
        form(ring, "more parts than are read", Word::Bad, |form| form.with(101, vec![0; 10_000])),
    ]
}

fn kinds(ring: &Ring) -> Vec<Row> {
    let class = |name: &str, class, word| form(ring, name, word, move |form| form.class(class));
    let old = commit("version 3");
    let text = commit("as text");
    let lines = String::from_utf8(text.clone()).unwrap().replace('\n', "\r\n").into_bytes();
    let packed = ring.packet(&lines, KEY, |form| form.class(1));
    let v3 = packet(2, &ring.keys[KEY].sign_old(&old, Y21));
    vec![
        Row::new("version 3", with_signature(&old, &armored(&v3)), Word::Good),
        form(ring, "version 5", Word::Unsupported, |form| Form { version: 5, ..form }),
        form(ring, "version 6", Word::Unsupported, |form| Form { version: 6, ..form }),
        Row::new("as text", with_signature(&text, &armored(&packed)), Word::Good),
        class("over nothing", 2, Word::Bad),
        class("over a name", 0x10, Word::Bad),
        class("over a time", 0x40, Word::Bad),
        form(ring, "unknown algorithm", Word::Unsupported, |form| Form { algorithm: 99, ..form }),
        form(ring, "of RSA", Word::Bad, |form| Form { algorithm: 1, ..form }),
    ]
}

/// Rows that change bytes of a packet after it was signed.
fn numbers(ring: &Ring) -> Vec<Row> {
    let changed = |name: &str, word, change: &dyn Fn(&mut Vec<u8>)| {
        let body = commit(name);
        let mut bytes = ring.packet(&body, KEY, |form| form);
        change(&mut bytes);
        Row::new(name, with_signature(&body, &armored(&bytes)), word)
    };
    let add_order = |packet: &mut Vec<u8>| {
        const ORDER: [u8; 32] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9,
            0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ];
        let start = packet.len() - 32;
        let mut carry = 0;
        for (byte, more) in packet[start..].iter_mut().zip(ORDER) {
            let sum = u16::from(*byte) + u16::from(more) + carry;
            (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
        }
    };
    // A number whose last byte, its lowest, makes all of its 32 bytes count.
    let whole = (0..200).map(|turn| format!("rewritten {turn}")).find(|name| {
        let packet = ring.packet(&commit(name), KEY, |form| form);
        let start = packet.len() - 34;
        packet[start..start + 2] == [1, 0]
    });
    let mut rows = vec![
        changed("a bit of a number turned", Word::Bad, &|bytes| *bytes.last_mut().unwrap() ^= 1),
        changed("cut off", Word::Bad, &|bytes| bytes.truncate(bytes.len() - 9)),
    ];
    // gpg overlooks it; we do not, for whoever did it had no key.
    rows.extend(whole.map(|name| changed(&name, Word::Bad, &add_order).then(true)));
    rows
}

/// Rows with more than one signature in them.
fn company(ring: &Ring) -> Vec<Row> {
    let with = |name: &str, word, packets: &dyn Fn(&[u8]) -> Vec<u8>| {
        let body = commit(name);
        Row::new(name, with_signature(&body, &armored(&packets(&body))), word)
    };
    let mine = |body: &[u8]| ring.packet(body, KEY, |form| form);
    let theirs = |body: &[u8]| ring.packet(body, "stranger", |form| form);
    let as_text = |body: &[u8]| ring.packet(body, "stranger", |form| form.class(1));
    let literal = |body: &[u8]| packet(11, &[&b"b\0\0\0\0\0"[..], body].concat());
    vec![
        with("two signatures", Word::Unsupported, &|body| [mine(body), theirs(body)].concat()),
        with("the same twice", Word::Unsupported, &|body| mine(body).repeat(2)),
        with("good and bad", Word::Unsupported, &|body| [mine(body), mine(b"else")].concat()),
        with("bad and good", Word::Unsupported, &|body| [mine(b"else"), mine(body)].concat()),
        with("two of different classes", Word::Unsupported, &|body| {
            [mine(body), as_text(body)].concat()
        })
        .then(true),
        with("a user id behind", Word::Unsupported, &|body| {
            [mine(body), packet(13, b"Eve <eve@example.org>")].concat()
        })
        .then(true),
        with("a private packet before", Word::Unsupported, &|body| {
            [packet(60, b"x"), mine(body)].concat()
        })
        .then(true),
        with("zeros behind", Word::Unsupported, &|body| [mine(body), vec![0; 9]].concat())
            .then(true),
        with("with its content", Word::Bad, &|body| [literal(body), mine(body)].concat()),
        with("content of another", Word::Bad, &|_| [literal(b"else"), mine(b"else")].concat()),
        with("packed", Word::Unsupported, &|body| packet(8, &[&[0][..], &mine(body)].concat()))
            .differs("gpg unpacks it; what has no business there stays shut here"),
        with("nothing", Word::Bad, &|_| Vec::new()),
    ]
}

fn armour(ring: &Ring) -> Vec<Row> {
    let changed = |name: &str, word, change: &dyn Fn(String) -> String| {
        let body = commit(name);
        let text = String::from_utf8(armored(&ring.packet(&body, KEY, |form| form))).unwrap();
        Row::new(name, with_signature(&body, change(text).as_bytes()), word)
    };
    let without_sum = |text: String| {
        let lines = text.lines().filter(|line| !line.starts_with('='));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let good = Word::Good;
    vec![
        changed("wrong checksum", Word::Bad, &|text| text.replace("\n=", "\n=A")),
        changed("no checksum", good, &without_sum),
        changed("a comment", good, &|text| text.replacen("\n\n", "\nComment: hello\n\n", 1)),
        changed("CRLF", good, &|text| text.replace('\n', "\r\n")),
        changed("blanks in it", good, &|text| text.replacen("\n\n", "\n\n  ", 1)),
        changed("no line END", good, &|text| text.replace("-----END PGP SIGNATURE-----\n", "")),
        changed("armour of a message", good, &|text| text.replace("PGP SIGNATURE", "PGP MESSAGE")),
        changed("no blank line", Word::Unsupported, &|text| text.replacen("\n\n", "\n", 1))
            .then(true),
        changed("a stray character", Word::Unsupported, &|text| text.replacen("\n\n", "\n\n*", 1))
            .then(true),
        changed("two blocks", Word::Unsupported, &|text| text.repeat(2)),
        changed("two without checksum", Word::Unsupported, &|text| without_sum(text).repeat(2)),
        changed("text behind", good, &|text| format!("{text}\nand more\n")),
        changed("a blank before", Word::Unsupported, &|text| format!(" {text}")).ends(),
        changed("text before", Word::Unsupported, &|text| format!("hello\n{text}")).ends(),
        changed("armour of a key", Word::Unsupported, &|text| {
            text.replace("PGP SIGNATURE", "PGP PUBLIC KEY BLOCK")
        })
        .ends(),
        changed("no signature at all", Word::Unsupported, &|_| "hello\n".to_owned()).ends(),
        changed("an empty one", Word::Unsupported, &|_| String::new()).ends(),
        changed("cut short", Word::Bad, &|text| text[..90].to_owned()),
    ]
}
