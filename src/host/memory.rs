//! Main memory, as far as this process may use it: what the machine has, less what a container's
//! limit takes away. Reads files, and on macOS asks `sysctl`; judges nothing.

use std::path::{Path, PathBuf};

use crate::sys::{Command, System};

/// Main memory in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// What this process may use: the machine's, or the container's limit where that is lower.
    pub usable: u64,
    /// What the machine has.
    pub total: u64,
    /// What is free or can be freed at once, within the limit; not told on macOS.
    pub available: Option<u64>,
    /// The container's limit, where one is set below the machine's memory.
    pub limit: Option<u64>,
}

/// Looks at this machine's memory.
///
/// # Errors
/// A fragment that says what could not be read.
pub fn look(system: &dyn System) -> Result<Memory, String> {
    if system.platform().os == "macos" {
        return look_at_macos(system);
    }
    let text = read(system, "/proc/meminfo").ok_or("/proc/meminfo cannot be read")?;
    from_meminfo(&text, container_limit(system))
        .ok_or_else(|| "/proc/meminfo names no MemTotal".to_owned())
}

/// From the text of `/proc/meminfo` and a container's limit in bytes. Pure.
#[must_use]
pub fn from_meminfo(text: &str, limit: Option<u64>) -> Option<Memory> {
    let field = |name: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let kibibytes: u64 = value.trim().trim_end_matches("kB").trim().parse().ok()?;
        Some(kibibytes.saturating_mul(1024))
    };
    let total = field("MemTotal")?;
    let limit = limit.filter(|limit| *limit < total);
    let usable = limit.unwrap_or(total);
    Some(Memory { usable, total, available: field("MemAvailable").map(|a| a.min(usable)), limit })
}

fn look_at_macos(system: &dyn System) -> Result<Memory, String> {
    let program = system.find_program("sysctl").unwrap_or_else(|| "/usr/sbin/sysctl".into());
    let question = Command::question(program).args(["-n", "hw.memsize"]);
    let answer = system.run(&question).map_err(|error| error.to_string())?;
    let total = answer.text().trim().parse().map_err(|_| "sysctl names no memory size")?;
    Ok(Memory { usable: total, total, available: None, limit: None })
}

/// The lowest limit of the control groups this process is in, in version 2 or version 1.
fn container_limit(system: &dyn System) -> Option<u64> {
    let groups = read(system, "/proc/self/cgroup")?;
    let limits = groups.lines().flat_map(|line| limits_of(system, line));
    limits.min()
}

/// Limits of one line of `/proc/self/cgroup` such as `0::/user.slice` or `4:memory:/docker/1f`,
/// from the group itself up to the root: a container often sees itself as the root.
fn limits_of(system: &dyn System, line: &str) -> Vec<u64> {
    let mut parts = line.splitn(3, ':').skip(1);
    let (Some(controllers), Some(group)) = (parts.next(), parts.next()) else { return Vec::new() };
    let (root, file) = if controllers.is_empty() {
        ("/sys/fs/cgroup", "memory.max")
    } else if controllers.split(',').any(|name| name == "memory") {
        ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
    } else {
        return Vec::new();
    };
    let inside = Path::new(group.trim_start_matches('/'));
    let groups = inside.ancestors().map(|group| Path::new(root).join(group).join(file));
    groups.filter_map(|path: PathBuf| read(system, path)?.trim().parse().ok()).collect()
}

fn read(system: &dyn System, path: impl AsRef<Path>) -> Option<String> {
    String::from_utf8(system.read(path.as_ref(), 64 * 1024).ok()?).ok()
}
