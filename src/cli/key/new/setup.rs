//! What git is told now, for all repositories and here, and the files that would be written.
//! Reads only.

use std::path::{Path, PathBuf};

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::fix::needs::settings_file;
use crate::cli::trouble::Trouble;
use crate::cli::workspace;
use crate::fix::Place;
use crate::git::{Scope, Setting};
use crate::sys::System;

/// What is asked of git.
const NAMES: [&str; 5] =
    ["user.name", "user.email", "user.signingkey", "gpg.format", "commit.gpgsign"];
/// One line with a path.
const PATH_LIMIT: u64 = 64 << 10;

/// git's settings as they are.
pub(super) struct Setup {
    /// The work tree that this was started in.
    pub(super) tree: Option<PathBuf>,
    everywhere: Vec<Setting>,
    here: Vec<Setting>,
}

impl Setup {
    /// Reads what git would.
    pub(super) fn read(session: &Session<'_>, global: &Global) -> Self {
        let git = session.machine.world().git;
        let folder = workspace::folder(session.bench, global).ok();
        let tree = folder.and_then(|folder| workspace::tree_around(session.bench, &folder));
        let everywhere = git.settings(None, &NAMES).unwrap_or_default();
        let here = tree.as_deref().map(|tree| git.settings(Some(tree), &NAMES));
        let here = here.and_then(Result::ok).unwrap_or_else(|| everywhere.clone());
        Self { tree, everywhere, here }
    }

    /// The setting that takes effect where this was started.
    pub(super) fn here(&self, name: &str) -> Option<&Setting> {
        self.here.iter().find(|setting| setting.name == name)
    }

    /// The setting that takes effect where one is to be written.
    pub(super) fn at(&self, place: &Place, name: &str) -> Option<&Setting> {
        let settings = if *place == Place::User { &self.everywhere } else { &self.here };
        settings.iter().find(|setting| setting.name == name)
    }

    /// What this clone sets itself, which wins over what is set for all repositories.
    pub(super) fn own(&self, name: &str) -> Option<&Setting> {
        self.here(name).filter(|setting| setting.scope == Scope::Tree)
    }

    /// The file of the user's settings.
    pub(super) fn user_file(system: &dyn System) -> Result<PathBuf, Trouble> {
        settings_file(system).ok_or_else(|| {
            Trouble::failed(
                "the file of your git settings cannot be told: GIT_CONFIG_GLOBAL is a relative \
                 path, or there is no home folder",
            )
            .remedy("set HOME, or give GIT_CONFIG_GLOBAL as a whole path")
        })
    }

    /// The file of this clone's settings.
    pub(super) fn clone_file(&self, session: &Session<'_>) -> Result<PathBuf, Trouble> {
        let none = || {
            Trouble::usage("--local sets up a clone, and this folder lies in none")
                .remedy("run it inside the clone, name that with -C, or say --global")
        };
        let tree = self.tree.as_deref().ok_or_else(none)?;
        let state = session.machine.world().git.state(tree);
        let state = state.map_err(|error| Trouble::failed(error.to_string()))?;
        Ok(common(session.bench, Path::new(&state.git_folder)).join("config"))
    }
}

/// The folder that linked work trees share.
fn common(system: &dyn System, git_folder: &Path) -> PathBuf {
    let named = system.read(&git_folder.join("commondir"), PATH_LIMIT).ok();
    let named = named.and_then(|bytes| String::from_utf8(bytes).ok());
    let joined = named.map(|text| git_folder.join(text.trim_end()));
    let real = joined.and_then(|path| system.real_path(&path).ok());
    real.unwrap_or_else(|| git_folder.to_owned())
}
