//! Maven's build-cache extension: whether a tree brings it. Reads its file, starts nothing.

use std::path::Path;

use super::xml;
use crate::sys::{System, read_in_tree};

/// Where a tree names extensions of Maven's core.
pub const PLACE: &str = ".mvn/extensions.xml";
/// The option that keeps the cache out of one build.
pub const OFF: &str = "-Dmaven.build.cache.enabled=false";
const LARGEST: u64 = 64 * 1024;

/// Whether the tree brings it. A file that cannot be read stops Maven as well, which says so.
#[must_use]
pub fn brought(system: &dyn System, tree: &Path) -> bool {
    let Some(bytes) = read_in_tree(system, tree, PLACE, LARGEST) else { return false };
    let Ok(extensions) = xml::parse(&bytes, "extensions") else { return false };
    let mut named = extensions.children.iter().filter_map(|one| one.text_of("artifactId"));
    named.any(|artifact| artifact == "maven-build-cache-extension")
}
