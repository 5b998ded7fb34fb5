//! The branches that a workflow runs for when somebody pushes: projects list their maintained
//! branches there. Reads a text; patterns such as `4.*` name no branch and are left out.

use super::outline;

/// One branch in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// Its name.
    pub branch: String,
    /// One-based line.
    pub line: u64,
}

/// Most branches taken from one file.
const MOST: usize = 200;

/// The branches under `on.push.branches`, in order.
#[must_use]
pub fn pushed_branches(workflow: &str) -> Vec<Pushed> {
    let listed = |path: &[String]| {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        path == ["on", "push", "branches"] || path == ["on", "push", "branches", "-"]
    };
    let entries = outline::entries(workflow).into_iter().filter(|entry| listed(&entry.path));
    let named = entries.flat_map(|entry| {
        let inner = entry.value.trim().trim_start_matches('[').trim_end_matches(']').to_owned();
        let names = inner.split(',').map(|name| outline::unquoted(name.trim()).to_owned());
        names.map(|branch| Pushed { branch, line: entry.line }).collect::<Vec<_>>()
    });
    let plain = |pushed: &Pushed| {
        !pushed.branch.is_empty() && !pushed.branch.contains(['*', '?', '!', '[', '+'])
    };
    named.filter(plain).take(MOST).collect()
}
