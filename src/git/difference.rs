//! The lines in which two texts differ, as people read them. Takes texts and returns lines; needs
//! no repository.

use git2::{DiffOptions, Patch};

/// How one line came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is in both.
    Same,
    /// It is only in the new text.
    Added,
    /// It is only in the old text.
    Gone,
}

/// The lines that differ, with two around them; none where the texts are equal or are no text.
#[must_use]
pub fn difference(old: &[u8], new: &[u8]) -> Vec<(Change, String)> {
    let mut options = DiffOptions::new();
    options.context_lines(2);
    let Ok(patch) = Patch::from_buffers(old, None, new, None, Some(&mut options)) else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    for hunk in 0..patch.num_hunks() {
        for line in 0..patch.num_lines_in_hunk(hunk).unwrap_or(0) {
            let Ok(line) = patch.line_in_hunk(hunk, line) else { continue };
            let change = match line.origin() {
                '+' => Change::Added,
                '-' => Change::Gone,
                ' ' => Change::Same,
                _ => continue,
            };
            let text = String::from_utf8_lossy(line.content());
            lines.push((change, text.trim_end_matches('\n').to_owned()));
        }
    }
    lines
}
