//! The table of key servers, and how their names are read.

use onramp::net::key_server::{Protocol, Servers};

const TABLE: &str = include_str!("../../checks/apache/key-servers.yaml");

fn servers() -> Servers {
    Servers::read("key-servers.yaml", TABLE).unwrap()
}

#[test]
fn the_usual_one_shows_names_only_after_a_click() {
    let usual = servers().usual().unwrap();
    assert_eq!((usual.name().as_str(), usual.protocol), ("keys.openpgp.org", Protocol::Vks));
    assert!(usual.becomes.contains("{addresses}"));
}

#[test]
fn a_server_is_named_in_many_ways() {
    for (written, name, port) in [
        ("keyserver.ubuntu.com", "keyserver.ubuntu.com", 443),
        ("hkps://KeyServer.Ubuntu.com/", "keyserver.ubuntu.com", 443),
        (" https://keyserver.ubuntu.com:443 ", "keyserver.ubuntu.com", 443),
        ("HKPS://keys.example:8443", "keys.example:8443", 8443),
        ("hkps://[2001:db8::1]:8443", "[2001:db8::1]:8443", 8443),
        ("[::1]", "[::1]", 443),
    ] {
        let server = servers().named(written).unwrap();
        assert_eq!((server.name().as_str(), server.port), (name, port), "{written}");
    }
}

#[test]
fn a_server_that_nobody_knows_is_expected_to_keep_everything() {
    let server = servers().named("keys.example").unwrap();
    assert_eq!(server.protocol, Protocol::Hkp);
    assert!(server.becomes.contains("not known here"));
    // The port belongs to the name: another service may listen there.
    assert!(servers().named("keys.openpgp.org:11371").unwrap().becomes.contains("not known"));
}

#[test]
fn what_a_key_is_never_sent_to() {
    for (written, why) in [
        ("hkp://keys.example", "in the open"),
        ("http://keys.example", "in the open"),
        ("ldap://keys.example", "not spoken to by `ldap`"),
        ("", "names no host"),
        ("keys.example:0", "is no port"),
        ("keys.example:99999", "is no port"),
        ("ada@keys.example", "only a host"),
        ("keys.example/pks", "only a host"),
        ("keys.example?x", "only a host"),
        ("keys example", "only a host"),
        ("keys.example\r\nX: y", "only a host"),
        ("[::1", "not closed"),
    ] {
        let said = servers().named(written).unwrap_err();
        assert!(said.contains(why), "{written}: {said}");
    }
}

#[test]
fn a_table_with_a_mistake_is_refused_with_its_place() {
    for (text, why) in [
        ("- server: a\n", "speaks"),
        ("- {server: a, speaks: ftp, becomes: x, next: y, source: z}\n", "ftp"),
        ("- {server: a, speaks: hkp, becomes: x, next: y, source: z, more: 1}\n", "more"),
        (
            "- &a {server: a, speaks: hkp, becomes: x, next: y, source: z}\n\
             - {server: a, speaks: vks, becomes: x, next: y, source: z}\n",
            "`a` stands twice",
        ),
        ("- {server: 'a:b', speaks: hkp, becomes: x, next: y, source: z}\n", "is no port"),
    ] {
        let said = Servers::read("mine.yaml", text).unwrap_err();
        assert!(said.starts_with("mine.yaml: ") && said.contains(why), "{said}");
    }
    let empty = Servers::read("mine.yaml", "[]").unwrap();
    assert!(empty.usual().is_none());
    assert!(empty.named("keys.example").unwrap_err().contains("says nothing of keys.example"));
}
