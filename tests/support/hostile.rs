//! Work trees that lie in wait: each runs its code, and so writes its canary, as soon as somebody
//! looks at it the naive way. `tests/hostile.rs` shows that every trap still works, and that
//! onramp springs none.

mod content;
mod repository;
mod tools;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use content::SECRET;

use super::process::Output;
use super::world::{TestWorld, write_script};

/// One kind of trap.
pub(crate) struct Trap {
    /// What it abuses.
    pub(crate) name: &'static str,
    /// Arms the tree.
    arm: fn(&Ground),
    /// Variables of the person who stands in the tree.
    variables: fn(&Ground) -> Vec<(&'static str, OsString)>,
    /// Shell lines, each of which springs it when typed in the tree.
    pub(crate) naive: &'static [&'static str],
}

/// Every kind.
pub(crate) const TRAPS: &[Trap] = &[
    repository::FSMONITOR,
    repository::FILTER,
    repository::HOOKS,
    repository::SIGNATURE_PROGRAMS,
    repository::CONFIGURED_COMMANDS,
    repository::SUBMODULE,
    tools::MAVEN,
    tools::PROGRAMS_IN_THE_TREE,
    tools::ENVIRONMENT,
    tools::PACK,
    content::ELSEWHERE,
    content::LINKS,
    content::NAMES,
];

/// A trap set up in a world of its own.
pub(crate) struct Ground {
    world: TestWorld,
    /// The armed tree.
    pub(crate) tree: PathBuf,
    /// What appears when code of the tree runs.
    canary: PathBuf,
}

impl Ground {
    /// Sets a trap.
    pub(crate) fn set(trap: &Trap) -> Self {
        let world = TestWorld::new().with_program("gpg").with_script("mvn", tools::MVN);
        tools::install_jdk(&world);
        let tree = world.cloudstack();
        let canary = world.path("canary");
        let mut ground = Self { world, tree, canary };
        write_script(&ground.payload(), &ground.payload_text());
        (trap.arm)(&ground);
        for (name, value) in (trap.variables)(&ground) {
            ground.world = ground.world.with_variable(name, value);
        }
        // Arming may have sprung it.
        ground.disarm();
        ground
    }

    /// The script in the tree that every trap leads to.
    fn payload(&self) -> PathBuf {
        self.tree.join(".evil/run")
    }

    fn payload_text(&self) -> String {
        // Nothing else is needed than the shell, whatever PATH says.
        format!("#!/bin/sh\n: > '{}'\n", self.canary.display())
    }

    /// The path of the payload, as text for configuration files.
    fn payload_path(&self) -> String {
        self.payload().to_str().expect("a UTF-8 path").to_owned()
    }

    /// Sets values in the tree's own git configuration.
    fn configure(&self, values: &[(&str, &str)]) {
        for (name, value) in values {
            self.world.git(&self.tree, &["config", "--local", name, value]);
        }
    }

    /// Whether code of the tree has run.
    pub(crate) fn sprung(&self) -> bool {
        self.canary.exists()
    }

    /// Makes it as if nothing had run.
    pub(crate) fn disarm(&self) {
        if self.sprung() {
            fs::remove_file(&self.canary).expect("our canary");
        }
    }

    /// Types a line in the tree.
    pub(crate) fn shell(&self, line: &str) -> Output {
        self.world.run(&self.tree, Path::new("/bin/sh"), &["-c", line], b"")
    }

    /// Runs onramp in the tree.
    pub(crate) fn onramp(&self, arguments: &[&str]) -> Output {
        self.world.onramp(&self.tree, arguments)
    }

    /// Everything in the tree and the home folder, to tell whether looking changed it. What
    /// onramp keeps for itself in the git folder does not count.
    pub(crate) fn picture(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut picture = Vec::new();
        let mut folders = vec![self.tree.clone(), self.world.home(), self.world.work()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder of the world") {
                let path = entry.expect("an entry").path();
                let kind = path.symlink_metadata().expect("an entry").file_type();
                if path.ends_with(".git/onramp") {
                    continue;
                }
                folders.extend(kind.is_dir().then(|| path.clone()));
                let content =
                    if kind.is_file() { fs::read(&path).expect("a file") } else { vec![] };
                picture.push((path, content));
            }
        }
        picture.sort();
        picture
    }
}

fn no_variables(_: &Ground) -> Vec<(&'static str, OsString)> {
    Vec::new()
}
