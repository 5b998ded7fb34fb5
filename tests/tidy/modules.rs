//! The rule of the forgotten file: every test file is reached from a `mod` line, or it never runs.
//! Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::source::Source;

/// Files among `sources` that no `mod` leads to from one of the `roots`.
pub(crate) fn complaints(sources: &[Source], roots: &[&str]) -> Vec<String> {
    let by_path: BTreeMap<_, _> = sources.iter().map(|source| (&*source.path, source)).collect();
    let mut reached = BTreeSet::new();
    let mut open: Vec<String> = roots.iter().map(|root| (*root).to_owned()).collect();
    while let Some(path) = open.pop() {
        if let Some(source) = by_path.get(&*path)
            && reached.insert(path.clone())
        {
            open.extend(candidates(source, roots.contains(&&*path)));
        }
    }
    let forgotten = sources.iter().filter(|source| !reached.contains(&source.path));
    forgotten
        .map(|source| {
            format!(
                "{}:1: no `mod` line leads here, so nothing in it ever runs: add one to the file \
                 above it",
                source.path
            )
        })
        .collect()
}

/// Where the modules a file declares may lie.
fn candidates(source: &Source, root: bool) -> Vec<String> {
    let (folder, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
    let stem = file.trim_end_matches(".rs");
    let inner = if root || stem == "mod" { folder.to_owned() } else { format!("{folder}/{stem}") };
    let declared = source.code.match_indices("mod ").filter_map(|(at, word)| {
        let standing = !source.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = &source.code[at + word.len()..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        (standing && rest[end..].trim_start().starts_with(';')).then(|| (at, &rest[..end]))
    });
    let mut found = Vec::new();
    for (at, name) in declared {
        match path_attribute(source, at) {
            Some(path) => found.push(resolve(folder, &path)),
            None => {
                found.push(format!("{inner}/{name}.rs"));
                found.push(format!("{inner}/{name}/mod.rs"));
            }
        }
    }
    found
}

/// What `#[path = "…"]` says right before a declaration.
fn path_attribute(source: &Source, at: usize) -> Option<String> {
    let from = source.code[..at].rfind([';', '}']).unwrap_or(0);
    let attribute = from + source.code[from..at].find("#[path")?;
    let text = &source.text[attribute..at];
    text.split('"').nth(1).map(str::to_owned)
}

fn resolve(folder: &str, path: &str) -> String {
    let mut parts: Vec<_> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
