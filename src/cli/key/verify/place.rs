//! Where a verification was started. The project around it is opened only where something depends
//! on it: reading all packs costs more than judging one commit.

use std::cell::OnceCell;
use std::path::PathBuf;

use crate::cli::Session;
use crate::cli::args::Global;
use crate::cli::settings;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::{self, Workspace};
use crate::pack::load;
use crate::signature::Listed;

/// A folder, and what lies around it.
pub(super) struct Place<'a> {
    session: &'a Session<'a>,
    global: &'a Global,
    /// The folder.
    pub(super) folder: PathBuf,
    /// The work tree around it.
    pub(super) tree: Option<PathBuf>,
    workspace: OnceCell<Workspace>,
}

impl<'a> Place<'a> {
    /// Looks where this is.
    pub(super) fn find(session: &'a Session<'a>, global: &'a Global) -> Result<Self, Trouble> {
        let (folder, tree) = workspace::place(session.bench, global)?;
        Ok(Self { session, global, folder, tree, workspace: OnceCell::new() })
    }

    /// The project.
    pub(super) fn workspace(&self) -> Result<&Workspace, Trouble> {
        if let Some(workspace) = self.workspace.get() {
            return Ok(workspace);
        }
        let stage = ["identity".to_owned()];
        let workspace = Workspace::open_for(self.session.bench, self.global, &stage)?;
        Ok(self.workspace.get_or_init(|| workspace))
    }

    /// The keys of hosting sites, as far as any of those that are listed could be one.
    pub(super) fn forge_keys(&self, listed: &Listed) -> Result<&[String], Trouble> {
        if !self.somebody_chose_packs() && !listed.names().any(is_embedded) {
            return Ok(&[]);
        }
        Ok(&self.workspace()?.project.signatures.forge_keys)
    }

    /// Whether other packs than onramp's own may say whose keys are hosting sites', or somebody
    /// named what counts of those.
    fn somebody_chose_packs(&self) -> bool {
        let own = settings::folder(self.session.bench).map(|folder| folder.join("checks"));
        let own = own.is_some_and(|folder| self.session.bench.kind(&folder).is_some());
        let Global { checks, project, policy, .. } = self.global;
        own || !checks.is_empty() || project.is_some() || policy.is_some()
    }
}

/// Whether onramp's own packs speak of a key: by its long id, the end of its fingerprint.
fn is_embedded(name: &str) -> bool {
    let id = name.get(name.len().saturating_sub(16)..).unwrap_or(name);
    load::embedded_speak_of(&id.to_ascii_uppercase())
        || load::embedded_speak_of(&id.to_ascii_lowercase())
}
