//! How many files and processes this user's programs may have at the same time. Never judges
//! whether that is enough.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::host;
use crate::observation::Unknown;

/// Looks at limits.
pub struct Limits;

/// Takes none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {}

/// Limits; none where there is none.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always.
    present: bool,
    /// Open files a program starts with.
    open_files: Option<u64>,
    /// Open files up to which a program may raise that itself, as Java does.
    most_open_files: Option<u64>,
    /// Processes and threads of this user, or of this container.
    processes: Option<u64>,
    /// Whether that limit is a container's.
    by_container: bool,
}

impl Kind for Limits {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "limits";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[]);

    fn observe(world: World<'_>, _: Arguments) -> Result<Found, Unknown> {
        let limits = host::limits::look(world.system).map_err(Unknown)?;
        let host::limits::Limits { open_files, most_open_files, processes, by_container } = limits;
        Ok(Found { present: true, open_files, most_open_files, processes, by_container })
    }
}
