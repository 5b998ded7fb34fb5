//! Repositories made in a temporary folder by the git program, with nothing of the machine's own
//! settings.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of one test.
pub(crate) struct Ground {
    folder: tempfile::TempDir,
}

impl Ground {
    pub(crate) fn new() -> Self {
        let ground = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        std::fs::create_dir(ground.home()).unwrap();
        let identity =
            "[user]\n\tname = Ada\n\temail = ada@cloud.test\n[init]\n\tdefaultBranch = main\n";
        std::fs::write(ground.home().join(".gitconfig"), identity).unwrap();
        ground
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        // Links resolved: git prints real paths.
        self.folder.path().canonicalize().unwrap().join(name)
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Runs git in a folder and hands back what it printed.
    pub(crate) fn git(&self, folder: &Path, words: &[&str]) -> String {
        let output = self.command(folder, words).output().expect("git starts");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {words:?}: {error}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    pub(crate) fn command(&self, folder: &Path, words: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.args(words).current_dir(folder).env_clear();
        for (name, value) in self.variables() {
            command.env(name, value);
        }
        command
    }

    /// The surroundings of a git that sees nothing of this machine.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        let date = "1790000000 +0000".to_owned();
        vec![
            ("PATH", std::env::var("PATH").unwrap()),
            ("HOME", self.home().display().to_string()),
            ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
            ("GIT_CONFIG_GLOBAL", self.home().join(".gitconfig").display().to_string()),
            ("GIT_AUTHOR_DATE", date.clone()),
            ("GIT_COMMITTER_DATE", date),
            ("LC_ALL", "C".to_owned()),
        ]
    }

    /// A new repository on branch `main` without a commit.
    pub(crate) fn repository(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(&path).unwrap();
        self.git(&path, &["init", "-q", "-b", "main"]);
        path
    }

    /// Writes a file and commits it; the new commit's id.
    pub(crate) fn commit(&self, tree: &Path, file: &str, text: &str, message: &str) -> String {
        let path = tree.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self.git(tree, &["add", "-A"]);
        self.git(tree, &["commit", "-q", "--allow-empty", "-m", message]);
        self.git(tree, &["rev-parse", "HEAD"])
    }

    /// A small project with two release branches merged forward: 4.20 into 4.22 into main.
    pub(crate) fn project(&self, name: &str) -> PathBuf {
        let tree = self.repository(name);
        self.commit(&tree, "pom.xml", POM, "first");
        self.commit(&tree, "src/Old.java", HEADER, "old code");
        self.git(&tree, &["checkout", "-q", "-b", "4.20"]);
        self.commit(&tree, "a.txt", HEADER, "a release");
        self.git(&tree, &["checkout", "-q", "-b", "4.22", "main"]);
        self.commit(&tree, "b.txt", HEADER, "a later release");
        self.git(&tree, &["merge", "-q", "--no-ff", "-m", "Merge branch '4.20' into 4.22", "4.20"]);
        self.git(&tree, &["checkout", "-q", "main"]);
        self.commit(&tree, "c.txt", HEADER, "new things");
        self.git(&tree, &["merge", "-q", "--no-ff", "-m", "Merge branch '4.22'", "4.22"]);
        tree
    }
}

pub(crate) const HEADER: &str = "// http://www.apache.org/licenses/LICENSE-2.0\n";

const POM: &str = "<!-- http://www.apache.org/licenses/LICENSE-2.0 --><project><build><plugins>\
    <plugin><artifactId>other</artifactId><configuration><excludes><exclude>**/*.java</exclude>\
    </excludes></configuration></plugin>\
    <plugin><groupId>org.apache.rat</groupId><artifactId>apache-rat-plugin</artifactId>\
    <configuration><excludes><!-- sorted --><exclude>**/*.json</exclude>\
    <exclude>ui/public/**</exclude></excludes></configuration></plugin>\
    </plugins></build></project>\n";
