//! `onramp pr --lint` and the draft of a whole clone: what is said, how it ends, and that what the
//! author wrote stays.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::cloudstack::java;
use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

const TEMPLATE: &str = "\
### Description

This PR...
<!-- Fixes: # -->

### Types of changes

- [ ] New feature (something new)
- [ ] Bug fix (something mended)

### How Has This Been Tested?

<!-- In detail -->
";

/// A clone with the template and one commit on a branch of its own.
fn clone(world: &TestWorld, message: &str) -> PathBuf {
    let tree = world.cloudstack();
    write(&tree.join("PULL_REQUEST_TEMPLATE.md"), TEMPLATE);
    world.commit(&tree, "Add a template");
    let project = "https://github.com/apache/cloudstack.git";
    world.git(&tree, &["remote", "add", "upstream", project]);
    world.git(&tree, &["update-ref", "refs/remotes/upstream/main", "HEAD"]);
    world.git(&tree, &["switch", "-q", "-c", "topic"]);
    write(&tree.join("api/src/main/java/More.java"), java("More"));
    world.commit(&tree, message);
    tree
}

fn pr(world: &TestWorld, tree: &Path, arguments: &[&str]) -> Output {
    world.onramp(tree, &[&["pr"], arguments].concat())
}

const MESSAGE: &str = "api: fix a missing class\n\nIt was missing.\n\nFixes: #12";

