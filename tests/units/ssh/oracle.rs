//! Lists of allowed signers, well written and not, held against ssh-keygen asked as git asks it.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use onramp::ssh::{AllowedSigners, Answer, Clock, Signature};
use proptest::prelude::*;

use crate::support::ssh::Workshop;

const PAYLOAD: &[u8] = b"mend the door\n";
/// 2021-01-01 00:00:00 UTC, as a number and as git would hand it over.
const THEN: i64 = 1_609_459_200;
const HANDED: &str = "-Overify-time=20210101000000";

/// Keys, and signatures by a plain and a certified one.
struct Bench {
    shop: Workshop,
    signatures: [Signature; 2],
}

static BENCH: LazyLock<Bench> = LazyLock::new(|| {
    let shop = Workshop::new();
    for name in ["ed", "ed2", "ca"] {
        shop.make(name, &["-t", "ed25519"]);
    }
    let options = ["-n", "a@example.org,x", "-V", "20200101:20300101"];
    let certified = shop.certify("certified", &options);
    let signatures = [("ed", "plain.sig"), (&certified, "certified.sig")].map(|(key, file)| {
        let signature = shop.sign(key, PAYLOAD, &[]);
        shop.write(file, &signature);
        Signature::read(&signature).unwrap()
    });
    shop.write("content", PAYLOAD);
    Bench { shop, signatures }
});

impl Bench {
    fn keygen(&self, arguments: &[&str], content: Option<&Path>) -> Output {
        let mut command = Command::new("ssh-keygen");
        command.args(arguments).current_dir(self.shop.path("")).env("TZ", "UTC");
        if let Some(content) = content {
            command.stdin(File::open(content).unwrap());
        }
        command.output().unwrap()
    }

    /// What git would come to.
    fn said(&self, list: &str, signature: &str) -> Answer {
        let asked = ["-Y", "find-principals", "-f", list, "-s", signature, HANDED];
        let found = self.keygen(&asked, None);
        let names = found.stdout;
        if !found.status.success() || names.iter().all(|byte| *byte == b'\n') {
            return Answer::Nobody;
        }
        let content = self.shop.path("content");
        let names = names.split(|byte| *byte == b'\n').filter(|name| !name.is_empty());
        for name in names {
            let name = std::str::from_utf8(name).unwrap();
            let verify = ["-Y", "verify", "-n", "git", "-f", list, "-I", name, "-s", signature];
            let verified = self.keygen(&[&verify[..], &[HANDED]].concat(), Some(&content));
            if verified.status.success() {
                return Answer::Believed;
            }
        }
        Answer::Refused
    }

    /// Each test has a file of its own: they run side by side.
    fn compare(&self, name: &str, text: &str) -> Result<(), TestCaseError> {
        self.shop.write(name, text);
        let clock = Clock::utc(THEN);
        let list = AllowedSigners::read(text.as_bytes(), &clock);
        for (signature, file) in self.signatures.iter().zip(["plain.sig", "certified.sig"]) {
            let own = list.ask(&signature.key, "git", THEN);
            prop_assert_eq!(own, self.said(name, file), "{}: {:?}", file, text);
        }
        Ok(())
    }
}

fn names() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "a@example.org",
        "x",
        "*",
        "?",
        "!x",
        "!*",
        "*@example.org",
        "!a@*",
        "",
        "*a*a*",
        "!",
        "b c",
    ]);
    let list = prop::collection::vec(name, 1..4).prop_map(|names| names.join(","));
    (list, 0..4).prop_map(|(list, quoted)| match quoted {
        0 => format!("\"{list}\""),
        1 => list.replacen('@', "@\"", 1) + "\"",
        _ => list,
    })
}

fn options() -> impl Strategy<Value = String> {
    let option = prop::sample::select(vec![
        "cert-authority",
        "CERT-AUTHORITY",
        "namespaces=\"git\"",
        "namespaces=\"file,!x,g?t\"",
        "namespaces=\"!git,*\"",
        "namespaces=\"\"",
        "namespaces=git",
        "valid-after=\"20200101\"",
        "valid-after=\"20210101000001Z\"",
        "valid-before=\"202101010000\"",
        "valid-before=\"20201231235959utc\"",
        "valid-before=\"20211301\"",
        "valid-before=\"00010101\"",
        "valid-before=\"20210229246060\"",
        "valid-before=\"20990631\"",
        "unknown",
        "",
        "namespaces=\"a\\\"b,git\"",
        "namespaces=\"git",
    ]);
    prop::collection::vec(option, 0..3).prop_map(|options| options.join(","))
}

fn line() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec!["ed", "ed", "ed2", "ca", "ca"]);
    let odd = prop::sample::select(vec!["", "", "", "", "x", " ", "#", "=", "\r", "ssh-ed25519 "]);
    let space = prop::sample::select(vec![" ", "\t", "  ", " \t"]);
    (names(), options(), key, odd, space).prop_map(|(names, options, key, odd, space)| {
        let key = BENCH.shop.public(key);
        let options = if options.is_empty() { options } else { format!("{options}{space}") };
        format!("{names}{space}{options}{odd}{key}{space}comment")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_list_is_read_as_ssh_keygen_reads_it(
        lines in prop::collection::vec(line(), 1..4),
        ending in prop::sample::select(vec!["\n", "", "\r\n", "\n\n# c\n"]),
    ) {
        BENCH.compare("lists", &format!("{}{ending}", lines.join("\n")))?;
    }

    #[test]
    fn a_slip_of_the_pen_is_read_as_ssh_keygen_reads_it(
        line in line(),
        place in any::<prop::sample::Index>(),
        slip in prop::sample::select(vec!["", " ", "\t", "\"", ",", "\\", "!", "=", "\n", "#", "A", "\0"]),
        replaced in 0_usize..3,
    ) {
        let mut text = format!("a@example.org {}\n{line}\n", BENCH.shop.public("ed2"));
        let start = place.index(text.len());
        let end = (start + replaced).min(text.len());
        text.replace_range(start..end, slip);
        BENCH.compare("slips", &text)?;
    }
}
