//! `onramp key new` where nobody can be asked: from an empty home to a signed commit with a real
//! agent and a passphrase, and everything that keeps it from there.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use snapbox::str;

use crate::support::fixing::{fix, fresh, settings};
use crate::support::keys::await_no_sockets;
use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

const ONRAMP: &str = env!("CARGO_BIN_EXE_onramp");
const WHO: [&str; 4] = ["--name", "Ada Lovelace", "--email", "ada@calculus.org"];
const ALL: [&str; 8] = [
    "--name",
    "Ada Lovelace",
    "--email",
    "ada@calculus.org",
    "--algorithm",
    "ed25519",
    "--expires",
    "2y",
];

fn both(output: &Output) -> String {
    output.stdout() + &output.stderr()
}

/// Runs `onramp key new` in the world's home, something on standard input.
#[track_caller]
fn new(world: &TestWorld, arguments: &[&str], input: &str) -> Output {
    let words = [&["-u", "GIT_CONFIG_GLOBAL", ONRAMP, "key", "new"], arguments].concat();
    world.run(&world.work(), Path::new("/usr/bin/env"), &words, input.as_bytes())
}

fn everything(more: &[&'static str]) -> Vec<&'static str> {
    [&ALL[..], &["--global", "--yes"], more].concat()
}

fn keys(world: &TestWorld) -> Vec<PathBuf> {
    let folder = world.home().join(".gnupg/private-keys-v1.d");
    let files = fs::read_dir(folder).into_iter().flatten();
    files.map(|entry| entry.unwrap().path()).collect()
}

/// A world in which no program asks for a passphrase.
fn silent() -> TestWorld {
    let world = fresh();
    fs::remove_file(world.home().join(".gnupg/gpg-agent.conf")).unwrap();
    fs::remove_dir(world.home().join(".gnupg")).unwrap();
    world
}

#[test]
fn an_empty_home_becomes_one_that_signs_with_a_passphrase() {
    let world = silent();
    let made = new(&world, &everything(&["--passphrase-fd", "0"]), "correct horse\n");
    assert_eq!(made.code, Some(0), "{}", both(&made));
    let key = made.stdout().trim().to_owned();
    assert_eq!(key.len(), 40, "the fingerprint alone is data: {}", made.stdout());
    let said = made.stderr();
    for next in ["onramp key rehearse", "onramp key export", "onramp key publish"] {
        assert!(said.contains(next), "{said}");
    }
    assert!(!both(&made).contains("correct horse"), "{said}");
    let record = world.home().join(".local/state/onramp/fixes");
    for file in fs::read_dir(record).unwrap().flat_map(|it| fs::read_dir(it.unwrap().path())) {
        for file in file {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            assert!(!text.contains("correct horse"), "{text}");
        }
    }

    let written = fs::read_to_string(settings(&world)).unwrap();
    let wanted = format!(
        "[user]\n\tname = Ada Lovelace\n\temail = ada@calculus.org\n\tsigningkey = {key}\n\
         [commit]\n\tgpgsign = true\n"
    );
    assert_eq!(written, wanted);
    let certificate = world.home().join(format!(".gnupg/openpgp-revocs.d/{key}.rev"));
    assert_eq!(fs::metadata(&certificate).unwrap().permissions().mode() & 0o777, 0o600);
    let home = world.home().join(".gnupg");
    assert_eq!(fs::metadata(home).unwrap().permissions().mode() & 0o777, 0o700);

    // The newline is no part of it, and nothing else opens the key.
    assert_ne!(signs(&world, &key, "wrong horse\n"), Some(0));
    assert_eq!(signs(&world, &key, "correct horse\n"), Some(0));
}

/// How signing ends with a passphrase, asked of an agent that remembers none.
fn signs(world: &TestWorld, key: &str, passphrase: &str) -> Option<i32> {
    let program = |name: &str| which::which(name).unwrap();
    let end = world.run(&world.work(), &program("gpgconf"), &["--kill", "gpg-agent"], b"");
    assert_eq!(end.code, Some(0), "{}", both(&end));
    await_no_sockets(&world.home().join(".gnupg"));
    let loopback = ["--batch", "--pinentry-mode", "loopback", "--passphrase-fd", "0"];
    let sign = ["--local-user", key, "--output", "-", "--detach-sign", "/dev/null"];
    let words = [&loopback[..], &sign].concat();
    world.run(&world.work(), &program("gpg"), &words, passphrase.as_bytes()).code
}

#[test]
fn the_agent_is_asked_where_nothing_else_is_said() {
    let world = fresh();
    let made = new(&world, &everything(&[]), "");
    assert_eq!(made.code, Some(0), "{}", both(&made));
    assert!(made.stderr().contains("onramp never sees it"), "{}", made.stderr());

    let tree = world.path("signed");
    world.git(&world.work(), &["init", "--quiet", tree.to_str().unwrap()]);
    world.git(&tree, &["commit", "--quiet", "--allow-empty", "--message", "it signs"]);
    let signed = world.git(&tree, &["log", "-1", "--format=%G? %GF"]);
    assert_eq!(signed, format!("G {}", made.stdout().trim()));

    // A second time it takes the key that is there, unless it is told otherwise.
    let again = new(&world, &everything(&[]), "");
    assert_eq!(again.code, Some(0), "{}", both(&again));
    assert_eq!(again.stdout(), made.stdout());
    assert!(again.stderr().contains("Nothing is left to do"), "{}", again.stderr());
    assert_eq!(keys(&world).len(), 1);
    let another = new(&world, &everything(&["--another"]), "");
    assert_eq!(another.code, Some(0), "{}", both(&another));
    assert_ne!(another.stdout(), made.stdout());
    assert_eq!(keys(&world).len(), 2);
}

#[test]
fn it_is_taken_back_but_for_the_key() {
    let world = fresh();
    let old = "# mine\n[user]\n\tsigningKey = OLD\n\tsigningKey = OLDER\n[gpg]\n\tformat = ssh\n";
    write(&settings(&world), old);
    let made = new(&world, &everything(&[]), "");
    assert_eq!(made.code, Some(0), "{}", both(&made));
    let said = made.stderr();
    assert!(said.contains("user.signingkey  OLDER → the new key"), "{said}");
    assert!(said.contains("gpg.format       ssh → openpgp"), "{said}");
    let git = |name: &str| world.git(&world.work(), &["config", "--get-all", name]);
    assert_eq!(git("user.signingkey"), made.stdout().trim());
    assert_eq!(git("gpg.format"), "openpgp");
    let undone = fix(&world, &["--undo", "--yes"]);
    assert_eq!(undone.code, Some(0), "{}", both(&undone));
    assert_eq!(fs::read_to_string(settings(&world)).unwrap(), old);
    assert_eq!(keys(&world).len(), 1);
}

#[test]
fn the_clone_alone_can_be_set_up() {
    let world = fresh();
    let tree = world.tree();
    world.git(&world.work(), &["init", "--quiet", tree.to_str().unwrap()]);
    let linked = world.path("linked");
    let who = ["-c", "user.name=Ada", "-c", "user.email=ada@calculus.org"];
    let first = ["commit", "--quiet", "--allow-empty", "--message", "first"];
    world.git(&tree, &[&who[..], &first].concat());
    world.git(&tree, &["worktree", "add", "--quiet", linked.to_str().unwrap()]);
    let words = [&["-C", linked.to_str().unwrap()], &ALL[..], &["--local", "--yes"]].concat();
    let made = new(&world, &words, "");
    assert_eq!(made.code, Some(0), "{}", both(&made));
    let config = fs::read_to_string(tree.join(".git/config")).unwrap();
    assert!(config.contains(made.stdout().trim()), "{config}");
    assert!(!settings(&world).exists());
    let outside = new(&world, &[&ALL[..], &["--local", "--yes"]].concat(), "");
    assert_eq!(outside.code, Some(2));
    assert!(outside.stderr().contains("this folder lies in none"), "{}", outside.stderr());
}

#[test]
fn everything_that_is_missing_is_named_at_once() {
    let world = silent();
    let output = new(&world, &[], "");
    assert_eq!(output.code, Some(2));
    world.assert().eq(
        output.stderr(),
        str![[r#"
onramp: nobody can be asked here, so these options are missing: --name NAME, --email ADDRESS, --algorithm ed25519|rsa4096, --expires TIME, --global or --local, --yes
  → onramp key new --name 'Ada Lovelace' --email ada@lovelace.dev --algorithm ed25519 --expires 2y --global --yes

"#]],
    );
    let some = new(&world, &[&WHO[..], &["--global", "--dry-run"]].concat(), "");
    assert!(some.stderr().contains("missing: --algorithm ed25519|rsa4096, --expires TIME\n"));
    assert!(!world.home().join(".gnupg").exists() && !settings(&world).exists());
}

#[test]
fn what_will_be_made_is_shown_first() {
    let world = silent();
    let words = [&ALL[..6], &["--expires", "2028-12-31", "--global", "--dry-run"]].concat();
    let output = new(&world, &words, "");
    assert_eq!(output.code, Some(0), "{}", both(&output));
    assert_eq!(output.stdout(), "");
    world.assert().eq(
        output.stderr(),
        str![[r#"

This will be made and changed
  key         Ed25519, ends on 2028-12-31
              one key that signs, without subkeys: git and the forge need no
              more
  name        Ada Lovelace <ada@calculus.org>
  passphrase  yours; it protects the file of the key
  kept in     [HOME]/.gnupg, with[..]
...
  git         [HOME]/.gitconfig, for all your repositories
              user.name        not set → Ada Lovelace
              user.email       not set → ada@calculus.org
              user.signingkey  not set → the new key
              commit.gpgsign   not set → true
  undo        `onramp fix --undo` puts git's settings back as they are now; keys
              stay

nothing was made or changed

"#]],
    );
    assert!(!world.home().join(".gnupg").exists() && !world.home().join(".local").exists());
}

#[test]
fn answers_that_cannot_be_are_refused_before_anything_is_made() {
    let world = silent();
    let cases: [(&[&str], &str); 9] = [
        (&["--name", "Ada (x)"], "a name holds no brackets"),
        (&["--name", "Ada\u{1b}[2J"], "control characters"),
        (&["--email", "ada"], "an address has the form"),
        (&["--email", "ada@laptop"], "belongs to nobody"),
        (&["--expires", "2001-01-01"], "is over already"),
        (&["--expires", "soon"], "is no time"),
        (&["--expires", "200y"], "beyond the year 2105"),
        (&["--algorithm", "dsa1024"], "it is ed25519 or rsa4096"),
        (&["--passphrase-fd", "77"], "there is no such open file"),
    ];
    for (wrong, says) in cases {
        let other = everything(&[]);
        let kept: Vec<&str> = other
            .chunks(2)
            .filter(|pair| pair[0] != wrong[0])
            .flatten()
            .copied()
            .chain(wrong.iter().copied())
            .collect();
        let output = new(&world, &kept, "");
        assert_eq!(output.code, Some(2), "{wrong:?}: {}", both(&output));
        assert!(output.stderr().contains(says), "{wrong:?}: {}", output.stderr());
    }
    for (input, says) in [("", "it is empty"), ("\n", "it is empty"), ("a\nb\n", "several lines")] {
        let output = new(&world, &everything(&["--passphrase-fd", "0"]), input);
        assert_eq!(output.code, Some(2), "{input:?}: {}", both(&output));
        assert!(output.stderr().contains(says), "{input:?}: {}", output.stderr());
    }
    let long = "a".repeat(300);
    let output = new(&world, &everything(&["--passphrase-fd", "0"]), &long);
    assert!(output.stderr().contains("longer than 255 bytes"), "{}", output.stderr());
    assert!(!settings(&world).exists() && keys(&world).is_empty());
}

#[test]
fn what_deserves_a_second_thought_is_said() {
    let world = silent();
    let words = [
        &["--name", "Ada", "--email", "1+ada@users.noreply.github.com", "--algorithm", "rsa4096"],
        &["--expires", "0", "--global", "--dry-run", "--no-passphrase"][..],
    ];
    let output = new(&world, &words.concat(), "");
    let said = output.stderr().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.code, Some(0), "{said}");
    for text in [
        "RSA 4096, never ends",
        "passphrase none",
        "a key without an end stays valid for ever",
        "without a passphrase, whoever gets at the file",
        "an address that hides your own",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
}

#[test]
fn a_key_without_a_passphrase_is_made_only_when_asked_for() {
    let world = silent();
    let made = new(&world, &everything(&["--no-passphrase"]), "");
    assert_eq!(made.code, Some(0), "{}", both(&made));
    let tree = world.path("signed");
    world.git(&world.work(), &["init", "--quiet", tree.to_str().unwrap()]);
    world.git(&tree, &["commit", "--quiet", "--allow-empty", "--message", "it signs"]);
    assert_eq!(world.git(&tree, &["log", "-1", "--format=%G?"]), "G");
}

#[test]
fn where_nobody_can_be_asked_for_a_passphrase_it_ends_with_a_text() {
    let world = silent();
    let output = new(&world, &everything(&[]), "");
    assert_eq!(output.code, Some(1), "{}", both(&output));
    let said = output.stderr();
    assert!(said.contains("the program that asks for a passphrase"), "{said}");
    assert!(said.contains("--passphrase-fd"), "{said}");
    assert!(said.contains("no key was made, and git's settings are as before"), "{said}");
    assert!(keys(&world).is_empty() && !settings(&world).exists());
    let undone = fix(&world, &["--undo", "--yes"]);
    assert!(undone.stderr().contains("no key was made"), "{}", both(&undone));
}

#[test]
fn a_machine_that_cannot_make_keys_is_told_why() {
    let bare = TestWorld::new();
    let output = bare.onramp(&bare.work(), &[&["key", "new"], &everything(&[])[..]].concat());
    assert_eq!(output.code, Some(1), "{}", both(&output));
    assert!(output.stderr().contains("gpg is not installed"), "{}", output.stderr());

    let old = "#!/bin/sh\ncase \"$*\" in *--version*) echo 'gpg (GnuPG) 2.0.22' ;; esac\n";
    let old = TestWorld::new().with_script("gpg", old);
    let output = old.onramp(&old.work(), &[&["key", "new"], &everything(&[])[..]].concat());
    assert!(output.stderr().contains("gpg 2.0.22 is too old"), "{}", output.stderr());

    let world = silent();
    let long = world.path(&"l".repeat(100));
    let output = TestWorld::onramp(
        &silent().with_variable("GNUPGHOME", &long),
        &world.work(),
        &[&["key", "new"], &everything(&["--no-passphrase"])[..]].concat(),
    );
    let said = output.stderr();
    let sockets = Path::new("/run/user").join(real_user());
    assert!(sockets.exists() || said.contains("is too long for the socket"), "{said}");

    let file = world.path("file");
    write(&file, "no folder");
    let world = world.with_variable("GNUPGHOME", &file);
    let output = new(&world, &everything(&["--no-passphrase"]), "");
    assert!(output.stderr().contains("is no folder"), "{}", output.stderr());
    assert_eq!(output.code, Some(1));
}

fn real_user() -> String {
    use onramp::sys::System;
    onramp::sys::Real::default().user().to_string()
}

#[test]
fn settings_that_cannot_be_written_leave_a_key_that_is_found_again() {
    let world = fresh();
    write(&settings(&world), "[user]\n\tname = Ada\n");
    write(&world.home().join(".gitconfig.lock"), "");
    let output = new(&world, &everything(&[]), "");
    assert_eq!(output.code, Some(1), "{}", both(&output));
    let said = output.stderr();
    assert!(said.contains(".gitconfig.lock behind; nothing was changed"), "{said}");
    assert!(said.contains("was made and stays; git's settings are as before"), "{said}");
    assert_eq!(fs::read_to_string(settings(&world)).unwrap(), "[user]\n\tname = Ada\n");
    fs::remove_file(world.home().join(".gitconfig.lock")).unwrap();
    let again = new(&world, &everything(&[]), "");
    assert_eq!(again.code, Some(0), "{}", both(&again));
    assert_eq!(keys(&world).len(), 1);
    assert!(fs::read_to_string(settings(&world)).unwrap().contains(again.stdout().trim()));
}

#[test]
fn a_revocation_certificate_that_others_could_read_is_closed() {
    let world = fresh();
    let gpg = which::which("gpg").unwrap();
    let open = format!(
        "#!/bin/sh\n{} \"$@\"\nend=$?\n/bin/chmod 644 \"$HOME\"/.gnupg/openpgp-revocs.d/*.rev 2>&1\n\
         exit $end\n",
        gpg.display()
    );
    fs::remove_file(world.programs().join("gpg")).unwrap();
    let world = world.with_script("gpg", &open);
    let made = new(&world, &everything(&[]), "");
    assert_eq!(made.code, Some(0), "{}", both(&made));
    let key = made.stdout().trim().to_owned();
    let certificate = world.home().join(format!(".gnupg/openpgp-revocs.d/{key}.rev"));
    assert_eq!(fs::metadata(&certificate).unwrap().permissions().mode() & 0o777, 0o600);
}
