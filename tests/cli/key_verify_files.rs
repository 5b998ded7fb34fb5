//! `onramp key verify FILE.asc` and `--keyring`: files signed as releases are, and whose word counts.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use sha2::{Digest, Sha256};

use super::stopped;
use crate::support::keys::Home;
use crate::support::process::Output;
use crate::support::signatures::{Signing, text};
use crate::support::world::TestWorld;

struct Release {
    signing: Signing,
    home: Home,
    key: String,
}

impl Release {
    /// A file that a release manager signed, and the project's KEYS.
    fn new() -> Self {
        let (signing, home) = (Signing::new(), Home::new());
        let key = home.make("Grace <grace@apache.test>", "2y");
        let release = Self { signing, home, key };
        release.put("onramp.tgz", b"content");
        release.put("onramp.tgz.asc", &release.home.sign(&release.key, b"content", &[]));
        let keys = release.signing.keys_file("KEYS", &release.home, &[&release.key]);
        fs::rename(keys, release.signing.world.work().join("KEYS")).unwrap();
        release
    }

    fn put(&self, name: &str, content: &[u8]) {
        fs::write(self.signing.world.work().join(name), content).unwrap();
    }

    fn verify(&self, words: &[&str]) -> Output {
        let words = [&["--offline", "key", "verify"], words].concat();
        self.signing.world.onramp(&self.signing.world.work(), &words)
    }
}

#[track_caller]
fn ends(output: &Output, code: i32, says: &str) {
    let said = output.stdout() + &output.stderr();
    assert_eq!(output.code, Some(code), "{said}");
    assert!(said.contains(says), "{says:?} in {said}");
}

#[test]
fn a_release_is_checked_by_the_projects_keys() {
    let release = Release::new();
    ends(&release.verify(&["onramp.tgz.asc"]), 3, "key not here");
    let good = release.verify(&["onramp.tgz.asc", "--keyring", "KEYS"]);
    ends(&good, 0, "✓ it holds");
    ends(&good, 0, "Grace <grace@apache.test>");
    ends(&good, 0, "onramp.tgz by onramp.tgz.asc · by the keys in KEYS, for which you vouch");
    release.put("other.tgz", b"content");
    ends(&release.verify(&["onramp.tgz.asc", "other.tgz", "--keyring", "KEYS"]), 0, "other.tgz");
    release.put("other.tgz", b"tampered");
    ends(&release.verify(&["onramp.tgz.asc", "other.tgz", "--keyring", "KEYS"]), 1, "bad");
    let file = release.signing.file("content", b"content");
    let binary = release.home.gpg(&["--output", "-", "--detach-sign", text(&file)]).stdout;
    assert_ne!(binary[0], b'-');
    release.put("onramp.tgz.sig", &binary);
    ends(&release.verify(&["onramp.tgz.sig", "--keyring", "KEYS"]), 0, "✓ it holds");
    let twice = [
        release.home.sign(&release.key, b"content", &[]),
        release.home.sign(&release.key, b"else", &[]),
    ];
    release.put("onramp.tgz.asc", &twice.concat());
    let both = release.verify(&["onramp.tgz.asc", "--keyring", "KEYS"]);
    ends(&both, 1, "holds 2 signatures");
    ends(&both, 1, "1 of 2 do not hold, 1 do");
}

#[test]
fn weak_hashes_and_keys_do_not_pass() {
    let release = Release::new();
    let make = |name: &str, kind: &str| {
        release.home.gpg(&["--quick-generate-key", name, kind, "sign", "never"]);
    };
    make("Short <short@apache.test>", "rsa1024");
    make("Old <old@apache.test>", "rsa2048");
    release.put("KEYS", &release.home.gpg(&["--armor", "--export"]).stdout);
    for (key, options, code, says) in [
        (&*release.key, &["--digest-algo", "SHA1"][..], 1, "rests on SHA-1, which can be forged"),
        ("short@apache.test", &[], 1, "its RSA key of 1024 bits is too weak"),
        ("old@apache.test", &[], 0, "its RSA key has 2048 bits"),
    ] {
        release.put("onramp.tgz.asc", &release.home.sign(key, b"content", options));
        ends(&release.verify(&["onramp.tgz.asc", "--keyring", "KEYS"]), code, says);
    }
}

