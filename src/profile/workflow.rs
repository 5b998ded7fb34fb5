//! Finds versions in workflows and composite actions: a key's own value, an input's default, the
//! values a matrix or `env` gives it. What only a run can compute is left out: only what a reader
//! could see in the file counts.

use std::path::Path;

use crate::sys::{Kind, System, read_in_tree};

use super::outline::{self, Entry};

/// Folders below a workflow folder go at most this deep.
const DEPTH: usize = 3;
/// Most files read.
const FILES: usize = 200;
/// A workflow may be this long.
const FILE_LIMIT: u64 = 256 << 10;
/// Most versions taken from one file.
const VERSIONS: usize = 100;

/// A version in a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Used {
    /// The workflow, relative to the tree.
    pub file: String,
    /// One-based line.
    pub line: u64,
    /// The version.
    pub version: String,
    /// The key with what it says.
    pub text: String,
}

/// Every version that `key` has in these files and folders.
pub(super) fn versions(
    system: &dyn System,
    root: &Path,
    key: &str,
    places: &[String],
) -> Vec<Used> {
    let mut search = Search { system, root, key, left: FILES, used: Vec::new() };
    for place in places {
        search.visit(place, DEPTH + 1);
    }
    search.used
}

struct Search<'a> {
    system: &'a dyn System,
    root: &'a Path,
    key: &'a str,
    left: usize,
    used: Vec<Used>,
}

impl Search<'_> {
    fn visit(&mut self, path: &str, depth: usize) {
        match self.system.kind(&self.root.join(path)) {
            Some(Kind::Folder) if depth > 0 => {
                let names = self.system.list(&self.root.join(path)).unwrap_or_default();
                for name in names.iter().filter_map(|name| name.to_str()) {
                    self.visit(&format!("{path}/{name}"), depth - 1);
                }
            }
            Some(Kind::File) if is_yaml(path) && self.left > 0 => {
                self.left -= 1;
                let bytes = read_in_tree(self.system, self.root, path, FILE_LIMIT);
                let text = bytes.unwrap_or_default();
                let text = String::from_utf8_lossy(&text);
                if text.contains(self.key) {
                    self.used.extend(in_text(path, &text, self.key));
                }
            }
            _ => {}
        }
    }
}

fn is_yaml(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "yml" || extension == "yaml")
}

/// Every version that `key` has in one file, each once a line.
fn in_text(file: &str, text: &str, key: &str) -> Vec<Used> {
    let entries = outline::entries(text);
    let mut used: Vec<Used> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if entry.path.last().map(String::as_str) != Some(key) {
            continue;
        }
        for source in sources(&entries, index) {
            for version in listed(&source.value) {
                let text = format!("{key}: {version}");
                let one = Used { file: file.to_owned(), line: source.line, version, text };
                if used.len() < VERSIONS && !used.contains(&one) {
                    used.push(one);
                }
            }
        }
    }
    used
}

/// The entries that hold the value of one: itself, the default of an input, its items, or what its
/// expression names.
fn sources(entries: &[Entry], index: usize) -> Vec<&Entry> {
    let entry = &entries[index];
    if let Some(name) = expression(&entry.value) {
        return named(entries, entry, name);
    }
    if !entry.value.is_empty() {
        return vec![entry];
    }
    let below = entries[index + 1..].iter().take_while(|other| other.path.starts_with(&entry.path));
    below
        .filter(|other| {
            let inner: Vec<&str> =
                other.path[entry.path.len()..].iter().map(String::as_str).collect();
            inner == ["default"] || inner == ["-"]
        })
        .collect()
}

/// `${{ matrix.java }}` is `matrix.java`.
fn expression(value: &str) -> Option<&str> {
    Some(value.trim().strip_prefix("${{")?.strip_suffix("}}")?.trim())
}

/// What an expression names: entries of the same job's matrix, or of `env`.
fn named<'a>(entries: &'a [Entry], from: &Entry, name: &str) -> Vec<&'a Entry> {
    let Some((kind @ ("matrix" | "env"), key)) = name.split_once('.') else { return Vec::new() };
    let job = &from.path[..from.path.len().min(2)];
    let fits = |entry: &&Entry| {
        let path: Vec<&str> = entry.path.iter().map(String::as_str).collect();
        let Some(at) = path.iter().rposition(|part| *part == kind) else { return false };
        let same_job = kind == "env" || entry.path.starts_with(job);
        let inner = &path[at + 1..];
        same_job && (inner == [key] || inner == [key, "-"] || inner == ["include", "-", key])
    };
    entries.iter().filter(fits).filter(|entry| expression(&entry.value).is_none()).collect()
}

/// The versions in `17`, `[ 8, 11 ]`, or one a line. Versions that are not out yet, such as
/// `27-ea`, are left out, and so is what is no version.
fn listed(value: &str) -> Vec<String> {
    let inner = value.trim().trim_start_matches('[').trim_end_matches(']');
    let parts = inner.split([',', '\n']).map(outline::unquoted);
    let digit = |part: &&str| part.starts_with(|c: char| c.is_ascii_digit());
    let out = |part: &&str| !part.ends_with("-ea") && !part.contains("SNAPSHOT");
    parts.filter(digit).filter(out).map(ToOwned::to_owned).collect()
}
