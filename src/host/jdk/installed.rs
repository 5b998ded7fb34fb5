//! Every JDK on this machine, in the folders where packages, installers and version managers of
//! Linux and macOS put them. One level deep, each real folder once; starts nothing.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::home::{self, Jdk};
use super::shims::{self, bundle};
use crate::sys::System;
use crate::version;

/// Folders whose children are JDKs.
const PARENTS: [&str; 6] =
    ["/usr/lib/jvm", "/usr/lib64/jvm", "/usr/java", "/opt", "/opt/java", MACOS_PARENT];
/// The same below the user's home: macOS, SDKMAN, IDEs, Gradle.
const HOME_PARENTS: [&str; 4] =
    [MACOS_HOME_PARENT, ".sdkman/candidates/java", ".jdks", ".gradle/jdks"];
/// Folders with other children, too: only those named like a JDK are looked at.
const MIXED_PARENTS: [&str; 4] =
    ["/usr/local", "/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"];
const MACOS_PARENT: &str = "/Library/Java/JavaVirtualMachines";
const MACOS_HOME_PARENT: &str = "Library/Java/JavaVirtualMachines";

/// All JDKs and JREs, newest first, those of `known` places included.
#[must_use]
pub fn find(system: &dyn System, known: &[PathBuf]) -> Vec<Jdk> {
    let mut seen = BTreeSet::new();
    let places = places(system).into_iter().chain(known.iter().cloned());
    let mut found: Vec<Jdk> = places
        .filter_map(|place| once(system, place, &mut seen))
        .filter_map(|home| home::read(system, &home))
        .collect();
    found.sort_by_cached_key(|jdk| {
        let version = jdk.version.as_deref().and_then(version::read);
        (Reverse((jdk.feature, version)), jdk.home.clone())
    });
    found
}

/// The newest JDK where macOS looks for them, as its `java_home` would choose.
pub(super) fn newest_of_macos(system: &dyn System) -> Option<PathBuf> {
    macos_homes(system).max_by_key(|jdk| jdk.version.as_deref().and_then(version::read)).map(home)
}

/// The newest JDK of one feature release there: `java_home -v 17`.
pub(super) fn macos_by_feature(system: &dyn System, feature: u64) -> Option<PathBuf> {
    let fitting = macos_homes(system).filter(|jdk| jdk.feature == Some(feature));
    fitting.max_by_key(|jdk| jdk.version.as_deref().and_then(version::read)).map(home)
}

fn home(jdk: Jdk) -> PathBuf {
    PathBuf::from(jdk.home)
}

fn macos_homes(system: &dyn System) -> impl Iterator<Item = Jdk> {
    let own = system.home().map(|home| home.join(MACOS_HOME_PARENT));
    let parents = std::iter::once(PathBuf::from(MACOS_PARENT)).chain(own);
    let homes = parents.flat_map(move |parent| children(system, &parent));
    homes.filter_map(move |child| home::read(system, &bundle(system, child)?))
}

fn places(system: &dyn System) -> Vec<PathBuf> {
    let home = system.home().unwrap_or_default();
    let sdkman = system.env("SDKMAN_DIR").map(|root| Path::new(&root).join("candidates/java"));
    let managed = shims::ALL.iter().filter_map(|manager| manager.installs(system));
    let parents = PARENTS.iter().map(PathBuf::from);
    let parents = parents.chain(HOME_PARENTS.iter().map(|inside| home.join(inside)));
    let whole = parents.chain(sdkman).chain(managed).flat_map(|it| children(system, &it));
    let mixed = MIXED_PARENTS.iter().flat_map(|it| children(system, Path::new(it)));
    whole.chain(mixed.filter(|child| is_named_like_a_jdk(child))).collect()
}

fn children(system: &dyn System, parent: &Path) -> Vec<PathBuf> {
    let names = system.list(parent).unwrap_or_default();
    names.into_iter().map(|name| parent.join(name)).collect()
}

fn is_named_like_a_jdk(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    ["openjdk", "jdk", "java", "temurin", "graalvm"].iter().any(|start| name.starts_with(start))
}

/// The home in `place`, if it is one and not seen yet. Its real path, but for Homebrew the link,
/// which stays when a new version replaces the folder behind it.
fn once(system: &dyn System, place: PathBuf, seen: &mut BTreeSet<PathBuf>) -> Option<PathBuf> {
    let keg = place.join("libexec/openjdk.jdk/Contents/Home");
    let home = bundle(system, keg).or_else(|| bundle(system, place))?;
    let real = system.real_path(&home).ok()?;
    if !seen.insert(real.clone()) {
        return None;
    }
    let kept = real.components().any(|part| part.as_os_str() == "Cellar");
    Some(if kept { home } else { real })
}
