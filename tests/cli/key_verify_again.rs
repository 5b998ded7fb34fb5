//! `onramp key verify` on a history it has judged before: what it remembers spares work and never
//! decides, and where it can remember nothing it says nothing of it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;

use crate::support::signatures::Signing;

/// Enough commits that remembering is worth it.
const MANY: usize = 33;

/// A history of signed commits, the middle one with another message than was signed.
fn history() -> Signing {
    let signing = Signing::new();
    signing.git(&["tag", "root"]);
    for number in 0..MANY {
        signing.commit(&format!("change {number}"), &["-S"]);
        if number == MANY / 2 {
            let raw = signing.raw("commit", "HEAD").replace("change", "tampered");
            let tampered = signing.object("commit", raw.as_bytes());
            signing.git(&["reset", "--quiet", "--hard", &tampered]);
        }
    }
    signing
}

fn kept(signing: &Signing) -> PathBuf {
    signing.world.home().join(".cache/onramp/sums")
}

fn verdicts(signing: &Signing, more: &[&str]) -> Vec<String> {
    let (value, _) = signing.json(&[&["root..HEAD"], more].concat());
    let rows: &Vec<Value> = value["objects"].as_array().unwrap();
    rows.iter().map(|row| row["verdict"].as_str().unwrap().to_owned()).collect()
}

fn count(verdicts: &[String], word: &str) -> usize {
    verdicts.iter().filter(|verdict| *verdict == word).count()
}

#[test]
fn what_was_found_is_kept_and_never_decides() {
    let signing = history();
    let first = verdicts(&signing, &[]);
    assert_eq!((count(&first, "good"), count(&first, "bad")), (MANY - 1, 1), "{first:?}");
    let file = kept(&signing);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let written = fs::metadata(&file).unwrap().ino();

    assert_eq!(verdicts(&signing, &[]), first);
    let again = fs::metadata(&file).unwrap().ino();
    assert_eq!(again, written, "nothing was worked out anew, so nothing is written");
    assert_eq!(verdicts(&signing, &["--no-cache"]), first);

    // Another commit is another question.
    let raw = signing.raw("commit", "HEAD").replace("change", "changed");
    let changed = signing.object("commit", raw.as_bytes());
    signing.git(&["reset", "--quiet", "--hard", &changed]);
    assert_eq!(verdicts(&signing, &[])[0], "bad");

    // What the user does with the key counts at once.
    let trust = signing.world.path("trust");
    let key = signing.git(&["config", "user.signingKey"]);
    let gpg = which::which("gpg").unwrap();
    fs::write(&trust, format!("{key}:2:\n")).unwrap();
    let import = ["--batch", "--import-ownertrust", trust.to_str().unwrap()];
    signing.world.run(&signing.world.work(), &gpg, &import, b"");
    let database = signing.world.home().join(".gnupg/trustdb.gpg");
    let before = fs::read(&database).unwrap();
    assert_eq!(count(&verdicts(&signing, &[]), "good"), 0, "no longer trusted");
    assert_eq!(fs::read(&database).unwrap(), before, "gpg brought a copy up to date");
    let revocation = signing.world.home().join(format!(".gnupg/openpgp-revocs.d/{key}.rev"));
    let text = fs::read_to_string(revocation).unwrap().replace(":-----BEGIN", "-----BEGIN");
    signing.world.run(&signing.world.work(), &gpg, &["--batch", "--import"], text.as_bytes());
    let revoked = verdicts(&signing, &[]);
    assert_eq!(count(&revoked, "good-revoked-key"), MANY - 2, "{revoked:?}");
    assert_eq!(count(&revoked, "bad"), 2, "{revoked:?}");
}

#[test]
fn nothing_done_to_what_is_kept_makes_bad_good() {
    let signing = history();
    let first = verdicts(&signing, &["--no-cache"]);
    let file = kept(&signing);
    assert!(!file.exists(), "nothing was to be remembered");
    verdicts(&signing, &[]);
    let whole = fs::read(&file).unwrap();
    let other = history();
    verdicts(&other, &[]);
    let turned = whole.iter().map(|byte| !byte).collect();
    for damaged in [Vec::new(), whole[..99].to_vec(), turned, fs::read(kept(&other)).unwrap()] {
        fs::write(&file, damaged).unwrap();
        assert_eq!(verdicts(&signing, &[]), first);
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(verdicts(&signing, &[]), first);
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600, "made anew");
    if rustix::process::getuid().is_root() {
        chown(&file, Some(65534), None).unwrap();
        assert_eq!(verdicts(&signing, &[]), first);
        assert_eq!(fs::metadata(&file).unwrap().uid(), 0, "made anew");
    }
}

#[test]
fn runs_at_the_same_time_do_not_disturb_each_other() {
    let signing = history();
    let onramp = PathBuf::from(env!("CARGO_BIN_EXE_onramp"));
    let words = ["--offline", "key", "verify", "root..HEAD"];
    let start = || {
        let mut command = signing.world.command(&signing.world.tree(), &onramp, &words);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let running: Vec<_> = (0..6).map(|_| start()).collect();
    let said: Vec<_> = running
        .into_iter()
        .map(|child| {
            let output = child.wait_with_output().unwrap();
            assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
            output.stdout
        })
        .collect();
    assert!(said.windows(2).all(|pair| pair[0] == pair[1]));
    let folder = kept(&signing).parent().unwrap().to_owned();
    let names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["sums"], "nothing half written is left");
}