#[test]
fn the_draft_passes_its_own_lint() {
    let world = TestWorld::new();
    let tree = clone(&world, MESSAGE);
    let output = pr(&world, &tree, &["--lint"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    let wanted = "\
draft:13: warn: \"How Has This Been Tested?\" waits for an answer in place of this reminder [unanswered]
  → say how you tested: what you ran, where, and what you saw
draft: 1 warning; `--create` does not send it before one of these is settled
for you   say whether a tool wrote part of it: --assisted TEXT or --assisted none
";
    assert_eq!(output.stdout(), wanted);
    assert_eq!(pr(&world, &tree, &["--lint", "--strict"]).code, Some(1));
}

#[test]
fn a_file_is_looked_at_line_by_line() {
    let world = TestWorld::new();
    let tree = clone(&world, MESSAGE);
    let both = TEMPLATE.replace("- [ ]", "- [x]");
    let secret = "the token ghp_0123456789abcdefghijABCDEFGHIJ012345, seen at 10.1.1.7\n";
    write(&tree.join("text.md"), both + secret);
    let output = pr(&world, &tree, &["--lint", "text.md", "--title", "CLOUDSTACK-12 fix"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    let said = output.stdout();
    for wanted in [
        "title: warn: the title begins with a number of the retired JIRA",
        "text.md:3: error: \"This PR...\" still stands here [placeholder]",
        "text.md:9: error: 2 boxes are ticked under \"Types of changes\": New feature, Bug fix",
        "text.md:14: error: a secret (github-pat) stands here [secret]",
        "text.md:14: warn: a private address stands here [private-name]",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert!(!said.contains("ghp_"), "{said}");

    let output = pr(&world, &tree, &["--lint", "text.md", "--json", "--policy", "upstream"]);
    let told: serde_json::Value = serde_json::from_slice(&output.out).unwrap();
    assert_eq!((&told["file"], &told["errors"]), (&"text.md".into(), &1.into()), "{told}");
    let schema = world.onramp(&tree, &["schema", "pr-lint"]);
    let schema: serde_json::Value = serde_json::from_slice(&schema.out).unwrap();
    jsonschema::validate(&schema, &told).unwrap();
}

#[test]
fn what_cannot_be_looked_at_is_named() {
    let world = TestWorld::new();
    let tree = clone(&world, MESSAGE);
    write(&tree.join("binary.md"), [0xff, 0xfe, 0]);
    for (file, wanted) in [
        ("absent.md", "absent.md cannot be looked at: "),
        ("binary.md", "it is no text in UTF-8"),
        (".", "it is no file"),
    ] {
        let output = pr(&world, &tree, &["--lint", file]);
        assert_eq!(output.code, Some(2), "{file}: {}", output.stderr());
        assert!(output.stderr().contains(wanted), "{file}: {}", output.stderr());
    }
}

#[test]
fn edits_survive_new_commits() {
    let world = TestWorld::new();
    let tree = clone(&world, MESSAGE);
    let file = world.path("pr.md");
    let draft = || pr(&world, &tree, &["--output", file.to_str().unwrap()]);
    assert_eq!(draft().code, Some(0));
    let mut text = fs::read_to_string(&file).unwrap();
    let start = text.find("<!-- onramp: say how you tested").unwrap();
    let end = start + text[start..].find("-->").unwrap() + 3;
    text.replace_range(start..end, "On KVM:\t\"twice\"  \n\n- [x] it held");
    fs::write(&file, &text).unwrap();
    let own = text[text.find("### How").unwrap()..].to_owned();
    for name in ["One", "Two", "Three"] {
        let path = format!("api/src/test/java/{name}Test.java");
        write(&tree.join(&path), java(name));
        world.commit(&tree, &format!("api: test {name}"));
        let output = draft();
        assert_eq!(output.code, Some(0), "{}", output.stderr());
        let now = fs::read_to_string(&file).unwrap();
        assert!(now.ends_with(&own), "{now}");
        assert!(now.contains(&format!("- api: test {name} (")), "{now}");
        let said = output.stderr();
        let news = format!("            - `{path}`\n");
        assert!(
            said.contains("kept      \"How Has This Been Tested?\", as you edited it; new"),
            "{said}"
        );
        assert!(said.contains(&news) && !said.contains("say how you tested"), "{said}");
    }
}

/// A run of CI steps on `head`, as `onramp ci` leaves it.
fn ci(tree: &Path, head: &str) {
    let step = |name: &str, how: &str, ended: &str| {
        serde_json::json!({
            "name": name, "command": "tool --all", "how": how, "ended": ended, "seconds": 2,
        })
    };
    let record = serde_json::json!({
        "shape": 1, "onramp": "0.0.1", "head": head, "finished": 1, "seconds": 6, "exit": 1,
        "tree": { "changed": false, "untracked": false },
        "base": null, "policy": null, "digest": null, "line": "", "partial": false,
        "counts": { "ok": 2, "failed": 1, "warned": 0, "unknown": 0, "skipped": 0 },
        "steps": [
            step("licences at db1.corp", "exact", "ok"),
            step("style", "stand-in", "ok"),
            step("hooks", "approximate", "failed"),
        ],
    });
    write(&tree.join(".git/onramp/ci.json"), record.to_string());
}

#[test]
fn only_what_ran_on_this_commit_is_evidence() {
    let world = TestWorld::new();
    let tree = clone(&world, MESSAGE);
    let head = world.git(&tree, &["rev-parse", "HEAD"]);
    ci(&tree, &head);
    let output = pr(&world, &tree, &[]);
    let (body, said) = (output.stdout(), output.stderr());
    let short = &head[..10];
    let exact = format!(
        "- CI step \"licences at \\[internal host name taken out]\" (`tool --all`) passed at {short}\n"
    );
    let stand_in = format!(
        "- CI step \"style\" (`tool --all`), by onramp's own check in its place, passed at {short}\n"
    );
    assert!(body.contains(&exact) && body.contains(&stand_in), "{body}");
    assert!(!body.contains("hooks"), "{body}");
    assert!(said.contains("mend what failed in `onramp ci`: hooks\n"), "{said}");
    world.git(&tree, &["commit", "-q", "--allow-empty", "-m", "More"]);
    assert!(!pr(&world, &tree, &[]).stdout().contains("CI step"), "of an older commit");
}

#[test]
fn a_commit_of_somebody_else_closes_nothing() {
    let world = TestWorld::new();
    let tree = clone(&world, MESSAGE);
    let author = "--author=Bob <bob@example.org>";
    let message = "api: more\n\nFixes: #99";
    world.git(&tree, &["commit", "-q", "--allow-empty", author, "-m", message]);
    let output = pr(&world, &tree, &[]);
    let (body, said) = (output.stdout(), output.stderr());
    assert!(body.contains("\nFixes: #12\n") && !body.contains("#99"), "{body}");
    assert!(said.contains("closes    #12 – once it is merged"), "{said}");
    assert!(said.contains("#99 is not closed: ") && said.contains("is by somebody else"), "{said}");
}

#[test]
fn a_rule_that_there_is_not_is_named() {
    let world = TestWorld::new();
    let tree = clone(&world, MESSAGE);
    let pack = world.path("own/mine");
    write(
        &pack.join("_project.yaml"),
        "title: mine\nextends: cloudstack\nrequest: { rules: { title-lon: warn } }\n",
    );
    let folder = world.path("own");
    let checks = folder.to_str().unwrap();
    let output = pr(&world, &tree, &["--checks", checks, "--project", "mine"]);
    assert_eq!(output.code, Some(2), "{}", output.stderr());
    let wanted = "request.rules name no rule: title-lon; did you mean `title-long`?";
    assert!(output.stderr().contains(wanted), "{}", output.stderr());
}

#[test]
fn nothing_private_gets_into_a_draft() {
    let world = TestWorld::new();
    let message = "api: fix ghp_0123456789abcdefghijABCDEFGHIJ012345\n\nSeen on db1.corp.\n\n\
                   -----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\n\nFixes: #12";
    let tree = clone(&world, message);
    let output = pr(&world, &tree, &["--title", "api: see 192.168.1.1"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
    let all = output.stdout() + &output.stderr();
    for private in ["ghp_", "MIIEv", "db1.corp", "192.168"] {
        assert!(!all.contains(private), "{private}: {all}");
    }
    let said = output.stderr();
    assert!(
        said.contains("a secret (github-pat) was left out of the draft: withdraw it"),
        "{said}"
    );
    assert!(said.contains("an internal host name was left out of the draft"), "{said}");
    assert!(
        output.stdout().contains("Seen on \\[internal host name taken out]."),
        "{}",
        output.stdout()
    );
}

#[test]
fn a_template_that_cannot_be_used_is_named() {
    let world = TestWorld::new();
    let tree = clone(&world, MESSAGE);
    let place = tree.join("PULL_REQUEST_TEMPLATE.md");
    let outside = world.path("outside.md");
    write(&outside, "### Secret of somebody\n");
    let told = |wanted: &str| {
        let output = pr(&world, &tree, &[]);
        assert_eq!(output.code, Some(0), "{}", output.stderr());
        let line = format!(
            "template  PULL_REQUEST_TEMPLATE.md {wanted}: the draft has the usual sections"
        );
        assert!(output.stderr().contains(&line), "{wanted}: {}", output.stderr());
        assert!(!output.stdout().contains("Secret"), "{}", output.stdout());
        assert!(output.stdout().starts_with("<!-- this tree brings no"), "{}", output.stdout());
    };
    fs::remove_file(&place).unwrap();
    std::os::unix::fs::symlink(&outside, &place).unwrap();
    told("is a link that leads out of the work tree, and is not followed");
    fs::remove_file(&place).unwrap();
    std::os::unix::fs::symlink("absent", &place).unwrap();
    told("is a link that leads nowhere");
    fs::remove_file(&place).unwrap();
    write(&place, vec![b'x'; 300 << 10]);
    told("is larger than 256 KiB");
    write(&place, b"### \xff\0");
    told("is no text in UTF-8");
    fs::remove_file(&place).unwrap();
    write(&tree.join(".github/pull_request_template.md"), TEMPLATE.replace('\n', "\r\n"));
    let output = pr(&world, &tree, &[]);
    assert!(
        output.stderr().contains("template  .github/pull_request_template.md\n"),
        "{}",
        output.stderr()
    );
    assert!(output.stdout().contains("- [x] Bug fix"), "{}", output.stdout());
}
