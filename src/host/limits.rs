//! What this user's programs may have at the same time: open files, processes. Read from Linux's
//! own files; changes none of them.

use std::path::{Path, PathBuf};

use crate::sys::System;

/// Limits; none where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Open files a program starts with.
    pub open_files: Option<u64>,
    /// Open files up to which a program may raise that itself, as Java does.
    pub most_open_files: Option<u64>,
    /// Processes and threads.
    pub processes: Option<u64>,
    /// Whether the limit of processes is a container's, not the user's.
    pub by_container: bool,
}

/// Looks at the limits of this process, which its children inherit.
///
/// # Errors
/// A fragment that says what could not be read.
pub fn look(system: &dyn System) -> Result<Limits, String> {
    let text = read(system, "/proc/self/limits").ok_or("/proc/self/limits cannot be read")?;
    let mut limits = from_text(&text).ok_or("/proc/self/limits holds no limits")?;
    let container = container_limit(system);
    if let Some(container) = container.filter(|it| limits.processes.is_none_or(|own| *it < own)) {
        limits.processes = Some(container);
        limits.by_container = true;
    }
    Ok(limits)
}

/// From the text of `/proc/self/limits`. Pure.
#[must_use]
pub fn from_text(text: &str) -> Option<Limits> {
    let row = |name: &str| {
        let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
        let mut words = rest.split_whitespace();
        let soft = words.next()?.parse().ok();
        Some((soft, words.next()?.parse().ok()))
    };
    let (open_files, most_open_files) = row("Max open files")?;
    let (processes, _) = row("Max processes")?;
    Some(Limits { open_files, most_open_files, processes, by_container: false })
}

/// The lowest `pids.max` of the control groups this process is in.
fn container_limit(system: &dyn System) -> Option<u64> {
    let groups = read(system, "/proc/self/cgroup")?;
    let limits = groups.lines().flat_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, group) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let root = match controllers {
            "" => "/sys/fs/cgroup",
            "pids" => "/sys/fs/cgroup/pids",
            _ => return Vec::new(),
        };
        let inside = Path::new(group.trim_start_matches('/'));
        let files = inside.ancestors().map(|group| Path::new(root).join(group).join("pids.max"));
        files.filter_map(|file: PathBuf| read(system, file)?.trim().parse().ok()).collect()
    });
    limits.min()
}

fn read(system: &dyn System, path: impl AsRef<Path>) -> Option<String> {
    String::from_utf8(system.read(path.as_ref(), 64 * 1024).ok()?).ok()
}
