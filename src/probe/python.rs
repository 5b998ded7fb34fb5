//! The Python on PATH, its version, and whether packages are there for it. Told from files; no
//! Python is started.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::host::python::{self, Python as Located};
use crate::observation::Unknown;

/// Looks for Python.
pub struct Python;

/// Which one, and what for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// The program's name on PATH; `python3` where not given.
    #[serde(default)]
    name: Option<String>,
    /// The work tree: version managers choose by folder.
    #[serde(default)]
    tree: Option<String>,
    /// Packages and modules to look for.
    #[serde(default)]
    packages: Vec<String>,
}

/// A package.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Package {
    /// Its name.
    name: String,
    /// Where it lies; none where it is not there.
    path: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Whether the program is on PATH.
    present: bool,
    /// The name asked for.
    name: String,
    /// Where it is, links not resolved.
    path: Option<String>,
    /// Its installation or virtual environment.
    home: Option<String>,
    /// Its version, at least the first two numbers; none where files do not tell.
    version: Option<String>,
    /// The version manager and the file that chose it.
    chosen_by: Option<String>,
    /// Why it would not start.
    problem: Option<String>,
    /// Why files do not tell which one it is.
    untold: Option<String>,
    /// The packages asked for.
    packages: Vec<Package>,
    /// Names of those that are not there.
    missing: Vec<String>,
}

impl Kind for Python {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "python";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[("tree", super::THIS_TREE)]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let tree = arguments.tree.as_deref().map(Path::new);
        let name = arguments.name.unwrap_or_else(|| "python3".to_owned());
        let located = python::find(world.system, &name, tree);
        let place = |package: &str| {
            let python = located.as_ref()?;
            Some(python.package(world.system, package)?.to_string_lossy().into_owned())
        };
        let packages: Vec<Package> = arguments
            .packages
            .into_iter()
            .map(|name| Package { path: place(&name), name })
            .collect();
        let missing = packages.iter().filter(|package| package.path.is_none());
        let missing = missing.map(|package| package.name.clone()).collect();
        Ok(found(name, located, packages, missing))
    }
}

fn found(
    name: String,
    located: Option<Located>,
    packages: Vec<Package>,
    missing: Vec<String>,
) -> Found {
    let present = located.is_some();
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let of = |part: fn(&Located) -> Option<String>| located.as_ref().and_then(part);
    Found {
        present,
        name,
        path: located.as_ref().map(|python| text(&python.program)),
        home: located.as_ref().and_then(|python| python.home.as_deref()).map(text),
        version: of(|python| python.version.clone()),
        chosen_by: of(|python| python.chosen_by.clone()),
        problem: of(|python| python.problem.clone()),
        untold: of(|python| python.untold.clone()),
        packages,
        missing,
    }
}
