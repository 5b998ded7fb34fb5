//! Programs that are not what their name says. Starts none of them.

use std::path::{Path, PathBuf};

use crate::sys::System;

/// The program of that name on PATH, unless it is one of those that macOS puts into `/usr/bin` and
/// that only ask, in a window, to install the developer tools.
#[must_use]
pub fn find_real_program(system: &dyn System, name: &str) -> Option<PathBuf> {
    system.find_program(name).filter(|path| !is_stand_in(system, path, name))
}

fn is_stand_in(system: &dyn System, path: &Path, name: &str) -> bool {
    const STAND_INS: [&str; 4] = ["git", "python3", "make", "gcc"];
    const TOOLS: [&str; 3] = [
        "/Library/Developer/CommandLineTools/usr/bin",
        "/var/db/xcode_select_link/usr/bin",
        "/Applications/Xcode.app/Contents/Developer/usr/bin",
    ];
    STAND_INS.contains(&name)
        && path.starts_with("/usr/bin")
        && system.platform().os == "macos"
        && !TOOLS.iter().any(|folder| system.kind(&Path::new(folder).join(name)).is_some())
}
