//! A step that is killed, or that somebody gets in the way of: the branch is whole at the old place
//! or at the new one, and the next run cleans up. The moments are chosen by a git that waits.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;

use rustix::process::{Pid, Signal, kill_process_group};

use crate::support::branching::{Branching, SHARED, lines};
use crate::support::world::{LIMIT, write_script};

/// What becomes of the git that was waited at.
#[derive(Clone, Copy, PartialEq)]
enum Git {
    /// It is killed as well.
    Dies,
    /// It goes on alone.
    Lives,
}

/// A clone whose git tells when it is called with words that hold `moment`, and waits.
struct Waiting {
    clone: Branching,
    told: PathBuf,
    go: PathBuf,
    real: PathBuf,
}

impl Waiting {
    fn at(moment: &str) -> Self {
        let clone = Branching::new();
        clone.fix();
        let (told, go) = (clone.world.path("told"), clone.world.path("go"));
        for pipe in [&told, &go] {
            assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
        }
        let real = which::which("git").unwrap();
        let waiting = Self { clone, told, go, real };
        waiting.wait_for(moment);
        waiting
    }

    /// Has git take all it is handed, tell that it was called, and wait.
    fn wait_for(&self, moment: &str) {
        let (told, go, real) = (self.told.display(), self.go.display(), self.real.display());
        self.replace_git(&format!(
            "case \"$*\" in *'{moment}'*)\nall=\nwhile IFS= read -r one; do all=\"$all$one\n\"; done\n\
             echo $$ > '{told}'\nread -r line < '{go}'\n\
             printf '%s' \"$all\" | '{real}' \"$@\"\nexit ;;\nesac\n"
        ));
    }

    /// Has onramp's git do something first.
    fn replace_git(&self, first: &str) {
        let git = self.clone.world.programs().join("git");
        // A link to the machine's own.
        fs::remove_file(&git).unwrap();
        write_script(&git, &format!("#!/bin/sh\n{first}exec '{}' \"$@\"\n", self.real.display()));
    }

    /// Starts a step, waits for the moment, and kills onramp there.
    fn killed(&self, git: Git) {
        let onramp = Path::new(env!("CARGO_BIN_EXE_onramp"));
        let words = ["branch", "retarget", "4.20", "--yes"];
        let mut command = self.clone.world.command(&self.clone.tree, onramp, &words);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let mut child = command.spawn().unwrap();
        let (sender, receiver) = channel();
        let told = self.told.clone();
        thread::spawn(move || {
            let mut text = String::new();
            File::open(told).unwrap().read_to_string(&mut text).unwrap();
            sender.send(text)
        });
        let waiting = receiver.recv_timeout(LIMIT).expect("git is called so");
        kill_process_group(Pid::from_child(&child), Signal::KILL).unwrap();
        child.wait().unwrap();
        // It runs in a group of its own.
        let process = Pid::from_raw(waiting.trim().parse().unwrap()).unwrap();
        match git {
            Git::Dies => {
                let _ = kill_process_group(process, Signal::KILL);
                let _ = rustix::process::kill_process(process, Signal::KILL);
            }
            Git::Lives => {
                OpenOptions::new().write(true).open(&self.go).unwrap().write_all(b"go\n").unwrap()
            }
        }
        self.replace_git("");
    }

    /// The next run, which waits for whatever still works there.
    fn settle(&self) -> String {
        let lock = self.clone.tree.join(".git/onramp/branch.lock");
        // What outlived onramp holds its lock.
        File::open(lock).unwrap().lock().unwrap();
        let output = self.clone.branch(&["drop", "--yes"]);
        assert_eq!(output.code, Some(0), "{}", output.stderr());
        output.stderr()
    }
}

#[test]
fn killed_before_the_branch_moves_everything_is_as_it_was() {
    for moment in ["worktree add", "read-tree -m -u HEAD", "rebase -q"] {
        let waiting = Waiting::at(moment);
        let before = waiting.clone.whole();
        waiting.killed(Git::Dies);
        waiting.settle();
        assert_eq!(waiting.clone.whole(), before, "{moment}");
        let again = waiting.clone.branch(&["retarget", "4.20", "--yes"]);
        assert_eq!(again.code, Some(0), "{moment}: {}", again.stderr());
    }
}

