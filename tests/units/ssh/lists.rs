//! Rows of the table about lists of allowed signers and of revoked keys.

use onramp::signature::Word::{
    self, Bad, Good, GoodRevokedKey, IdentityMismatch, Unchecked, Unsupported, Untrusted,
};

use super::table::{ADA, List, THEN, Table, by, commit};

const NOBODY_COMPARES: &str = "git compares no name with the author";
const LATE_IN_SUMMER: &str = "git judges times in summer an hour late";
const REFUSED: &str = "git says bad where the signature holds and the list refuses";
const NOT_BEFORE: &str = "git takes a commit without a date for one of today";

pub(super) fn rows(table: &mut Table) {
    absent(table);
    names(table);
    lines(table);
    options(table);
    times(table);
    zones(table);
    dates(table);
    revoked(table);
}

fn absent(table: &mut Table) {
    let none = "git calls it unsigned, although it is signed";
    table.add("no list", List::Unset, Untrusted, none);
    let nowhere = table.shop.path("nowhere");
    table.add("list is not there", List::At(nowhere), Untrusted, "");
    let folder = table.shop.path("");
    table.add("list is a folder", List::At(folder), Untrusted, "");
    table.usual("list is empty", "", Untrusted, "");
    let other = format!("{ADA} {}\n", table.shop.public("ed2"));
    table.usual("key is not listed", &other, Untrusted, "");
}

fn names(table: &mut Table) {
    let rows: [(&'static str, &str, Word, &'static str); 22] = [
        ("listed", "a@example.org %ed", Good, ""),
        ("other name", "someone@else.example %ed", IdentityMismatch, NOBODY_COMPARES),
        ("two names", "x@y.example,a@example.org %ed", Good, ""),
        ("two lines", "x@y.example %ed\na@example.org %ed", Good, ""),
        ("wildcard", "*@example.org %ed", Good, ""),
        ("anybody", "* %ed", Good, ""),
        ("question mark", "?@example.org %ed", Good, ""),
        (
            "excluded from a wildcard",
            "!a@example.org,*@example.org %ed",
            IdentityMismatch,
            "git asks for the name \"!a@example.org\", which the wildcard covers",
        ),
        ("only excluded", "!a@example.org %ed", Untrusted, REFUSED),
        ("everybody excluded", "!*,a@example.org %ed", Untrusted, REFUSED),
        ("upper case", "A@EXAMPLE.ORG %ed", Good, ""),
        ("quoted", "\"a@example.org\" %ed", Good, ""),
        ("quoted blank", "\"a b@example.org\" %ed", IdentityMismatch, NOBODY_COMPARES),
        ("quoted comma", "\"a,b\" %ed", IdentityMismatch, NOBODY_COMPARES),
        ("half quoted", "a@\"example.org\" %ed", Good, ""),
        ("name with with", "\"x with RSA key SHA256:abc\" %ed", IdentityMismatch, NOBODY_COMPARES),
        ("no name", "\"\" %ed", Untrusted, ""),
        ("trailing comma", "a@example.org, %ed", Good, ""),
        ("leading comma", ",a@example.org %ed", Untrusted, ""),
        ("byte order mark", "\u{feff}a@example.org %ed", IdentityMismatch, NOBODY_COMPARES),
        ("negated and other", "!b@example.org,a@example.org %ed", Good, ""),
        ("quote not closed", "\"a@example.org %ed", Untrusted, ""),
    ];
    for (name, text, word, why) in rows {
        table.usual(name, &format!("{text}\n"), word, why);
    }
    let list = table.plain();
    table.add("author is somebody else", list, Good, "");
    let payload = by("Other <o@else.example>", &format!("A U Thor <{ADA}> {THEN} +0000"));
    let signature = table.shop.sign("ed", &payload, &[]);
    table.with(&payload, &signature);
    let latin = format!("J\u{f6}rg {}", table.shop.public("ed"));
    let latin = latin.chars().map(|letter| letter as u8).collect();
    table.add("Latin-1", List::Text(latin), IdentityMismatch, NOBODY_COMPARES);
}

