//! What the last build of a clone came to, kept in its git folder. Read by the journey and by the
//! request's test section, which name only what really ran.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::sys::{Access, System, Workbench};

/// Name of the file in the git folder's `onramp` folder.
const FILE: &str = "build.json";
/// It is small; anything larger is not ours.
const LIMIT: u64 = 64 << 10;

/// How a build ended. Fields that a newer version adds are passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildRecord {
    /// Full id of the commit that was checked out.
    pub head: Option<String>,
    /// When it ended, seconds since the epoch.
    pub finished: i64,
    /// How long it took, in seconds.
    pub seconds: i64,
    /// Whether Maven reported success.
    pub passed: bool,
    /// Modules in it.
    pub modules: Option<usize>,
    /// Goals and options of the project.
    pub goals: String,
    /// Feature release of the JDK.
    pub jdk: Option<u64>,
    /// Version of Maven.
    pub maven: Option<String>,
    /// It did not build everything from the start: it was resumed, or had arguments of its own.
    pub partial: bool,
}

impl BuildRecord {
    /// Reads the record in `git_folder`; one that is absent or broken counts as none.
    #[must_use]
    pub fn read(system: &dyn System, git_folder: &Path) -> Option<Self> {
        let bytes = system.read(&git_folder.join("onramp").join(FILE), LIMIT).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Writes it into the git folder's `onramp` folder.
    pub(super) fn write(&self, bench: &dyn Workbench, folder: &Path) -> io::Result<()> {
        bench.write(&folder.join(FILE), &serde_json::to_vec_pretty(self)?, Access::Private)
    }
}
