//! The Maven on PATH, and the wrapper a work tree brings. Told from files; only with `deep`, and
//! only where files do not tell, `mvn -v` is asked from a neutral folder.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::maven::locate;
use crate::observation::Unknown;

/// Looks for Maven.
pub struct Maven;

/// Where to look, and how far to go.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// The work tree, for its wrapper.
    tree: Option<String>,
    /// Ask `mvn` itself where its files do not tell.
    deep: Option<bool>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Whether `mvn` is on PATH.
    present: bool,
    /// `mvn` as found on PATH.
    path: Option<String>,
    /// Its home, links resolved.
    home: Option<String>,
    /// Its version.
    version: Option<String>,
    /// How `mvn` leads there, such as `links`; none where it lies there itself.
    how: Option<String>,
    /// Why the version is not told.
    reason: Option<String>,
    /// Variables that name another Maven, each as a fragment.
    notes: Vec<String>,
    /// The work tree's own wrapper.
    wrapper: Option<Wrapper>,
}

/// A Maven wrapper.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Wrapper {
    /// The version it downloads.
    version: Option<String>,
    /// Its properties file, relative to the tree.
    path: String,
}

impl Kind for Maven {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "maven";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> =
        Some(&[("tree", super::THIS_TREE), ("deep", Given::Only(&["run.deep"]))]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let located = locate::identify(world.system);
        let present = located.is_some();
        let mut located = located.unwrap_or_default();
        if present && located.version.is_none() && arguments.deep == Some(true) {
            match locate::ask(world.system, &located.path) {
                Ok(version) => {
                    located.version = Some(version);
                    located.reason = None;
                }
                Err(reason) => located.reason = Some(reason),
            }
        }
        let tree = arguments.tree.as_deref().map(Path::new);
        let wrapper = tree.and_then(|tree| locate::wrapper(world.system, tree));
        Ok(Found {
            present,
            path: present.then(|| located.path.to_string_lossy().into_owned()),
            home: located.home.map(|home| home.to_string_lossy().into_owned()),
            version: located.version,
            how: Some(located.how).filter(|how| !how.is_empty()),
            reason: located.reason,
            notes: located.notes,
            wrapper: wrapper.map(|it| Wrapper { version: it.version, path: it.path }),
        })
    }
}
