//! `onramp key verify` on commits and tags: real git, real gpg, and git's own letter beside ours.

use serde_json::Value;

use crate::support::keys::Home;
use crate::support::signatures::{Signing, text};

/// Verdicts and git's letters, newest first.
fn column(value: &Value, name: &str) -> Vec<String> {
    let rows = value["objects"].as_array().unwrap();
    rows.iter().map(|row| row[name].as_str().unwrap_or("-").to_owned()).collect()
}

#[test]
fn a_range_is_judged_commit_by_commit_as_git_does() {
    let signing = Signing::new();
    signing.commit("good", &["-S"]);
    signing.commit("unsigned", &["--no-gpg-sign"]);
    signing.commit("not hers", &["-S", "--author=Grace <grace@example.org>"]);
    let raw = signing.raw("commit", "HEAD").replace("not hers", "tampered");
    let tampered = signing.object("commit", raw.as_bytes());
    signing.git(&["reset", "--quiet", "--hard", &tampered]);

    let (value, code) = signing.json(&["HEAD~3..HEAD"]);
    assert_eq!(code, 1, "{value}");
    assert_eq!(column(&value, "verdict"), ["bad", "unsigned", "good"]);
    let letters = signing.git(&["log", "--format=%G?", "HEAD~3..HEAD"]);
    assert_eq!(column(&value, "git"), letters.lines().collect::<Vec<_>>());
    let fingerprints = signing.git(&["log", "--format=%GF", "HEAD~3..HEAD"]);
    let ours = column(&value, "fingerprint").join("\n").replace('-', "");
    assert_eq!(ours.trim(), fingerprints.trim());
    assert_eq!(value["objects"][2]["signer"], "Ada Lovelace <ada@example.org>");
    assert_eq!(value["exit"], 1);

    let output = signing.verify(&["HEAD~3..HEAD"]);
    let said = output.stdout();
    assert!(said.contains("✗ 2 of 3 do not hold, 1 do"), "{said}");
    assert!(
        said.contains("✓ ") && said.contains(" good ") && said.contains(" not signed"),
        "{said}"
    );
    let quiet = signing.verify(&["--quiet", "HEAD~3..HEAD"]).stdout();
    assert!(!quiet.contains('✓') && quiet.contains("not signed"), "{quiet}");
    assert!(!quiet.contains('→'), "{quiet}");
    let one = signing.verify(&["HEAD~2"]);
    assert_eq!(one.code, Some(0), "{}", one.stdout());
    assert!(one.stdout().contains("✓ it holds"), "{}", one.stdout());
}

#[test]
fn an_object_that_is_not_what_its_id_says_is_no_verdict() {
    let signing = Signing::new();
    signing.commit("one", &["-S"]);
    signing.commit("other", &["-S"]);
    let file = |revision: &str| {
        let id = signing.git(&["rev-parse", revision]);
        signing.world.tree().join(".git/objects").join(&id[..2]).join(id[2..].trim_end())
    };
    // A good signature of the same person, in the wrong place.
    let (other, place) = (file("HEAD~1"), file("HEAD"));
    std::fs::remove_file(&place).unwrap();
    std::fs::copy(other, &place).unwrap();
    for words in ["HEAD~1..HEAD", "HEAD"] {
        let output = signing.verify(&[words]);
        assert!(output.code == Some(3) || output.code == Some(2), "{words}: {:?}", output.code);
        assert!(!output.stdout().contains("it holds"), "{}", output.stdout());
        let said = output.stdout() + &output.stderr();
        assert!(said.contains("damaged") && said.contains("git fsck"), "{words}: {said}");
    }
}

