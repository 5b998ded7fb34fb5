//! Finds the paths (`a::b::c`) that Rust code names, `use` trees spelled out. Text in, paths out.

use super::source::Source;

/// A path as written, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// Its names; `*` for everything in a module.
    pub(crate) names: Vec<String>,
    /// Where in the file it, or the `use` it belongs to, begins.
    pub(crate) offset: usize,
}

impl Named {
    /// Whether it begins with these names.
    pub(crate) fn begins(&self, names: &[&str]) -> bool {
        self.names.len() >= names.len() && self.names.iter().zip(names).all(|(a, b)| a == b)
    }

    /// Whether these names stand in it side by side.
    pub(crate) fn holds(&self, names: &[&str]) -> bool {
        self.names.windows(names.len()).any(|window| window == names)
    }
}

/// Every path of two names or more, and every name that a `use` brings in.
pub(crate) fn named(source: &Source) -> Vec<Named> {
    let words = words(&source.code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (word, offset) = words[at];
        if word == "use" {
            let mut tree = Tree { words: &words, at: at + 1, offset, found: &mut found };
            tree.read(&[]);
            at = tree.at;
        } else if is_name(word) {
            let names = names_from(&words, &mut at);
            if names.len() > 1 {
                found.push(Named { names, offset });
            }
        } else {
            at += 1;
        }
    }
    found
}

fn names_from(words: &[(&str, usize)], at: &mut usize) -> Vec<String> {
    let mut names = vec![words[*at].0.to_owned()];
    *at += 1;
    while words.get(*at).is_some_and(|(word, _)| *word == "::")
        && words.get(*at + 1).is_some_and(|(word, _)| is_name(word))
    {
        names.push(words[*at + 1].0.to_owned());
        *at += 2;
    }
    names
}

/// Reads what follows `use`.
struct Tree<'a> {
    words: &'a [(&'a str, usize)],
    at: usize,
    offset: usize,
    found: &'a mut Vec<Named>,
}

impl Tree<'_> {
    /// One branch, below the names that lead to it.
    fn read(&mut self, above: &[String]) {
        let mut names = above.to_vec();
        while let Some((word, _)) = self.words.get(self.at) {
            self.at += 1;
            match *word {
                "::" => {}
                "{" => return self.branches(&names),
                "as" => self.at += 1,
                word if is_name(word) || word == "*" => names.push(word.to_owned()),
                _ => {
                    self.at -= 1;
                    break;
                }
            }
        }
        self.found.push(Named { names, offset: self.offset });
    }

    fn branches(&mut self, above: &[String]) {
        while let Some((word, _)) = self.words.get(self.at) {
            match *word {
                "}" => {
                    self.at += 1;
                    return;
                }
                "," => self.at += 1,
                _ => {
                    let before = self.at;
                    self.read(above);
                    // What is no branch must not hold us up for ever.
                    self.at = self.at.max(before + 1);
                }
            }
        }
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, `::` and single signs, with their places.
fn words(code: &str) -> Vec<(&str, usize)> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(c) = code[at..].chars().next() {
        let length = if c.is_alphanumeric() || c == '_' {
            code[at..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(code.len() - at)
        } else if code[at..].starts_with("::") {
            2
        } else {
            c.len_utf8()
        };
        if !c.is_whitespace() {
            words.push((&code[at..at + length], at));
        }
        at += length;
    }
    words
}
