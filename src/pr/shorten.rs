//! Shortens a text that is too long for an address, whole sections at a time: nothing that is open
//! is cut through, and the reader is told on top that there is more. Pure.

use super::quote::code_span;
use super::template::{Role, Template};

/// A text that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short {
    /// The text, its lines ended by `\n`.
    pub text: String,
    /// It is not the whole one.
    pub cut: bool,
}

/// What an element that may hold sections begins and ends with.
const FOLDED: [&str; 2] = ["<details", "</details"];

/// The text itself where it measures no more than `room`, else its first sections, as many as fit,
/// below a line that names the file with the whole of it. `None` where not even that line fits. No
/// text may measure less than it has bytes.
#[must_use]
pub fn shorten(
    body: &str,
    file: &str,
    room: usize,
    measure: &dyn Fn(&str) -> usize,
) -> Option<Short> {
    let fits = |text: &str| text.len() <= room && measure(text) <= room;
    let body = body.replace("\r\n", "\n");
    if fits(&body) {
        return Some(Short { text: body, cut: false });
    }
    let note = format!(
        "**This is not all of it:** put the text of {} here, in place of everything.\n",
        code_span(file)
    );
    let mut ends = boundaries(&body);
    ends.retain(|end| *end <= room);
    ends.reverse();
    let beginnings = ends.into_iter().map(|end| format!("{note}\n{}", body[..end].trim_end()));
    let text = beginnings.chain(std::iter::once(note.clone())).find(|text| fits(text))?;
    Some(Short { text, cut: true })
}

/// The places where a section ends and nothing is open.
fn boundaries(body: &str) -> Vec<usize> {
    let (mut at, mut open, mut ends) = (0, 0_usize, Vec::new());
    for line in Template::read(body).lines {
        if matches!(line.role, Role::Heading(..)) && open == 0 && at > 0 {
            ends.push(at);
        }
        if line.role != Role::Code {
            let lower = line.text.to_ascii_lowercase();
            let [begun, ended] = FOLDED.map(|tag| lower.matches(tag).count());
            open = (open + begun).saturating_sub(ended);
        }
        at += line.text.len() + line.ending.len();
    }
    ends
}
