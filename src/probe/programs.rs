//! Whether programs are on PATH, without starting any, and whether the work tree shows that they
//! are used there. Never judges which of them is needed, and looks for nobody who is not trusted:
//! a name may be a path.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, World};
use crate::host::stand_in::find_real_program;
use crate::observation::Unknown;

/// Looks for programs.
pub struct Programs;

/// Which programs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Their names.
    names: Vec<String>,
    /// The work tree.
    #[serde(default)]
    tree: Option<String>,
    /// Files and folders of the tree that show that they are used.
    #[serde(default)]
    signs: Vec<String>,
}

/// One program.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Program {
    /// Its name.
    name: String,
    /// Where it is; none where it is not on PATH.
    path: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Whether any of them is on PATH.
    present: bool,
    /// The first that is, by name.
    name: Option<String>,
    /// Where that one is.
    path: Option<String>,
    /// All of them, in the order asked.
    programs: Vec<Program>,
    /// Names of those that are not on PATH.
    missing: Vec<String>,
    /// The signs that are there.
    signs: Vec<String>,
}

impl Kind for Programs {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "programs";

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let Arguments { names, tree, mut signs } = arguments;
        let tree = tree.as_deref().map(Path::new);
        signs.retain(|sign| tree.is_some_and(|tree| world.system.kind(&tree.join(sign)).is_some()));
        let programs: Vec<Program> = names
            .into_iter()
            .map(|name| {
                let path = find_real_program(world.system, &name);
                Program { path: path.map(|path| path.to_string_lossy().into_owned()), name }
            })
            .collect();
        let first = programs.iter().find(|program| program.path.is_some());
        let missing = programs.iter().filter(|program| program.path.is_none());
        Ok(Found {
            present: first.is_some(),
            name: first.map(|program| program.name.clone()),
            path: first.and_then(|program| program.path.clone()),
            missing: missing.map(|program| program.name.clone()).collect(),
            programs,
            signs,
        })
    }
}
