//! Splits a shell script into statements and words, as far as plain assignments need it. Runs and
//! expands nothing but `$HOME` and a leading `~`; a word that needs more has no value.

use std::iter::Peekable;
use std::str::Chars;

/// One word of a statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// As written, without quotes.
    pub(super) raw: String,
    /// Needs a shell to be understood: `$(…)`, backquotes, other variables.
    pub(super) clever: bool,
}

/// One simple command, or the part of a compound one between separators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    /// Its words.
    pub(super) words: Vec<Word>,
    /// One-based line where it starts.
    pub(super) line: u64,
    /// It follows `&&`, `||`, a pipe or a bracket, so it may not run or not run here.
    pub(super) conditional: bool,
}

/// Splits `script`; `home` stands in for `$HOME`.
pub(super) fn split(script: &str, home: &str) -> Vec<Statement> {
    let mut reader = Reader {
        rest: script.chars().peekable(),
        home,
        line: 1,
        started: 1,
        conditional: false,
        word: None,
        words: Vec::new(),
        statements: Vec::new(),
    };
    while let Some(c) = reader.next() {
        reader.outside(c);
    }
    reader.end_statement(false);
    reader.statements
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    home: &'a str,
    line: u64,
    started: u64,
    conditional: bool,
    word: Option<Word>,
    words: Vec<Word>,
    statements: Vec<Statement>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        self.line += u64::from(c == '\n');
        Some(c)
    }

    /// One character outside of quotes.
    fn outside(&mut self, c: char) {
        match c {
            '\n' | ';' => self.end_statement(false),
            '&' | '|' | '(' | ')' => {
                while self.rest.next_if(|next| matches!(next, '&' | '|')).is_some() {}
                self.end_statement(true);
            }
            ' ' | '\t' | '\r' => self.end_word(),
            '#' if self.word.is_none() => {
                while self.rest.next_if(|next| *next != '\n').is_some() {}
            }
            '\'' => self.single_quoted(),
            '"' => self.double_quoted(),
            '~' if self.word.as_ref().is_none_or(|word| word.raw.ends_with('=')) => {
                let home = self.home;
                self.push(home);
            }
            _ => self.inside(c),
        }
    }

    /// One character that means the same inside and outside of double quotes.
    fn inside(&mut self, c: char) {
        match c {
            '\\' => match self.next() {
                Some('\n') | None => {}
                Some(escaped) => self.push(escaped.encode_utf8(&mut [0; 4])),
            },
            '$' => self.dollar(),
            '`' => self.clever_until('`', '`'),
            c => self.push(c.encode_utf8(&mut [0; 4])),
        }
    }

    fn single_quoted(&mut self) {
        self.push("");
        while let Some(c) = self.next().filter(|c| *c != '\'') {
            self.push(c.encode_utf8(&mut [0; 4]));
        }
    }

    fn double_quoted(&mut self) {
        self.push("");
        while let Some(c) = self.next().filter(|c| *c != '"') {
            self.inside(c);
        }
    }

    fn dollar(&mut self) {
        let home = self.home;
        match self.rest.peek() {
            Some('(') => self.clever_until('(', ')'),
            Some('{') => {
                self.next();
                let mut name = String::new();
                while let Some(c) = self.next().filter(|c| *c != '}') {
                    name.push(c);
                }
                if name == "HOME" { self.push(home) } else { self.clever(&format!("${{{name}}}")) }
            }
            _ => {
                let mut name = String::new();
                while let Some(c) = self.rest.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                if name == "HOME" { self.push(home) } else { self.clever(&format!("${name}")) }
            }
        }
    }

    /// Takes in a command substitution whole, so that its insides are no statements of their own.
    fn clever_until(&mut self, open: char, close: char) {
        let mut depth = usize::from(open == close);
        let mut taken = if open == close { open.to_string() } else { "$".to_owned() };
        while let Some(c) = self.next() {
            taken.push(c);
            if c == close {
                depth -= 1;
            } else if c == open {
                depth += 1;
            }
            if depth == 0 {
                break;
            }
        }
        self.clever(&taken);
    }

    fn clever(&mut self, text: &str) {
        self.push(text);
        self.word.get_or_insert_default().clever = true;
    }

    fn push(&mut self, text: &str) {
        if self.words.is_empty() && self.word.is_none() {
            self.started = self.line;
        }
        self.word.get_or_insert_default().raw.push_str(text);
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take());
    }

    fn end_statement(&mut self, next_is_conditional: bool) {
        self.end_word();
        if !self.words.is_empty() {
            self.statements.push(Statement {
                words: std::mem::take(&mut self.words),
                line: self.started,
                conditional: self.conditional,
            });
        }
        self.conditional = next_is_conditional;
    }
}
