//! The folder in which Maven keeps artifacts: where, whether it can be written, how much room there
//! is. Looks through it only when asked to. Removes nothing.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::maven::{local, locate, options, settings};
use crate::observation::Unknown;
use crate::sys::Kind as PathKind;

/// Most leftovers named.
const NAMED: usize = 20;

/// Looks at the local repository.
pub struct LocalRepository;

/// How far to go.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// The work tree, for its `.mvn` folder.
    #[serde(default)]
    tree: Option<String>,
    /// Look through it for what failed downloads left.
    #[serde(default)]
    search: Option<bool>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Whether it is there yet; Maven makes it when it needs it.
    present: bool,
    /// Where it is or will be.
    path: String,
    /// The option, setting or default that says so.
    by: String,
    /// Whether it is, or its nearest folder is, one that this user may write to.
    writable: bool,
    /// Whether something that is no folder stands in its place.
    obstructed: bool,
    /// Bytes free there; none where the file system does not tell.
    free: Option<u64>,
    /// What failed downloads left, as paths inside it, at most twenty; none where not looked for.
    leftovers: Option<Vec<String>>,
    /// How many there are in all.
    leftovers_total: Option<u64>,
}

impl Kind for LocalRepository {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "local_repository";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> =
        Some(&[("tree", super::THIS_TREE), ("search", Given::Only(&["run.deep"]))]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let system = world.system;
        let tree = arguments.tree.as_deref().map(Path::new);
        let maven = locate::locate(system);
        let home = maven.as_ref().and_then(|maven| maven.home.as_deref());
        // Settings that cannot be read are told by a check of their own.
        let settings = settings::load(system, home).unwrap_or_default();
        let mut words = options::of_jvm(system, maven.as_ref(), tree);
        words.extend(options::of_maven(system, tree));
        let place = local::place(system, &settings, &words)
            .ok_or_else(|| Unknown::because("there is no home folder for it to lie in"))?;
        let kind = system.kind(&place.path);
        let searched = arguments.search == Some(true) && kind == Some(PathKind::Folder);
        let leftovers = searched.then(|| local::leftovers(system, &place.path, NAMED));
        let named = |(paths, _): &(Vec<std::path::PathBuf>, usize)| {
            paths.iter().map(|path| path.to_string_lossy().into_owned()).collect()
        };
        Ok(Found {
            present: kind == Some(PathKind::Folder),
            writable: system.may_write(&place.path),
            obstructed: kind.is_some_and(|kind| kind != PathKind::Folder),
            free: system.disk_space(&place.path).ok().map(|space| space.free),
            leftovers: leftovers.as_ref().map(named),
            leftovers_total: leftovers.map(|(_, total)| total as u64),
            path: place.path.to_string_lossy().into_owned(),
            by: place.by,
        })
    }
}
