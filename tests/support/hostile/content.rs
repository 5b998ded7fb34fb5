//! Traps in what the tree holds: links that lead out of it, files that never end, and names that
//! command a terminal or a shell.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::{Ground, Trap, no_variables};
use crate::support::process::finish;
use crate::support::world::{LIMIT, write};

/// What lies outside the tree and is nobody's business; links in the tree lead to it.
pub(crate) const SECRET: &str = "a secret outside the tree";

/// A project's description and a git folder that lie elsewhere.
pub(super) const ELSEWHERE: Trap = Trap {
    name: "a tree that is elsewhere",
    arm: |ground| {
        let secret = ground.world.path("secret");
        write(&secret, SECRET);
        let elsewhere = ground.world.path("elsewhere.git");
        ground.configure(&[("core.fsmonitor", &ground.payload_path())]);
        fs::rename(ground.tree.join(".git"), &elsewhere).expect("our git folder");
        write(&ground.tree.join(".git"), format!("gitdir: {}\n", elsewhere.display()));
        replace(ground, "pom.xml", |path| symlink(&secret, path).expect("a new link"));
    },
    variables: no_variables,
    naive: &["git status"],
};

/// Links that lead out, round and nowhere, and pipes nobody writes to.
pub(super) const LINKS: Trap = Trap {
    name: "links and pipes",
    arm: |ground| {
        let secret = ground.world.path("secret");
        write(&secret, SECRET);
        ground.configure(&[("core.fsmonitor", &ground.payload_path())]);
        replace(ground, "api/pom.xml", |path| symlink(&secret, path).expect("a new link"));
        replace(ground, "PULL_REQUEST_TEMPLATE.md", |path| {
            symlink("/dev/zero", path).expect("a new link");
        });
        replace(ground, ".java-version", pipe);
        replace(ground, ".github/actions/setup-env/action.yml", pipe);
        symlink("..", ground.tree.join("api/round")).expect("a new link");
        symlink("/", ground.tree.join("root")).expect("a new link");
        symlink("lost", ground.tree.join("lost")).expect("a new link");
    },
    variables: no_variables,
    naive: &["git status"],
};

fn replace(ground: &Ground, name: &str, make: impl Fn(&Path)) {
    let path = ground.tree.join(name);
    fs::remove_file(&path).expect("a file of the tree");
    make(&path);
}

fn pipe(path: &Path) {
    let mut command = Command::new("mkfifo");
    command.arg(path);
    assert_eq!(finish(command, b"", LIMIT).code, Some(0), "mkfifo {}", path.display());
}

/// Sets the title, clears the screen, goes back to the start of the line, turns text round, and
/// speaks in the one-byte form of an escape.
const LOUD: &str = "\u{1b}]0;owned\u{7}\u{1b}[2Jgood\rbad\u{202e}drow\u{9b}31m\u{8}";

/// Names, messages and values full of escapes, and a file name that is a command to a shell.
pub(super) const NAMES: Trap = Trap {
    name: "names and messages",
    arm: |ground| {
        let evil = fs::read(ground.payload()).expect("the payload");
        write(&ground.tree.join("evil"), evil);
        write(&ground.tree.join("$(sh evil)"), "x\n");
        write(&ground.tree.join(format!("src{LOUD}.java")), "class X {}\n");
        write(&ground.tree.join("line\nbreak\t.sh"), "echo \n");
        write(&ground.tree.join("\u{2028}\u{feff}-rf.py"), "x \n");
        if cfg!(target_os = "linux") {
            write(&ground.tree.join(OsStr::from_bytes(b"\xff\xfe\x1b[31m.java")), "class Y {}\n");
        }
        write(&ground.tree.join(".java-version"), format!("17{LOUD}\n"));
        spoil(ground, "pom.xml", "4.23.0.0-SNAPSHOT", &format!("4.23&#27;[31m{}", '\u{9b}'));
        spoil(ground, "pom.xml", "first-on-loopback", "first\u{202e}&#x9b;31m");
        spoil(ground, "PULL_REQUEST_TEMPLATE.md", "### Description", &format!("### {LOUD}"));
        spoil(ground, ".github/actions/setup-env/action.yml", "'17'", r#""17\e[31m""#);
        let git = |arguments: &[&OsStr], input: &[u8]| {
            ground.world.git_fed(&ground.tree, arguments, input);
        };
        let branch = OsStr::from_bytes("fix/\u{202e}loud\u{9b}31m".as_bytes());
        git(&[&words(&["checkout", "--quiet", "-b"])[..], &[branch]].concat(), b"");
        git(&words(&["add", "--all"]), b"");
        let author = format!("--author=Eve {LOUD} Eve <eve{}@example.org>", '\u{1b}');
        let commit = words(&["commit", "--quiet", "--cleanup=verbatim", "--file=-"]);
        let message = [LOUD.as_bytes(), b"\n\n\xff\xfe\x9b31m\n", LOUD.as_bytes()].concat();
        git(&[&commit[..], &[OsStr::new(&author)]].concat(), &message);
        ground.configure(&[
            ("user.name", LOUD),
            ("user.email", &format!("ada{LOUD}@example.org")),
            ("remote.origin.url", &format!("https://example.org/{LOUD}")),
        ]);
    },
    variables: no_variables,
    naive: &["PATH=$PATH:/bin; for name in *; do sh -c \"echo $name\"; done"],
};

fn spoil(ground: &Ground, file: &str, from: &str, to: &str) {
    let path = ground.tree.join(file);
    let text = fs::read_to_string(&path).expect("a file of the tree");
    assert!(text.contains(from), "{file} has no {from}");
    write(&path, text.replace(from, to));
}

fn words<'a>(words: &[&'a str]) -> Vec<&'a OsStr> {
    words.iter().copied().map(OsStr::new).collect()
}
