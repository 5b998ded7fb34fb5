//! A work tree as far as choosing a project and reading its requirements needs it: root pom, parents
//! of it in the tree, commit. Read from plain files; runs nothing and follows no link out of the tree.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use crate::maven::pom::{self, Pom};
use crate::sys::{Kind, System, read_in_tree};

use super::model::{Detect, RawProject};
use super::refs::Refs;

/// A pom may be this long.
const POM_LIMIT: u64 = 4 << 20;
/// Parents of parents that are followed.
const GENERATIONS: usize = 5;

/// A work tree.
#[derive(Debug, Clone)]
pub struct Tree {
    /// Its top folder.
    pub root: PathBuf,
    /// Its root pom, where there is one that can be read.
    pub pom: Option<Pom>,
    /// The root pom's parents that lie in the tree, the nearest first, each with its file.
    pub parents: Vec<(String, Pom)>,
    /// The commit that is checked out, where git's files tell it.
    pub revision: Option<String>,
}

impl Tree {
    /// Reads the root pom. One that is broken counts as none: the build will say what is wrong
    /// with it, and no value is taken from it.
    #[must_use]
    pub fn read(system: &dyn System, root: &Path) -> Self {
        let (pom, parents) = family(system, root);
        let revision = Refs::of(system, root).and_then(|refs| refs.head());
        Self { root: root.to_owned(), pom, parents, revision }
    }

    /// The parent that the last known pom names, where it is not in the tree.
    #[must_use]
    pub fn released_parent(&self) -> Option<String> {
        let last = self.parents.last().map(|(_, pom)| pom).or(self.pom.as_ref())?;
        let parent = last.parent.as_ref()?;
        let parts = [&parent.group, &parent.artifact, &parent.version];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        Some(parts.join(":"))
    }

    /// The name of the repository in the root pom's `scm`, such as `commons-csv`.
    #[must_use]
    pub fn repository_name(&self) -> Option<&str> {
        let connection = &self.pom.as_ref()?.stated("scm/connection")?.value;
        let name = connection.trim_end_matches('/').rsplit(['/', ':', '=']).next()?;
        let name = name.strip_suffix(".git").unwrap_or(name);
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        (name.chars().all(plain) && name.starts_with(|c: char| c.is_ascii_alphanumeric()))
            .then_some(name)
    }

    /// The root pom and its parents in the tree, each with its file.
    pub fn poms(&self) -> impl Iterator<Item = (&str, &Pom)> {
        let parents = self.parents.iter().map(|(file, pom)| (file.as_str(), pom));
        self.pom.iter().map(|pom| ("pom.xml", pom)).chain(parents)
    }
}

fn family(system: &dyn System, root: &Path) -> (Option<Pom>, Vec<(String, Pom)>) {
    let Some(bytes) = read_in_tree(system, root, "pom.xml", POM_LIMIT) else {
        return (None, Vec::new());
    };
    let Ok(own) = pom::parse(&bytes) else { return (None, Vec::new()) };
    let (mut files, mut names) = (vec![bytes], vec!["pom.xml".to_owned()]);
    let mut child = own.clone();
    while let Some((name, bytes, parent)) = parent(system, root, names.last(), &child) {
        if names.len() > GENERATIONS || names.contains(&name) {
            break;
        }
        names.push(name);
        files.push(bytes);
        child = parent;
    }
    if files.len() == 1 {
        return (Some(own), Vec::new());
    }
    let mut poms = pom::parse_family(&files).unwrap_or_default().into_iter();
    let own = poms.next().unwrap_or(own);
    (Some(own), names.into_iter().skip(1).zip(poms).collect())
}

/// The parent of a pom where it lies in the tree and is the one that is meant.
fn parent(
    system: &dyn System,
    root: &Path,
    file: Option<&String>,
    child: &Pom,
) -> Option<(String, Vec<u8>, Pom)> {
    let meant = child.parent.as_ref()?;
    let relative = meant.relative_path.as_deref().unwrap_or("../pom.xml");
    let folder = Path::new(file?).parent()?;
    let mut path = inside(&folder.join(relative)).filter(|_| !relative.is_empty())?;
    if system.kind(&root.join(&path)) == Some(Kind::Folder) {
        path.push_str("/pom.xml");
    }
    let bytes = read_in_tree(system, root, &path, POM_LIMIT)?;
    let pom = pom::parse(&bytes).ok()?;
    (pom.group == meant.group && pom.artifact == meant.artifact).then_some((path, bytes, pom))
}

/// A path without dots; `None` where it leaves the tree.
fn inside(path: &Path) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => parts.push(name.to_str()?),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

/// The project whose marks a root pom bears; the more marks, the better the match.
#[must_use]
pub fn detect(projects: &BTreeMap<String, RawProject>, pom: &Pom) -> Option<String> {
    let matching = projects.iter().filter_map(|(name, project)| {
        let detect = project.detect.as_ref()?;
        fits(detect, pom).then(|| (detect.artifact.is_some(), name))
    });
    matching.max().map(|(_, name)| name.clone())
}

fn fits(detect: &Detect, pom: &Pom) -> bool {
    let group = |wanted: &String| match wanted.strip_suffix('*') {
        Some(beginning) => {
            let own = pom.group.iter();
            own.chain(pom.parent.iter().filter_map(|parent| parent.group.as_ref())).any(|group| {
                group.starts_with(beginning) || group == beginning.trim_end_matches('.')
            })
        }
        None => pom.group.as_ref() == Some(wanted),
    };
    detect.group.as_ref().is_none_or(group)
        && detect.artifact.as_ref().is_none_or(|artifact| pom.artifact.as_ref() == Some(artifact))
}
