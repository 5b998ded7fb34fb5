//! The rules as they are written, with their patterns compiled when they are first needed: of 213
//! a change meets a few.

use std::fmt;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::bytes::Regex;
use serde::Deserialize;

use super::dialect::compile;

/// The whole configuration, as JSON; the build makes it of `gitleaks.toml`.
const CONFIGURATION: &str = include_str!(concat!(env!("OUT_DIR"), "/secrets.json"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRules {
    #[serde(rename = "title")]
    _title: String,
    allowlist: RawAllowed,
    rules: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    id: String,
    #[serde(rename = "description")]
    _description: String,
    #[serde(default)]
    regex: Option<String>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    entropy: f64,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    allowlists: Vec<RawAllowed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAllowed {
    #[serde(default, rename = "description")]
    _description: String,
    #[serde(default)]
    condition: Condition,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default, rename = "regexTarget")]
    target: Target,
    #[serde(default)]
    regexes: Vec<String>,
    #[serde(default)]
    stopwords: Vec<String>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Condition {
    #[default]
    Or,
    And,
}

/// What a pattern of allowed things is held against.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Target {
    #[default]
    Secret,
    Match,
    Line,
}

/// A pattern, compiled when first asked for.
pub(super) struct Pattern {
    text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    fn new(text: String) -> Self {
        Self { text, compiled: OnceLock::new() }
    }

    /// The pattern; none where it cannot be compiled, which no rule of ours is (a test has them all).
    pub(super) fn get(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| compile(&self.text).ok()).as_ref()
    }

    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        self.get().is_some_and(|pattern| pattern.is_match(text))
    }
}

/// One rule.
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) pattern: Option<Pattern>,
    pub(super) path: Option<Pattern>,
    /// Secrets of less disorder are none; 0 for any.
    pub(super) entropy: f64,
    pub(super) allowed: Vec<Allowed>,
    without_keywords: bool,
}

/// What is no secret although a rule says so.
pub(super) struct Allowed {
    pub(super) condition: Condition,
    pub(super) paths: Vec<Pattern>,
    pub(super) target: Target,
    pub(super) patterns: Vec<Pattern>,
    pub(super) words: Option<AhoCorasick>,
}

/// All rules.
pub struct Rules {
    keywords: AhoCorasick,
    /// For each keyword the rules that have it.
    users: Vec<Vec<usize>>,
    pub(super) rules: Vec<Rule>,
    pub(super) allowed: Vec<Allowed>,
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules").field("rules", &self.rules.len()).finish_non_exhaustive()
    }
}

impl Rules {
    /// Those that onramp brings.
    ///
    /// # Errors
    /// Where they are not what they should be: a mistake in the build.
    pub fn embedded() -> Result<Self, String> {
        let raw: RawRules = serde_json::from_str(CONFIGURATION).map_err(|e| e.to_string())?;
        let (mut words, mut users): (Vec<String>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
        for (index, rule) in raw.rules.iter().enumerate() {
            for word in rule.keywords.iter().map(|word| word.to_lowercase()) {
                match words.iter().position(|known| *known == word) {
                    Some(at) => users[at].push(index),
                    None => {
                        words.push(word);
                        users.push(vec![index]);
                    }
                }
            }
        }
        Ok(Self {
            keywords: automaton(&words)?,
            users,
            rules: raw.rules.into_iter().map(Rule::of).collect::<Result<_, _>>()?,
            allowed: vec![Allowed::of(raw.allowlist)?],
        })
    }

    /// The rules that may find something in a text, by their keywords.
    pub(super) fn relevant(&self, text: &[u8]) -> Vec<&Rule> {
        let mut wanted: Vec<bool> = self.rules.iter().map(|rule| rule.without_keywords).collect();
        let mut open = vec![true; self.users.len()];
        for found in self.keywords.find_overlapping_iter(text) {
            let keyword = found.pattern().as_usize();
            if std::mem::take(&mut open[keyword]) {
                self.users[keyword].iter().for_each(|rule| wanted[*rule] = true);
            }
        }
        self.rules.iter().zip(wanted).filter_map(|(rule, wanted)| wanted.then_some(rule)).collect()
    }

    /// Patterns that cannot be compiled; there are none, as a test shows.
    #[must_use]
    pub fn broken(&self) -> Vec<&str> {
        let own = self.rules.iter().flat_map(|rule| rule.pattern.iter().chain(&rule.path));
        let allowed = self.rules.iter().flat_map(|rule| &rule.allowed).chain(&self.allowed);
        let allowed = allowed.flat_map(|allowed| allowed.paths.iter().chain(&allowed.patterns));
        let broken = own.chain(allowed).filter(|pattern| pattern.get().is_none());
        broken.map(|pattern| pattern.text.as_str()).collect()
    }
}

impl Rule {
    fn of(raw: RawRule) -> Result<Self, String> {
        let allowed = raw.allowlists.into_iter().map(Allowed::of).collect::<Result<_, _>>()?;
        Ok(Self {
            id: raw.id,
            pattern: raw.regex.map(Pattern::new),
            path: raw.path.map(Pattern::new),
            entropy: raw.entropy,
            allowed,
            without_keywords: raw.keywords.is_empty(),
        })
    }
}

impl Allowed {
    fn of(raw: RawAllowed) -> Result<Self, String> {
        let words = (!raw.stopwords.is_empty()).then(|| automaton(&raw.stopwords)).transpose()?;
        Ok(Self {
            condition: raw.condition,
            paths: raw.paths.into_iter().map(Pattern::new).collect(),
            target: raw.target,
            patterns: raw.regexes.into_iter().map(Pattern::new).collect(),
            words,
        })
    }
}

fn automaton(words: &[String]) -> Result<AhoCorasick, String> {
    let mut builder = AhoCorasick::builder();
    let built = builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(words);
    built.map_err(|error| error.to_string())
}
