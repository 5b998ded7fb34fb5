//! What a shell start-up file such as `~/.mavenrc` does to `JAVA_HOME`, told from its text alone.
//! Understands plain assignments; anything cleverer makes the value untold, never guessed.

use super::words::{Statement, Word, split};

/// What one file does to `JAVA_HOME`, the last word on it winning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// Sets it.
    Set {
        /// The value.
        value: String,
        /// One-based line.
        line: u64,
    },
    /// Removes it.
    Unset {
        /// One-based line.
        line: u64,
    },
    /// Does something that only running it could tell.
    Untold {
        /// One-based line.
        line: u64,
        /// What stands there, such as `JAVA_HOME=$(…)`.
        text: String,
    },
}

/// What a start-up file does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// To `JAVA_HOME`.
    pub effect: Effect,
    /// Whether it exports `JAVA_HOME` to the programs Maven starts.
    pub exports: bool,
    /// Line of the last change to `PATH`, which may lead to another `java`.
    pub path_line: Option<u64>,
}

/// Reads a start-up file; `home` stands in for `$HOME`.
#[must_use]
pub fn read(script: &str, home: &str) -> Script {
    let mut reader = Reader { depth: 0, script: Script::silent() };
    for statement in split(script, home) {
        reader.take(&statement);
    }
    reader.script
}

impl Script {
    fn silent() -> Self {
        Self { effect: Effect::None, exports: false, path_line: None }
    }
}

struct Reader {
    depth: usize,
    script: Script,
}

impl Reader {
    fn take(&mut self, statement: &Statement) {
        let mut words = statement.words.as_slice();
        while let [first, rest @ ..] = words {
            match first.raw.as_str() {
                "if" | "while" | "until" | "for" | "case" | "select" | "function" | "{" => {
                    self.depth += 1;
                }
                "fi" | "done" | "esac" | "}" => self.depth = self.depth.saturating_sub(1),
                "then" | "else" | "elif" | "do" | "!" => {}
                _ => break,
            }
            words = rest;
        }
        let plain = self.depth == 0 && !statement.conditional;
        self.command(words, statement.line, plain);
    }

    fn command(&mut self, words: &[Word], line: u64, plain: bool) {
        let Some(first) = words.first() else { return };
        match first.raw.as_str() {
            "export" => {
                self.script.exports |= words[1..].iter().any(|word| name(word) == "JAVA_HOME");
                self.assign(&words[1..], line, plain);
            }
            "readonly" | "declare" | "typeset" => self.assign(&words[1..], line, plain),
            "unset" if words[1..].iter().any(|word| word.raw == "JAVA_HOME") => {
                let text = "unset JAVA_HOME, only in some cases".to_owned();
                let cautious = Effect::Untold { line, text };
                self.script.effect = if plain { Effect::Unset { line } } else { cautious };
            }
            "." | "source" | "eval" => {
                let named: Vec<&str> = words.iter().map(|word| word.raw.as_str()).collect();
                self.script.effect = Effect::Untold { line, text: named.join(" ") };
            }
            _ if words.iter().all(|word| is_assignment(&word.raw)) => {
                self.assign(words, line, plain);
            }
            _ => {}
        }
        for word in words {
            if word.raw.contains("{JAVA_HOME:=") || word.raw.contains("{JAVA_HOME=") {
                self.script.effect = Effect::Untold { line, text: word.raw.clone() };
            }
        }
    }

    fn assign(&mut self, words: &[Word], line: u64, plain: bool) {
        for word in words {
            match name(word) {
                "PATH" => self.script.path_line = Some(line),
                "JAVA_HOME" if word.raw.contains('=') => {
                    self.script.effect = effect(word, line, plain);
                }
                _ => {}
            }
        }
    }
}

fn name(word: &Word) -> &str {
    word.raw.split_once('=').map_or(&word.raw, |(name, _)| name)
}

fn effect(word: &Word, line: u64, plain: bool) -> Effect {
    let value = word.raw.split_once('=').map_or("", |(_, value)| value);
    if word.clever {
        Effect::Untold { line, text: word.raw.clone() }
    } else if !plain {
        Effect::Untold { line, text: format!("{}, only in some cases", word.raw) }
    } else if value.is_empty() {
        Effect::Unset { line }
    } else {
        Effect::Set { value: value.to_owned(), line }
    }
}

fn is_assignment(word: &str) -> bool {
    let Some((name, _)) = word.split_once('=') else { return false };
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}