fn lines(table: &mut Table) {
    let rows: [(&'static str, &str, Word); 12] = [
        ("comments", "# c\n\n \t\na@example.org\t%ed comment here\r\n", Good),
        ("line ends of Windows", "a@example.org %ed\r\n", Good),
        ("no line end", "a@example.org %ed", Good),
        ("blanks first", "  a@example.org %ed\n", Good),
        ("nonsense first", "nonsense\na@example.org %ed\n", Good),
        ("broken key first", "a@example.org ssh-ed25519 AAAA\na@example.org %ed\n", Good),
        ("unknown option", "a@example.org foo-bar %ed\n", Untrusted),
        ("unknown option first", "a@example.org foo-bar %ed\na@example.org %ed\n", Good),
        ("zero in a line", "a@examp\0le.org %ed\n", Untrusted),
        ("zero behind the key", "a@example.org %ed\0rest\n", Good),
        ("key cut short", "a@example.org ssh-ed25519\n", Untrusted),
        ("key of another kind", "a@example.org ssh-rsa %ed\n", Untrusted),
    ];
    for (name, text, word) in rows {
        table.usual(name, text, word, "");
    }
}

fn options(table: &mut Table) {
    let other = "git asks only for the names on the key's first line";
    let rows: [(&'static str, &str, Word, &'static str); 16] = [
        ("namespaces git", "a@example.org namespaces=\"git\" %ed", Good, ""),
        ("namespaces file", "a@example.org namespaces=\"file\" %ed", Untrusted, REFUSED),
        ("namespaces list", "a@example.org namespaces=\"file,g*\" %ed", Good, ""),
        ("namespaces not git", "a@example.org namespaces=\"!git,*\" %ed", Untrusted, REFUSED),
        ("namespaces bare", "a@example.org namespaces=git %ed", Untrusted, ""),
        (
            "namespaces twice",
            "a@example.org namespaces=\"git\",namespaces=\"git\" %ed",
            Untrusted,
            "",
        ),
        ("namespaces upper case", "a@example.org NAMESPACES=\"git\" %ed", Good, ""),
        (
            "namespaces file, then all",
            "a@example.org namespaces=\"file\" %ed\na@example.org %ed",
            Good,
            "",
        ),
        (
            "namespaces file, then another",
            "x@y.example namespaces=\"file\" %ed\na@example.org %ed",
            Good,
            other,
        ),
        (
            "blank between options",
            "a@example.org namespaces=\"git\", cert-authority %ed",
            Untrusted,
            "",
        ),
        ("empty option", "a@example.org ,namespaces=\"git\" %ed", Good, ""),
        ("comma last", "a@example.org namespaces=\"git\", %ed", Untrusted, ""),
        ("quote in a quote", "a@example.org namespaces=\"gi\\\"t,git\" %ed", Good, ""),
        ("option quote open", "a@example.org namespaces=\"git %ed", Untrusted, ""),
        ("certifying key signs", "a@example.org cert-authority %ed", Untrusted, ""),
        ("option run on", "a@example.org cert-authorityx %ed", Untrusted, ""),
    ];
    for (name, text, word, why) in rows {
        table.usual(name, &format!("{text}\n"), word, why);
    }
}

fn times(table: &mut Table) {
    let rows: [(&'static str, &str, Word); 21] = [
        ("after, kept", "valid-after=\"20200101\"", Good),
        ("after, broken", "valid-after=\"20210102\"", Untrusted),
        ("before, kept", "valid-before=\"20220101\"", Good),
        ("before, broken", "valid-before=\"20201231\"", Untrusted),
        ("after, to the second", "valid-after=\"20210101000000Z\"", Good),
        ("before, to the second", "valid-before=\"20210101000000Z\"", Good),
        ("after, a second late", "valid-after=\"20210101000001Z\"", Untrusted),
        ("before, a second early", "valid-before=\"20201231235959Z\"", Untrusted),
        ("both", "valid-after=\"20200101\",valid-before=\"20220101\"", Good),
        ("reversed", "valid-after=\"20220101\",valid-before=\"20200101\"", Untrusted),
        ("equal", "valid-after=\"20210101\",valid-before=\"20210101\"", Untrusted),
        ("minutes", "valid-before=\"202101010000\"", Good),
        ("small z", "valid-before=\"20210101000000z\"", Good),
        ("utc", "valid-before=\"20210101000000UTC\"", Good),
        ("year alone", "valid-before=\"2022\"", Untrusted),
        ("month 13", "valid-before=\"20221301\"", Untrusted),
        ("31 February", "valid-before=\"20220231\"", Good),
        ("second 61", "valid-before=\"20220101000061\"", Good),
        ("bare", "valid-before=20220101", Untrusted),
        ("epoch", "valid-after=\"19700101Z\"", Untrusted),
        ("twice", "valid-after=\"20200101\",valid-after=\"20200101\"", Untrusted),
    ];
    for (name, option, word) in rows {
        table.usual(name, &format!("{ADA} {option} %ed\n"), word, "");
    }
}

const NEW_YORK: &str = "EST5EDT,M3.2.0,M11.1.0";

fn zones(table: &mut Table) {
    let rows: [(&'static str, &str, &'static str, Word); 3] = [
        ("west", "valid-before=\"20210101\"", NEW_YORK, Good),
        ("east", "valid-before=\"20210101\"", "JST-9", Untrusted),
        ("east, but UTC", "valid-before=\"20210101Z\"", "JST-9", Good),
    ];
    for (name, option, zone, word) in rows {
        table.usual(name, &format!("{ADA} {option} %ed\n"), word, "");
        table.rows.last_mut().unwrap().zone = zone;
    }
    // 15:30 UTC, once in summer and once in winter; 05:30 and 06:30 are both 01:30 in New York.
    let (summer, winter, first, second) =
        (1_625_153_400, 1_609_515_000, 1_636_263_000, 1_636_266_600);
    let rows: [(&'static str, i64, &str, &'static str, Word, &'static str); 7] = [
        ("summer", summer, "before=\"20210701160000Z\"", NEW_YORK, Good, LATE_IN_SUMMER),
        ("summer, local", summer, "before=\"20210701113000\"", NEW_YORK, Good, ""),
        ("summer, after", summer, "after=\"20210701160000Z\"", NEW_YORK, Untrusted, LATE_IN_SUMMER),
        ("winter", winter, "before=\"20210101160000Z\"", NEW_YORK, Good, ""),
        ("summer, UTC", summer, "before=\"20210701160000Z\"", "UTC", Good, ""),
        ("hour twice, first", first, "before=\"20211107060000Z\"", NEW_YORK, Good, LATE_IN_SUMMER),
        ("hour twice, second", second, "before=\"20211107060000Z\"", NEW_YORK, Untrusted, ""),
    ];
    for (name, time, option, zone, word, why) in rows {
        table.usual(name, &format!("{ADA} valid-{option} %ed\n"), word, why);
        let payload = commit(&time.to_string());
        let signature = table.shop.sign("ed", &payload, &[]);
        table.with(&payload, &signature).zone = zone;
    }
}

fn dates(table: &mut Table) {
    let far = "git hands over no year of five digits, and says bad";
    let rows: [(&'static str, &str, Word, Word, &'static str, &'static str); 6] = [
        ("date zero", "0", Untrusted, Good, NOT_BEFORE, ""),
        ("date one", "1", Untrusted, Good, "", ""),
        ("date far", "253402300800", Unsupported, Unsupported, far, far),
        (
            "date huge",
            "10000000000000000000",
            Unsupported,
            Unsupported,
            "git gives up",
            "git gives up",
        ),
        ("date negative", "-1", Untrusted, Good, NOT_BEFORE, ""),
        ("date no number", "soon", Untrusted, Good, NOT_BEFORE, ""),
    ];
    for (name, date, after, plain, why_after, why_plain) in rows {
        let payload = commit(date);
        let signature = table.shop.sign("ed", &payload, &[]);
        table.usual(name, &format!("{ADA} valid-after=\"20200101\" %ed\n"), after, why_after);
        table.with(&payload, &signature);
        table.usual(name, &format!("{ADA} %ed\n"), plain, why_plain);
        table.with(&payload, &signature);
    }
}

fn revoked(table: &mut Table) {
    let key = table.shop.public("ed");
    table.shop.write("by-hash", format!("sha256: {key}\n"));
    table.shop.write("by-sha1", format!("sha1: {key}\n"));
    let krl = table.shop.revoke("krl", "ed.pub", &[]);
    let whole = std::fs::read(&krl).unwrap();
    let called = "the key is revoked, and git says only bad";
    let unread = "whoever names a list of revoked keys must not go without";
    let junk = format!("junk\n{key}\n");
    let files = [
        (
            "revoked in a list",
            table.shop.write("r-list", format!("# c\n\n{key}\n")),
            GoodRevokedKey,
            called,
        ),
        ("another revoked", table.shop.write("r-other", table.shop.public("ed2")), Good, ""),
        ("revoked in a KRL", krl, GoodRevokedKey, called),
        ("another in a KRL", table.shop.revoke("krl-other", "ed2.pub", &[]), Good, ""),
        ("KRL by hash", table.shop.revoke("krl-hash", "by-hash", &[]), GoodRevokedKey, called),
        ("KRL by SHA-1", table.shop.revoke("krl-sha1", "by-sha1", &[]), GoodRevokedKey, called),
        ("KRL cut short", table.shop.write("r-cut", &whole[..whole.len() - 6]), Unchecked, unread),
        ("revocation empty", table.shop.write("r-empty", ""), Good, ""),
        ("revocation junk", table.shop.write("r-junk", junk), Unchecked, unread),
        ("revocation not there", table.shop.path("r-nowhere"), Unchecked, unread),
    ];
    for (name, file, word, why) in files {
        let list = table.plain();
        table.add(name, list, word, why);
        table.rows.last_mut().unwrap().revoked = Some(file);
    }
    let krl = table.shop.path("krl");
    let other = format!("{ADA} {}\n", table.shop.public("ed2"));
    let unlisted = "git looks at revocation only for a key that is listed";
    table.usual("revoked and unlisted", &other, GoodRevokedKey, unlisted);
    table.rows.last_mut().unwrap().revoked = Some(krl.clone());
    let list = table.plain();
    table.add("revoked, no date", list, GoodRevokedKey, "git forgets revocation without a date");
    let payload = commit("0");
    let signature = table.shop.sign("ed", &payload, &[]);
    table.with(&payload, &signature).revoked = Some(krl);
    let list = table.plain();
    table.add("revoked and tampered", list, Bad, "");
    let payload = commit("1609459201");
    let signature = table.usual.1.clone();
    let krl = table.shop.path("krl");
    table.with(&payload, &signature).revoked = Some(krl);
}
