//! The file system that a path lies on, and what may be done there. Writes nothing to find out.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::host::mounts;
use crate::observation::Unknown;
use crate::sys::Kind as PathKind;

/// Looks at a file system.
pub struct FileSystem;

/// Where to look.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// The path, which need not exist; the current folder where not given.
    #[serde(default)]
    path: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Whether the path is there.
    present: bool,
    /// The path, absolute.
    path: String,
    /// Whether it is a folder.
    folder: bool,
    /// Length of the path in bytes.
    length: usize,
    /// Whether this user may write there, or to the nearest folder above it.
    writable: bool,
    /// Bytes free there; none where the system does not tell.
    free: Option<u64>,
    /// Where its file system is mounted; this and the rest none where the system has no such table.
    mounted_at: Option<String>,
    /// Its kind, such as `ext4`.
    kind: Option<String>,
    /// Whether it is a drive of Windows, seen from its subsystem for Linux.
    windows_drive: Option<bool>,
    /// Whether nothing can be written there by anybody.
    read_only: Option<bool>,
    /// Whether no program can be started from it.
    noexec: Option<bool>,
}

impl Kind for FileSystem {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "file_system";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[(
        "path",
        Given::Only(&["run.tree", "run.destination", "run.tree or run.destination"]),
    )]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let system = world.system;
        let here = system
            .current_dir()
            .map_err(|error| Unknown(format!("the current folder cannot be told: {error}")))?;
        let path =
            arguments.path.as_deref().map_or(here.clone(), |path| here.join(Path::new(path)));
        let mount = mounts::of(system, &path);
        let mount = mount.as_ref();
        let kind = system.kind(&path);
        Ok(Found {
            present: kind.is_some(),
            folder: kind == Some(PathKind::Folder),
            length: path.as_os_str().len(),
            writable: system.may_write(&path),
            free: system.disk_space(&path).ok().map(|space| space.free),
            mounted_at: mount.map(|mount| mount.point.to_string_lossy().into_owned()),
            kind: mount.map(|mount| mount.kind.clone()),
            windows_drive: mount.map(mounts::Mount::is_windows_drive),
            read_only: mount.map(|mount| mount.has("ro")),
            noexec: mount.map(|mount| mount.has("noexec")),
            path: path.to_string_lossy().into_owned(),
        })
    }
}