#[test]
fn the_json_is_of_the_published_shape() {
    let signing = Signing::new();
    signing.commit("more", &["--no-gpg-sign", "-s"]);
    let schema = signing.verify(&["--schema"]);
    let schema: Value = serde_json::from_slice(&schema.out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let documents = [
        signing.json(&["HEAD"]).0,
        signing.json(&["HEAD~1"]).0,
        signing.json(&["HEAD~1..HEAD"]).0,
        signing.json(&["nonsuch"]).0,
    ];
    for document in documents {
        let errors: Vec<_> = validator.iter_errors(&document).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{document}");
    }
    let file = signing.world.path("verdicts.json");
    let report = format!("json:{}", text(&file));
    assert_eq!(signing.verify(&["HEAD~1", "--report", &report]).code, Some(0));
    let written: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(written["objects"][0]["verdict"], "good");
}

#[test]
fn by_default_the_commits_since_the_base() {
    let signing = Signing::new();
    signing.git(&["checkout", "--quiet", "-b", "topic"]);
    let nothing = signing.verify(&[]);
    assert_eq!(nothing.code, Some(2), "{}", nothing.stdout());
    assert!(
        nothing.stderr().contains("there are no commits in main..HEAD"),
        "{}",
        nothing.stderr()
    );
    signing.commit("topic", &["-S"]);
    let (value, code) = signing.json(&[]);
    assert_eq!((code, value["asked"].as_str()), (0, Some("main..HEAD")), "{value}");
    assert_eq!(column(&value, "verdict"), ["good"]);
    signing.git(&["checkout", "--quiet", "main"]);
    signing.commit("elsewhere", &["--no-gpg-sign"]);
    let (value, _) = signing.json(&["main...topic"]);
    assert_eq!(value["objects"].as_array().unwrap().len(), 2, "both sides: {value}");
}

#[test]
fn a_key_that_is_merely_here_is_not_trusted_and_one_that_is_not_is_missing() {
    let signing = Signing::new();
    let home = Home::new();
    let grace = home.make("Grace <grace@example.org>", "2y");
    let raw = signing.raw("commit", "HEAD");
    let (head, message) = raw.split_once("gpgsig ").unwrap();
    let message = &message[message.find("\n\n").unwrap() + 1..];
    let head = head.replace("Ada Lovelace <ada@", "Grace <grace@");
    let payload = format!("{head}{message}");
    let signature = String::from_utf8(home.sign(&grace, payload.as_bytes(), &[])).unwrap();
    let folded = signature.trim_end().replace('\n', "\n ");
    let id = signing.object("commit", format!("{head}gpgsig {folded}\n{message}").as_bytes());
    let (verdict, reason, code) = signing.one(&[&id]);
    assert_eq!((verdict.as_str(), code), ("missing-key", 3), "{reason}");
    let said = signing.verify(&[&id]).stdout();
    assert!(said.contains(&grace) && !said.contains("recv-keys"), "{said}");

    let keys = signing.keys_file("KEYS", &home, &[&grace]);
    let before = signing.git(&["log", "-1", "--format=%G?", &id]);
    let (value, code) = signing.json(&[&id, "--keyring", text(&keys)]);
    assert_eq!((code, value["objects"][0]["verdict"].as_str()), (0, Some("good")), "{value}");
    assert_eq!(value["objects"][0]["git"], "U");
    assert_eq!(signing.git(&["log", "-1", "--format=%G?", &id]), before, "the ring is untouched");
    let said = signing.verify(&[&id, "--keyring", text(&keys)]).stdout();
    assert!(
        said.contains("for which you vouch") && said.contains("git and gpg themselves would call"),
        "{said}"
    );
    let own = signing.one(&["main", "--keyring", text(&keys)]);
    assert_eq!((own.0.as_str(), own.2), ("missing-key", 3), "the file's keys and no others");

    let gpg = which::which("gpg").unwrap();
    let import = signing.world.run(&signing.world.work(), &gpg, &["--import", text(&keys)], b"");
    assert_eq!(import.code, Some(0));
    let (verdict, _, code) = signing.one(&[&id]);
    assert_eq!((verdict.as_str(), code), ("untrusted", 1));
    assert_eq!(signing.git(&["log", "-1", "--format=%G?", &id]), "U");
}

#[test]
fn a_good_signature_by_somebody_else_is_no_authors() {
    let signing = Signing::new();
    signing.commit("carried over", &["-S", "--author=Grace <grace@example.org>"]);
    let (verdict, reason, code) = signing.one(&["HEAD"]);
    assert_eq!((verdict.as_str(), code), ("identity-mismatch", 1));
    for address in ["ada@example.org", "grace@example.org"] {
        assert!(reason.contains(address), "{reason}");
    }
    signing.commit("case", &["-S", "--author=Ada <ADA@Example.ORG>"]);
    assert_eq!(signing.one(&["HEAD"]).0, "good");

    // A mailmap that the change brings itself counts for nothing.
    let map = "Ada Lovelace <ada@example.org> <grace@example.org>\n";
    std::fs::write(signing.world.tree().join(".mailmap"), map).unwrap();
    signing.git(&["add", ".mailmap"]);
    signing.git(&["commit", "--quiet", "-S", "-m", "map"]);
    let mapped = signing.git(&["rev-parse", "HEAD"]);
    signing.commit("hers", &["-S", "--author=Grace <grace@example.org>"]);
    let (value, code) = signing.json(&["HEAD~2..HEAD"]);
    assert_eq!(
        (code, column(&value, "verdict")),
        (1, vec!["identity-mismatch".into(), "good".into()])
    );
    let (value, code) = signing.json(&[&format!("{mapped}..HEAD")]);
    assert_eq!((code, column(&value, "verdict")), (0, vec!["good".to_owned()]), "{value}");
    assert!(value["objects"][0]["notes"][0].as_str().unwrap().contains(&mapped[..10]), "{value}");
    assert!(value["mailmap"].as_str().unwrap().contains(".mailmap"), "{value}");
}

#[test]
fn credit_and_sign_off_are_told_apart_from_signatures() {
    let signing = Signing::new();
    signing.commit("x\n\nCo-authored-by: Grace <g@example.org>", &["-S", "-s"]);
    let said = signing.verify(&["HEAD"]).stdout();
    assert!(
        said.contains("Co-authored-by credits") && said.contains("Signed-off-by says"),
        "{said}"
    );
    let said = signing.verify(&["HEAD~1"]).stdout();
    assert!(!said.contains("Co-authored-by") && !said.contains("Signed-off-by"), "{said}");
}

#[test]
fn tags_of_every_kind() {
    let signing = Signing::new();
    signing.git(&["tag", "-s", "v1", "-m", "first"]);
    signing.git(&["tag", "-a", "plain", "-m", "no signature"]);
    signing.git(&["tag", "light"]);
    signing.git(&["tag", "-s", "nested", "-m", "tag of a tag", "v1"]);
    signing.git(&["tag", "-s", "folder", "-m", "tag of a tree", "HEAD^{tree}"]);
    let (value, code) = signing.json(&["v1"]);
    assert_eq!((code, value["objects"][0]["tag"].as_str()), (0, Some("v1")), "{value}");
    assert_eq!(signing.one(&["plain"]).0, "unsigned");
    let light = signing.verify(&["light"]);
    assert_eq!(light.code, Some(0));
    assert!(light.stdout().contains("light is a lightweight tag"), "{}", light.stdout());
    for (name, says) in [("nested", "another tag"), ("folder", "a folder's content")] {
        let said = signing.verify(&[name]);
        assert_eq!(said.code, Some(0));
        assert!(said.stdout().contains(says), "{}", said.stdout());
    }
    signing.git(&["branch", "v1"]);
    let both = signing.verify(&["v1"]).stdout();
    assert!(both.contains("v1 is a tag and a branch"), "{both}");
    signing.git(&["update-ref", "refs/tags/v2", "refs/tags/v1"]);
    let (verdict, reason, code) = signing.one(&["v2"]);
    assert_eq!((verdict.as_str(), code), ("bad", 1));
    assert!(reason.contains("signed as the tag v1"), "{reason}");
    let longer = signing.raw("tag", "refs/tags/v1") + "and more\n";
    let id = signing.object("tag", longer.as_bytes());
    let (verdict, reason, code) = signing.one(&[&id]);
    assert_eq!((verdict.as_str(), code), ("unsupported", 3), "{reason}");
    signing.git(&["tag", "-a", "inside", "-m", "x", "HEAD:"]);
    assert_eq!(signing.verify(&["HEAD^{tree}"]).code, Some(2));
}

#[test]
fn words_that_name_nothing() {
    let signing = Signing::new();
    signing.git(&["branch", "feature"]);
    for (words, says) in [
        ("nonsuch", "there is no commit called nonsuch here"),
        ("featrue", "did you mean feature?"),
        ("main..featrue", "did you mean feature?"),
        ("main..main", "there are no commits in main..main"),
        ("HEAD:", "a folder's content"),
        ("gone.asc", "there is no file gone.asc here"),
        ("-", "standard input"),
        ("", "there is no commit called"),
    ] {
        let output = signing.verify(&["--", words]);
        assert_eq!(output.code, Some(2), "{words}: {}", output.stdout());
        assert!(output.stderr().contains(says), "{words}: {}", output.stderr());
    }
    let outside = signing.world.onramp(&signing.world.work(), &["key", "verify", "HEAD"]);
    assert_eq!(outside.code, Some(2));
    assert!(outside.stderr().contains("is not inside a git clone"), "{}", outside.stderr());
    let format = signing.verify(&["HEAD", "--report", "sarif"]);
    assert_eq!(format.code, Some(2));
}

#[test]
fn hostile_bytes_never_reach_the_screen() {
    let signing = Signing::new();
    let raw = signing.raw("commit", "HEAD");
    let (head, _) = raw.split_once("gpgsig ").unwrap();
    let evil = head.replace("Ada Lovelace", "A\u{1b}[2J") + "\n\u{1b}]0;x\u{7}\u{202e}gnp\n";
    let mut bytes = evil.into_bytes();
    bytes.extend(b"caf\xe9\n");
    let id = signing.object("commit", &bytes);
    let said = signing.verify(&["--verbose", &id]);
    assert_eq!(said.code, Some(1));
    assert!(!said.out.contains(&0x1b) && !said.stdout().contains('\u{202e}'), "{}", said.stdout());
    // Two authors are no author.
    let twice =
        signing.raw("commit", "HEAD").replacen("author ", "author Eve <e@x> 1 +0000\nauthor ", 1);
    let id = signing.object("commit", twice.as_bytes());
    let (value, _) = signing.json(&[&id]);
    assert_eq!(value["objects"][0]["author_email"], Value::Null);
}

#[test]
fn a_cut_history_is_told() {
    let signing = Signing::new();
    for number in 0..4 {
        signing.commit(&number.to_string(), &["-S"]);
    }
    let url = format!("file://{}", text(&signing.world.tree()));
    let shallow = signing.world.path("shallow");
    signing
        .world
        .git(&signing.world.work(), &["clone", "--quiet", "--depth", "2", &url, text(&shallow)]);
    let run = |words: &[&str]| {
        signing.world.onramp(&shallow, &[&["--offline", "key", "verify"], words].concat())
    };
    assert_eq!(run(&["HEAD"]).code, Some(0));
    let older = run(&["HEAD~3..HEAD"]);
    assert_eq!(older.code, Some(2));
    assert!(older.stderr().contains("git fetch --unshallow"), "{}", older.stderr());
    signing.world.git(&shallow, &["checkout", "--quiet", "--orphan", "other"]);
    signing.world.git(&shallow, &["commit", "--quiet", "--allow-empty", "-S", "-m", "apart"]);
    let cut = run(&["other..main"]);
    assert_eq!(cut.code, Some(3), "{}{}", cut.stdout(), cut.stderr());
    assert!(cut.stdout().contains("git fetch --unshallow"), "{}", cut.stdout());

    let partial = signing.world.path("partial");
    let clone = ["clone", "--quiet", "--filter=tree:0", "--no-checkout", &url, text(&partial)];
    signing.git(&["config", "uploadpack.allowFilter", "true"]);
    signing.world.git(&signing.world.work(), &clone);
    let words = ["--offline", "key", "verify", "HEAD~2..HEAD"];
    let whole = signing.world.onramp(&partial, &words);
    assert_eq!(whole.code, Some(0), "{}{}", whole.stdout(), whole.stderr());
}

#[test]
fn sha256_repositories_cannot_be_told_yet() {
    let signing = Signing::new();
    let folder = signing.world.path("sha256");
    let init = ["init", "--quiet", "--object-format=sha256", text(&folder)];
    signing.world.git(&signing.world.work(), &init);
    let output = signing.world.onramp(&folder, &["--offline", "key", "verify", "HEAD"]);
    assert_eq!(output.code, Some(3), "{}{}", output.stdout(), output.stderr());
    assert!(output.stderr().contains("SHA-256 object names"), "{}", output.stderr());
}
