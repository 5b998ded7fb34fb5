//! Takes Java source apart as far as the rules about imports go: its package, its imports, and the
//! names that the rest of it uses, as checkstyle 8.18 counts them. Text in, values out; where only a
//! compiler could tell, a name counts as used.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

/// What one file says of itself.
pub(super) struct Source<'a> {
    /// Line of the first word that is no comment; 1 where there is none.
    pub(super) begins: u64,
    /// The package, and the line it stands in.
    pub(super) package: Option<(u64, String)>,
    /// The imports, in order.
    pub(super) imports: Vec<Import>,
    used: HashSet<&'a str>,
}

/// One import.
pub(super) struct Import {
    pub(super) line: u64,
    /// Of a member (`import static`).
    pub(super) fixed: bool,
    /// What is imported, `*` at its end where that is everything.
    pub(super) name: String,
}

impl<'a> Source<'a> {
    /// Reads a file.
    pub(super) fn read(text: &'a str) -> Self {
        let mut lexer = Lexer { text, at: 0, line: 1, docs: Vec::new() };
        let tokens: Vec<_> = lexer.by_ref().collect();
        let begins = tokens.first().map_or(1, |token| token.line);
        let mut source = Self { begins, package: None, imports: Vec::new(), used: HashSet::new() };
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            // Both words are reserved: they begin these lines and nothing else.
            if ["import", "package"].contains(&token.text) {
                let rest = &tokens[at + 1..];
                let end = rest.iter().position(|token| token.text == ";").unwrap_or(rest.len());
                source.declare(token, &rest[..end]);
                at += end + 1;
            } else if token.name && is_use(&tokens, at) {
                source.used.insert(token.text);
            }
            at += 1;
        }
        for doc in lexer.docs {
            source.used.extend(named_in(doc));
        }
        source
    }

    /// Whether the file uses a name beside importing it.
    pub(super) fn uses(&self, name: &str) -> bool {
        self.used.contains(name)
    }

    fn declare(&mut self, keyword: &Token<'_>, rest: &[Token<'_>]) {
        let fixed = rest.first().is_some_and(|token| token.text == "static");
        let name: String = rest.iter().skip(usize::from(fixed)).map(|token| token.text).collect();
        if keyword.text == "import" {
            self.imports.push(Import { line: keyword.line, fixed, name });
        } else {
            let line = rest.first().map_or(keyword.line, |token| token.line);
            self.package.get_or_insert((line, name));
        }
    }
}

/// Whether a name stands for itself: it is neither a member of something else nor the name of a
/// method that is being declared.
fn is_use(tokens: &[Token<'_>], at: usize) -> bool {
    let text = |index: Option<usize>| index.and_then(|at| tokens.get(at)).map_or("", |t| t.text);
    let (before, after) = (text(at.checked_sub(1)), text(Some(at + 1)));
    // `Map.Entry<K, V>` counts for `Entry` as well: checkstyle's own way with type arguments.
    if before == "." {
        return after == "<";
    }
    let typed = at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(ends_type);
    !(after == "(" && typed && is_declared(&tokens[at + 1..]))
}

/// Whether a type may end in this token, and a name follow it.
fn ends_type(token: &Token<'_>) -> bool {
    let operator = ["return", "new", "throw", "else", "do", "assert", "case", "yield"];
    (token.name && !operator.contains(&token.text)) || ["]", ">"].contains(&token.text)
}

/// Whether a body follows the bracket that is opened first, as after a method's parameters.
fn is_declared(tokens: &[Token<'_>]) -> bool {
    let mut open = 0_usize;
    let close = tokens.iter().position(|token| {
        match token.text {
            "(" => open += 1,
            ")" => open -= 1,
            _ => {}
        }
        open == 0
    });
    let next = close.and_then(|at| tokens.get(at + 1));
    next.is_some_and(|token| ["{", "throws"].contains(&token.text))
}

static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let names = "(?:see|link|value|linkplain|throws|exception)";
    let inline = format!(r"\{{@{names}\b([^}}]*)\}}");
    let block = format!(r"^(?:/\*)?[\s*]*@{names}\s(.*)$");
    Regex::new(&format!("(?m){inline}|{block}")).ok()
});
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:^|[(,]\s*)([\w$]+)").ok());

/// The types that the tags of a Javadoc comment name: the first word and the parameters.
fn named_in(doc: &str) -> Vec<&str> {
    let (Some(tag), Some(name)) = (TAG.as_ref(), NAME.as_ref()) else { return Vec::new() };
    let tags = tag.captures_iter(doc).filter_map(|found| found.get(1).or_else(|| found.get(2)));
    let values = tags
        .map(|value| value.as_str().trim_start_matches(|c: char| c.is_whitespace() || c == '*'));
    let names = values.flat_map(|value| name.captures_iter(value));
    names.filter_map(|found| Some(found.get(1)?.as_str())).collect()
}

/// A word or sign of the code.
struct Token<'a> {
    line: u64,
    text: &'a str,
    name: bool,
}

/// Goes through the code, leaves comments and what is quoted out, and keeps Javadoc aside.
struct Lexer<'a> {
    text: &'a str,
    at: usize,
    line: u64,
    docs: Vec<&'a str>,
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = &self.text[self.at..];
            let first = rest.chars().next()?;
            let name = is_name(first) && !first.is_ascii_digit();
            let (length, token) = if first.is_whitespace() || first == '\u{FEFF}' {
                (first.len_utf8(), false)
            } else if rest.starts_with("//") {
                (rest.find('\n').unwrap_or(rest.len()), false)
            } else if rest.starts_with("/*") {
                (closed(rest, 2, "*/"), false)
            } else if rest.starts_with("\"\"\"") {
                (closed(rest, 3, "\"\"\""), true)
            } else if matches!(first, '"' | '\'') {
                (quoted(rest, first), true)
            } else if is_name(first) {
                (rest.find(|c| !is_name(c)).unwrap_or(rest.len()), true)
            } else {
                let signs = ["...", "->", "::"];
                let sign = signs.iter().find(|sign| rest.starts_with(**sign));
                (sign.map_or(first.len_utf8(), |sign| sign.len()), true)
            };
            let (line, text) = (self.line, &rest[..length]);
            self.at += length;
            // A name or a sign holds no line break.
            if !(name || (token && length == 1)) {
                self.line += memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64;
            }
            if token {
                return Some(Token { line, text, name });
            }
            if text.starts_with("/**") && text != "/**/" {
                self.docs.push(text);
            }
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Length of what begins with `skip` bytes and goes on until `end`.
fn closed(text: &str, skip: usize, end: &str) -> usize {
    text[skip..].find(end).map_or(text.len(), |at| skip + at + end.len())
}

/// Length of a string or character, which a line's end closes as well.
fn quoted(text: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return at,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == mark => return at + 1,
            _ => {}
        }
    }
    text.len()
}
