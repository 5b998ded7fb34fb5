//! A clone of the project with its release branches and a topic branch, for moving commits about.
//! Decides nothing about what onramp says.

use std::fs;
use std::path::{Path, PathBuf};

use super::process::Output;
use super::world::{TestWorld, write};

const PROJECT: &str = "https://github.com/apache/cloudstack.git";

/// The file that every branch has and topics change, one line apart from where releases differ.
pub(crate) const SHARED: &str = "api/src/main/java/Shared.java";

/// A world with a clone in it.
pub(crate) struct Branching {
    /// The world.
    pub(crate) world: TestWorld,
    /// The clone, with the topic branch checked out.
    pub(crate) tree: PathBuf,
}

impl Branching {
    /// The project's branches `main`, `4.22` and `4.20`, as `upstream` has them, and `topic` off
    /// `main` without a commit.
    pub(crate) fn new() -> Self {
        Self::within(TestWorld::new())
    }

    /// The same in a world that is made already.
    pub(crate) fn within(world: TestWorld) -> Self {
        let tree = world.cloudstack();
        let all = Self { world, tree };
        all.write(SHARED, &lines("main", "open"));
        all.commit("Share a file");
        for release in ["4.20", "4.22"] {
            all.git(&["switch", "-q", "-c", release]);
            let pom = fs::read_to_string(all.tree.join("pom.xml")).unwrap();
            let version = format!("<version>{release}.1.0-SNAPSHOT</version>");
            let pom = pom.lines().map(|line| {
                let own = line.starts_with("  <version>");
                if own { format!("  {version}") } else { line.to_owned() }
            });
            all.write("pom.xml", &(pom.collect::<Vec<_>>().join("\n") + "\n"));
            all.write(&format!("release-{release}.txt"), release);
            all.write(SHARED, &lines(release, "open"));
            all.commit(&format!("Begin {release}"));
            all.git(&["update-ref", &format!("refs/remotes/upstream/{release}"), "HEAD"]);
            all.git(&["switch", "-q", "main"]);
            all.git(&["branch", "-q", "-D", release]);
        }
        all.write("only-main.txt", "new\n");
        all.commit("Go on with main");
        all.git(&["update-ref", "refs/remotes/upstream/main", "HEAD"]);
        all.git(&["remote", "add", "upstream", PROJECT]);
        all.git(&["switch", "-q", "-c", "topic"]);
        all
    }

    /// Adds a fix that fits every branch; its id.
    pub(crate) fn fix(&self) -> String {
        self.write("server/src/main/java/Fixed.java", "class Fixed {}\n");
        self.write(SHARED, &lines("main", "closed"));
        self.commit("server: fix a leak")
    }

    /// Adds a commit that changes the line in which the branches differ; its id.
    pub(crate) fn clash(&self) -> String {
        self.write(SHARED, &lines("topic", "open"));
        self.commit("api: fix the name of the branch")
    }

    /// Writes a file of the tree.
    pub(crate) fn write(&self, path: &str, text: &str) {
        write(&self.tree.join(path), text);
    }

    /// Commits everything; the id.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.world.commit(&self.tree, message)
    }

    /// Runs git in the clone.
    pub(crate) fn git(&self, words: &[&str]) -> String {
        self.world.git(&self.tree, words)
    }

    /// Runs `onramp branch` in the clone.
    pub(crate) fn branch(&self, words: &[&str]) -> Output {
        self.world.onramp(&self.tree, &[&["branch"], words].concat())
    }

    /// The commit that the topic branch is at.
    pub(crate) fn topic(&self) -> String {
        self.git(&["rev-parse", "refs/heads/topic"])
    }

    /// References, index and files: everything a step may change, onramp's own folder aside.
    pub(crate) fn whole(&self) -> String {
        let references = self.git(&["for-each-ref"]);
        // With the letter that tells files which git takes for unchanged or leaves out.
        let staged = self.git(&["ls-files", "--stage", "-v"]);
        let status = self.git(&["status", "--porcelain", "--ignored", "--branch"]);
        let worktrees = self.git(&["worktree", "list"]);
        let mut files = Vec::new();
        collect(&self.tree, &self.tree, &mut files);
        files.sort();
        format!("{references}\n{staged}\n{status}\n{worktrees}\n{}", files.join("\n"))
    }
}

/// The shared file: where branches differ, then enough that is alike, then what topics change.
pub(crate) fn lines(branch: &str, state: &str) -> String {
    let between = (1..8).map(|line| format!("// {line}\n")).collect::<String>();
    format!("// branch {branch}\n{between}// door {state}\n")
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name == ".git") {
            continue;
        }
        if path.is_dir() && !path.is_symlink() {
            collect(root, &path, files);
        } else {
            let content = fs::read(&path).unwrap_or_default();
            let name = path.strip_prefix(root).unwrap().display().to_string();
            files.push(format!("{name}: {}", String::from_utf8_lossy(&content)));
        }
    }
}
