//! Where a clone goes: the target, the hidden folder beside it, the room there. Writes nothing.

use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::super::trouble::Trouble;
use super::steps::Job;
use crate::git::adopt::recognise;
use crate::sys::{Kind, System};

/// The absolute path of the folder to make.
pub(super) fn target(system: &dyn System, folder: &Path) -> Result<PathBuf, Trouble> {
    let here = system
        .current_dir()
        .map_err(|error| Trouble::usage(format!("the current folder cannot be read: {error}")))?;
    let target = here.join(folder);
    let (Some(name), Some(parent)) = (target.file_name(), target.parent()) else {
        return Err(Trouble::usage(format!("{} cannot be a new folder", folder.display())));
    };
    if target.components().any(|part| part == Component::ParentDir) {
        let parent = system.real_path(parent).map_err(|error| no_parent(parent, &error))?;
        return Ok(parent.join(name));
    }
    match system.kind(parent) {
        Some(Kind::Folder) => Ok(target),
        Some(_) => Err(Trouble::usage(format!("{} is not a folder", parent.display()))),
        None => Err(no_parent(parent, &io::ErrorKind::NotFound.into())),
    }
}

fn no_parent(parent: &Path, error: &io::Error) -> Trouble {
    let parent = parent.display();
    Trouble::usage(format!("{parent} cannot be entered: {error}"))
        .remedy(format!("make it first: mkdir -p {parent}"))
}

/// The folder where the work is done: beside the target, so that one rename ends it.
pub(super) fn hidden(target: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".onramp-clone");
    target.with_file_name(name)
}

/// Refuses a target that exists, saying what it is.
pub(super) fn refuse_existing(system: &dyn System, job: &Job) -> Result<(), Trouble> {
    let target = &job.target;
    if system.kind(target).is_none() && !is_dead_link(system, target) {
        return Ok(());
    }
    let (folder, place) = (job.folder.display(), target.display());
    let other = "name another folder";
    if system.kind(target) != Some(Kind::Folder) {
        return Err(Trouble::usage(format!("{place} exists and is not a folder")).remedy(other));
    }
    if system.list(target).is_ok_and(|names| names.is_empty()) {
        return Err(Trouble::usage(format!("{place} exists, though it is empty"))
            .remedy(format!("remove it (rmdir {folder}) or {other}")));
    }
    Err(match recognise(target, &job.plan.repository) {
        Some((_, true)) => {
            Trouble::usage(format!("{place} is a clone of {} already", job.plan.title))
                .remedy(format!("use it: cd {folder} && onramp clone --adopt"))
        }
        Some((remotes, false)) if remotes.is_empty() => {
            Trouble::usage(format!("{place} is a git repository of its own")).remedy(other)
        }
        Some((remotes, false)) => {
            let remotes = remotes.join(", ");
            Trouble::usage(format!("{place} is a clone of {remotes}")).remedy(other)
        }
        None => Trouble::usage(format!("{place} exists and holds other files")).remedy(other),
    })
}

/// A link that leads nowhere: nothing to look at, yet in the way.
fn is_dead_link(system: &dyn System, path: &Path) -> bool {
    let name = path.file_name().map(OsString::from);
    let names = path.parent().and_then(|parent| system.list(parent).ok()).unwrap_or_default();
    name.is_some_and(|name| names.contains(&name))
}

/// Refuses to begin where the clone would not fit.
pub(super) fn room(system: &dyn System, job: &Job) -> Result<(), Trouble> {
    let place = job.target.parent().unwrap_or(&job.target);
    // Where the file system does not say, git will.
    let Ok(space) = system.disk_space(place) else { return Ok(()) };
    if space.free >= job.needs {
        return Ok(());
    }
    Err(Trouble::failed(format!(
        "{} has {} free, and a {} clone needs about {}",
        place.display(),
        size(space.free),
        job.depth.word(),
        size(job.needs)
    ))
    .remedy("make room, name a folder on another disk, or take less with --shallow"))
}

/// Bytes as people write them.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    let unit = UNITS.iter().find(|(_, unit)| bytes >= *unit);
    unit.map_or_else(
        || format!("{bytes} bytes"),
        |(name, unit)| {
            let tenths = (u128::from(bytes) * 10 / u128::from(*unit)) as u64;
            if tenths >= 1000 || tenths.is_multiple_of(10) {
                format!("{} {name}", tenths / 10)
            } else {
                format!("{}.{} {name}", tenths / 10, tenths % 10)
            }
        },
    )
}
