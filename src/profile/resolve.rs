//! Turns a project as written into the project of one work tree: joins what the tree's own files
//! ask for with the pack's tables, and names the value that nobody gives. Runs nothing of the tree.

use crate::sys::System;

use super::building::Build;
use super::model::{Detect, RawBranches, RawLicence, RawProject, RawSignatures};
use super::project::{Amount, Branches, Disk, Licence, Project, Requirement, Signatures};
use super::refs::Refs;
use super::request::request;
use super::tree::Tree;
use super::wanted::{Kind, Wanted};

/// The project for a machine, and for a work tree where there is one.
///
/// # Errors
/// The value that neither the project nor any it extends gives, or one that cannot be read.
pub fn resolve(
    system: &dyn System,
    name: &str,
    raw: RawProject,
    chosen_by: String,
    tree: Option<&Tree>,
) -> Result<Project, String> {
    resolved(system, name, raw, chosen_by, Seen::Now(tree))
        .map_err(|what| format!("project `{name}` {what}"))
}

/// The project of an earlier report with other values as written, such as those of a policy: what
/// its tree said is taken from the report, and no tree is looked at.
///
/// # Errors
/// As `resolve`.
pub fn resolve_again(
    system: &dyn System,
    raw: RawProject,
    old: &Project,
) -> Result<Project, String> {
    let project = resolved(system, &old.name, raw, old.chosen_by.clone(), Seen::Then(old))
        .map_err(|what| format!("project `{}` {what}", old.name))?;
    Ok(Project { title: old.title.clone(), branches: old.branches.clone(), ..project })
}

