//! Rows about the commit: what was changed after signing, and where its headers stand.

use onramp::signature::Word;

use super::Row;
use super::ring::{Ring, commit, with_header, with_signature};
use crate::support::openpgp::armored;

const KEY: &str = "me";

pub(super) fn rows(ring: &Ring) -> Vec<Row> {
    let mut rows = tampered(ring);
    rows.extend(headers(ring));
    rows.extend(bytes(ring));
    rows
}

fn signature(ring: &Ring, over: &[u8]) -> Vec<u8> {
    armored(&ring.packet(over, KEY, |form| form))
}

fn replaced(bytes: &[u8], old: &str, new: &str) -> Vec<u8> {
    String::from_utf8(bytes.to_vec()).unwrap().replace(old, new).into_bytes()
}

fn tampered(ring: &Ring) -> Vec<Row> {
    let row = |name: &str, old: &str, new: &str| {
        let body = commit(name);
        let raw = with_signature(&replaced(&body, old, new), &signature(ring, &body));
        Row::new(name, raw, Word::Bad)
    };
    let other = signature(ring, &commit("another"));
    vec![
        row("another message", "another message", "any other message"),
        row("another author", "author A U Thor", "author E V E"),
        row("another time", "committer A U Thor <a@example.org> 16", "committer A <a@b.c> 17"),
        row("another tree", "tree 4b", "tree 5b"),
        row("one more header", "\n\n", "\nextra header\n\n"),
        Row::new(
            "of another commit",
            with_signature(&commit("of another commit"), &other),
            Word::Bad,
        ),
        Row::new("unsigned", commit("unsigned"), Word::Unsigned),
    ]
}

fn headers(ring: &Ring) -> Vec<Row> {
    let body = |name: &str| (commit(name), signature(ring, &commit(name)));
    let (first, signed) = body("a header that nothing covers");
    let uncovered = with_header(&with_signature(&first, &signed), "gpgsigfoo", b"smuggled");
    let (twice, one) = body("two headers");
    let twice = with_signature(&with_signature(&twice, &one), &one);
    let (only, other) = body("only for another hash");
    let in_message = commit(&format!("subject\n\ngpgsig {}", String::from_utf8_lossy(&other)));
    let nobody = |name: &str, old: &str, new: &str| {
        let body = replaced(&commit(name), old, new);
        let raw = with_signature(&body, &signature(ring, &body));
        Row::new(name, raw, Word::Unsupported)
    };
    vec![
        Row::new("a header that nothing covers", uncovered, Word::Good),
        Row::new("two headers", twice, Word::Unsupported),
        Row::new(
            "only for another hash",
            with_header(&only, "gpgsig-sha256", &other),
            Word::Unsigned,
        ),
        Row::new("in the message", in_message, Word::Unsigned),
        nobody("without an address", "committer A U Thor <a@example.org>", "committer A"),
        nobody("no committer", "committer A U Thor <a@example.org>", "nobody <>"),
    ]
}

fn bytes(ring: &Ring) -> Vec<Row> {
    let with = |name: &str, message: &[u8]| {
        let body = [&commit(name)[..], message].concat();
        Row::new(name, with_signature(&body, &signature(ring, &body)), Word::Good)
    };
    let nul = [&commit("behind a zero")[..], b"a\0b\n"].concat();
    let changed = [&commit("behind a zero")[..], b"a\0c\n"].concat();
    vec![
        with("Latin-1", b"J\xf6rg\n"),
        with("lines of a mail", b"one\r\ntwo\r\n"),
        with("a zero", b"a\0b\n"),
        with("no last line break", b"end"),
        Row::new("behind a zero", with_signature(&changed, &signature(ring, &nul)), Word::Bad),
    ]
}
