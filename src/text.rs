//! Text for people: lines of spans with a tone, how they break at the edge of the screen, and the
//! one rule that makes foreign text safe to show. Values only; `cli::terminal` puts them on a
//! screen.

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

    /// Goes on with words, broken so that no row is wider than `width` characters; the later rows
    /// begin below the first word.
    #[must_use]
    pub fn hanging(self, tone: Tone, text: &str, width: usize) -> Vec<Self> {
        let indent = self.width();
        self.rows(tone, wrap(&clean(text), width.saturating_sub(indent)))
    }

    /// Goes on with a remedy, each of its lines a row or more: words break, commands never.
    #[must_use]
    pub fn remedy(self, text: &str, width: usize) -> Vec<Self> {
        let indent = self.width();
        self.rows(Tone::Command, wrap_remedy(&clean(text), width.saturating_sub(indent)))
    }

    /// Goes on with rows, the later of which begin below the first.
    #[must_use]
    pub fn rows(self, tone: Tone, rows: Vec<String>) -> Vec<Self> {
        let indent = " ".repeat(self.width());
        let mut rows = rows.into_iter();
        let mut lines = vec![self.and(tone, rows.next().unwrap_or_default())];
        lines.extend(rows.map(|row| Self::plain(&indent).and(tone, row)));
        lines
    }

    /// Its length in characters.
    #[must_use]
    pub fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| text.chars().count()).sum()
    }
}

/// Words broken into rows of at most `width` characters; a longer word stands alone. Line feeds in
/// the text stay.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    text.lines().flat_map(|line| fill(line.split_whitespace(), width)).collect()
}

/// Like [`wrap`], for what to do: a command must survive copying, so it stays whole, and so does
/// what stands in backticks; the words before and after it break.
#[must_use]
pub fn wrap_remedy(text: &str, width: usize) -> Vec<String> {
    text.lines().flat_map(|line| fill(pieces(line).into_iter(), width)).collect()
}

fn fill<'a>(pieces: impl Iterator<Item = &'a str>, width: usize) -> Vec<String> {
    let (mut rows, mut row) = (Vec::new(), String::new());
    for piece in pieces {
        if !row.is_empty() && row.chars().count() + 1 + piece.chars().count() > width {
            rows.push(std::mem::take(&mut row));
        }
        if !row.is_empty() {
            row.push(' ');
        }
        row.push_str(piece);
    }
    rows.push(row);
    rows
}

/// Programs that remedies name; where one is called, a command begins.
const PROGRAMS: [&str; 19] = [
    "apk",
    "apt",
    "apt-get",
    "brew",
    "cd",
    "dnf",
    "export",
    "git",
    "gpg",
    "gpgconf",
    "mvn",
    "onramp",
    "pacman",
    "pipx",
    "sdk",
    "sed",
    "sudo",
    "xcode-select",
    "zypper",
];

/// The parts of a remedy's line that must not be broken: words, text in backticks, and commands.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let end = if begins_command(rest) { past_command(rest) } else { end_of_piece(rest) };
        let (piece, after) = rest.split_at(end);
        pieces.push(piece.trim_end());
        rest = after.trim_start();
    }
    pieces
}

fn begins_command(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    let more = text.len() > word.len();
    PROGRAMS.contains(&word.trim_start_matches('(')) && more
        || (!word.contains('`') && (word.contains('$') || word == "&&"))
}

/// Where the words after a command begin; its comma or semicolon stays with it.
fn past_command(text: &str) -> usize {
    let end = end_of_command(text);
    if text[end..].starts_with([',', ';']) { end + 1 } else { end }
}

/// Where words follow a command: at a comma, a semicolon, a bracket or a line end that is in no
/// quotes.
#[must_use]
pub fn end_of_command(text: &str) -> usize {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None, '\n') => return at,
            (None, ',' | ';') if text[at + 1..].starts_with(' ') => return at,
            (None, '(') if text[..at].ends_with(' ') => return at,
            _ => {}
        }
    }
    text.len()
}