/// Where what a tree says comes from.
#[derive(Clone, Copy)]
enum Seen<'a> {
    Now(Option<&'a Tree>),
    Then(&'a Project),
}

fn resolved(
    system: &dyn System,
    name: &str,
    mut raw: RawProject,
    chosen_by: String,
    seen: Seen<'_>,
) -> Result<Project, String> {
    let (tree, recorded, version) = match seen {
        Seen::Now(tree) => (tree, None, tree.and_then(|tree| tree.pom.as_ref()?.version.clone())),
        Seen::Then(old) => (None, Some(old), old.version.clone()),
    };
    let lines = raw.lines.take().unwrap_or_default();
    let line = lines.of(version.as_deref());
    let release = line.as_ref().map(|(_, release)| release.clone());
    let (table, origins) = (format!("table of {name}"), raw.origins.clone());
    let mut wanted = Wanted { system, tree, recorded, line, table, stated: Vec::new(), origins };
    let jdk = wanted.jdk(raw.jdk.as_ref().ok_or_else(|| lacks("jdk"))?)?;
    if jdk.accepted.is_empty() {
        return Err(lacks("jdk.otherwise"));
    }
    let maven = wanted.tool(Kind::Maven, &raw)?;
    if maven.requirement.is_none() {
        return Err(lacks("maven.requirement"));
    }
    let (node, python) = (wanted.tool(Kind::Node, &raw)?, wanted.tool(Kind::Python, &raw)?);
    let Wanted { stated, mut origins, .. } = wanted;
    let repository = repository(&raw, tree);
    let (branches, by_clone) = branches(system, raw.branches.take(), tree)?;
    if by_clone {
        for name in ["branches.default", "branches.maintained"] {
            origins.insert(name.to_owned(), "the branches that this clone knows".to_owned());
        }
    }
    Ok(Project {
        name: name.to_owned(),
        title: title(raw.detect.as_ref(), raw.title.take(), tree)
            .unwrap_or_else(|| name.to_owned()),
        chosen_by,
        version,
        release,
        branches,
        git: Requirement {
            requirement: given(raw.git.take().and_then(|git| git.requirement), "git.requirement")?,
        },
        maven,
        jdk,
        node,
        python,
        memory: amount(raw.memory.map(|it| (it.minimum, it.recommended)), "memory")?,
        cores: amount(raw.cores.map(|it| (it.minimum, it.recommended)), "cores")?,
        disk: disk(&raw)?,
        build: build(&raw)?,
        request: request(raw.request.as_ref())?,
        afterwards: raw.afterwards.take().into(),
        licence: licence(raw.licence),
        signatures: signatures(raw.signatures),
        parent: tree.and_then(Tree::released_parent),
        repository,
        stated,
        origins,
    })
}

fn licence(raw: Option<RawLicence>) -> Licence {
    let raw = raw.unwrap_or_default();
    Licence { rat: raw.rat, exclude: raw.exclude.unwrap_or_default() }
}

fn signatures(raw: Option<RawSignatures>) -> Signatures {
    let raw = raw.unwrap_or_default();
    Signatures {
        forge_keys: raw.forge_keys.unwrap_or_default(),
        key_pages: raw.key_pages.unwrap_or_default(),
    }
}

fn lacks(value: &str) -> String {
    format!("gives no `{value}`")
}

fn given<T>(value: Option<T>, name: &str) -> Result<T, String> {
    value.ok_or_else(|| lacks(name))
}

/// The project's name; the pom's own where the pack fits many projects.
fn title(detect: Option<&Detect>, title: Option<String>, tree: Option<&Tree>) -> Option<String> {
    let many = detect.is_none_or(|detect| detect.artifact.is_none());
    let own = || tree?.pom.as_ref()?.title().map(ToOwned::to_owned);
    if many { own().or(title) } else { title }
}

/// The address that is given, else the one that the root pom's name leads to at the forge.
fn repository(raw: &RawProject, tree: Option<&Tree>) -> Option<String> {
    let at_forge = || {
        let (forge, name) = (raw.forge.as_ref()?, tree?.repository_name()?);
        Some(format!("{}/{name}.git", forge.trim_end_matches('/')))
    };
    raw.repository.clone().or_else(at_forge)
}

/// The branches, and whether the clone gives them: of the usual names those that it knows, the
/// remote's default first.
fn branches(
    system: &dyn System,
    raw: Option<RawBranches>,
    tree: Option<&Tree>,
) -> Result<(Branches, bool), String> {
    let raw = given(raw, "branches")?;
    let RawBranches { default, maintained, usual, seen, source, pattern, workflow, fresh_days } =
        raw;
    let rest = Branches { seen, source, pattern, workflow, fresh_days, ..Branches::default() };
    let refs = tree.and_then(|tree| Refs::of(system, &tree.root));
    let (Some(usual), None) = (usual, &default) else {
        let default = given(default, "branches.default")?;
        let maintained = maintained.unwrap_or_else(|| vec![default.clone()]);
        return Ok((Branches { default, maintained, ..rest }, false));
    };
    let remote = refs.as_ref().and_then(Refs::remote_default);
    let known = usual.iter().filter(|name| refs.as_ref().is_some_and(|refs| refs.has(name)));
    let mut maintained: Vec<String> = remote.into_iter().chain(known.cloned()).collect();
    let by_clone = !maintained.is_empty();
    if !by_clone {
        maintained = usual;
    }
    let default = given(maintained.first().cloned(), "branches.default")?;
    let mut seen_before = std::collections::BTreeSet::new();
    maintained.retain(|name| seen_before.insert(name.clone()));
    Ok((Branches { default, maintained, ..rest }, by_clone))
}

fn amount(raw: Option<(Option<u64>, Option<u64>)>, name: &str) -> Result<Amount, String> {
    let (minimum, recommended) = given(raw, name)?;
    Ok(Amount {
        minimum: given(minimum, &format!("{name}.minimum"))?,
        recommended: given(recommended, &format!("{name}.recommended"))?,
    })
}

fn disk(raw: &RawProject) -> Result<Disk, String> {
    let disk = given(raw.disk, "disk")?;
    Ok(Disk {
        partial: given(disk.partial, "disk.partial")?,
        full: given(disk.full, "disk.full")?,
        shallow: given(disk.shallow, "disk.shallow")?,
        build: given(disk.build, "disk.build")?,
    })
}

fn build(raw: &RawProject) -> Result<Build, String> {
    let build = given(raw.build.clone(), "build")?;
    given(build.settled(), "build.goals")
}
