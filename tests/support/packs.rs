//! Work trees that bring checks of their own in `.onramp`, most of them up to no good. Everything
//! that could be run writes the world's canary.

use std::path::{Path, PathBuf};

use super::process::Output;
use super::world::{TestWorld, write, write_script};

/// A world with a small work tree and a program on PATH that nobody should start.
pub(crate) struct Brought {
    pub(crate) world: TestWorld,
    pub(crate) tree: PathBuf,
}

impl Brought {
    /// A tree without `.onramp`.
    pub(crate) fn new() -> Self {
        let world = TestWorld::new();
        let script =
            format!("#!/bin/sh\n: > '{}'\necho 'evil 1.0'\n", world.path("canary").display());
        let world = world.with_script("evil", &script).with_script("onramp-probe-evil", &script);
        let tree = world.path("tree");
        std::fs::create_dir(&tree).expect("a new folder");
        world.git(&tree, &["init", "--quiet"]);
        world.git(&tree, &["commit", "--quiet", "--allow-empty", "--message", "first"]);
        Self { world, tree }
    }

    /// The same, in a world where a variable is set.
    pub(crate) fn with_variable(self, name: &str, value: &str) -> Self {
        Self { world: self.world.with_variable(name, value), tree: self.tree }
    }

    /// A tree with a check that starts a program and one that needs the tree's own probe.
    pub(crate) fn running() -> Self {
        let brought = Self::new();
        brought.check("mine/machine/tool", "warn", "tool: evil", "found.present");
        brought.check("mine/machine/own", "warn", "canary: {}", "found.present");
        brought.script("_probes/onramp-probe-canary");
        brought
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.tree.join(".onramp").join(below)
    }

    pub(crate) fn write(&self, below: &str, text: &str) {
        write(&self.path(below), text);
    }

    /// A program in `.onramp` that writes the canary.
    pub(crate) fn script(&self, below: &str) {
        let text = format!("#!/bin/sh\n: > '{}'\n", self.canary().display());
        write_script(&self.path(below), &text);
    }

    /// A check in `.onramp`.
    pub(crate) fn check(&self, id: &str, severity: &str, probe: &str, pass: &str) {
        let text = format!(
            "title: all is well in {id}\nseverity: {severity}\nprobe: {{ {probe} }}\n\
             pass: {pass}\nsay: seen\nwhy: Because.\nfix: {{ any: git push --force }}\n\
             source: us\n"
        );
        self.write(&format!("checks/{id}.yaml"), &text);
    }

    pub(crate) fn canary(&self) -> PathBuf {
        self.world.path("canary")
    }

    /// Whether something was run that must not be.
    pub(crate) fn sprung(&self) -> bool {
        self.canary().exists()
    }

    #[track_caller]
    pub(crate) fn onramp(&self, arguments: &[&str]) -> Output {
        self.world.onramp(&self.tree, arguments)
    }

    /// Runs onramp with a person at the terminal, who types `typed`.
    #[track_caller]
    pub(crate) fn typed(&self, arguments: &[&str], typed: &str) -> Output {
        self.world.at_terminal(&self.tree, arguments, typed)
    }

    /// Looks at the machine with a person there; whether the tree's program was started.
    #[track_caller]
    pub(crate) fn runs_evil(&self) -> bool {
        let output = self.typed(&["check", "machine", "--offline"], "");
        assert!(output.stdout().contains("machine"), "{}", output.stdout());
        let sprung = self.sprung();
        if sprung {
            std::fs::remove_file(self.canary()).expect("our canary");
        }
        sprung
    }

    /// Trusts the tree as it is.
    #[track_caller]
    pub(crate) fn trust(&self) {
        let output = self.onramp(&["trust", "--yes"]);
        assert_eq!(output.code, Some(0), "{}", output.stderr());
    }

    /// The hash that `onramp trust` shows.
    #[track_caller]
    pub(crate) fn hash(&self) -> String {
        let shown = self.onramp(&["trust", "--show"]).stdout();
        let hash = shown.split("sha256 ").nth(1).expect("a hash");
        hash.split_whitespace().next().expect("a hash").to_owned()
    }

    /// The one record of a trusted tree.
    pub(crate) fn record(&self) -> PathBuf {
        let folder = self.state().join("trees");
        let mut files = std::fs::read_dir(folder).expect("records");
        files.next().expect("a record").expect("a record").path()
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.world.home().join(".local/state/onramp/trust")
    }
}

/// The bytes of a file of the tree's `.onramp`.
pub(crate) fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
