//! Rows of the table about certificates.

use onramp::signature::Word::{
    self, Good, GoodRevokedKey, IdentityMismatch, Unsupported, Untrusted,
};

use super::table::{Table, commit};

/// Years in which the usual commit lies.
const VALID: [&str; 2] = ["-V", "20200101:20300101"];

pub(super) fn rows(table: &mut Table) {
    lists(table);
    certificates(table);
    revoked(table);
    summer(table);
}

fn certified(
    table: &mut Table,
    name: &'static str,
    options: &[&str],
    list: &str,
    word: Word,
    why: &'static str,
) {
    let payload = table.usual.0.clone();
    let key = table
        .shop
        .certify(&name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"), options);
    let signature = table.shop.sign(&key, &payload, &[]);
    table.usual(name, list, word, why);
    table.with(&payload, &signature);
}

fn lists(table: &mut Table) {
    let refused = "git asks for names that the list excludes";
    let compared = "git compares no name with the author";
    let rows: [(&'static str, &str, &str, Word, &'static str); 11] = [
        ("certified", "a@example.org", "* cert-authority %ca", Good, ""),
        ("certified, one name", "a@example.org", "a@example.org cert-authority %ca", Good, ""),
        (
            "certified for another",
            "b@example.org",
            "a@example.org cert-authority %ca",
            Untrusted,
            "",
        ),
        (
            "certified, other author",
            "b@example.org",
            "* cert-authority %ca",
            IdentityMismatch,
            compared,
        ),
        (
            "certified for two",
            "x@y.example,a@example.org",
            "*@example.org cert-authority %ca",
            Good,
            "",
        ),
        (
            "certified, list excludes",
            "a@example.org",
            "!a@*,* cert-authority %ca",
            Untrusted,
            refused,
        ),
        ("authority as a plain key", "a@example.org", "* %ca", Untrusted, ""),
        ("certified key listed", "a@example.org", "a@example.org %ed", Untrusted, ""),
        (
            "certified, namespaces",
            "a@example.org",
            "* cert-authority,namespaces=\"git\" %ca",
            Good,
            "",
        ),
        (
            "certified, plain line first",
            "a@example.org",
            "b@example.org %ed\n* cert-authority %ca",
            Good,
            "",
        ),
        (
            "certified, line too late",
            "a@example.org",
            "* cert-authority,valid-before=\"20201231\" %ca",
            Untrusted,
            "",
        ),
    ];
    for (name, names, list, word, why) in rows {
        let options = [&["-n", names][..], &VALID].concat();
        certified(table, name, &options, &format!("{list}\n"), word, why);
    }
}

fn certificates(table: &mut Table) {
    let conditions = "git looks at no condition of a certificate";
    let rows: [(&'static str, &[&str], Word, &'static str); 7] = [
        ("certificate of nobody", &VALID, Untrusted, ""),
        ("certificate expired", &["-n", "a@example.org", "-V", "20190101:20200101"], Untrusted, ""),
        (
            "certificate expired since",
            &["-n", "a@example.org", "-V", "20200101:20220101"],
            Good,
            "",
        ),
        (
            "certificate too early",
            &["-n", "a@example.org", "-V", "20220101:20300101"],
            Untrusted,
            "",
        ),
        ("certificate of a host", &["-h", "-n", "a@example.org"], Untrusted, ""),
        (
            "certificate with a condition",
            &["-n", "a@example.org", "-O", "force-command=x"],
            Unsupported,
            conditions,
        ),
        (
            "certificate with an odd condition",
            &["-n", "a@example.org", "-O", "critical:foo@bar=x"],
            Unsupported,
            conditions,
        ),
    ];
    for (name, options, word, why) in rows {
        certified(table, name, options, "* cert-authority %ca\n", word, why);
    }
}

fn revoked(table: &mut Table) {
    table.shop.write("id", "id: certificate-by-name\n");
    table.shop.write("serial", "serial: 5-9\n");
    table.shop.write("serials", "serial: 2\nserial: 4\nserial: 6-7\nserial: 9\nserial: 300\n");
    let files = [
        ("certified key in a list", table.shop.write("c-key", table.shop.public("ed"))),
        ("authority in a list", table.shop.write("c-ca", table.shop.public("ca"))),
        ("certificate by name", table.shop.revoke("c-id", "id", &["-s", "ca.pub"])),
        ("certificate by number", table.shop.revoke("c-serial", "serial", &["-s", "ca.pub"])),
        ("certificate by bit", table.shop.revoke("c-serials", "serials", &["-s", "ca.pub"])),
        ("authority in a KRL", table.shop.revoke("c-krl", "ca.pub", &[])),
    ];
    let called = "it is revoked, and git says only bad";
    for (name, file) in files {
        let options = [&["-z", "7", "-n", "a@example.org"][..], &VALID].concat();
        certified(table, name, &options, "* cert-authority %ca\n", GoodRevokedKey, called);
        table.rows.last_mut().unwrap().revoked = Some(file);
    }
    let file = table.shop.path("c-serials");
    let options = [&["-z", "8", "-n", "a@example.org"][..], &VALID].concat();
    certified(table, "certificate by another bit", &options, "* cert-authority %ca\n", Good, "");
    table.rows.last_mut().unwrap().revoked = Some(file);
}

fn summer(table: &mut Table) {
    let late = "git judges times in summer an hour late";
    let options = ["-n", "a@example.org", "-V", "20200101Z:20210701160000Z"];
    certified(table, "certificate in summer", &options, "* cert-authority %ca\n", Good, late);
    let payload = commit("1625153400");
    let key = "certificate-in-summer-cert.pub";
    let signature = table.shop.sign(key, &payload, &[]);
    table.with(&payload, &signature).zone = "EST5EDT,M3.2.0,M11.1.0";
}
