//! A file of the work tree before and after it is mended, shown as `git diff` would show it. What a
//! screen hides, blanks at the end of a line above all, is made visible. Pure.

use crate::git::difference::{Change, hunks};
use crate::pack::mend::Way;
use crate::text::{Line, Tone, clean_line};

/// Lines of one file's difference that are shown; nobody reads further.
const SHOWN: usize = 60;

/// A file that can be mended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mended {
    /// What the work tree has.
    pub before: Vec<u8>,
    /// What it would have.
    pub after: Vec<u8>,
    /// Whether it may be run, where that changes.
    pub runnable: Option<bool>,
    /// What the branch's last commit has, mended alike.
    pub committed: Vec<u8>,
    /// Whether that may be run.
    pub committed_runnable: bool,
    /// What was wanted of it and changes nothing, each with the reason.
    pub left: Vec<(Way, String)>,
    /// The work tree's file holds changes that no commit has.
    pub edited: bool,
}

impl Mended {
    /// Why something that is wanted of it changes nothing; none where it changes something.
    #[must_use]
    pub fn left(&self, way: Way) -> Option<&str> {
        let left = self.left.iter().find(|(left, _)| *left == way);
        left.map(|(_, reason)| reason.as_str())
    }

    /// The difference, in lines for people.
    #[must_use]
    pub fn difference(&self, file: &str) -> Vec<Line> {
        let file = clean_line(file);
        let mut lines = vec![
            Line::toned(Tone::Strong, format!("--- a/{file}")),
            Line::toned(Tone::Strong, format!("+++ b/{file}")),
        ];
        if let Some(runnable) = self.runnable {
            let (old, new) = if runnable { ("644", "755") } else { ("755", "644") };
            lines.insert(0, Line::toned(Tone::Bad, format!("old mode 100{old}")));
            lines.insert(1, Line::toned(Tone::Good, format!("new mode 100{new}")));
        }
        for hunk in hunks(&self.before, &self.after) {
            lines.push(Line::toned(Tone::Command, hunk.place));
            lines.extend(hunk.lines.iter().flat_map(|(change, text)| row(*change, text)));
        }
        let rest = lines.len().saturating_sub(SHOWN);
        if rest > 1 {
            lines.truncate(SHOWN);
            lines.push(Line::toned(Tone::Dim, format!("and {rest} lines more")));
        }
        lines
    }
}

/// One line as a screen can show it.
fn row(change: Change, text: &[u8]) -> Vec<Line> {
    let (sign, tone) = match change {
        Change::Same => (" ", Tone::Plain),
        Change::Added => ("+", Tone::Good),
        Change::Gone => ("-", Tone::Bad),
    };
    let whole = text.strip_suffix(b"\n");
    let text = String::from_utf8_lossy(whole.unwrap_or(text));
    let text = if change == Change::Same { text.into_owned() } else { visible(&text) };
    let mut rows = vec![Line::toned(tone, format!("{sign}{}", clean_line(&text)))];
    if whole.is_none() {
        rows.push(Line::toned(Tone::Dim, "\\ No newline at end of file"));
    }
    rows
}

/// Tabs, blanks at the end and the sign of Windows' line ends, each as a character to be seen.
#[must_use]
pub fn visible(text: &str) -> String {
    let (text, windows) = match text.strip_suffix('\r') {
        Some(text) => (text, "␍"),
        None => (text, ""),
    };
    let kept = text.trim_end_matches([' ', '\t', '\u{b}', '\u{c}']);
    let blanks = text[kept.len()..].replace(' ', "·");
    let mark = |text: &str| text.replace('\t', "→   ").replace('\u{feff}', "⟨byte-order mark⟩");
    format!("{}{}{windows}", mark(kept), mark(&blanks))
}
