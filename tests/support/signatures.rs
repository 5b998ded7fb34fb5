//! Repositories whose commits, tags and files are really signed, for `onramp key verify`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::keys::Home;
use super::process::Output;
use super::world::TestWorld;

/// A world with git, gpg, Ada's key, and a repository on branch `main` with one commit.
pub(crate) struct Signing {
    pub(crate) world: TestWorld,
}

impl Signing {
    pub(crate) fn new() -> Self {
        let world = TestWorld::new().with_program("gpg");
        world.signing_key();
        let tree = world.tree();
        fs::create_dir(&tree).unwrap();
        world.git(&tree, &["init", "--quiet"]);
        let signing = Self { world };
        signing.commit("begin", &["-S"]);
        signing
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.world.git(&self.world.tree(), arguments)
    }

    /// An empty commit; its id.
    pub(crate) fn commit(&self, message: &str, more: &[&str]) -> String {
        let commit = ["commit", "--quiet", "--allow-empty", "-m", message];
        self.git(&[&commit[..], more].concat());
        self.git(&["rev-parse", "HEAD"])
    }

    /// Puts an object of these very bytes down; its id.
    pub(crate) fn object(&self, kind: &str, raw: &[u8]) -> String {
        let tree = self.world.tree();
        let hash = ["hash-object", "-t", kind, "-w", "--stdin", "--literally"];
        self.world.git_fed(&tree, &hash, raw)
    }

    /// The bytes of a commit or tag.
    pub(crate) fn raw(&self, kind: &str, name: &str) -> String {
        self.git(&["cat-file", kind, name]) + "\n"
    }

    pub(crate) fn verify(&self, arguments: &[&str]) -> Output {
        let words = [&["--offline", "key", "verify"], arguments].concat();
        self.world.onramp(&self.world.tree(), &words)
    }

    /// The verdicts as JSON, and the exit code.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> (Value, i32) {
        let output = self.verify(&[arguments, &["--json"]].concat());
        let value = serde_json::from_slice(&output.out);
        let value = value.unwrap_or_else(|e| panic!("{e}: {}{}", output.stdout(), output.stderr()));
        (value, output.code.unwrap())
    }

    /// The one verdict, its reason, and the exit code.
    #[track_caller]
    pub(crate) fn one(&self, arguments: &[&str]) -> (String, String, i32) {
        let (value, code) = self.json(arguments);
        let row = &value["objects"][0];
        assert_eq!(value["objects"].as_array().map(Vec::len), Some(1), "{value}");
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        (text("verdict"), text("reason"), code)
    }

    /// A file in the folder of the work tree's parent.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.world.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// A file with public keys of another home, armoured, with words before and after each.
    pub(crate) fn keys_file(&self, name: &str, home: &Home, keys: &[&str]) -> PathBuf {
        let mut text = b"This file holds the keys of the project.\n\n".to_vec();
        for key in keys {
            text.extend_from_slice(format!("pub   {key}\n\n").as_bytes());
            text.extend(home.gpg(&["--armor", "--export", key]).stdout);
        }
        self.file(name, text)
    }
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
