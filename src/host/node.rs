//! The Node.js on PATH, told from files where they tell: the name of its folder, the header it
//! installs. Otherwise the program itself states its version, which is quick; npm is never started.

use std::path::{Path, PathBuf};

use super::managers::{self, Lead};
use crate::sys::{Command, System};
use crate::version;

/// A Node.js on PATH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// As found on PATH.
    pub program: PathBuf,
    /// Its version, such as `16.20.2`; none where it cannot be told.
    pub version: Option<String>,
    /// The version manager and the file that chose it.
    pub chosen_by: Option<String>,
    /// Why the program would not start.
    pub problem: Option<String>,
    /// Why the version is not told.
    pub untold: Option<String>,
}

/// The Node.js on PATH, as it is chosen in `tree`.
#[must_use]
pub fn find(system: &dyn System, tree: Option<&Path>) -> Option<Node> {
    let program = system.find_program("node")?;
    let mut node = Node {
        program: program.clone(),
        version: None,
        chosen_by: None,
        problem: None,
        untold: None,
    };
    match managers::follow(system, managers::NODE, &program, "node", tree) {
        Lead::Broken(reason) => node.problem = Some(reason),
        Lead::Untold(reason) => node.untold = Some(reason),
        Lead::Program(program, by) => {
            node.chosen_by = by;
            match version_of(system, &program) {
                Ok(version) => node.version = Some(version),
                Err(reason) => node.untold = Some(reason),
            }
        }
    }
    Some(node)
}

fn version_of(system: &dyn System, program: &Path) -> Result<String, String> {
    let real = system.real_path(program).unwrap_or_else(|_| program.to_owned());
    let home = real.parent().and_then(Path::parent).unwrap_or(Path::new("/"));
    if let Some(version) = from_folder(home).or_else(|| from_header(system, home)) {
        return Ok(version);
    }
    // A link that leads to a program of another name is a manager's, which may load a release.
    if real.file_name().is_some_and(|name| name != "node" && name != "nodejs") {
        return Err(format!("{} is a link to {}", program.display(), real.display()));
    }
    let output = system.run(&Command::question(program).args(["--version"]));
    let output = output.map_err(|error| error.to_string())?;
    let version = output.text().trim().trim_start_matches('v').to_owned();
    let told = version::read(&version).is_some();
    told.then_some(version).ok_or_else(|| "`node --version` names no version".to_owned())
}

/// nvm, fnm, n and Homebrew name the folder, or the one around `installation`, after the release.
fn from_folder(home: &Path) -> Option<String> {
    let home = if home.ends_with("installation") { home.parent()? } else { home };
    let name = home.file_name()?.to_str()?.trim_start_matches('v');
    (name.split('.').count() == 3 && version::read(name).is_some()).then(|| name.to_owned())
}

fn from_header(system: &dyn System, home: &Path) -> Option<String> {
    // In /usr the header may be another release's.
    if home == Path::new("/usr") {
        return None;
    }
    let bytes = system.read(&home.join("include/node/node_version.h"), 64 * 1024).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let number = |name: &str| {
        let mut lines = text.lines().filter_map(|line| line.strip_prefix("#define "));
        lines.find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok())
    };
    let parts = (number("NODE_MAJOR_VERSION "), number("NODE_MINOR_VERSION "));
    let (major, minor) = (parts.0?, parts.1?);
    Some(format!("{major}.{minor}.{}", number("NODE_PATCH_VERSION ")?))
}
