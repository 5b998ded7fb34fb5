//! Finds the template in a work tree, where the project or the forge looks for it, whatever its
//! letter case. Follows no link out of the tree, and says why it took none.

use std::io;
use std::path::Path;

use crate::pr::template::{FOLDERS, candidates, choose};
use crate::sys::{Kind, System, is_of_tree};

/// A template may be this long.
const LIMIT: u64 = 256 << 10;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Path in the tree and text.
    pub template: Option<(String, String)>,
    /// Why the one that is there was not taken, as a sentence without an end.
    pub passed_over: Option<String>,
}

/// Finds it: the first of the profile's that is there, else the forge's usual places.
#[must_use]
pub fn find(system: &dyn System, root: &Path, named: &[String]) -> Found {
    let paths = paths(system, root, named);
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let path = named
        .iter()
        .find_map(|name| paths.iter().find(|path| path.eq_ignore_ascii_case(name)).copied())
        .or_else(|| choose(&paths, None));
    let Some(path) = path else { return Found::default() };
    match read(system, root, path) {
        Ok(text) => Found { template: Some((path.to_owned(), text)), passed_over: None },
        Err(why) => Found { template: None, passed_over: Some(format!("{path} {why}")) },
    }
}

/// Everything that might be one: what lies in the folders that templates lie in.
fn paths(system: &dyn System, root: &Path, named: &[String]) -> Vec<String> {
    let parents = named.iter().filter_map(|path| path.rsplit_once('/').map(|(parent, _)| parent));
    let mut folders: Vec<String> =
        FOLDERS.iter().copied().chain(parents).map(str::to_owned).collect();
    folders.sort_unstable();
    folders.dedup();
    let mut found: Vec<String> = Vec::new();
    for folder in folders {
        for name in names(system, &root.join(&folder)) {
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            let deeper = candidates().iter().any(|place| {
                place.strip_suffix('/').is_some_and(|place| place.eq_ignore_ascii_case(&path))
            });
            if deeper && system.kind(&root.join(&path)) == Some(Kind::Folder) {
                let inner = names(system, &root.join(&path));
                found.extend(inner.into_iter().map(|name| format!("{path}/{name}")));
            } else {
                found.push(path);
            }
        }
    }
    found
}

fn names(system: &dyn System, folder: &Path) -> Vec<String> {
    let names = system.list(folder).unwrap_or_default().into_iter();
    names.filter_map(|name| name.into_string().ok()).collect()
}

/// The text, or why it is none.
fn read(system: &dyn System, root: &Path, path: &str) -> Result<String, String> {
    let place = root.join(path);
    let real = system.real_path(&place).map_err(|_| "is a link that leads nowhere".to_owned())?;
    if !system.real_path(root).is_ok_and(|root| is_of_tree(&root, &real)) {
        return Err("is a link that leads out of the work tree, and is not followed".to_owned());
    }
    let bytes = system.read(&real, LIMIT).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => format!("is larger than {} KiB", LIMIT >> 10),
        io::ErrorKind::InvalidInput => "is no file".to_owned(),
        _ => format!("cannot be read: {error}"),
    })?;
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    text.map(|text| text.trim_start_matches('\u{feff}').to_owned())
        .ok_or_else(|| "is no text in UTF-8".to_owned())
}
