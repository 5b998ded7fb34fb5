//! Looks whether what a step brings has room: nothing of the user's that git does not know, ignores
//! or was told not to look at may stand where a file comes or goes. Changes nothing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::Session;
use crate::cli::trouble::Trouble;
use crate::git::rewrite::Rewrite;
use crate::sys::{Kind, System};
use crate::text::{clean_line, shell_word};

use super::git::{run, run_well};

/// What git could not do, where it fails.
const UNSEEN: &str = "the files that would come cannot be told";
/// A longer file is taken for edited.
const FILE_LIMIT: u64 = 32 << 20;

/// Refuses where bringing the files from one commit to another would cost a file of the user's.
///
/// # Errors
/// The file that stands in the way, and what to do about it.
pub(super) fn free(
    session: &Session<'_>,
    rewrite: &Rewrite,
    from: &str,
    to: &str,
) -> Result<(), Trouble> {
    let coming = run_well(session, &rewrite.added(from, to), UNSEEN)?.paths();
    let going = run_well(session, &rewrite.added(to, from), UNSEEN)?.paths();
    let going: BTreeSet<PathBuf> = going.into_iter().collect();
    let place = Place { system: session.bench, root: &rewrite.tree, going: &going };
    if let Some(file) = coming.iter().find_map(|file| place.taken(file)) {
        let shown = clean_line(&file.to_string_lossy());
        let what = format!("{shown} stands where a file of the new base belongs");
        return Err(
            Trouble::usage(what).remedy("move it away, then run this again; nothing was moved")
        );
    }
    hidden(session, rewrite, from, to)
}

/// The files of a work tree beside those that go with the step.
struct Place<'a> {
    system: &'a dyn System,
    root: &'a Path,
    /// What only the old commit has.
    going: &'a BTreeSet<PathBuf>,
}

impl Place<'_> {
    /// What stands where a new file belongs and does not go by itself.
    fn taken(&self, file: &Path) -> Option<PathBuf> {
        let mut above: Vec<&Path> = file.ancestors().skip(1).collect();
        // The empty one is the root.
        above.pop();
        for folder in above.into_iter().rev() {
            if !self.there(folder) {
                return None;
            }
            if !self.is_folder(folder) {
                return (!self.going.contains(folder)).then(|| folder.to_owned());
            }
        }
        if self.is_folder(file) {
            return self.unknown_below(file);
        }
        self.there(file).then(|| file.to_owned())
    }

    fn there(&self, inside: &Path) -> bool {
        let path = self.root.join(inside);
        self.system.is_link(&path) || self.system.kind(&path).is_some()
    }

    fn is_folder(&self, inside: &Path) -> bool {
        let path = self.root.join(inside);
        !self.system.is_link(&path) && self.system.kind(&path) == Some(Kind::Folder)
    }

    /// A file in a folder that the old commit does not have there.
    fn unknown_below(&self, folder: &Path) -> Option<PathBuf> {
        let mut waiting = vec![folder.to_owned()];
        while let Some(folder) = waiting.pop() {
            // One that cannot be looked into may hold anything.
            let Ok(names) = self.system.list(&self.root.join(&folder)) else {
                return Some(folder);
            };
            for path in names.into_iter().map(|name| folder.join(name)) {
                if self.is_folder(&path) {
                    waiting.push(path);
                } else if !self.going.contains(&path) {
                    return Some(path);
                }
            }
        }
        None
    }
}

/// Refuses where a file that the step changes is edited, and git was told not to look at it.
fn hidden(session: &Session<'_>, rewrite: &Rewrite, from: &str, to: &str) -> Result<(), Trouble> {
    let listed = run_well(session, &rewrite.flags(), UNSEEN)?.paths();
    let flagged: BTreeSet<PathBuf> = listed.iter().filter_map(|line| unwatched(line)).collect();
    if flagged.is_empty() {
        return Ok(());
    }
    let differing = run_well(session, &rewrite.differing(from, to), UNSEEN)?.paths();
    for file in differing.iter().filter(|file| flagged.contains(*file)) {
        if edited(session, rewrite, from, file)? {
            let shown = clean_line(&file.to_string_lossy());
            let what = format!("{shown} is edited, and git is told here not to look at it");
            let word = shell_word(&file.to_string_lossy());
            return Err(Trouble::usage(what).remedy(format!(
                "git update-index --no-assume-unchanged --no-skip-worktree {word}, then commit it \
                 or lay it aside with git stash"
            )));
        }
    }
    Ok(())
}

/// The file of a line of `git ls-files -v`, where its letter says that git does not look at it:
/// small where it is taken for unchanged, S where it is left out of the work tree.
fn unwatched(line: &Path) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    let (letter, name) = line.as_os_str().as_bytes().split_at_checked(2)?;
    let hidden = letter[0].is_ascii_lowercase() || letter[0] == b'S';
    hidden.then(|| PathBuf::from(std::ffi::OsStr::from_bytes(name)))
}

/// Whether a file is there and is not as the commit has it.
fn edited(
    session: &Session<'_>,
    rewrite: &Rewrite,
    commit: &str,
    file: &Path,
) -> Result<bool, Trouble> {
    let path = rewrite.tree.join(file);
    let there = match session.bench.link_target(&path) {
        // Git keeps a link as the path that it holds.
        Some(target) => target.into_os_string().into_encoded_bytes(),
        None if session.bench.kind(&path).is_none() => return Ok(false),
        None => match session.bench.read(&path, FILE_LIMIT) {
            Ok(bytes) => bytes,
            Err(_) => return Ok(true),
        },
    };
    let meant = run(session, &rewrite.content(commit, file))?;
    Ok(!meant.ok() || meant.out != there)
}
