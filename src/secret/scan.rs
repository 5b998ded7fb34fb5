//! Looks through new text with the rules, in the order and with the exceptions of gitleaks: a
//! pattern, the disorder of what it caught, and what is allowed. Tells places, never text.

use std::ops::Range;

use super::rules::{Allowed, Condition, Rule, Rules, Target};

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The rule's id, such as `github-pat`.
    pub rule: String,
    /// Line breaks before it.
    pub line: u64,
    /// Where the secret itself lies in the text.
    pub place: Range<usize>,
}

/// Something that a pattern caught.
struct Caught<'t> {
    text: &'t [u8],
    /// Where the match begins, line breaks in front of it included.
    start: usize,
    whole: Range<usize>,
    secret: Range<usize>,
}

impl Rules {
    /// What looks like a secret in the new text of a file.
    #[must_use]
    pub fn scan(&self, path: &str, text: &[u8]) -> Vec<Hit> {
        if self.allowed.iter().any(|allowed| allowed.file(path)) {
            return Vec::new();
        }
        let relevant = self.relevant(text).into_iter();
        let hits = relevant.flat_map(|rule| self.matches(rule, path, text)).collect();
        without_doubles(hits, text)
    }

    fn matches(&self, rule: &Rule, path: &str, text: &[u8]) -> Vec<Hit> {
        let elsewhere = rule.path.as_ref().is_some_and(|wanted| !wanted.is_match(path.as_bytes()));
        if elsewhere || rule.allowed.iter().any(|allowed| allowed.file(path)) {
            return Vec::new();
        }
        let hit =
            |secret: Range<usize>, line: u64| Hit { rule: rule.id.clone(), line, place: secret };
        let Some(pattern) = &rule.pattern else { return vec![hit(0..0, 0)] };
        let Some(pattern) = pattern.get() else { return Vec::new() };
        let caught = pattern.find_iter(text).map(|found| {
            let whole = trimmed(text, found.range());
            let groups = pattern.captures(&text[whole.clone()]);
            let group = groups.and_then(|groups| {
                let groups: Vec<_> = groups.iter().skip(1).flatten().collect();
                let full = groups.into_iter().find(|group| !group.is_empty())?;
                Some(whole.start + full.start()..whole.start + full.end())
            });
            let secret = group.unwrap_or_else(|| whole.clone());
            Caught { text, start: found.start(), whole, secret }
        });
        let stands = |caught: &Caught<'_>| {
            let disordered = rule.entropy == 0.0 || entropy(caught.secret()) > rule.entropy;
            let mut allowed = self.allowed.iter().chain(&rule.allowed);
            disordered && !allowed.any(|allowed| allowed.finding(path, caught))
        };
        let line = |at: usize| memchr::memchr_iter(b'\n', &text[..text.len().min(at + 1)]).count();
        let hits = caught.filter(stands).map(|it| hit(it.secret.clone(), line(it.start) as u64));
        hits.collect()
    }
}

/// Less the line breaks at both ends.
fn trimmed(text: &[u8], range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = part.iter().position(|byte| *byte != b'\n').unwrap_or(part.len());
    let end = part.iter().rposition(|byte| *byte != b'\n').map_or(start, |last| last + 1);
    range.start + start..range.start + end
}

/// A finding of the rule for anything goes where a better one has the same text in the same line.
fn without_doubles(hits: Vec<Hit>, text: &[u8]) -> Vec<Hit> {
    let generic = |hit: &Hit| hit.rule.contains("generic");
    let holds = |better: &Hit, hit: &Hit| {
        let (better, hit) = (&text[better.place.clone()], &text[hit.place.clone()]);
        memchr::memmem::find(better, hit).is_some()
    };
    let better = |hit: &Hit| {
        hits.iter().any(|other| other.line == hit.line && !generic(other) && holds(other, hit))
    };
    hits.iter().filter(|hit| !(generic(hit) && better(hit))).cloned().collect()
}

impl Caught<'_> {
    fn secret(&self) -> &[u8] {
        &self.text[self.secret.clone()]
    }

    /// The lines it lies in.
    fn lines(&self) -> &[u8] {
        let before = &self.text[..self.text.len().min(self.start + 1)];
        let start = memchr::memrchr(b'\n', before).unwrap_or(0);
        let end = self.start + self.whole.len();
        let after = memchr::memchr(b'\n', &self.text[end..]);
        &self.text[start..after.map_or(self.text.len(), |after| end + after)]
    }
}

impl Allowed {
    /// Whether a file is let be as a whole, whatever it holds.
    fn file(&self, path: &str) -> bool {
        let more = !self.patterns.is_empty() || self.words.is_some();
        !(self.condition == Condition::And && more) && self.path(path)
    }

    fn path(&self, path: &str) -> bool {
        self.paths.iter().any(|pattern| pattern.is_match(path.as_bytes()))
    }

    fn finding(&self, path: &str, caught: &Caught<'_>) -> bool {
        let target = match self.target {
            Target::Secret => caught.secret(),
            Target::Match => &caught.text[caught.whole.clone()],
            Target::Line => caught.lines(),
        };
        let pattern = self.patterns.iter().any(|pattern| pattern.is_match(target));
        let word = self.words.as_ref().is_some_and(|words| words.is_match(caught.secret()));
        match self.condition {
            Condition::Or => pattern || word,
            Condition::And => {
                (self.paths.is_empty() || self.path(path))
                    && (self.patterns.is_empty() || pattern)
                    && (self.words.is_none() || word)
            }
        }
    }
}

/// Bits of disorder to a byte, by how often each character comes.
fn entropy(secret: &[u8]) -> f64 {
    let text = String::from_utf8_lossy(secret);
    let mut counts = std::collections::HashMap::<char, u32>::new();
    text.chars().for_each(|c| *counts.entry(c).or_default() += 1);
    let share = 1.0 / secret.len().max(1) as f64;
    counts.values().map(|count| f64::from(*count) * share).map(|part| -part * part.log2()).sum()
}
