//! Traps in git's own files: configuration, attributes, hooks, submodules.

use std::fs::File;
use std::time::{Duration, SystemTime};

use super::{Ground, Trap, no_variables};
use crate::support::world::{write, write_script};

/// A program that git asks which files changed.
pub(super) const FSMONITOR: Trap = Trap {
    name: "fsmonitor",
    arm: |ground| ground.configure(&[("core.fsmonitor", &ground.payload_path())]),
    variables: no_variables,
    naive: &["git status"],
};

/// A program that files pass through when compared or checked out.
pub(super) const FILTER: Trap = Trap {
    name: "filter",
    arm: |ground| {
        write(&ground.tree.join(".gitattributes"), "*.java filter=evil diff=evil\n");
        ground.world.commit(&ground.tree, "Say how files are read");
        let through = format!("{}; cat", ground.payload_path());
        ground.configure(&[
            ("filter.evil.clean", &through),
            ("filter.evil.smudge", &through),
            ("diff.evil.textconv", &through),
        ]);
        // Touched and no more: git has to read it to tell that nothing changed.
        let touched = File::options().write(true).open(ground.tree.join(A_FILE));
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        touched.and_then(|file| file.set_modified(long_ago)).expect("a file of the tree");
    },
    variables: no_variables,
    naive: &[
        "PATH=$PATH:/usr/bin:/bin git status",
        "PATH=$PATH:/usr/bin:/bin; rm api/src/main/java/Api.java; git checkout .",
    ],
};

const A_FILE: &str = "api/src/main/java/Api.java";

const HOOK_NAMES: [&str; 10] = [
    "fsmonitor-watchman",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-merge",
    "pre-auto-gc",
    "pre-commit",
    "pre-push",
    "prepare-commit-msg",
    "reference-transaction",
];

/// Programs that git runs before and after what it does.
pub(super) const HOOKS: Trap = Trap {
    name: "hooks",
    arm: |ground| {
        for folder in [".git/hooks", ".githooks"] {
            for name in HOOK_NAMES {
                write_script(&ground.tree.join(folder).join(name), &ground.payload_text());
            }
        }
        ground.configure(&[("core.hooksPath", ".githooks")]);
    },
    variables: no_variables,
    naive: &[
        "git checkout --quiet -b elsewhere",
        "git -c core.hooksPath=.git/hooks commit --quiet --allow-empty -m 'Nothing'",
    ],
};

/// Programs that git has signatures verified by.
pub(super) const SIGNATURE_PROGRAMS: Trap = Trap {
    name: "signature programs",
    arm: |ground| {
        let run = ground.payload_path();
        signed(ground, "SSH SIGNATURE", "U1NIU0lHAAAAAQ==");
        signed(ground, "PGP SIGNATURE", "iHUEABYKAB0WIQ==");
        ground.configure(&[
            ("commit.gpgSign", "true"),
            ("gpg.program", &run),
            ("gpg.openpgp.program", &run),
            ("gpg.x509.program", &run),
            ("gpg.ssh.program", &run),
            ("gpg.ssh.allowedSignersFile", ".evil/run"),
            ("gpg.ssh.defaultKeyCommand", &run),
            ("user.signingKey", "ADA"),
        ]);
    },
    variables: no_variables,
    naive: &[
        "git verify-commit HEAD",
        "git verify-commit HEAD~1",
        "git log -1 --format=%G?",
        "git commit --allow-empty -m 'Nothing'",
    ],
};

/// Adds a commit with something in it that has the look of a signature.
fn signed(ground: &Ground, kind: &str, body: &str) {
    let git = |arguments: &[&str]| ground.world.git(&ground.tree, arguments);
    let (tree, parent) = (git(&["rev-parse", "HEAD^{tree}"]), git(&["rev-parse", "HEAD"]));
    let who = "Ada Lovelace <ada@example.org> 1767323045 +0000";
    let object = format!(
        "tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\n\
         gpgsig -----BEGIN {kind}-----\n \n {body}\n -----END {kind}-----\n\nSigned, they say\n"
    );
    let store = ["hash-object", "-t", "commit", "-w", "--stdin"];
    let id = ground.world.git_fed(&ground.tree, &store, object.as_bytes());
    git(&["update-ref", "HEAD", &id]);
}

/// Programs that git shows, edits, compares and connects with.
pub(super) const CONFIGURED_COMMANDS: Trap = Trap {
    name: "configured commands",
    arm: |ground| {
        let run = ground.payload_path();
        // What follows in an address becomes an argument.
        let elsewhere = format!("ext::{run} ");
        ground.configure(&[
            ("core.pager", &run),
            ("core.editor", &run),
            ("core.askPass", &run),
            ("core.sshCommand", &run),
            ("credential.helper", &format!("!{run}")),
            ("diff.external", &run),
            ("protocol.ext.allow", "always"),
            ("remote.origin.url", "https://github.com/ada/cloudstack.git"),
            ("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"),
            ("remote.upstream.url", &elsewhere),
            ("remote.upstream.uploadpack", &run),
            ("uploadpack.packObjectsHook", &run),
        ]);
        ground.configure(&[(&format!("url.{elsewhere}.insteadOf"), "https://github.com/")]);
        write(&ground.tree.join("pom.xml.orig"), "<project/>\n");
        write(&ground.tree.join(A_FILE), "class Api {}\n");
    },
    variables: no_variables,
    naive: &[
        "git --no-pager diff",
        "git fetch origin",
        "git ls-remote https://github.com/apache/cloudstack.git",
        "git ls-remote git@example.org:cloudstack.git",
        "git commit --all",
        "printf 'protocol=https\\nhost=example.org\\n\\n' | git credential fill",
    ],
};

/// A submodule whose update is a command, and one that lies outside the tree.
pub(super) const SUBMODULE: Trap = Trap {
    name: "submodule",
    arm: |ground| {
        let git = |arguments: &[&str]| ground.world.git(&ground.tree, arguments);
        let update = format!("!{}", ground.payload_path());
        git(&["init", "--quiet", "inner"]);
        let inner = ground.tree.join("inner");
        ground.world.git(&inner, &["commit", "--quiet", "--allow-empty", "-m", "First"]);
        let first = ground.world.git(&inner, &["rev-parse", "HEAD"]);
        ground.world.git(&inner, &["commit", "--quiet", "--allow-empty", "-m", "Second"]);
        let modules = format!(
            "[submodule \"inner\"]\n\tpath = inner\n\turl = ./inner\n\tupdate = {update}\n\
             [submodule \"../../outside\"]\n\tpath = ../outside\n\turl = -u./outside\n"
        );
        write(&ground.tree.join(".gitmodules"), modules);
        git(&["update-index", "--add", "--cacheinfo", &format!("160000,{first},inner")]);
        git(&["add", ".gitmodules"]);
        git(&["commit", "--quiet", "-m", "Bring a submodule"]);
        git(&["config", "submodule.inner.url", "./inner"]);
        git(&["config", "submodule.inner.update", &update]);
        ground.world.git(&inner, &["config", "core.fsmonitor", &ground.payload_path()]);
    },
    variables: no_variables,
    naive: &[
        // Today's git refuses a command in `.gitmodules`; that in the configuration still runs.
        "PATH=$PATH:/usr/bin:/bin; git config -f .gitmodules --unset submodule.inner.update
         git submodule update",
        "PATH=$PATH:/usr/bin:/bin git status",
    ],
};
