//! The file system that a path lies on: its kind and how it is mounted, from Linux's own table.
//! Mounts nothing.

use std::path::{Path, PathBuf};

use crate::sys::System;

const LARGEST: u64 = 4 << 20;

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Where it is mounted.
    pub point: PathBuf,
    /// Its kind, such as `ext4`.
    pub kind: String,
    /// What is mounted.
    pub source: String,
    /// Options of this mount and of the file system.
    pub options: Vec<String>,
}

impl Mount {
    /// Whether it is a drive of Windows, seen from its subsystem for Linux.
    #[must_use]
    pub fn is_windows_drive(&self) -> bool {
        let named = |option: &String| option.contains("aname=drvfs");
        self.kind == "drvfs" || self.kind == "9p" && self.options.iter().any(named)
    }

    /// Whether it carries this option.
    #[must_use]
    pub fn has(&self, option: &str) -> bool {
        self.options.iter().any(|known| known == option)
    }
}

/// The mount that `path`, links resolved as far as it exists, lies on; `None` where the system has
/// no such table.
#[must_use]
pub fn of(system: &dyn System, path: &Path) -> Option<Mount> {
    let bytes = system.read(Path::new("/proc/self/mountinfo"), LARGEST).ok()?;
    let real = path.ancestors().find_map(|part| {
        let rest = path.strip_prefix(part).ok()?;
        Some(system.real_path(part).ok()?.join(rest))
    });
    let real = real.unwrap_or_else(|| path.to_owned());
    // Of two mounts at one place the later one hides the other.
    let text = String::from_utf8_lossy(&bytes);
    let above =
        text.lines().filter(|line| point(line).is_some_and(|point| real.starts_with(point)));
    above.filter_map(line).max_by_key(|mount| mount.point.components().count())
}

/// Reads the text of `/proc/self/mountinfo`. Pure.
#[must_use]
pub fn read(text: &str) -> Vec<Mount> {
    text.lines().filter_map(line).collect()
}

/// Where the file system of a line is mounted.
fn point(line: &str) -> Option<PathBuf> {
    line.split(' ').nth(4).map(|point| PathBuf::from(unescaped(point)))
}

/// `36 35 98:0 / /mnt rw,noatime master:1 - ext3 /dev/root rw,errors=continue`
fn line(line: &str) -> Option<Mount> {
    let (mount, system) = line.split_once(" - ")?;
    let mut mount = mount.split(' ').skip(4);
    let (point, options) = (mount.next()?, mount.next()?);
    let mut system = system.split(' ');
    let (kind, source) = (system.next()?, system.next()?);
    let options = options.split(',').chain(system.next().unwrap_or("").split([',', ';']));
    Some(Mount {
        point: PathBuf::from(unescaped(point)),
        kind: kind.to_owned(),
        source: unescaped(source),
        options: options.map(str::to_owned).collect(),
    })
}

/// Blanks and the like are written as `\040`.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let code = after.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match code {
            Some(code) => {
                out.push(char::from(code));
                rest = &after[3..];
            }
            None => {
                out.push('\\');
                rest = after;
            }
        }
    }
    out + rest
}
