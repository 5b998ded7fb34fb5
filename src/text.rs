//! Text for people: lines of spans with a tone, and the one rule that makes foreign text safe to
//! show. Values only; `cli::terminal` puts them on a screen.

use std::borrow::Cow;
use std::fmt::Write;

/// How a span should look, where colours are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// Holds, done.
    Good,
    /// Deserves a look.
    Warn,
    /// Stops the road.
    Bad,
    /// Could not be told.
    Odd,
    /// Said in passing.
    Dim,
    /// A heading, or the one thing to see.
    Strong,
    /// Something to type.
    Command,
}

/// One line: spans in order. Line breaks inside a span are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(pub Vec<(Tone, String)>);

impl Line {
    /// An empty line.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A line in the plain tone.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new().and(Tone::Plain, text)
    }

    /// A line in one tone.
    pub fn toned(tone: Tone, text: impl Into<String>) -> Self {
        Self::new().and(tone, text)
    }

    /// Adds a span.
    #[must_use]
    pub fn and(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.0.push((tone, text.into()));
        self
    }
}

/// Makes foreign text safe to show: control characters and those that reorder text become visible
/// escapes, so that a file name or commit message can neither move the cursor, colour the screen,
/// nor hide what follows. Line feeds stay; tabs become blanks.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(unsafe_to_show) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\t' => out.push_str("    "),
            c if unsafe_to_show(c) => {
                // Writing to a String cannot fail.
                let _ = if (c as u32) < 0x100 {
                    write!(out, "\\x{:02x}", c as u32)
                } else {
                    write!(out, "\\u{{{:x}}}", c as u32)
                };
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Like [`clean`], for text that must stay on one line.
#[must_use]
pub fn clean_line(text: &str) -> String {
    clean(text).replace('\n', "\\n")
}

fn unsafe_to_show(c: char) -> bool {
    let control = c.is_control() && c != '\n';
    let reorders = matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let invisible =
        matches!(c, '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
    control || reorders || invisible
}

/// A size in bytes as people say it: `512 B`, `92 MiB`, `3.5 GiB`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
pub fn size(bytes: u64) -> String {
    let units = [("GiB", 1_u64 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    for (unit, scale) in units {
        if bytes >= scale {
            let amount = bytes as f64 / scale as f64;
            let whole = amount >= 10.0 || bytes.is_multiple_of(scale);
            return if whole {
                format!("{amount:.0} {unit}")
            } else {
                format!("{amount:.1} {unit}")
            };
        }
    }
    format!("{bytes} B")
}
