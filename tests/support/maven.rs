//! A small project of two modules in a clone of its own, and a real Maven that builds it: offline,
//! with a local repository that is the test's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::process::{Output, finish};
use super::world::{TestWorld, write, write_script};

/// Longest one build may take; one takes seconds where nothing else runs.
const LIMIT: Duration = Duration::from_secs(300);

/// What must be there for it to be built.
const FILES: [&str; 4] = [
    "pom.xml",
    "till/pom.xml",
    "till/src/main/java/org/example/Till.java",
    "till/src/test/java/org/example/TillTest.java",
];

/// The project, all of it committed on `main`.
pub(crate) struct Shop {
    pub(crate) world: TestWorld,
    pub(crate) tree: PathBuf,
}

impl Shop {
    /// The project as it lies in `tests/builds`: one parent and one module, `till`, with a test.
    #[track_caller]
    pub(crate) fn new() -> Self {
        let above = std::env::var_os("PATH").unwrap_or_default();
        let world = TestWorld::new();
        let mut path = world.programs().into_os_string();
        path.push(":");
        path.push(above);
        let world = world.with_variable("PATH", path);
        let tree = world.tree();
        world.git(&world.work(), &["init", "--quiet", tree.to_str().expect("a UTF-8 path")]);
        let shop = Self { world, tree };
        for file in FILES {
            write(
                &shop.tree.join(file),
                fs::read(here().join("tests/builds").join(file)).expect(file),
            );
        }
        write(&shop.tree.join(".gitignore"), "target/\n");
        shop.commit("Open a shop");
        let repository = shop.repository();
        let settings = format!(
            "<settings><localRepository>{}</localRepository><offline>true</offline></settings>",
            repository.display()
        );
        let file = shop.world.home().join(".m2/settings.xml");
        write(&file, settings);
        // A JVM takes the home folder of the account, whatever HOME says.
        let real = which::which("mvn").expect("the tests need mvn: run them with `./dev test`");
        let script = format!("#!/bin/sh\nexec {} -s {} \"$@\"\n", real.display(), file.display());
        write_script(&shop.world.programs().join("mvn"), &script);
        link(&here().join("target/maven"), &repository);
        // What fetching the plug-ins installed beside them.
        fs::remove_dir_all(repository.join("org/example")).expect("our folder");
        shop
    }

    /// Its local repository.
    pub(crate) fn repository(&self) -> PathBuf {
        self.world.path("repository")
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, file: &str, text: &str) {
        write(&self.tree.join(file), text);
    }

    /// Replaces a piece of a file, which must be there.
    #[track_caller]
    pub(crate) fn replace(&self, file: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.tree.join(file)).expect("a file of the project");
        assert!(text.contains(old), "{file} holds no {old}");
        self.write(file, &text.replacen(old, new, 1));
    }

    /// Commits everything.
    #[track_caller]
    pub(crate) fn commit(&self, message: &str) {
        self.world.git(&self.tree, &["add", "--all"]);
        self.world.git(&self.tree, &["commit", "--quiet", "--message", message]);
    }

    /// Runs onramp in it, for any project built with Maven.
    #[track_caller]
    pub(crate) fn onramp(&self, words: &[&str]) -> Output {
        finish(self.command(words), b"", LIMIT)
    }

    /// The same with a variable.
    #[track_caller]
    pub(crate) fn onramp_with(&self, name: &str, value: &str, words: &[&str]) -> Output {
        let mut command = self.command(words);
        command.env(name, value);
        finish(command, b"", LIMIT)
    }

    fn command(&self, words: &[&str]) -> Command {
        let words = [&["--project", "apache"], words].concat();
        let onramp = Path::new(env!("CARGO_BIN_EXE_onramp"));
        self.world.command(&self.tree, onramp, &words)
    }
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Lays a folder down a second time, its files shared where the disk is the same.
fn link(from: &Path, to: &Path) {
    assert!(
        from.join("builds.xml").is_file(),
        "the plug-ins of a build are not in {}: run the tests with `./dev test`, which fetches them",
        from.display()
    );
    let words = ["-c", "cp -Rl \"$0/.\" \"$1\" 2>/dev/null || cp -R \"$0/.\" \"$1\""];
    let mut command = Command::new("sh");
    command.args(words).arg(from).arg(to);
    let output = finish(command, b"", LIMIT);
    assert_eq!(output.code, Some(0), "{}", output.stderr());
}
