//! Looks at any of git's settings that take effect, each with the file it stands in. Changes none,
//! and looks for nobody who is not trusted: some settings are passwords.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::unknown;
use super::{Kind, World};
use crate::git::Setting;
use crate::observation::Unknown;

/// The probe.
pub struct GitSettings;

/// Which settings, and where to read them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// A folder in a work tree, whose own settings count too.
    #[serde(default)]
    pub tree: Option<String>,
    /// Names as `core.autocrlf`, each with the values to look for in lower case, one or a list.
    pub values: BTreeMap<String, Vec<String>>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true: a setting that nobody makes is simply not there.
    pub present: bool,
    /// The settings that have one of these values; an empty list of values stands for any.
    pub settings: Vec<Setting>,
}

impl Kind for GitSettings {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "git_settings";

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let tree = arguments.tree.as_deref().map(Path::new);
        let names: Vec<&str> = arguments.values.keys().map(String::as_str).collect();
        let mut settings = world.git.settings(tree, &names).map_err(unknown)?;
        settings.retain(|setting| {
            arguments.values.get(&setting.name).is_some_and(|values| {
                values.is_empty() || values.contains(&setting.value.to_lowercase())
            })
        });
        Ok(Found { present: true, settings })
    }
}
