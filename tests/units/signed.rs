//! Which bytes a signature covers, and whose it is: git's rules on made-up objects, and the binding
//! of keys to people.

use onramp::git::{Mailmap, Person, SignatureKind, Uncovered, split, split_tag};
use onramp::signature::binding::{Bond, Link, People, bind, link, speaks_for};
use onramp::signature::detached::{Other, signatures};
use proptest::prelude::*;

const HEAD: &str = "tree 1\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n";
const BLOCK: &str = "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n";

fn header(name: &str, block: &str) -> String {
    format!("{name} {}\n", block.trim_end().replace('\n', "\n "))
}

fn parts(raw: &str) -> (String, Option<String>, Option<Uncovered>) {
    let object = split("id".into(), raw.as_bytes());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(object.payload), object.signature.map(text), object.uncovered)
}

#[test]
fn values_of_several_headers_are_joined_and_foreign_ones_left_out() {
    let sig = header("gpgsig", BLOCK);
    let whole = format!("{HEAD}\nm\n");
    assert_eq!(parts(&format!("{HEAD}{sig}\nm\n")), (whole.clone(), Some(BLOCK.into()), None));
    let twice = parts(&format!("{HEAD}{sig}encoding x\n{sig}\nm\n"));
    assert_eq!(twice.0, format!("{HEAD}encoding x\n\nm\n"));
    assert_eq!(twice.1, Some(BLOCK.repeat(2)));
    for name in ["gpgsig-sha256", "gpgsigfoo"] {
        let other = parts(&format!("{HEAD}{sig}{}\nm\n", header(name, BLOCK)));
        assert_eq!(other, (whole.clone(), Some(BLOCK.into()), Some(Uncovered::Header)), "{name}");
    }
    let behind = parts(&format!("{HEAD}{} more\n\nm\n", header("gpgsig", BLOCK)));
    assert_eq!((behind.0, behind.2), (whole.clone(), Some(Uncovered::Behind)));
    // Other headers keep their continuation lines; the message may say what it likes.
    let merge = format!("{HEAD}mergetag object 1\n gpgsig no\n\ngpgsig no\n");
    assert_eq!(parts(&merge), (merge.clone(), None, None));
    // Cut off before the message, and a signature without a line end.
    assert_eq!(parts(&format!("{HEAD}gpgsig abc")), (HEAD.to_owned(), Some("abc".into()), None));
    assert_eq!(parts("").0, "");
}

#[test]
fn only_what_begins_like_a_signature_is_one() {
    let kind = |block: &str| {
        split("id".into(), format!("{HEAD}{}\nm\n", header("gpgsig", block)).as_bytes()).kind
    };
    assert_eq!(kind(BLOCK), SignatureKind::Openpgp);
    assert_eq!(kind(&format!(" {BLOCK}")), SignatureKind::Other);
    assert_eq!(kind("junk"), SignatureKind::Other);
    assert_eq!(kind("-----BEGIN SSH SIGNATURE-----\n"), SignatureKind::Ssh);
}

#[test]
fn a_tags_signature_is_its_last_block_to_the_end() {
    let head = "object 1\ntype commit\ntag v1\ntagger A <a> 1 +0000\n\nfirst\n";
    let tag = |raw: String| split_tag("id".into(), raw.as_bytes());
    let plain = tag(head.to_owned());
    assert_eq!((plain.signature, plain.kind), (None, SignatureKind::None));
    let signed = tag(format!("{head}{BLOCK}"));
    assert_eq!(signed.payload, head.as_bytes());
    assert_eq!((signed.signature.as_deref(), signed.uncovered), (Some(BLOCK.as_bytes()), None));
    let twice = tag(format!("{head}{BLOCK}{BLOCK}"));
    assert_eq!(twice.payload, format!("{head}{BLOCK}").into_bytes(), "the first is covered");
    let behind = tag(format!("{head}{BLOCK}more\n"));
    assert_eq!(behind.uncovered, Some(Uncovered::Behind));
    let inside = tag(head.replace("first", &format!(" {}", BLOCK.trim_end())));
    assert_eq!(inside.signature, None, "a block begins a line");
    let headers = tag(format!("{}{BLOCK}", head.replacen('\n', "\ngpgsig x\n", 1)));
    assert_eq!((headers.payload, headers.uncovered), (head.into(), Some(Uncovered::Header)));
}

fn person(name: &str, email: &str) -> Person {
    Person { name: name.into(), email: email.into(), time: 0 }
}

fn emails(list: &[&str]) -> Vec<String> {
    list.iter().map(|email| (*email).to_owned()).collect()
}

