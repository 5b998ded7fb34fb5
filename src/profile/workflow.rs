//! Finds `java-version` in workflows and composite actions, line by line. Values that are computed
//! (`${{ ... }}`) are left out: only what a reader could see in the file counts.

use std::path::Path;

use crate::sys::{Kind, System, read_in_tree};
use crate::version;

/// Folders below a workflow folder go at most this deep.
const DEPTH: usize = 3;
/// Most files read.
const FILES: usize = 200;

/// Calls `tell` with file, line, feature release and text of every version named below `folder`.
pub(super) fn java_versions(
    system: &dyn System,
    root: &Path,
    folder: &str,
    limit: u64,
    tell: &mut dyn FnMut(String, u64, u64, String),
) {
    let mut left = FILES;
    visit(system, root, folder, limit, DEPTH, &mut left, tell);
}

fn visit(
    system: &dyn System,
    root: &Path,
    folder: &str,
    limit: u64,
    depth: usize,
    left: &mut usize,
    tell: &mut dyn FnMut(String, u64, u64, String),
) {
    for name in system.list(&root.join(folder)).unwrap_or_default() {
        let Some(name) = name.to_str() else { continue };
        let path = format!("{folder}/{name}");
        match system.kind(&root.join(&path)) {
            Some(Kind::Folder) if depth > 1 => {
                visit(system, root, &path, limit, depth - 1, left, tell)
            }
            Some(Kind::File) if is_yaml(name) && *left > 0 => {
                *left -= 1;
                let bytes = read_in_tree(system, root, &path, limit).unwrap_or_default();
                for (line, value, text) in versions(&String::from_utf8_lossy(&bytes)) {
                    tell(path.clone(), line, value, text);
                }
            }
            _ => {}
        }
    }
}

fn is_yaml(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "yml" || extension == "yaml")
}

/// Line, feature release and text of each version in one file: `java-version: '17'`, a list
/// `java-version: [11, 17]`, or an input `java-version:` with `default: '17'` below it.
fn versions(text: &str) -> Vec<(u64, u64, String)> {
    let mut found = Vec::new();
    if !text.contains("java-version:") {
        return found;
    }
    let lines: Vec<&str> = text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let key = line.trim_start().trim_start_matches("- ").trim_start();
        let Some(value) = key.strip_prefix("java-version:").map(str::trim) else { continue };
        let (at, value) =
            if value.is_empty() { default_below(&lines, index) } else { (index, value) };
        let number = u64::try_from(at + 1).unwrap_or(u64::MAX);
        let listed = value.trim_matches(['[', ']']).split(',');
        let features = listed
            .filter_map(|value| version::java_feature(value.trim().trim_matches(['\'', '"'])));
        found.extend(features.map(|feature| (number, feature, lines[at].trim().to_owned())));
    }
    found
}

/// The `default:` of an input, among the deeper lines below it.
fn default_below<'a>(lines: &[&'a str], index: usize) -> (usize, &'a str) {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(lines[index]);
    let below = lines.iter().enumerate().skip(index + 1);
    let mut inside = below.take_while(|(_, line)| line.trim().is_empty() || indent(line) > own);
    let default =
        inside.find_map(|(at, line)| Some((at, line.trim().strip_prefix("default:")?.trim())));
    default.unwrap_or((index, ""))
}