#[test]
fn killed_while_files_move_the_next_run_brings_them_back() {
    let waiting = Waiting::at("read-tree -m -u ");
    let tip = waiting.clone.topic();
    // The trial fills its own index in the same words; only the move names the tip.
    waiting.wait_for(&format!("read-tree -m -u {tip}"));
    let before = waiting.clone.whole();
    waiting.killed(Git::Dies);
    // What git would have done by then: a file is new, two are half written, another is gone.
    let clone = &waiting.clone;
    clone.write("release-4.20.txt", "4.2");
    let pom = clone.git(&["show", "upstream/4.20:pom.xml"]);
    clone.write("pom.xml", &pom[..pom.len() / 2]);
    clone.write(SHARED, &lines("4.20", "closed"));
    fs::remove_file(waiting.clone.tree.join("only-main.txt")).unwrap();
    let shown = waiting.clone.branch(&[]);
    assert!(shown.stdout().contains("a step was cut short here"), "{}", shown.stdout());
    let said = waiting.settle();
    assert!(said.contains("branch, index and files are whole again"), "{said}");
    assert_eq!(waiting.clone.whole(), before);
}

#[test]
fn what_somebody_changed_since_is_never_overwritten() {
    let waiting = Waiting::at("update-ref -m");
    waiting.killed(Git::Dies);
    let pom = waiting.clone.tree.join("pom.xml");
    fs::write(&pom, "mine\n").unwrap();
    let output = waiting.clone.branch(&["drop", "--yes"]);
    assert_eq!(output.code, Some(2), "{}", output.stderr());
    assert!(output.stderr().contains("files were changed: pom.xml"), "{}", output.stderr());
    assert_eq!(fs::read_to_string(&pom).unwrap(), "mine\n");
}

#[test]
fn killed_before_and_after_the_reference_moves_one_state_is_whole() {
    for (moment, git, moved) in [
        ("update-ref -m", Git::Dies, false),
        ("update-ref -m", Git::Lives, true),
        ("rev-parse -q --verify refs/heads/topic", Git::Dies, true),
    ] {
        let waiting = Waiting::at(moment);
        let before = waiting.clone.whole();
        waiting.killed(git);
        waiting.settle();
        let clone = &waiting.clone;
        if moved {
            let base = clone.git(&["rev-parse", "upstream/4.20"]);
            assert_eq!(clone.git(&["rev-parse", "topic^"]), base, "{moment}");
            assert_eq!(clone.git(&["status", "--porcelain"]), "", "{moment}");
            assert_eq!(clone.branch(&["undo", "--yes"]).code, Some(0), "{moment}");
        }
        assert_eq!(clone.whole(), before, "{moment}");
    }
}

#[test]
fn a_branch_that_somebody_else_moves_meanwhile_stays_theirs() {
    let clone = Branching::new();
    clone.fix();
    let theirs = clone.git(&["commit-tree", "-p", "topic", "-m", "theirs", "topic^{tree}"]);
    let real = which::which("git").unwrap();
    let git = clone.world.programs().join("git");
    fs::remove_file(&git).unwrap();
    write_script(
        &git,
        &format!(
            "#!/bin/sh\ncase \"$*\" in *'update-ref -m'*) '{0}' update-ref refs/heads/topic {theirs} ;; esac\n\
             exec '{0}' \"$@\"\n",
            real.display()
        ),
    );
    let output = clone.branch(&["retarget", "4.20", "--yes"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr());
    assert!(output.stderr().contains("somebody else has moved it"), "{}", output.stderr());
    assert_eq!(clone.topic(), theirs);
    assert_eq!(clone.git(&["status", "--porcelain"]), "");
    assert_eq!(clone.branch(&["undo", "--list"]).stdout(), "");
}