#[test]
fn where_nothing_can_be_kept_all_works_without() {
    let mut signing = history();
    let first = signing.verify(&["--no-cache", "root..HEAD"]).stdout();
    let file = signing.file("file", "no folder");
    signing.world = signing.world.with_variable("XDG_CACHE_HOME", file.join("below"));
    let output = signing.verify(&["root..HEAD"]);
    assert_eq!((output.stdout(), output.stderr()), (first.clone(), String::new()));
    let told = signing.verify(&["--verbose", "root..HEAD"]).stderr();
    assert!(told.contains("could not be kept for the next run"), "{told}");

    // A folder of somebody else: whoever acts for another leaves nothing of their own there.
    if rustix::process::getuid().is_root() {
        let folder = signing.world.path("theirs");
        fs::create_dir(&folder).unwrap();
        chown(&folder, Some(65534), None).unwrap();
        signing.world = signing.world.with_variable("XDG_CACHE_HOME", folder.clone());
        let output = signing.verify(&["root..HEAD"]);
        assert_eq!((output.stdout(), output.stderr()), (first.clone(), String::new()));
        assert_eq!(fs::read_dir(folder).unwrap().count(), 0);
    }
}

#[test]
fn nothing_is_kept_in_the_work_tree_or_believed_from_it() {
    let mut signing = history();
    let inside = signing.world.tree().join("cache");
    signing.world = signing.world.with_variable("XDG_CACHE_HOME", inside.clone());
    let first = verdicts(&signing, &["--no-cache"]);
    assert_eq!(verdicts(&signing, &[]), first);
    assert!(!inside.exists());
}

#[test]
fn a_full_disk_is_no_trouble() {
    let signing = history();
    let tools = ["unshare", "mount", "dd", "sh"].map(which::which);
    let [Ok(unshare), Ok(mount), Ok(dd), Ok(sh)] = tools else { return };
    let first = signing.verify(&["--no-cache", "root..HEAD"]).stdout();
    let folder = signing.world.home().join(".cache");
    fs::create_dir_all(&folder).unwrap();
    let script = format!(
        "'{}' -t tmpfs -o size=16k none '{at}' || exit 99\n\
         '{}' if=/dev/zero of='{at}/rest' bs=1k status=none 2>&-\n\
         '{}' --offline key verify root..HEAD\n",
        mount.display(),
        dd.display(),
        env!("CARGO_BIN_EXE_onramp"),
        at = folder.display()
    );
    let words: [PathBuf; 4] = ["-rm".into(), sh, "-c".into(), script.into()];
    let output = signing.world.run(&signing.world.tree(), &unshare, &words, b"");
    if output.code == Some(99) || output.stderr().contains("unshare") {
        return;
    }
    assert_eq!((output.stdout(), output.stderr()), (first, String::new()));
}

/// Commits whose parents and dates come from a fixed row of numbers; clocks run backwards in it.
fn tangle(signing: &Signing, count: usize, skew: u64) -> Vec<String> {
    let (tree, mut ids) = (signing.git(&["rev-parse", "HEAD^{tree}"]), Vec::new());
    let mut number = 12_345_u64;
    let mut next = |below: usize| {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
        usize::try_from(number >> 33).unwrap() % below
    };
    for place in 0..count {
        let mut parents: Vec<&String> = Vec::new();
        for _ in 0..next(3) + 1 {
            let back = place.saturating_sub(next(4) + 1);
            parents.extend(ids.get(back).filter(|id| !parents.contains(id)));
        }
        let parents: String = parents.iter().map(|id| format!("parent {id}\n")).collect();
        let time = 1_700_000_000 + 100 * place as u64 - next(2) as u64 * skew;
        let who = format!("Ada <ada@example.org> {time} +0000");
        let raw = format!("tree {tree}\n{parents}author {who}\ncommitter {who}\n\nstep {place}\n");
        ids.push(signing.object("commit", raw.as_bytes()));
    }
    ids
}

#[test]
fn a_tangled_history_is_walked_as_git_walks_it() {
    let signing = Signing::new();
    for skew in [0, 150, 500] {
        let ids = tangle(&signing, 40, skew);
        let tips = [(0, 39), (10, 39), (25, 38), (38, 20), (30, 39), (3, 12)];
        for (from, to) in tips {
            for dots in ["..", "..."] {
                let range = format!("{}{dots}{}", ids[from], ids[to]);
                let git = signing.git(&["rev-list", &range]);
                let (value, _) = signing.json(&[&range]);
                let rows = value["objects"].as_array().cloned().unwrap_or_default();
                let ours: Vec<_> = rows.iter().map(|row| row["commit"].as_str().unwrap()).collect();
                assert_eq!(ours, git.lines().collect::<Vec<_>>(), "{from}{dots}{to}, {skew}");
            }
        }
    }
}
