//! Whether an `if:` holds on a pull request in which nothing fails: what can be told from the text,
//! and an honest "depends" for the rest. Bounded, whatever the text.

use super::known::{Known, Surroundings};

/// A condition may be this long; GitHub's own limit is higher, and nobody could read it.
const LONGEST: usize = 8 << 10;
/// Brackets inside one another.
const DEPTH: usize = 40;

/// What an `if:` comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// Only a run can tell.
    Depends,
}

/// Judges a condition.
#[must_use]
pub fn holds(condition: &str, known: &Surroundings) -> Holds {
    let plain = condition.trim();
    let inner = plain.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
    // Several expressions in one text make a text, which is true; too odd to lean on.
    let plain = inner.filter(|inner| !inner.contains("${{")).unwrap_or(plain);
    if plain.len() > LONGEST || plain.contains("${{") {
        return Holds::Depends;
    }
    let Some(tokens) = tokens(plain) else { return Holds::Depends };
    let mut reader = Reader { tokens: &tokens, at: 0, known };
    match reader.any(0) {
        Some(value) if reader.at == tokens.len() => match truth(&value) {
            Some(true) => Holds::Yes,
            Some(false) => Holds::No,
            None => Holds::Depends,
        },
        _ => Holds::Depends,
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Text(String),
    Name(String),
    Mark(&'static str),
}

const MARKS: [&str; 15] =
    ["&&", "||", "==", "!=", "<=", ">=", "!", "<", ">", "(", ")", ",", "[", "]", "."];

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some(inner) = rest.strip_prefix('\'') {
            let end = inner.find('\'')?;
            tokens.push(Token::Text(inner[..end].to_owned()));
            rest = &inner[end + 1..];
        } else if first.is_ascii_alphanumeric() || first == '_' || first == '-' {
            let name = |c: char| !(c.is_ascii_alphanumeric() || "_-.*".contains(c));
            let end = rest.find(name).unwrap_or(rest.len());
            tokens.push(Token::Name(rest[..end].to_owned()));
            rest = &rest[end..];
        } else {
            let mark = MARKS.into_iter().find(|mark| rest.starts_with(mark))?;
            tokens.push(Token::Mark(mark));
            rest = &rest[mark.len()..];
        }
        rest = rest.trim_start();
    }
    Some(tokens)
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    known: &'a Surroundings,
}

impl Reader<'_> {
    fn take(&mut self, mark: &str) -> bool {
        let there = matches!(self.tokens.get(self.at), Some(Token::Mark(found)) if *found == mark);
        self.at += usize::from(there);
        there
    }

    fn any(&mut self, depth: usize) -> Option<Known> {
        let mut value = self.all(depth)?;
        while self.take("||") {
            let other = self.all(depth)?;
            value = match (truth(&value), truth(&other)) {
                (Some(true), _) => value,
                (Some(false), _) => other,
                (None, Some(true)) => Known::Truth(true),
                (None, _) => Known::Unknown,
            };
        }
        Some(value)
    }

    fn all(&mut self, depth: usize) -> Option<Known> {
        let mut value = self.compared(depth)?;
        while self.take("&&") {
            let other = self.compared(depth)?;
            value = match (truth(&value), truth(&other)) {
                (Some(true), _) => other,
                (Some(false), _) => value,
                (None, Some(false)) => Known::Truth(false),
                (None, _) => Known::Unknown,
            };
        }
        Some(value)
    }

    fn compared(&mut self, depth: usize) -> Option<Known> {
        let mut value = self.single(depth)?;
        loop {
            let same = if self.take("==") {
                true
            } else if self.take("!=") {
                false
            } else {
                break;
            };
            let other = self.single(depth)?;
            value = match equal(&value, &other) {
                Some(equal) => Known::Truth(equal == same),
                None => Known::Unknown,
            };
        }
        if ["<=", ">=", "<", ">"].into_iter().any(|mark| self.take(mark)) {
            self.single(depth)?;
            value = Known::Unknown;
        }
        Some(value)
    }

    fn single(&mut self, depth: usize) -> Option<Known> {
        if depth > DEPTH {
            return None;
        }
        if self.take("!") {
            let value = self.single(depth + 1)?;
            return Some(truth(&value).map_or(Known::Unknown, |truth| Known::Truth(!truth)));
        }
        if self.take("(") {
            let value = self.any(depth + 1)?;
            return self.take(")").then_some(value);
        }
        let token = self.tokens.get(self.at)?.clone();
        self.at += 1;
        let value = match token {
            Token::Text(text) => Known::Text(text),
            Token::Name(name) if self.take("(") => self.called(&name, depth)?,
            Token::Name(name) => named(&name, self.known),
            Token::Mark(_) => return None,
        };
        self.past_index(value, depth)
    }

    /// `name[…]` and `name(…).more`: what they lead to is not known.
    fn past_index(&mut self, value: Known, depth: usize) -> Option<Known> {
        let mut value = value;
        loop {
            if self.take("[") {
                self.any(depth + 1)?;
                if !self.take("]") {
                    return None;
                }
            } else if self.take(".") {
                self.at += 1;
            } else {
                return Some(value);
            }
            value = Known::Unknown;
        }
    }

    fn called(&mut self, name: &str, depth: usize) -> Option<Known> {
        let mut arguments = Vec::new();
        while !self.take(")") {
            arguments.push(self.any(depth + 1)?);
            if !self.take(",") && !matches!(self.tokens.get(self.at), Some(Token::Mark(")"))) {
                return None;
            }
        }
        Some(answer(&name.to_lowercase(), &arguments))
    }
}

/// What a function answers where nothing has failed.
fn answer(name: &str, arguments: &[Known]) -> Known {
    match (name, arguments) {
        ("always" | "success", []) => Known::Truth(true),
        ("failure" | "cancelled", []) => Known::Truth(false),
        (_, [Known::Text(text), Known::Text(part)]) => {
            let (text, part) = (text.to_lowercase(), part.to_lowercase());
            match name {
                "startswith" => Known::Truth(text.starts_with(&part)),
                "endswith" => Known::Truth(text.ends_with(&part)),
                "contains" => Known::Truth(text.contains(&part)),
                _ => Known::Unknown,
            }
        }
        _ => Known::Unknown,
    }
}

fn named(name: &str, known: &Surroundings) -> Known {
    match name {
        "true" => Known::Truth(true),
        "false" => Known::Truth(false),
        name if name.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            Known::Text(name.to_owned())
        }
        name => known.get(name),
    }
}

fn truth(value: &Known) -> Option<bool> {
    match value {
        Known::Truth(truth) => Some(*truth),
        Known::Text(text) => Some(!text.is_empty()),
        Known::Other(_) | Known::Unknown => None,
    }
}

/// Capital letters do not count; what is of two kinds is left open.
fn equal(one: &Known, other: &Known) -> Option<bool> {
    match (one, other) {
        (Known::Text(one), Known::Text(other)) => Some(one.eq_ignore_ascii_case(other)),
        (Known::Truth(one), Known::Truth(other)) => Some(one == other),
        (Known::Other(not), Known::Text(text)) | (Known::Text(text), Known::Other(not)) => {
            text.eq_ignore_ascii_case(not).then_some(false)
        }
        _ => None,
    }
}
