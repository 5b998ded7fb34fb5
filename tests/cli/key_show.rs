//! `onramp key show`: real keys, real settings, and trees that lie in wait.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;
use snapbox::str;

use crate::support::keys::Home;
use crate::support::process::Output;
use crate::support::world::{TestWorld, write, write_script};

const EVERYTHING: &[&str] = &["key", "show", "--json"];

fn set(world: &TestWorld, name: &str, value: &str) {
    world.git(&world.work(), &["config", "--global", name, value]);
}

/// A world in which Ada signs everything with the key that is returned.
fn signing() -> (TestWorld, String) {
    let world = TestWorld::new().with_program("gpg");
    let key = world.signing_key();
    set(&world, "commit.gpgsign", "true");
    set(&world, "tag.gpgsign", "true");
    (world, key)
}

/// What `--json` tells, held against its schema.
#[track_caller]
fn told(world: &TestWorld, folder: &Path, code: i32) -> Value {
    let output = world.onramp(folder, EVERYTHING);
    assert_eq!(output.code, Some(code), "{}{}", output.stdout(), output.stderr());
    let told: Value = serde_json::from_str(&output.stdout()).expect("JSON");
    let schema = world.onramp(folder, &["schema", "key-show"]).stdout();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let wrong: Vec<String> = schema.iter_errors(&told).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    told
}

/// The tests' folders are long: undoes the wrapping.
fn unwrapped(output: &Output) -> String {
    output.stdout().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn problems(told: &Value) -> String {
    told["problems"].as_array().unwrap().iter().map(|one| format!("{one}\n")).collect()
}

#[test]
fn one_key_that_signs_everything_is_told_in_a_few_lines() {
    let (world, key) = signing();
    let before = listing(&world.home());
    let output = world.onramp(&world.work(), &["key", "show"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
    let lines = output.stdout().lines().count();
    assert!((6..=10).contains(&lines), "{}", output.stdout());
    world.assert().eq(
        unwrapped(&output).replace(&key, "[KEY]"),
        str!["✓ git can sign here key [KEY] (ed25519) names Ada Lovelace <ada@example.org>, the address you commit with lasts does not expire kept in [HOME]/.gnupg, with a revocation certificate good for certifying, signing git signs every commit and tag, with [PROGRAMS]/gpg told by user.signingkey in [HOME]/.gitconfig"],
    );
    assert_eq!(before, listing(&world.home()), "looking left a trace");

    let told = told(&world, &world.work(), 0);
    assert_eq!(told["works"], "yes");
    assert_eq!(told["keys"][0]["capabilities"], serde_json::json!(["certify", "sign"]));
    assert_eq!(told["keys"][0]["signs_with"], *key);
    assert_eq!(told["git"]["settings"][0]["name"], "user.name");
}

/// Every file below a folder, by name and size.
fn listing(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                folders.push(entry.path());
            }
            let size = if kind.is_file() { entry.metadata().unwrap().len() } else { 0 };
            found.push(format!("{} {size}", entry.path().display()));
        }
    }
    found.sort();
    found
}

