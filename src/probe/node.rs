//! The Node.js and npm on PATH, and whether the work tree shows that they are used there. npm is
//! never started; `node` only where no file tells its version.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::host::node;
use crate::observation::Unknown;
use crate::version;

/// Looks for Node.js.
pub struct Node;

/// Where to look.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// The work tree: version managers choose by folder.
    #[serde(default)]
    tree: Option<String>,
    /// Files and folders of the tree that show that it is used.
    #[serde(default)]
    signs: Vec<String>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Whether `node` is on PATH.
    present: bool,
    /// Where it is.
    path: Option<String>,
    /// Its version; none where it cannot be told.
    version: Option<String>,
    /// Its major release, such as 16.
    major: Option<u64>,
    /// The version manager and the file that chose it.
    chosen_by: Option<String>,
    /// Why it would not start.
    problem: Option<String>,
    /// Why the version is not told.
    untold: Option<String>,
    /// Where `npm` is; none where it is not on PATH.
    npm: Option<String>,
    /// The signs that are there.
    signs: Vec<String>,
}

impl Kind for Node {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "node";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[("tree", super::THIS_TREE)]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let Arguments { tree, mut signs } = arguments;
        let system = world.system;
        let tree = tree.as_deref().map(Path::new);
        signs.retain(|sign| tree.is_some_and(|tree| system.kind(&tree.join(sign)).is_some()));
        let npm = system.find_program("npm").map(|npm| npm.to_string_lossy().into_owned());
        // Nobody asks for the version where nothing here is made with it.
        let node = if signs.is_empty() { None } else { node::find(system, tree) };
        let present = node.is_some() || system.find_program("node").is_some();
        let version = node.as_ref().and_then(|node| node.version.clone());
        Ok(Found {
            present,
            path: node.as_ref().map(|node| node.program.to_string_lossy().into_owned()),
            major: version.as_deref().and_then(version::read).map(|version| version.major),
            version,
            chosen_by: node.as_ref().and_then(|node| node.chosen_by.clone()),
            problem: node.as_ref().and_then(|node| node.problem.clone()),
            untold: node.and_then(|node| node.untold),
            npm,
            signs,
        })
    }
}
