//! The little that requirements need of git, read from its plain files: which commit is checked out
//! and which branches there are. Opens no repository, runs nothing, answers nothing where it is not
//! sure.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use crate::sys::{Kind, System};

/// Packed references grow with the tags; a longer file is left alone.
const LIMIT: u64 = 4 << 20;
/// Remotes that may name the project's default branch, the likelier first.
const REMOTES: [&str; 2] = ["upstream", "origin"];

/// A repository's references.
pub(super) struct Refs<'a> {
    system: &'a dyn System,
    /// The folder of this work tree.
    own: PathBuf,
    /// The folder that all work trees of the clone share.
    common: PathBuf,
    /// Read only where a reference does not lie in a file of its own.
    packed: OnceCell<String>,
}

impl<'a> Refs<'a> {
    /// Those of a clone, or of one of git's further work trees.
    pub(super) fn of(system: &'a dyn System, root: &Path) -> Option<Self> {
        let mut own = root.join(".git");
        if system.kind(&own) == Some(Kind::File) {
            own = root.join(text(system, &own)?.strip_prefix("gitdir:")?.trim());
        }
        let common = text(system, &own.join("commondir")).map(|path| own.join(path.trim()));
        let common = common.unwrap_or_else(|| own.clone());
        Some(Self { system, own, common, packed: OnceCell::new() })
    }

    /// The commit that is checked out.
    pub(super) fn head(&self) -> Option<String> {
        let head = text(self.system, &self.own.join("HEAD"))?;
        match head.strip_prefix("ref:") {
            Some(name) => self.commit(name.trim()),
            None => commit(&head),
        }
    }

    /// Whether there is a branch of that name, here or at a remote.
    pub(super) fn has(&self, branch: &str) -> bool {
        let own = format!("refs/heads/{branch}");
        let theirs = REMOTES.map(|remote| format!("refs/remotes/{remote}/{branch}"));
        theirs.iter().chain([&own]).any(|name| self.commit(name).is_some())
    }

    /// The default branch that a remote named when it was cloned.
    pub(super) fn remote_default(&self) -> Option<String> {
        REMOTES.iter().find_map(|remote| {
            let head = text(self.system, &self.common.join(format!("refs/remotes/{remote}/HEAD")))?;
            let name = head.trim().strip_prefix(&format!("ref: refs/remotes/{remote}/"))?;
            Some(name.to_owned())
        })
    }

    fn commit(&self, name: &str) -> Option<String> {
        if !name.starts_with("refs/") || name.contains("..") {
            return None;
        }
        let loose = [&self.own, &self.common].into_iter();
        if let Some(loose) =
            loose.map(|folder| folder.join(name)).find_map(|path| text(self.system, &path))
        {
            return commit(&loose);
        }
        let packed = self.packed.get_or_init(|| {
            text(self.system, &self.common.join("packed-refs")).unwrap_or_default()
        });
        let line = packed.lines().find(|line| line.split(' ').nth(1) == Some(name))?;
        commit(line.split(' ').next()?)
    }
}

fn text(system: &dyn System, path: &Path) -> Option<String> {
    String::from_utf8(system.read(path, LIMIT).ok()?).ok()
}

/// The text, if it is a commit's id.
fn commit(text: &str) -> Option<String> {
    let id = text.trim();
    let hex = matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex.then(|| id.to_owned())
}
