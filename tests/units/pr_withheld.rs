//! Secrets and private names, in and out of the text of a request.

use onramp::pr::withheld::{Here, Shape, Withheld};
use proptest::prelude::*;
use regex::bytes::Regex;

fn withheld() -> Withheld {
    let shape = |name: &str, pattern: &str, unless: Option<&str>| Shape {
        name: name.into(),
        pattern: Regex::new(pattern).unwrap(),
        unless: unless.map(|unless| Regex::new(unless).unwrap()),
    };
    let shapes = vec![
        shape("a made-up token", r"\bmade_[0-9a-z]{8}\b", Some("x{8}")),
        shape("a private key", "BEGIN (RSA )?PRIVATE KEY", None),
    ];
    let here = Here {
        host: Some("ada-laptop.example.lan".into()),
        user: Some("adal".into()),
        home: Some("/home/adal".into()),
    };
    Withheld::new(shapes, &here)
}

fn clear(text: &str) -> String {
    withheld().clear(text).0
}

#[test]
fn secrets_are_taken_out_and_never_told() {
    let text = "token made_1234abcd here\nmade_xxxxxxxx is an example";
    let (out, hits) = withheld().clear(text);
    assert_eq!(out, "token [made-up token taken out] here\nmade_xxxxxxxx is an example");
    assert_eq!(hits.len(), 1);
    assert!(hits[0].secret && hits[0].line == 0, "{hits:?}");
    assert!(!format!("{hits:?}").contains("1234abcd"));
}

#[test]
fn a_key_goes_with_all_its_lines() {
    let key = "before\nkey: -----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIabc+/=\n-----END RSA PRIVATE KEY-----\nafter it";
    assert_eq!(clear(key), "before\nkey: [private key taken out]\nafter it");
    let torn = "-----BEGIN PRIVATE KEY-----\nMIIabc\nthese are words again";
    assert_eq!(clear(torn), "[private key taken out]\nthese are words again");
    let torn = "-----BEGIN PRIVATE KEY-----\nMIIabc\n\nFixes: #12";
    assert_eq!(clear(torn), "[private key taken out]\nFixes: #12");
    let line = "-----BEGIN PRIVATE KEY-----abc-----END PRIVATE KEY-----\nnext";
    assert_eq!(clear(line), "[private key taken out]\nnext");
}

#[test]
fn private_names_give_way_to_words() {
    let cases = [
        (
            "ping 10.1.2.3, 192.168.0.1/24 and 172.31.255.1",
            "ping [private address taken out], [private address taken out]/24 and [private address taken out]",
        ),
        ("172.32.0.1 and 8.8.8.8 and 4.20.10.1", "172.32.0.1 and 8.8.8.8 and 4.20.10.1"),
        ("ssh root@mgmt1.dc.internal:22", "ssh root@[internal host name taken out]:22"),
        ("https://ci.corp/job", "https://[internal host name taken out]/job"),
        (
            "on ada-laptop, ada-laptop.example.lan",
            "on [name of machine taken out], [name of machine taken out]",
        ),
        ("in /home/adal/cs and /home/adal", "in ~/cs and ~"),
        ("by adal today", "by [user name taken out] today"),
        // What only looks like one.
        (
            "package com.cloud.internal; org.apache.local",
            "package com.cloud.internal; org.apache.local",
        ),
        (
            "server.internal.Loader, conf/db.local, a.local-x",
            "server.internal.Loader, conf/db.local, a.local-x",
        ),
        ("adalbert and radal", "adalbert and radal"),
        ("version 110.1.2.3.4", "version 110.1.2.3.4"),
    ];
    for (text, wanted) in cases {
        let wanted =
            wanted.replace("[name of machine taken out]", "[name of your machine taken out]");
        assert_eq!(clear(text), wanted, "{text}");
    }
}

#[test]
fn names_that_everybody_bears_are_words() {
    let here = Here {
        host: Some("localhost".into()),
        user: Some("root".into()),
        home: Some("/root".into()),
    };
    let text = "the root volume on localhost, in /rootfs and /root/x";
    assert_eq!(
        Withheld::new(Vec::new(), &here).clear(text).0,
        "the root volume on localhost, in /rootfs and ~/x"
    );
}

proptest! {
    #[test]
    fn what_was_cleared_is_clear(text in "(made_[0-9a-z]{8}|10\\.0\\.0\\.[0-9]|a\\.lan|adal|/home/adal|[ \n./@:-]|-----BEGIN PRIVATE KEY-----|-----END|word){0,14}") {
        let once = withheld().clear(&text).0;
        let (twice, hits) = withheld().clear(&once);
        prop_assert!(hits.iter().all(|hit| !hit.secret), "{text:?} → {once:?}");
        prop_assert_eq!(twice.contains("made_"), once.contains("made_"));
    }
}
