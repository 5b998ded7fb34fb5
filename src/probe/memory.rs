//! Main memory this process may use. Never judges whether it is enough.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::host;
use crate::observation::Unknown;

/// Looks at main memory.
pub struct Memory;

/// Takes none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {}

/// Bytes of main memory.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always.
    present: bool,
    /// What this process may use: the machine's memory, or the container's limit below it.
    usable: u64,
    /// What the machine has.
    total: u64,
    /// What is free or can be freed at once; none where the system does not tell.
    available: Option<u64>,
    /// The container's limit, where it is lower than the machine's memory.
    limit: Option<u64>,
}

impl Kind for Memory {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "memory";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[]);

    fn observe(world: World<'_>, _: Arguments) -> Result<Found, Unknown> {
        let memory = host::memory::look(world.system).map_err(Unknown)?;
        let host::memory::Memory { usable, total, available, limit } = memory;
        Ok(Found { present: true, usable, total, available, limit })
    }
}
