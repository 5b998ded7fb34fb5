//! Addresses of repositories in every spelling, and git's own words about a transfer.

use onramp::git::address::{Address, Rewrite, is_fork, rewrite, same_place, shown};
use onramp::git::remote::{Messages, Phase, branches_listed, progress};
use onramp::git::trouble::explain;

const PROJECT: &str = "https://github.com/apache/cloudstack.git";

#[test]
fn one_place_in_many_spellings() {
    for spelling in [
        "https://github.com/apache/cloudstack",
        "https://github.com/apache/cloudstack/",
        "https://ada:token@GitHub.com/Apache/CloudStack.git",
        "git@github.com:apache/cloudstack.git",
        "ssh://git@github.com:22/apache/cloudstack",
        "git://github.com/apache/cloudstack.git",
    ] {
        assert!(same_place(spelling, PROJECT, &[]), "{spelling}");
        assert!(!is_fork(spelling, PROJECT, &[]), "{spelling}");
    }
    for other in ["https://github.com/ada/cloudstack", "git@github.com:ada/cloudstack-1.git"] {
        assert!(!same_place(other, PROJECT, &[]) && is_fork(other, PROJECT, &[]), "{other}");
    }
    for other in ["/srv/cloudstack", "https://gitlab.test/apache/cloudstack", "", "x"] {
        assert!(!same_place(other, PROJECT, &[]) && !is_fork(other, PROJECT, &[]), "{other}");
    }
    assert_eq!(Address::read("C/d:e").host, "");
}

#[test]
fn the_users_rewriting_rules_count() {
    let rule = |from: &str, to: &str| Rewrite { from: from.into(), to: to.into() };
    let rules = [
        rule("https://github.com/", "ssh://mirror.test/"),
        rule("https://github.com/apache/", "/srv/"),
    ];
    assert_eq!(rewrite(PROJECT, &rules), "/srv/cloudstack.git");
    assert!(same_place("/srv/cloudstack", PROJECT, &rules));
    assert_eq!(rewrite("https://other.test/a", &rules), "https://other.test/a");
}

#[test]
fn secrets_in_addresses_are_not_shown() {
    assert_eq!(shown("https://ada:secret@h.test/x"), "https://h.test/x");
    assert_eq!(shown("https://token@h.test/x"), "https://h.test/x");
    assert_eq!(shown("ssh://git@h.test/x"), "ssh://git@h.test/x");
    assert_eq!(shown("git@h.test:x"), "git@h.test:x");
}

#[test]
fn progress_is_read_from_lines_cut_anywhere() {
    let text = "Cloning into 'x'...\nremote: Counting objects:  50% (1/2)\r\
        remote: Counting objects: 100% (2/2), done.\nReceiving objects:  42% (5/12), 1.2 MiB | 3 MiB/s\r\
        fatal: odd\x1b[31m end";
    for cut in 1..text.len() {
        let mut messages = Messages::default();
        let mut seen = Vec::new();
        for part in text.as_bytes().chunks(cut) {
            seen.extend(messages.feed(part));
        }
        let last = seen.last().unwrap();
        assert_eq!((last.phase, last.percent), (Phase::Receiving, 42), "cut {cut}");
        assert_eq!(last.detail, "(5/12), 1.2 MiB | 3 MiB/s");
        assert_eq!(messages.lines(), ["fatal: odd\u{1b}[31m end"]);
    }
    for line in ["Receiving objects: 142% (", "Receiving objects: x%", "% :", "Other: 1%"] {
        assert_eq!(progress(line), None, "{line}");
    }
}

#[test]
fn an_endless_line_is_cut() {
    let mut messages = Messages::default();
    for _ in 0..1000 {
        messages.feed(&[b'x'; 1000]);
    }
    assert!(messages.lines()[0].len() <= 4096);
}

#[test]
fn failures_are_told_apart() {
    let cases = [
        ("fatal: unable to access 'https://h/': Could not resolve host: h", "the server's name"),
        ("ssh: Could not resolve hostname h: Name or service not known", "the server's name"),
        ("fatal: unable to access 'http://h/': Could not resolve proxy: p", "the proxy's name"),
        (
            "fatal: unable to access 'http://h/': Failed to connect to h port 80 after 0 ms: Couldn't connect to server",
            "the server cannot be reached",
        ),
        (
            "fatal: unable to access 'https://h/': Received HTTP code 407 from proxy after CONNECT",
            "the proxy asks",
        ),
        (
            "fatal: unable to access 'https://h/': server certificate verification failed. CAfile: none",
            "the server's certificate",
        ),
        (
            "fatal: unable to access 'https://h/': SSL certificate problem: self-signed certificate",
            "the server's certificate",
        ),
        (
            "fatal: could not read Username for 'https://h': terminal prompts disabled",
            "the server wants to know",
        ),
        ("git@h: Permission denied (publickey).", "the server wants to know"),
        ("Host key verification failed.", "the server's SSH key"),
        (
            "error: RPC failed; curl 28 Operation too slow. Less than 1 bytes/sec",
            "the server fell silent",
        ),
        ("fatal: early EOF", "the connection was cut"),
        ("fatal: write error: No space left on device", "the disk is full"),
        ("fatal: repository 'https://h/x/' not found", "there is no repository"),
        ("warning: Could not find remote branch 4.99 to clone.", ""),
    ];
    for (line, says) in cases {
        let found = explain(&["something before".to_owned(), line.to_owned()]);
        match found {
            Some(found) => {
                assert!(!says.is_empty() && found.what.starts_with(says), "{line}: {}", found.what)
            }
            None => assert_eq!(says, "", "{line}"),
        }
    }
}

#[test]
fn branches_a_server_lists() {
    let output = b"1111\trefs/heads/4.20\n2222\trefs/heads/a/main\nnoise\n";
    assert_eq!(branches_listed(output), ["4.20", "a/main"]);
}
