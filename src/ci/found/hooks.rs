//! What pre-commit and prek print: a line for each hook, and below one that failed what it said.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, constant};

/// Lines of one hook that are taken where none of them names a file.
const LINES: usize = 3;

/// `name.........Failed`; what was skipped may say why before it.
static HEAD: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^(?<name>.+?)\.{3,}(?:\([^)]*\))?(?<end>Passed|Failed|Skipped)$"));
static PLACE: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^(?<file>[^\s:][^:]*):(?<line>\d+)(?::\d+)*:?\s+(?<text>\S.*)$"));
static FIXED: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"^(?:Fixing|Fixed|Sorting|Some sources were modified by the hook) (?<file>\S.*)$")
});
static NAMED: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^(?<file>[\w./@+-]*[\w+-]\.\w+):\s+(?<text>\S.*)$"));

/// A hook that failed, while its lines come in.
struct Hook {
    id: String,
    found: Vec<Found>,
    said: Vec<String>,
}

/// What the hooks that failed said.
pub(super) fn found(log: &str) -> Vec<Found> {
    let mut all = Vec::new();
    let mut open: Option<Hook> = None;
    for line in log.lines().map(str::trim) {
        if let Some(head) = HEAD.captures(line) {
            all.extend(open.take().into_iter().flat_map(Hook::close));
            let failed = &head["end"] == "Failed";
            open = failed.then(|| Hook {
                id: head["name"].to_owned(),
                found: Vec::new(),
                said: Vec::new(),
            });
        } else if let Some(hook) = &mut open {
            hook.take(line);
        }
    }
    all.extend(open.into_iter().flat_map(Hook::close));
    all
}

impl Hook {
    fn take(&mut self, line: &str) {
        if let Some(id) = line.strip_prefix("- hook id: ") {
            id.clone_into(&mut self.id);
        } else if line.is_empty() || line.starts_with("- ") {
            // Exit codes, durations, and that files were changed: the files say it themselves.
        } else if let Some(at) = PLACE.captures(line) {
            self.push(Some(&at["file"]), at["line"].parse().ok(), &at["text"]);
        } else if let Some(fixed) = FIXED.captures(line) {
            self.push(Some(&fixed["file"]), None, "the hook mends it");
        } else if let Some(named) = NAMED.captures(line) {
            self.push(Some(&named["file"]), None, &named["text"]);
        } else {
            self.said.push(line.to_owned());
        }
    }

    fn push(&mut self, file: Option<&str>, line: Option<u64>, text: &str) {
        let (file, text) = (file.map(str::to_owned), text.to_owned());
        self.found.push(Found { file, line, text, rule: Some(self.id.clone()) });
    }

    fn close(mut self) -> Vec<Found> {
        if self.found.is_empty() {
            let said = self.said.iter().take(LINES).cloned().collect::<Vec<_>>().join(" ");
            let text = if said.is_empty() { "the hook failed".to_owned() } else { said };
            self.push(None, None, &text);
        }
        self.found
    }
}