/// Where the first word ends; a blank in backticks does not end it.
fn end_of_piece(text: &str) -> usize {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        quoted ^= c == '`';
        if c.is_whitespace() && !quoted {
            return at;
        }
    }
    text.len()
}

/// Makes foreign text safe to show: control characters and those that reorder text become visible
/// escapes, so that a file name or commit message can neither move the cursor, colour the screen,
/// nor hide what follows. Line feeds stay; tabs become blanks.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    // Nearly all text is of this kind, and bytes are looked at many at a time where none ends that.
    let plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    if text.bytes().fold(true, |all, byte| all & plain(byte)) || !text.chars().any(unsafe_to_show) {
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
    let text = clean(text);
    if memchr::memchr(b'\n', text.as_bytes()).is_none() {
        return text.into_owned();
    }
    text.replace('\n', "\\n")
}

fn unsafe_to_show(c: char) -> bool {
    let control = c.is_control() && c != '\n';
    let reorders = matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let invisible =
        matches!(c, '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
    control || reorders || invisible
}

/// Text as one word of a POSIX shell: git allows `$(…)`, `;` and the like in a branch's name, and
/// people may put anything into a file's. What needs no quotes gets none.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=+,@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A path as it is typed; a shell opens out `~` only where it is not quoted.
#[must_use]
pub fn shell_path(path: &str) -> String {
    match path.strip_prefix("~/") {
        Some(rest) => format!("~/{}", shell_word(rest)),
        None => shell_word(path),
    }
}

/// The lines of something that may not be text, as `split` at line feeds parts them.
pub fn byte_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        let end = memchr::memchr(b'\n', bytes);
        rest = end.map(|end| &bytes[end + 1..]);
        Some(&bytes[..end.unwrap_or(bytes.len())])
    })
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

/// A time in seconds as people say it: `0.4 s`, `32 s`, `4:06 min`, `1:02 h`; rounded, and never
/// negative.
#[must_use]
pub fn duration(seconds: f64) -> String {
    if (0.05..9.95).contains(&seconds) {
        let tenths = format!("{seconds:.1}");
        return format!("{} s", tenths.trim_end_matches(".0"));
    }
    // A figure beyond all bounds is only shown.
    let seconds = seconds.max(0.0).round() as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{}:{:02} min", seconds / 60, seconds % 60),
        _ => format!("{}:{:02} h", seconds / 3600, seconds % 3600 / 60),
    }
}

/// The first of some names, foreign text in them cleaned, and how many more there are.
#[must_use]
pub fn first_few<T: AsRef<str>>(names: &[T], most: usize) -> String {
    let named: Vec<String> = names.iter().take(most).map(|it| clean_line(it.as_ref())).collect();
    let named = named.join(", ");
    match names.len().saturating_sub(most) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// Feature releases, ascending, as people say them: `11, 17 or 21`, and `8 or 11 to 26` where many follow each other.
#[must_use]
pub fn releases(ascending: &[u64]) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for &release in ascending {
        match runs.last_mut() {
            Some((_, last)) if release <= last.saturating_add(1) => *last = release,
            _ => runs.push((release, release)),
        }
    }
    let texts = runs.into_iter().flat_map(|(first, last)| match last - first {
        0 => vec![first.to_string()],
        1 => vec![first.to_string(), last.to_string()],
        _ => vec![format!("{first} to {last}")],
    });
    let texts: Vec<String> = texts.collect();
    match texts.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => texts.concat(),
    }
}

/// What the system said, without the numbers of its errors, which Rust adds: no reader has a use for
/// `(os error 2)`.
#[must_use]
pub fn without_error_numbers(text: &str) -> String {
    const BEFORE: &str = " (os error ";
    let mut parts = text.split(BEFORE);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        let number = part.bytes().take_while(u8::is_ascii_digit).count();
        match part[number..].strip_prefix(')').filter(|_| number > 0) {
            Some(rest) => all + rest,
            None => all + BEFORE + part,
        }
    })
}