#[test]
fn what_is_no_detached_signature_is_told_by_name() {
    let release = Release::new();
    let clear = release.home.gpg(&[
        "--armor",
        "--output",
        "-",
        "--clear-sign",
        text(&release.signing.file("t", "text")),
    ]);
    release.put("clear.asc", &clear.stdout);
    release.put("empty.asc", b"");
    release.put(
        "sum.asc",
        b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  onramp.tgz\n",
    );
    release.put("junk.asc", b"hello\n");
    release.put("alone.asc", &release.home.sign(&release.key, b"content", &[]));
    release.put("nameless", &release.home.sign(&release.key, b"content", &[]));
    release.put("secret.asc", b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        release.signing.world.work().join("pipe.asc"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    for (name, says) in [
        ("clear.asc", "a text with a signature around it"),
        ("empty.asc", "is empty"),
        ("sum.asc", "is a checksum"),
        ("junk.asc", "is no signature"),
        ("KEYS", "holds keys, not a signature"),
        ("secret.asc", "private key"),
        ("alone.asc", "alone.asc signs alone, which is not here"),
        ("nameless", "of which file?"),
        ("pipe.asc", "is a pipe or a device"),
        ("onramp.tgz", "onramp key verify onramp.tgz.asc"),
    ] {
        ends(&release.verify(&[name]), 2, says);
    }
    ends(&release.verify(&["onramp.tgz.asc", "gone"]), 2, "there is no file gone here");
    ends(&release.verify(&["onramp.tgz.asc", "pipe.asc"]), 2, "is a pipe or a device");
    ends(&release.verify(&["onramp.tgz.asc", "."]), 2, "is a folder");
    let large = fs::File::create(release.signing.world.work().join("large")).unwrap();
    large.set_len(600 << 20).unwrap();
    ends(&release.verify(&["onramp.tgz.asc", "large"]), 3, "gpg --verify onramp.tgz.asc large");
}

#[test]
fn a_work_tree_does_not_vouch_for_itself() {
    let release = Release::new();
    let tree = release.signing.world.tree();
    let keys = release.signing.world.work().join("KEYS");
    fs::copy(&keys, tree.join("KEYS")).unwrap();
    symlink(&keys, tree.join("link")).unwrap();
    symlink(release.signing.world.work(), tree.join("folder")).unwrap();
    symlink(tree.join("KEYS"), release.signing.world.path("outside")).unwrap();
    let hash: String =
        Sha256::digest(fs::read(&keys).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect();
    for name in ["KEYS", "link", "folder/KEYS", "../outside", "./../cloudstack/KEYS"] {
        let refused = release.signing.verify(&["HEAD", "--keyring", name]);
        ends(&refused, 2, "may not vouch for itself");
        ends(&refused, 2, &hash);
        let pinned = ["HEAD", "--keyring", name, "--keyring-sha256", &hash.to_uppercase()];
        ends(&release.signing.verify(&pinned), 3, "key not here");
    }
    ends(&release.signing.verify(&["HEAD", "--keyring", text(&keys)]), 3, "key not here");
    ends(&release.signing.verify(&["HEAD", "--keyring", "../work/KEYS"]), 3, "key not here");
    let wrong = ["HEAD", "--keyring", text(&keys), "--keyring-sha256", &"0".repeat(64)];
    ends(&release.signing.verify(&wrong), 1, "is not the file you pinned");
    let no_hash = ["HEAD", "--keyring", text(&keys), "--keyring-sha256", "abc"];
    ends(&release.signing.verify(&no_hash), 2, "is no SHA-256");
}

#[test]
fn keyrings_of_every_form_leave_no_trace() {
    let release = Release::new();
    let world = &release.signing.world;
    let temporary = world.path("tmp");
    fs::create_dir(&temporary).unwrap();
    let run = |keyring: &str| {
        let words = ["--offline", "key", "verify", "onramp.tgz.asc", "--keyring", keyring];
        let mut command =
            world.command(&world.work(), Path::new(env!("CARGO_BIN_EXE_onramp")), &words);
        command.env("TMPDIR", &temporary);
        crate::support::process::finish(command, b"", crate::support::world::LIMIT)
    };
    let gnupg = world.home().join(".gnupg");
    let before = fs::read(gnupg.join("pubring.kbx")).unwrap();
    release.put("binary.gpg", &release.home.gpg(&["--export", &release.key]).stdout);
    fs::copy(release.home.path().join("pubring.kbx"), world.work().join("ring.kbx")).unwrap();
    for name in ["KEYS", "binary.gpg", "ring.kbx"] {
        ends(&run(name), 0, "✓ it holds");
    }
    let name = world.work().join("KEYS");
    let secret = fs::read_to_string(&name).unwrap().replace("PUBLIC KEY", "PRIVATE KEY");
    release.put("secret", secret.as_bytes());
    ends(&run("secret"), 2, "holds a private key");
    release.put("none", b"no key at all\n");
    ends(&run("none"), 2, "holds no OpenPGP key");
    ends(&run("gone"), 2, "there is no file gone here");
    ends(&run("."), 2, "");
    assert_eq!(fs::read(gnupg.join("pubring.kbx")).unwrap(), before);
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
}

/// A gpg that never ends, and says that it has begun.
const SILENT: &str = "#!/bin/sh
echo $$ > \"$HOME/started.new\"
mv \"$HOME/started.new\" \"$HOME/started\"
exec sleep 600
";

#[test]
fn a_signal_leaves_neither_keys_nor_gpg_behind() {
    let world = TestWorld::new().with_program("sleep").with_program("mv");
    let world = world.with_script("gpg", SILENT);
    let temporary = world.path("tmp");
    fs::create_dir(&temporary).unwrap();
    fs::write(world.work().join("KEYS"), "-----BEGIN PGP PUBLIC KEY BLOCK-----\n").unwrap();
    fs::write(world.work().join("a.asc"), "-----BEGIN PGP SIGNATURE-----\n").unwrap();
    fs::write(world.work().join("a"), "a").unwrap();
    for signal in [Signal::INT, Signal::TERM] {
        let words = ["--offline", "key", "verify", "a.asc", "--keyring", "KEYS"];
        let onramp = Path::new(env!("CARGO_BIN_EXE_onramp"));
        let mut command = world.command(&world.work(), onramp, &words);
        command.env("TMPDIR", &temporary).stdin(Stdio::null());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let started = world.home().join("started");
        let pids = stopped::started(&started);
        assert_eq!(fs::read_dir(&temporary).unwrap().count(), 1);
        let folder = fs::read_dir(&temporary).unwrap().next().unwrap().unwrap();
        assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.signal(), Some(signal.as_raw()));
        assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
        stopped::until("gpg outlived the signal", || stopped::gone(&pids));
        fs::remove_file(started).unwrap();
    }
}
