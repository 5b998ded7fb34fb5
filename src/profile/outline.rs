//! The outline of a YAML file: every key with its path, value and line. Tolerant and line by line,
//! because workflows need no more and a hostile file must cost no more: no anchors, no tags, nothing
//! that grows. What it cannot read it leaves out.

/// Deeper keys are left out.
const DEEPEST: usize = 40;
/// Lines after these are left out.
const MOST_LINES: usize = 20_000;

/// One key, or one item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The keys that lead here, its own last; an item of a list is `-`.
    pub path: Vec<String>,
    /// Its plain value or flow list; text of a block one line after the other.
    pub value: String,
    /// One-based line of the value.
    pub line: u64,
}

/// A key that is still open: what follows deeper belongs to it.
struct Open {
    indent: usize,
    name: String,
}

/// Every key and item of a file.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    let mut reader = Reader { open: Vec::new(), entries: Vec::new(), block: None };
    for (index, line) in text.lines().take(MOST_LINES).enumerate() {
        reader.line(index as u64 + 1, line);
    }
    reader.entries
}

struct Reader {
    open: Vec<Open>,
    entries: Vec<Entry>,
    /// Indentation of the key whose value goes on over the lines below: a block, or an open list.
    block: Option<Block>,
}

#[derive(Clone, Copy)]
enum Block {
    /// `|` or `>`: everything deeper than this.
    Text(usize),
    /// `[` without its end.
    List,
}

impl Reader {
    fn line(&mut self, number: u64, line: &str) {
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        let plain = without_comment(trimmed).trim_end();
        match self.block {
            Some(Block::Text(above)) if trimmed.is_empty() || indent > above => {
                return self.goes_on("\n", trimmed.trim_end());
            }
            Some(Block::List) => {
                if plain.ends_with(']') {
                    self.block = None;
                }
                return self.goes_on(" ", plain);
            }
            _ => self.block = None,
        }
        if !plain.is_empty() && !plain.starts_with("---") {
            self.entry(number, indent, plain);
        }
    }

    /// An item of a list, or a key; `- key: value` is both.
    fn entry(&mut self, number: u64, mut indent: usize, mut plain: &str) {
        while let Some(rest) = item(plain) {
            // An item may stand at the indentation of the key it belongs to.
            self.close(|open| open.indent > indent || (open.indent == indent && open.name == "-"));
            if self.open.len() > DEEPEST {
                return;
            }
            self.open(indent, "-");
            let inner = rest.trim_start();
            if key(inner).is_none() {
                return self.push(number, indent, inner);
            }
            indent += plain.len() - inner.len();
            plain = inner;
        }
        let Some((name, value)) = key(plain) else { return };
        self.close(|open| open.indent >= indent);
        if self.open.len() <= DEEPEST {
            self.open(indent, name);
            self.push(number, indent, value);
        }
    }

    fn push(&mut self, line: u64, indent: usize, value: &str) {
        let block = value.starts_with(['|', '>']);
        if block {
            self.block = Some(Block::Text(indent));
        } else if value.starts_with('[') && !value.contains(']') {
            self.block = Some(Block::List);
        }
        let value = if block { String::new() } else { unquoted(value).to_owned() };
        let path = self.open.iter().map(|open| open.name.clone()).collect();
        self.entries.push(Entry { path, value, line });
    }

    fn goes_on(&mut self, between: &str, text: &str) {
        if let Some(entry) = self.entries.last_mut() {
            entry.value.push_str(between);
            entry.value.push_str(text);
        }
    }

    fn open(&mut self, indent: usize, name: &str) {
        self.open.push(Open { indent, name: name.to_owned() });
    }

    fn close(&mut self, ends: impl Fn(&Open) -> bool) {
        while self.open.last().is_some_and(&ends) {
            self.open.pop();
        }
    }
}

/// What follows the dash of an item.
fn item(text: &str) -> Option<&str> {
    text.strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// `key: value` or `key:`; a colon inside a value belongs to it.
fn key(text: &str) -> Option<(&str, &str)> {
    if text.starts_with(['[', '{', '#', '&', '*', '!']) {
        return None;
    }
    let at = text
        .match_indices(':')
        .find(|(at, _)| matches!(text.as_bytes().get(at + 1), None | Some(b' ')))?
        .0;
    let name = unquoted(text[..at].trim());
    (!name.is_empty() && !name.contains("${{")).then(|| (name, text[at + 1..].trim()))
}

/// Text before ` #`, outside quotes.
fn without_comment(text: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '#' && before.is_whitespace() => return &text[..at],
            // A quote opens only where a value begins: `don't` holds none.
            None if (c == '"' || c == '\'') && !before.is_alphanumeric() => quote = Some(c),
            None => {}
        }
        before = c;
    }
    text
}

/// The text without the quotes around it.
pub(super) fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inside = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(text)
}
