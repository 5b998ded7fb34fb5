//! A made project on a branch of its own, and what onramp and Maven's plug-ins say of it. Decides
//! nothing about who is right.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::support::process::{Output, finish};
use crate::support::world::TestWorld;

/// What a file of the branch is.
#[derive(Clone, Copy)]
pub(crate) enum Mode {
    Plain,
    Executable,
    /// A symbolic link; its content is where it leads.
    Link,
    /// Another repository.
    Submodule,
}

/// A project in the shape of CloudStack's, with a branch `work` beside `main`.
pub(crate) struct Project {
    pub(crate) world: TestWorld,
    pub(crate) tree: PathBuf,
}

impl Project {
    /// The project, with these files on `main`.
    pub(crate) fn new(base: &[(&str, &str)]) -> Self {
        let world = TestWorld::new();
        let tree = world.tree();
        world.git(&world.work(), &["init", "--quiet", tree.to_str().expect("a UTF-8 path")]);
        let project = Self { world, tree };
        for name in ["pom.xml", "checkstyle.xml"] {
            project.write(name, &fs::read(here().join(name)).expect("a file of ours"));
        }
        for (path, text) in base {
            project.write(path, text.as_bytes());
        }
        project.world.commit(&project.tree, "Lay down the project");
        project.world.git(&project.tree, &["checkout", "--quiet", "-b", "work"]);
        project
    }

    /// Writes a file.
    pub(crate) fn write(&self, path: &str, content: &[u8]) {
        self.lay(path, content, Mode::Plain);
    }

    /// Writes a file, link or submodule, and stages it.
    pub(crate) fn lay(&self, path: &str, content: &[u8], mode: Mode) {
        let place = self.tree.join(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a new folder");
        match mode {
            Mode::Plain => fs::write(&place, content).expect("a new file"),
            Mode::Executable => {
                fs::write(&place, content).expect("a new file");
                fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).expect("our file");
            }
            Mode::Link => {
                let target = std::str::from_utf8(content).expect("a UTF-8 path");
                symlink(target, &place).expect("a new link");
            }
            Mode::Submodule => {
                fs::create_dir(&place).expect("a new folder");
                let head = self.world.git(&self.tree, &["rev-parse", "HEAD"]);
                let entry = format!("160000,{head},{path}");
                let words = ["update-index", "--add", "--cacheinfo", &entry];
                self.world.git(&self.tree, &words);
            }
        }
    }

    /// Commits what is there and asks onramp's patch checks what fails.
    pub(crate) fn onramp(&self) -> BTreeSet<Failure> {
        self.world.commit(&self.tree, "Change it");
        let words = ["check", "patch", "--base", "main", "--offline", "--report", "json"];
        let output = self.world.onramp(&self.tree, &words);
        let report: Value = serde_json::from_slice(&output.out)
            .unwrap_or_else(|error| panic!("{error}: {}{}", output.stdout(), output.stderr()));
        let findings = report["findings"].as_array().expect("findings");
        findings.iter().flat_map(failures).collect()
    }

    /// Runs a goal of Maven on the project, without a network.
    pub(crate) fn maven(&self, goal: &str) -> Output {
        let repository = root().join("target/maven");
        assert!(
            repository.is_dir(),
            "the plug-ins that onramp is compared with are not in {}: run the tests with \
             `./dev test`, which fetches them",
            repository.display()
        );
        let repository = format!("-Dmaven.repo.local={}", repository.display());
        let maven = which::which("mvn").expect("the tests need mvn: run them with `./dev test`");
        let words = ["--batch-mode", "--offline", &repository, goal];
        let mut command = self.world.command(&self.tree, &maven, &words);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs(std::env::var_os("JAVA_HOME").map(|home| ("JAVA_HOME", home)));
        // The plug-ins read files as the machine's own encoding says; CI's is this one.
        command.env("MAVEN_OPTS", "-Dfile.encoding=UTF-8");
        finish(command, b"", Duration::from_secs(300))
    }
}

/// What onramp says of one line, or of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Failure {
    pub(crate) check: String,
    pub(crate) file: String,
    pub(crate) line: Option<u64>,
    pub(crate) text: String,
}

/// A finding names its first line as its place and the others in its text. What could not be told is
/// no failure, and goes under a name of its own.
fn failures(finding: &Value) -> Vec<Failure> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let check = text(&finding["check"]);
    let check = match finding["outcome"].as_str() {
        Some("fail") => check,
        Some("unknown") => check + ", which could not tell",
        _ => return Vec::new(),
    };
    let first = Failure {
        check,
        file: text(&finding["place"]["file"]),
        line: finding["place"]["line"].as_u64(),
        text: text(&finding["text"]),
    };
    let more = first.text.split_once(" more: ").and_then(|(_, rest)| rest.split_once(')'));
    let more = more.into_iter().flat_map(|(lines, _)| lines.split(", "));
    let more = more.map(|line| Some(line.parse().expect("a line number")));
    let lines: Vec<_> = std::iter::once(first.line).chain(more).collect();
    lines.into_iter().map(|line| Failure { line, ..first.clone() }).collect()
}

/// The folder of these tests.
pub(crate) fn here() -> PathBuf {
    root().join("tests/parity")
}

/// The folder of the project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
