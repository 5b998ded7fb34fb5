//! Looks at nothing: for checks that judge the project's own values, which every check sees as
//! `project`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::observation::Unknown;

/// The probe.
pub struct Nothing;

/// It takes nothing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {}

/// It brings nothing back.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true.
    pub present: bool,
}

impl Kind for Nothing {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "nothing";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[]);

    fn observe(_world: World<'_>, _arguments: Arguments) -> Result<Found, Unknown> {
        Ok(Found { present: true })
    }
}
