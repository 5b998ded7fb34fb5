//! Onramp's checks of files against the hooks of pre-commit that they stand in for, on files that a
//! branch adds: there a hook, which judges whole files, and onramp, which judges new lines, must say
//! the same. On older files a hook minds lines that the branch never touched; onramp does not.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::hooks_files::{BASE, LINKS, MADE};
use super::made::{Mode, Project, here, root};
use crate::support::process::finish;

/// A hook and the check that stands in for it.
const PAIRS: [(&str, &str); 14] = [
    ("check-case-conflict", "apache/patch/case-collisions"),
    ("check-illegal-windows-names", "apache/patch/windows-names"),
    ("check-merge-conflict", "apache/patch/conflict-markers"),
    ("check-shebang-scripts-are-executable", "cloudstack/patch/script-mode"),
    ("check-symlinks", "apache/patch/links-lead-somewhere"),
    ("check-vcs-permalinks", "cloudstack/patch/permalinks"),
    ("destroyed-symlinks", "apache/patch/links-kept"),
    ("detect-private-key", "cloudstack/patch/private-keys"),
    ("end-of-file-fixer", "cloudstack/patch/final-newline"),
    ("fix-byte-order-marker", "cloudstack/patch/byte-order-mark"),
    ("forbid-new-submodules", "cloudstack/patch/no-submodules"),
    ("forbid-submodules", "cloudstack/patch/no-submodules"),
    ("mixed-line-ending", "cloudstack/patch/mixed-endings"),
    ("trailing-whitespace", "cloudstack/patch/trailing-blanks"),
];

const CONTROL: &str =
    "what holds control characters is no text, whatever its name says: nobody mends its lines";

/// Where onramp means to differ: hook, file, whether onramp minds it, and why.
const APART: &[(&str, &str, bool, &str)] = &[
    ("end-of-file-fixer", "binary/control.conf", false, CONTROL),
    ("end-of-file-fixer", "binary/nul.conf", false, CONTROL),
    (
        "check-merge-conflict",
        "conflict/heading.rst",
        false,
        "seven equals signs underline a heading; the hook looks only while git is merging",
    ),
    (
        "check-merge-conflict",
        "conflict/base.txt",
        true,
        "the marker of the common version, which git writes in the style diff3",
    ),
    (
        "check-illegal-windows-names",
        "root./a",
        true,
        "Windows cannot make a folder with such an end at the root of a tree either",
    ),
    ("detect-private-key", "keys/putty3.txt", true, "the form that PuTTY writes today"),
];

#[test]
fn what_the_hooks_mind_onramp_minds() {
    let project = Project::new(BASE);
    for (path, target) in LINKS {
        project.lay(path, target.as_bytes(), Mode::Link);
    }
    project.world.git(&project.tree, &["checkout", "--quiet", "main"]);
    project.world.commit(&project.tree, "Link");
    project.world.git(&project.tree, &["checkout", "--quiet", "-B", "work"]);
    for (path, _) in LINKS {
        std::fs::remove_file(project.tree.join(path)).expect("our link");
    }
    for (path, content, mode) in MADE {
        project.lay(path, content, *mode);
    }
    project.world.git(&project.tree, &["add", "--all"]);
    let theirs = hooks(&project);
    let ours = project.onramp();
    for (hook, check) in PAIRS {
        // A name that collides is minded on both sides, and one of them is on `main`.
        let added = |file: &&String| MADE.iter().any(|(path, ..)| path == file);
        let theirs: BTreeSet<_> = theirs[hook].iter().filter(added).cloned().collect();
        let failed = ours.iter().filter(|failure| failure.check == check);
        let ours: BTreeSet<_> = failed.map(|failure| failure.file.clone()).collect();
        let apart = APART.iter().filter(|(name, ..)| *name == hook);
        let known: BTreeSet<_> = apart.map(|(_, file, ours, _)| (*file, *ours)).collect();
        let found = ours.symmetric_difference(&theirs);
        let found: BTreeSet<_> = found.map(|file| (file.as_str(), ours.contains(file))).collect();
        assert_eq!(
            found, known,
            "{hook} and {check} differ elsewhere (true: onramp alone minds it)"
        );
        assert!(!theirs.is_empty() && theirs.len() < MADE.len(), "{hook} tells nothing apart");
    }
}

/// The files that each hook minds.
fn hooks(project: &Project) -> BTreeMap<String, BTreeSet<String>> {
    let python = root().join("target/tools/bin/python");
    let script = here().join("hooks.py");
    let words = [script.as_os_str()];
    let mut command = project.world.command(&project.tree, &python, &words);
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUTF8", "1");
    let output = finish(command, b"", Duration::from_secs(120));
    assert_eq!(
        output.code,
        Some(0),
        "the hooks that onramp is compared with did not run: `./dev test` installs them into \
         target/tools\n{}",
        output.stderr()
    );
    serde_json::from_slice(&output.out).expect("JSON of our own script")
}
