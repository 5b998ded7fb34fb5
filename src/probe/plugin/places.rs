//! Where plug-ins are found: folders the user chose, in order, then PATH. Looks only; a program
//! that lies in the work tree is refused, however it is reached.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::plan::Run;
use crate::sys::{Kind, System};

use super::About;

/// What the name of every plug-in's program begins with.
pub(super) const PREFIX: &str = "onramp-probe-";
/// The folder beside the packs that holds their plug-ins.
pub const FOLDER: &str = "_probes";

/// Where plug-ins are looked for, and what they are asked about.
#[derive(Debug, Clone, Default)]
pub struct Plugins {
    /// Folders of the user's; the first that holds a plug-in counts, and all of them before PATH.
    pub places: Vec<PathBuf>,
    /// The folder with a copy of what a trusted work tree brings, which the user's own go before;
    /// or why there is none.
    pub brought: Option<Result<PathBuf, String>>,
    /// The work tree, nothing of which runs where it lies.
    pub tree: Option<PathBuf>,
    /// What this run looks at.
    pub about: About,
}

impl Plugins {
    /// The same, asked about what this run looks at.
    #[must_use]
    pub fn about(&self, run: &Run) -> Self {
        let Run { tree, deep, offline, .. } = run;
        let about = About { tree: tree.clone(), deep: *deep, offline: *offline };
        Self { about, ..self.clone() }
    }

    /// The program of a plug-in; `None` where there is none.
    ///
    /// # Errors
    /// Why one that is there is not run.
    pub fn find(&self, system: &dyn System, name: &str) -> Result<Option<PathBuf>, String> {
        if !is_name(name) {
            return Ok(None);
        }
        let file = format!("{PREFIX}{name}");
        let inside = |folder: &PathBuf| {
            Some(folder.join(&file)).filter(|program| system.kind(program) == Some(Kind::File))
        };
        let own = self.places.iter().find_map(inside).or_else(|| system.find_program(&file));
        let program = match (own, &self.brought) {
            (Some(program), _) => program,
            (None, None) => return Ok(None),
            (None, Some(Ok(folder))) => match inside(folder) {
                Some(program) => program,
                None => return Ok(None),
            },
            (None, Some(Err(reason))) => {
                return Err(format!("what the work tree brings could not be copied: {reason}"));
            }
        };
        self.outside(system, program).map(Some)
    }

    /// The names of all plug-ins that are there.
    #[must_use]
    pub fn names(&self, system: &dyn System) -> Vec<String> {
        let path = system.env("PATH").unwrap_or_default();
        let searched: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let brought = self.brought.iter().flatten();
        let folders = self
            .places
            .iter()
            .chain(brought)
            .chain(&searched)
            .filter(|folder| folder.is_absolute());
        let files = folders.flat_map(|folder| system.list(folder).unwrap_or_default());
        let names = files.filter_map(|file| {
            let name = file.to_str()?.strip_prefix(PREFIX)?;
            is_name(name).then(|| name.to_owned())
        });
        names.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// PATH as a plug-in gets it: no folder that depends on where one stands, and none of the work
    /// tree, which would choose what the plug-in runs.
    pub(super) fn path(&self, system: &dyn System) -> OsString {
        let path = system.env("PATH").unwrap_or_default();
        let kept = std::env::split_paths(&path)
            .filter(|folder| folder.is_absolute() && !self.in_tree(system, folder));
        std::env::join_paths(kept).unwrap_or_default()
    }

    fn outside(&self, system: &dyn System, program: PathBuf) -> Result<PathBuf, String> {
        if !self.in_tree(system, &program) {
            return Ok(program);
        }
        Err(format!(
            "{} belongs to the work tree, and looking runs nothing of it: copy the program to a \
             folder outside that is on your PATH",
            program.display()
        ))
    }

    fn in_tree(&self, system: &dyn System, path: &Path) -> bool {
        let Some(tree) = &self.tree else { return false };
        let tree = system.real_path(tree).unwrap_or_else(|_| tree.clone());
        let real = system.real_path(path).unwrap_or_else(|_| path.to_owned());
        // Both as written, too: a folder of the tree is no way out of it by a link.
        real.starts_with(&tree) || path.starts_with(&tree)
    }
}

/// Whether a check may name a plug-in so: nothing that a path is made of.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    !name.is_empty() && name.len() <= 100 && name.chars().all(fits)
}
