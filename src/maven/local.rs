//! The local repository: where it lies, what decides that, and what failed downloads left in it.
//! Removes and changes nothing.

use std::path::{Path, PathBuf};

use super::options::Word;
use super::pom::Pom;
use super::settings::Settings;
use crate::sys::{Kind, System};

/// Most folders looked into: more than the repository of many large projects holds.
const FOLDERS: usize = 200_000;
/// What Maven writes beside an artifact that it could not have.
pub(super) const LEFTOVER: &str = ".lastUpdated";

/// Where it lies and what says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The folder.
    pub path: PathBuf,
    /// The option, setting or default that names it.
    pub by: String,
}

/// Where artifacts are kept: a `maven.repo.local` among `words`, else the settings, else below
/// home. `None` without any of them.
#[must_use]
pub fn place(system: &dyn System, settings: &Settings, words: &[Word]) -> Option<Place> {
    let named = words.iter().rev().find_map(|word| {
        let path = PathBuf::from(word.text.strip_prefix("-Dmaven.repo.local=")?);
        path.is_absolute().then(|| Place { path, by: word.place.clone() })
    });
    let set = || {
        let path = settings.local_repository.clone()?;
        path.is_absolute().then(|| Place { path, by: "settings.xml".to_owned() })
    };
    let usual = || {
        let path = system.home()?.join(".m2/repository");
        Some(Place { path, by: "Maven's default".to_owned() })
    };
    named.or_else(set).or_else(usual)
}

/// Whether a module's artifact lies in the repository at `root`, as `mvn install` leaves it: its pom,
/// and the archive where its kind has one, neither of them empty.
#[must_use]
pub fn has(system: &dyn System, root: &Path, pom: &Pom) -> bool {
    let told = |value: &Option<String>| value.clone().filter(|value| !value.contains("${"));
    let (Some(group), Some(artifact), Some(version)) =
        (told(&pom.group), told(&pom.artifact), told(&pom.version))
    else {
        return false;
    };
    let folder = root.join(group.replace('.', "/")).join(&artifact).join(&version);
    let archive = match pom.packaging.as_str() {
        "jar" | "bundle" | "maven-plugin" | "ejb" => Some("jar"),
        "war" => Some("war"),
        _ => None,
    };
    // A file that cannot be read within no bytes is there and holds some.
    let holds = |ending: &str| {
        let read = system.read(&folder.join(format!("{artifact}-{version}.{ending}")), 0);
        read.is_err_and(|error| error.kind() == std::io::ErrorKind::FileTooLarge)
    };
    holds("pom") && archive.is_none_or(holds)
}

/// Remains of failed downloads below `root`, as paths inside it, at most `most` of them, and how
/// many there are in all.
#[must_use]
pub fn leftovers(system: &dyn System, root: &Path, most: usize) -> (Vec<PathBuf>, usize) {
    let (mut found, mut total) = (Vec::new(), 0);
    walk(system, root, &mut |path, name| {
        if name.ends_with(LEFTOVER) {
            total += 1;
            let inside = path.strip_prefix(root).unwrap_or(path);
            found.extend((found.len() < most).then(|| inside.to_owned()));
        }
    });
    found.sort();
    (found, total)
}

/// Shows `visit` the path and name of everything below `root` that is no folder, as far as a bounded
/// number of folders goes.
pub(super) fn walk(system: &dyn System, root: &Path, visit: &mut dyn FnMut(&Path, &str)) {
    let mut waiting = vec![root.to_owned()];
    let mut looked = 0;
    while let Some(folder) = waiting.pop() {
        looked += 1;
        if looked > FOLDERS {
            return;
        }
        for name in system.list(&folder).unwrap_or_default() {
            let path = folder.join(&name);
            let name = name.to_string_lossy();
            if !is_artifact_file(&name) && system.kind(&path) == Some(Kind::Folder) {
                waiting.push(path);
            } else {
                visit(&path, &name);
            }
        }
    }
}

/// Names that are never folders, so that most files need no second look.
fn is_artifact_file(name: &str) -> bool {
    [".jar", ".pom", ".sha1", ".md5", ".repositories", ".xml", ".properties", LEFTOVER]
        .iter()
        .any(|ending| name.ends_with(ending))
}
