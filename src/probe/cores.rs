//! Processor cores this process may use. Never judges whether they are enough.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::observation::Unknown;

/// Counts cores.
pub struct Cores;

/// Takes none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {}

/// The count.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always.
    present: bool,
    /// Cores this process may use, container limits honoured.
    count: usize,
}

impl Kind for Cores {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "cores";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[]);

    fn observe(world: World<'_>, _: Arguments) -> Result<Found, Unknown> {
        Ok(Found { present: true, count: world.system.cores() })
    }
}
