//! What Maven's settings say, and whether Maven could read them at all. No password and no user
//! name is read; judges nothing.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::maven::{locate, options, settings};
use crate::observation::Unknown;
use crate::sys::System;

/// Looks at Maven's settings.
pub struct MavenSettings;

/// Where to look.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// The work tree, for its `.mvn/maven.config`.
    #[serde(default)]
    tree: Option<String>,
}

/// A mirror.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Mirror {
    /// Its id.
    id: String,
    /// What it stands in for.
    of: String,
    /// Its address, without login.
    url: String,
    /// Maven refuses to ask it.
    blocked: bool,
}

/// A settings file that Maven could not read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// The file.
    file: String,
    /// The line, where one is to blame.
    line: Option<u64>,
    /// What is wrong there.
    what: String,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Whether there is a settings file of the user's.
    present: bool,
    /// Where that is.
    file: Option<String>,
    /// Why Maven could not read it, or the installation's.
    problem: Option<Problem>,
    /// What tells Maven never to use the network: a file, a variable; none where nothing does.
    offline_by: Option<String>,
    /// Mirrors in the order Maven asks them.
    mirrors: Vec<Mirror>,
}

impl Kind for MavenSettings {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "maven_settings";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[("tree", super::THIS_TREE)]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let tree = arguments.tree.as_deref().map(Path::new);
        let home = locate::locate(world.system).and_then(|maven| maven.home);
        let file = world.system.home().map(|home| home.join(".m2/settings.xml"));
        let file = file.filter(|file| world.system.kind(file).is_some());
        let (settings, problem) = match settings::load(world.system, home.as_deref()) {
            Ok(settings) => (settings, None),
            Err(error) => (settings::Settings::default(), Some(error)),
        };
        Ok(Found {
            present: file.is_some(),
            file: file.map(|file| file.to_string_lossy().into_owned()),
            offline_by: settings
                .offline
                .then(|| "settings.xml".to_owned())
                .or_else(|| offline_option(world.system, tree)),
            mirrors: settings.mirrors.into_iter().map(mirror).collect(),
            problem: problem.map(|error| Problem {
                file: error.file.to_string_lossy().into_owned(),
                line: error.line,
                what: error.what,
            }),
        })
    }
}

fn mirror(mirror: settings::Mirror) -> Mirror {
    let settings::Mirror { id, mirror_of, url, blocked } = mirror;
    Mirror { id, of: mirror_of, url, blocked }
}

fn offline_option(system: &dyn System, tree: Option<&Path>) -> Option<String> {
    let words = options::of_maven(system, tree);
    let word = words.iter().find(|word| ["-o", "--offline"].contains(&word.text.as_str()))?;
    Some(format!("{} in {}", word.text, word.place))
}
