//! `onramp key export`: what comes out, what stays in, and which key is meant.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use snapbox::str;

use crate::support::keys::Home;
use crate::support::process::Output;
use crate::support::world::{TestWorld, write};

fn both(output: &Output) -> String {
    output.stdout() + &output.stderr()
}

/// A world whose GnuPG home is this one.
fn world(home: &Home) -> TestWorld {
    TestWorld::new().with_program("gpg").with_variable("GNUPGHOME", home.path())
}

#[track_caller]
fn export(world: &TestWorld, arguments: &[&str]) -> Output {
    world.onramp(&world.work(), &[&["key", "export"], arguments].concat())
}

/// What gpg sees in an export.
fn seen(home: &Home, text: &str) -> String {
    let file = home.path().join("seen.asc");
    fs::write(&file, text).unwrap();
    let words = ["--with-colons", "--import-options", "show-only", "--import"];
    let output = home.gpg(&[&words[..], &[file.to_str().unwrap()]].concat());
    fs::remove_file(&file).unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn fields(listing: &str, kind: &str, at: usize) -> Vec<String> {
    let lines = listing.lines().filter(|line| line.split(':').next() == Some(kind));
    lines.map(|line| line.split(':').nth(at).unwrap().to_owned()).collect()
}

#[test]
fn the_public_half_is_data_and_the_rest_is_for_people() {
    let home = Home::new();
    let key = home.make("Ada Lovelace <ada@example.org>", "2y");
    home.quiet();
    let before = home.snapshot();
    let world = world(&home);
    let output = export(&world, &[]);
    assert_eq!(output.code, Some(0), "{}", both(&output));
    assert!(output.stdout().starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n"));
    assert!(output.stdout().ends_with("-----END PGP PUBLIC KEY BLOCK-----\n"));
    let said = output.stderr().replace(&key, "[KEY]");
    world.assert().eq(
        said,
        str![[r#"
the public half of key [KEY], with Ada
Lovelace <ada@example.org>
paste the lines above at https://github.com/settings/gpg/new

"#]],
    );
    assert_eq!(home.snapshot(), before, "looking leaves no trace");
    assert!(!home.has_agent());
    assert_eq!(fields(&seen(&home, &output.stdout()), "fpr", 9), [key]);
}

#[test]
fn what_others_certified_and_other_names_stay_in() {
    let home = Home::new();
    let key = home.make("Ada Lovelace <ada@example.org>", "2y");
    home.gpg(&["--quick-add-uid", &key, "Ada at work <ada@work.example>"]);
    let other = home.make("Bob <bob@calculus.org>", "2y");
    home.gpg(&["--local-user", &other, "--quick-sign-key", &key]);
    home.quiet();
    let world = world(&home);
    let output = export(&world, &[&key]);
    assert_eq!(output.code, Some(0), "{}", both(&output));
    let said = output.stderr();
    assert!(said.contains("left out: Ada at work <ada@work.example>"), "{said}");
    let listing = seen(&home, &output.stdout());
    assert_eq!(fields(&listing, "uid", 9), ["Ada Lovelace <ada@example.org>"]);
    let signers = home.path().join("export.asc");
    fs::write(&signers, output.stdout()).unwrap();
    let packets = home.gpg(&["--list-packets", signers.to_str().unwrap()]).stdout;
    let packets = String::from_utf8(packets).unwrap();
    assert_eq!(packets.matches(":signature packet:").count(), 1, "{packets}");

    let all = export(&world, &[&key, "--all-names"]);
    assert_eq!(fields(&seen(&home, &all.stdout()), "uid", 9).len(), 2);
    let work = export(&world, &["--email", "ADA@work.example", &key]);
    let listing = seen(&home, &work.stdout());
    assert_eq!(fields(&listing, "uid", 9), ["Ada at work <ada@work.example>"]);
    assert!(work.stderr().contains("left out: Ada Lovelace"), "{}", work.stderr());
    for wrong in ["eve@calculus.org", "a || uid =~ Ada"] {
        let none = export(&world, &["--email", wrong, &key]);
        assert_eq!(none.code, Some(2), "{}", both(&none));
        assert!(none.stderr().contains("no name on the key carries"), "{}", none.stderr());
    }
}

#[test]
fn the_key_is_gits_else_it_has_to_be_named() {
    let home = Home::new();
    let one = home.make("Ada Lovelace <ada@example.org>", "2y");
    let two = home.make("Ada Lovelace <ada@example.net>", "2y");
    home.quiet();
    let world = world(&home);
    let several = export(&world, &[]);
    assert_eq!(several.code, Some(2), "{}", both(&several));
    assert!(several.stderr().contains(&one) && several.stderr().contains(&two));
    assert_eq!(several.stdout(), "");
    let asked = world.at_terminal(&world.work(), &["key", "export"], "9\n2\n");
    assert_eq!(asked.code, Some(0), "{}", asked.stdout());
    world.git(&world.work(), &["config", "--global", "user.signingKey", &two[24..]]);
    let git = export(&world, &[]);
    assert_eq!(fields(&seen(&home, &git.stdout()), "fpr", 9), [two.as_str()]);
    // Named: by address, by fingerprint, by what does not exist.
    let named = export(&world, &["ada@example.org"]);
    assert_eq!(fields(&seen(&home, &named.stdout()), "fpr", 9), [one.as_str()]);
    let lower = export(&world, &[&format!("0x{}", one.to_lowercase())]);
    assert_eq!(fields(&seen(&home, &lower.stdout()), "fpr", 9), [one.as_str()]);
    let none = export(&world, &["0123456789ABCDEF"]);
    assert_eq!(none.code, Some(2));
    assert!(none.stderr().contains("no key of yours answers to 0123456789ABCDEF"));
}

#[test]
fn a_file_is_written_once() {
    let home = Home::new();
    home.make("Ada Lovelace <ada@example.org>", "2y");
    home.quiet();
    let world = world(&home);
    let file = world.work().join("key.asc");
    let output = export(&world, &["--output", "key.asc"]);
    assert_eq!(output.code, Some(0), "{}", both(&output));
    assert_eq!(output.stdout(), "");
    assert!(output.stderr().contains("paste the content of key.asc at"), "{}", output.stderr());
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o644);
    let text = fs::read_to_string(&file).unwrap();
    let again = export(&world, &["--output", "key.asc"]);
    assert_eq!(again.code, Some(2));
    assert!(again.stderr().contains("key.asc is there already"), "{}", again.stderr());
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn what_the_forge_would_make_of_it_is_said() {
    let home = Home::new();
    let key = home.make("Ada <ada@calculus.org>", "2y");
    home.revoke(&key);
    home.quiet();
    let output = export(&world(&home), &[]);
    assert_eq!(output.code, Some(0), "{}", both(&output));
    let said = output.stderr().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("this key is revoked"), "{said}");
    assert!(said.contains("no name on it carries ada@example.org"), "{said}");
}

#[test]
fn nothing_secret_passes_whatever_gpg_says() {
    let home = Home::new();
    home.make("Ada Lovelace <ada@example.org>", "2y");
    home.quiet();
    let gpg = which::which("gpg").unwrap();
    let liar = format!(
        "#!/bin/sh\ncase \"$*\" in\n*--export*) echo '-----BEGIN PGP PRIVATE KEY BLOCK-----' ;;\n\
         *) exec {} \"$@\" ;;\nesac\n",
        gpg.display()
    );
    let world = TestWorld::new().with_script("gpg", &liar);
    let world = world.with_variable("GNUPGHOME", home.path());
    let output = export(&world, &[]);
    assert_eq!(output.code, Some(1), "{}", both(&output));
    assert_eq!(output.stdout(), "");
    assert!(output.stderr().contains("gpg gave no public key"), "{}", output.stderr());
}

#[test]
fn where_there_is_no_key_the_way_to_one_is_said() {
    let world = TestWorld::new().with_program("gpg");
    let output = export(&world, &[]);
    assert_eq!(output.code, Some(1), "{}", both(&output));
    assert!(output.stderr().contains("`onramp key new` makes a key"), "{}", output.stderr());
    assert!(!world.home().join(".gnupg").exists());
}

fn ssh(world: &TestWorld, key: &str) {
    world.git(&world.work(), &["config", "--global", "gpg.format", "ssh"]);
    world.git(&world.work(), &["config", "--global", "user.signingKey", key]);
}

#[test]
fn an_ssh_key_goes_as_its_public_line() {
    const LINE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKey ada@laptop";
    let world = TestWorld::new();
    let folder = world.home().join(".ssh");
    write(&folder.join("id"), "-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n");
    write(&folder.join("id.pub"), format!("{LINE}\n"));
    for named in ["~/.ssh/id", "~/.ssh/id.pub", &format!("key::{LINE}")] {
        ssh(&world, named);
        let output = export(&world, &[]);
        assert_eq!(output.code, Some(0), "{named}: {}", both(&output));
        assert_eq!(output.stdout(), format!("{LINE}\n"));
        let said = output.stderr();
        assert!(said.contains("at https://github.com/settings/ssh/new"), "{said}");
        assert!(said.contains("choose the key type: Signing Key"), "{said}");
    }
    // The private half stands where the public one should.
    write(&folder.join("id.pub"), "-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n");
    ssh(&world, "~/.ssh/id");
    let output = export(&world, &[]);
    assert_eq!(output.code, Some(1), "{}", both(&output));
    assert!(!both(&output).contains("secret"), "{}", both(&output));
    assert!(output.stderr().contains("holds no public SSH key"), "{}", output.stderr());
    assert!(Path::new(&folder).exists());
}