#[test]
fn nobody_with_nothing_is_told_what_to_type() {
    let world = TestWorld::new().with_program("gpg");
    let output = world.onramp(&world.work(), &["key", "show"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    let text = unwrapped(&output);
    assert!(text.contains("there are no keys yet: no folder"), "{text}");
    assert!(text.contains("→ onramp key new"), "{text}");
    assert!(!world.home().join(".gnupg").exists(), "looking made a folder");

    let bare = TestWorld::new();
    let output = bare.onramp(&bare.work(), &["key", "show"]);
    assert_eq!(output.code, Some(1));
    assert!(unwrapped(&output).contains("gpg is not installed"), "{}", output.stdout());
}

#[test]
fn includes_and_conditions_are_gits_own() {
    let (world, key) = signing();
    let tree = world.cloudstack();
    let home = world.home();
    set(&world, "user.signingkey", "DEADBEEFDEADBEEF");
    let file = |name: &str| home.join(name).to_str().unwrap().to_owned();
    let git_folder = format!("includeIf.gitdir:{}/.path", tree.display());
    set(&world, &git_folder, &file("by-folder"));
    set(&world, "includeIf.onbranch:topic/**.path", &file("by-branch"));
    write(&home.join("by-folder"), format!("[user]\n\tsigningkey = {key}\n"));
    write(&home.join("by-branch"), "[user]\n\temail = topic@example.org\n");

    assert!(problems(&told(&world, &world.work(), 1)).contains("DEADBEEFDEADBEEF"));
    let inside = told(&world, &tree, 0);
    assert_eq!(inside["git"]["key"]["from"], format!("user.signingkey in {}", file("by-folder")));
    assert_eq!(inside["git"]["key"]["of_tree"], false, "the include is the user's");
    assert_eq!(inside, told(&world, &tree.join("server"), 0), "from a folder in the tree too");

    world.git(&tree, &["switch", "--quiet", "-c", "topic/one"]);
    let topic = told(&world, &tree, 1);
    assert_eq!(topic["git"]["email"]["value"], "topic@example.org");

    // A second work tree has settings of its own and the same `.git` behind a file.
    let second = world.path("second");
    world.git(&tree, &["config", "extensions.worktreeConfig", "true"]);
    world.git(&tree, &["worktree", "add", "--quiet", second.to_str().unwrap(), "main"]);
    world.git(&second, &["config", "--worktree", "tag.gpgsign", "false"]);
    let linked = told(&world, &second, 0);
    let settings = linked["git"]["settings"].as_array().unwrap();
    let of = |name: &str| settings.iter().filter(|one| one["name"] == name).collect::<Vec<_>>();
    let tags = of("tag.gpgsign");
    assert_eq!((&tags[0]["counts"], &tags[1]["counts"]), (&false.into(), &true.into()));
    assert_eq!((&tags[1]["level"], &tags[1]["of_tree"]), (&"worktree".into(), &true.into()));
    assert!(tags[1]["means"].as_str().unwrap().contains("are not signed"));
}

#[test]
fn nothing_that_a_tree_sets_is_run() {
    let (world, _) = signing();
    let tree = world.cloudstack();
    let canary = world.path("canary");
    let trap = tree.join("trap");
    write_script(&trap, &format!("#!/bin/sh\ntouch {}\nexit 1\n", canary.display()));
    let trap = trap.to_str().unwrap();
    for name in [
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.askPass",
        "core.sshCommand",
        "core.alternateRefsCommand",
        "pager.config",
        "gpg.program",
        "gpg.openpgp.program",
        "gpg.ssh.program",
        "gpg.ssh.defaultKeyCommand",
        "credential.helper",
        "diff.external",
        "filter.x.clean",
        "uploadpack.packObjectsHook",
    ] {
        world.git(&tree, &["config", name, trap]);
    }
    world.git(&tree, &["config", "core.hooksPath", "hooks"]);
    world.git(&tree, &["config", "alias.config", &format!("!{trap}")]);
    write(&tree.join(".gitattributes"), "* filter=x diff=x\n");
    for format in ["openpgp", "ssh", "x509"] {
        world.git(&tree, &["config", "gpg.format", format]);
        for folder in [&tree, &tree.join("server")] {
            for arguments in [EVERYTHING, &["key", "show", "--verbose"]] {
                let output = world.onramp(folder, arguments);
                assert!(matches!(output.code, Some(1 | 3)), "{}", output.stderr());
                assert!(!canary.exists(), "{format}: code of the tree ran");
            }
        }
    }
    world.git(&tree, &["config", "gpg.format", "openpgp"]);
    let told = told(&world, &tree, 3);
    assert!(problems(&told).contains("onramp does not start it"), "{}", problems(&told));
    assert!(!told.to_string().contains("credential"), "only what has to do with signing is kept");
}

#[test]
fn keys_that_are_dead_or_half_here() {
    let (world, key) = signing();
    let gnupg = world.home().join(".gnupg");
    let gpg = |arguments: &[&str]| {
        let gpg = which::which("gpg").unwrap();
        let quiet = ["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""];
        let output = world.run(&world.work(), &gpg, &[&quiet[..], arguments].concat(), b"");
        assert_eq!(output.code, Some(0), "{}", output.stderr());
        output.stdout()
    };
    gpg(&["--quick-add-key", &key, "ed25519", "sign", "1y"]);
    let grips = gpg(&["--with-colons", "--with-keygrip", "--list-keys", &key]);
    let grip = grips.lines().find(|line| line.starts_with("grp:")).unwrap();
    let grip = grip.split(':').nth(9).unwrap();
    let primary = gnupg.join(format!("private-keys-v1.d/{grip}.key"));
    fs::rename(&primary, world.path("primary")).unwrap();
    let away = told(&world, &world.work(), 0);
    assert_eq!(away["keys"][0]["primary_away"], true);
    assert_ne!(away["keys"][0]["signs_with"], *key, "the subkey signs");
    let text = unwrapped(&world.onramp(&world.work(), &["key", "show"]));
    assert!(text.contains("its primary part is elsewhere, and only subkeys are here"), "{text}");

    fs::rename(world.path("primary"), &primary).unwrap();
    let certificate = gnupg.join(format!("openpgp-revocs.d/{key}.rev"));
    let armed = fs::read_to_string(&certificate).unwrap().replace(":-----BEGIN", "-----BEGIN");
    write(&world.path("revoke.asc"), armed);
    gpg(&["--import", world.path("revoke.asc").to_str().unwrap()]);
    let revoked = told(&world, &world.work(), 1);
    assert_eq!(revoked["keys"][0]["state"], "revoked");
    let on = revoked["keys"][0]["revoked"]["on"].as_str().expect("the day");
    assert!(problems(&revoked).contains(&format!("it was revoked on {on}")));
}

#[test]
fn a_keyring_that_is_being_written_is_read() {
    let (world, key) = signing();
    let gnupg = world.home().join(".gnupg");
    write(&gnupg.join("pubring.kbx.lock"), "         1\nelsewhere\n");
    write(&gnupg.join(".#lk0x000055d0.elsewhere.1"), "         1\nelsewhere\n");
    assert_eq!(told(&world, &world.work(), 0)["keys"][0]["fingerprint"], *key);
}

#[test]
fn homes_that_are_no_home() {
    let (world, _) = signing();
    fs::set_permissions(world.home().join(".gnupg"), fs::Permissions::from_mode(0o755)).unwrap();
    let open = told(&world, &world.work(), 0);
    assert!(problems(&open).contains("chmod 700"), "{}", problems(&open));

    let file = world.path("file");
    write(&file, "");
    let world = world.with_variable("GNUPGHOME", file.as_os_str());
    let told = told(&world, &world.work(), 1);
    assert!(problems(&told).contains("is a file, not a folder"), "{}", problems(&told));
}

#[test]
fn names_in_no_writing_and_with_traps_for_terminals() {
    let world = TestWorld::new().with_program("gpg");
    let home = Home::new();
    home.make("Ada \u{1b}[31m\u{202e} <ada@example.org>", "2y");
    let world = world.with_variable("GNUPGHOME", home.path().as_os_str());
    let mut latin = b"[user]\n\tname = Andr\xe9\n\temail = ada@example.org\n".to_vec();
    latin.extend(b"\tsigningkey = ada@example.org\n");
    write(&world.home().join(".gitconfig"), latin);
    for arguments in [&["key", "show"][..], &["key", "show", "--verbose"], EVERYTHING] {
        let output = world.onramp(&world.work(), arguments);
        assert_eq!(output.code, Some(0), "{}{}", output.stdout(), output.stderr());
        let raw = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!output.stdout().contains(raw), "{:?}", output.stdout());
    }
}

#[test]
fn a_gpg_that_hangs_is_given_up() {
    let world = TestWorld::new().with_script("gpg", "#!/bin/sh\nexec cat /dev/zero >/dev/null\n");
    let secret = "private-keys-v1.d/8D117FC75C456B2B2DFA92B4F266B5199A9AC339.key";
    for name in ["pubring.kbx", secret] {
        write(&world.home().join(".gnupg").join(name), "");
    }
    let cat = which::which("cat").unwrap();
    std::os::unix::fs::symlink(cat, world.programs().join("cat")).unwrap();
    let told = told(&world, &world.work(), 3);
    assert!(problems(&told).contains("did not answer within 5 s"), "{}", problems(&told));
}

#[test]
fn settings_that_git_itself_cannot_read() {
    let (world, _) = signing();
    write(&world.home().join(".gitconfig"), "[user\nname\n");
    let told = told(&world, &world.work(), 1);
    assert!(problems(&told).contains("bad config line"), "{}", problems(&told));
}