#[test]
fn addresses_bind_by_key_account_and_mailmap() {
    let own = emails(&["ada@example.org", "123+ada@users.noreply.github.com"]);
    for (email, expected) in [
        ("ADA@Example.ORG", Some(Link::Key)),
        (" ada@example.org ", Some(Link::Key)),
        ("ada@users.noreply.github.com", Some(Link::Account)),
        ("123+Ada@users.noreply.GitHub.com", Some(Link::Key)),
        ("124+ada@users.noreply.github.com", None),
        ("123+eve@users.noreply.github.com", None),
        ("123-ada@users.noreply.github.com", None),
        ("ada@users.noreply.gitlab.com", None),
        ("ada@example.org.evil.test", None),
        ("ad\u{e4}@example.org", None),
        ("*@example.org", None),
        ("", None),
    ] {
        assert_eq!(link(&own, &person("Ada", email), None), expected, "{email}");
    }
    assert!(!speaks_for(&emails(&["", "*@*"]), ""));
    assert!(!speaks_for(&emails(&["*@example.org"]), "ada@example.org"), "no pattern counts");
    // Numbered like an account of that name would be.
    assert!(!speaks_for(
        &emails(&["1-ada@users.noreply.github.com"]),
        "ada@users.noreply.github.com"
    ));

    let map =
        Mailmap::read(b"Ada <ada@example.org> <old@example.org>\nX <x@y> Bob <b@y>\n").unwrap();
    assert_eq!(link(&own, &person("Ada", "OLD@example.org"), Some(&map)), Some(Link::Mailmap));
    assert_eq!(link(&own, &person("Ada", "new@example.org"), Some(&map)), None);
    let old = emails(&["old@example.org"]);
    assert_eq!(link(&old, &person("", "ada@example.org"), Some(&map)), Some(Link::Mailmap));
    assert_eq!(link(&emails(&["b@y"]), &person("", "x@y"), Some(&map)), None, "by name only");
}

#[test]
fn author_and_committer_both_count() {
    let own = emails(&["ada@example.org"]);
    let (ada, grace) = (person("Ada", "ada@example.org"), person("Grace", "grace@example.org"));
    let bond = |author: Option<&Person>, committer: Option<&Person>| {
        bind(&own, People::Commit(author, committer), None)
    };
    let whole = Bond { author: Some(true), committer: true, mapped: false, mismatch: None };
    assert_eq!(bond(Some(&ada), Some(&ada)), whole);
    for (author, committer, says) in [
        (Some(&grace), Some(&ada), "who committed it, but grace@example.org is its author"),
        (Some(&ada), Some(&grace), "its author, but grace@example.org committed it"),
        (Some(&grace), Some(&grace), "but it is by grace@example.org"),
        (None, Some(&ada), "nobody clearly named is its author"),
        (Some(&ada), None, "nobody clearly named committed it"),
    ] {
        let mismatch = bond(author, committer).mismatch.unwrap();
        assert!(mismatch.contains(says), "{mismatch}");
        assert!(mismatch.contains("ada@example.org"), "{mismatch}");
    }
    assert_eq!(bind(&own, People::Tag(Some(&ada)), None).mismatch, None);
    assert!(bind(&own, People::Tag(Some(&grace)), None).mismatch.unwrap().contains("made the tag"));
    assert!(bind(&[], People::Tag(Some(&ada)), None).mismatch.unwrap().contains("no e-mail"));
}

#[test]
fn detached_signatures_are_found_or_named() {
    assert_eq!(signatures(BLOCK.as_bytes()), Ok(vec![BLOCK.as_bytes().to_vec()]));
    let text = format!("words before\n{BLOCK}{BLOCK}");
    assert_eq!(signatures(text.as_bytes()).unwrap().len(), 2);
    for (content, other) in [
        (&b""[..], Other::Empty),
        (b" \n", Other::Empty),
        (b"\x99\x01", Other::Keys),
        (b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n", Other::Keys),
        (b"-----BEGIN PGP MESSAGE-----\n", Other::Message),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\n", Other::Secret),
        (b"-----BEGIN CERTIFICATE-----\n", Other::Unknown),
        (b"d41d8cd98f00b204e9800998ecf8427e\n", Other::Checksum),
        (b"words\n", Other::Unknown),
    ] {
        assert_eq!(signatures(content), Err(other), "{content:?}");
    }
    let armored = signatures(&[0xc2, 1, 2, 3]).unwrap().pop().unwrap();
    assert!(String::from_utf8(armored).unwrap().contains("\nwgECAw==\n"));
}

proptest! {
    #[test]
    fn no_object_makes_the_readers_stumble(raw in proptest::collection::vec(any::<u8>(), 0..300)) {
        let commit = split("id".into(), &raw);
        prop_assert!(commit.payload.len() + commit.signature.map_or(0, |s| s.len()) <= raw.len());
        let tag = split_tag("id".into(), &raw);
        prop_assert!(tag.payload.len() + tag.signature.map_or(0, |s| s.len()) <= raw.len());
        let _ = signatures(&raw);
    }
}
