//! Room on the disk where the clone will lie. Writes nothing to find out.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::host;
use crate::observation::Unknown;

/// Looks at a disk.
pub struct Disk;

/// Where to look.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// A path on the disk in question, which need not exist; the current folder where not given.
    path: Option<String>,
}

/// The room there.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always.
    present: bool,
    /// The path asked about, absolute.
    path: String,
    /// Bytes an ordinary user may still write there.
    free: u64,
    /// Size of that file system in bytes.
    total: u64,
}

impl Kind for Disk {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "disk";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> =
        Some(&[("path", Given::Only(&["run.tree", "run.destination"]))]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let asked = arguments.path.as_deref().map(Path::new);
        let room = host::disk::room(world.system, asked)
            .map_err(|error| Unknown(format!("the disk does not tell its free space: {error}")))?;
        Ok(Found {
            present: true,
            path: room.path.to_string_lossy().into_owned(),
            free: room.space.free,
            total: room.space.total,
        })
    }
}
