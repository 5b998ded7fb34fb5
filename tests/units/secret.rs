//! The rules of gitleaks as onramp follows them. No secret stands here whole: each is put together
//! when the test runs.

use std::sync::LazyLock;

use onramp::secret::Rules;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::embedded().unwrap());

/// Letters and digits without an order that anyone would see.
fn noise(length: usize) -> String {
    const ALPHABET: &[u8] = b"q7Rk2LxV9bTz4HnWc8Ym1PdGs6JfE3uA5toKiZwXvCr0BhNeSaQMgDUylFjIpO";
    ALPHABET.iter().cycle().take(length).map(|byte| char::from(*byte)).collect()
}

fn found(path: &str, text: &str) -> Vec<(String, u64)> {
    RULES.scan(path, text.as_bytes()).into_iter().map(|hit| (hit.rule, hit.line)).collect()
}

#[track_caller]
fn finds(path: &str, text: &str, rule: &str, line: u64) {
    assert_eq!(found(path, text), [(rule.to_owned(), line)], "{path}");
}

#[test]
fn every_pattern_can_be_compiled() {
    assert_eq!(RULES.broken(), Vec::<&str>::new());
}

#[test]
fn what_looks_like_a_secret_is_found_in_its_line() {
    let github = format!("ghp_{}", noise(36));
    finds("a.py", &format!("one\ntwo = \"{github}\"\n"), "github-pat", 1);
    finds("a.py", &github, "github-pat", 0);
    let npm = format!("npm_{}", noise(36).to_lowercase());
    finds("a/.npmrc", &format!("x\n\n//registry/:_authToken={npm}\n"), "npm-access-token", 2);
    let aws = format!("AKIA{}", "QW4ER7TY2UZ5IXP6");
    finds("a.tf", &format!("key {aws} \n"), "aws-access-token", 0);
    let key =
        format!("-----BEGIN {0}-----\n{1}\n-----END {0}-----\n", "RSA PRIVATE KEY", noise(70));
    finds("a.pem", &format!("x\n{key}"), "private-key", 1);
    finds("a.py", &format!("api_key = '{}'\n", noise(32)), "generic-api-key", 0);
    finds("certs/a.p12", "anything\n", "pkcs12-file", 0);
    let hashicorp = format!("admin_password = \"{}\"\n", noise(16));
    assert!(found("a.tf", &hashicorp).iter().any(|(rule, _)| rule == "hashicorp-tf-password"));
}

#[test]
fn what_only_looks_like_one_is_left_out() {
    let aws = format!("AKIA{}", "IOSFODNN7EXAMPLE");
    for (path, text) in [
        ("a.py", format!("key = {aws}\n")),
        ("a.py", format!("ghp_{}\n", "x".repeat(36))),
        ("a.py", "password = changeme_please\napi_key = ${API_KEY}\n".to_owned()),
        ("a.py", "primaryKey = findByPublicKeyAndDomain\n".to_owned()),
        ("ui/package-lock.json", format!("\"token\": \"ghp_{}\"\n", noise(36))),
        ("a.svg", format!("ghp_{}\n", noise(36))),
        ("node_modules/a/b.js", format!("ghp_{}\n", noise(36))),
        ("a.py", String::new()),
    ] {
        assert_eq!(found(path, &text), [], "{path}: {text}");
    }
}

#[test]
fn the_best_name_is_told_once() {
    let text = format!("github_token = \"ghp_{}\"\n", noise(36));
    finds("a.py", &text, "github-pat", 0);
}

#[test]
fn bytes_that_are_no_text_and_long_lines_do_no_harm() {
    let mut text = vec![0xff_u8, 0xfe, b'\r', b'\n'];
    text.extend(format!("ghp_{}\n", noise(36)).bytes());
    text.extend(b"key=".repeat(200_000));
    let hits = RULES.scan("a.bin.txt", &text);
    assert!(hits.iter().any(|hit| hit.rule == "github-pat" && hit.line == 1), "{hits:?}");
    let all: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    assert!(RULES.scan("a", &all).len() < 1000);
}
