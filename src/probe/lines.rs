//! Looks through the lines that a change adds for certain patterns, and brings back where they
//! are. The lines themselves stay out of the observation: one may hold a secret.

use std::collections::BTreeSet;

use regex::bytes::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{Change, unknown};
use super::files::{LISTED as FILES, MORE, Paths, beyond};
use super::{Given, Kind, World};
use crate::git::{Base, Patched};
use crate::observation::Unknown;

/// Most rules of one check: each may be as large as a pattern is let, and a stranger may write them.
const RULES: usize = 64;

/// Line numbers listed of one file.
const LISTED: usize = 5;

/// The probe.
pub struct Lines;

/// Which change, and what to look for in it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Which change.
    pub change: Change,
    /// Regular expressions of paths to look at; all without them.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Regular expressions of paths to leave out.
    #[serde(default)]
    pub except: Vec<String>,
    /// What to look for.
    pub rules: Vec<Rule>,
}

/// A pattern to look for in one line at a time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it finds, in words.
    pub name: String,
    /// The regular expression.
    pub pattern: String,
    /// A line that this matches as well is left out.
    #[serde(default)]
    pub unless: Option<String>,
    /// Regular expressions of paths to look at, among those of the probe.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Regular expressions of paths to leave out.
    #[serde(default)]
    pub except: Vec<String>,
}

/// Lines of a file that one rule finds, or a file that could not be looked through.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Hit {
    /// Path of the file.
    pub file: String,
    /// Full id of the last commit since the base that touched it.
    pub commit: Option<String>,
    /// The first such line; none where the file could not be looked through.
    pub line: Option<u64>,
    /// The first few of them.
    pub lines: Vec<u64>,
    /// How many there are.
    pub count: u64,
    /// What they hold: the name of the rule, or of several rules that find the same.
    pub rule: Option<String>,
    /// Why the file could not be looked through.
    pub unread: Option<String>,
}

impl Hit {
    /// Nothing found yet, and perhaps the reason.
    fn unread(file: &str, commit: Option<String>, unread: Option<String>) -> Self {
        let file = file.to_owned();
        Self { file, commit, line: None, lines: Vec::new(), count: 0, rule: None, unread }
    }

    /// Counts a line.
    fn add(&mut self, number: u64) {
        self.count += 1;
        self.line.get_or_insert(number);
        if self.lines.len() < LISTED {
            self.lines.push(number);
        }
    }
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true: where there is no base, the answer is unknown.
    pub present: bool,
    /// What the head is compared with.
    pub base: Base,
    /// Changed text files of these paths.
    pub looked: u64,
    /// Those of them with such a line, once for each name of a rule, or that could not be looked
    /// through.
    pub files: Vec<Hit>,
}

impl Kind for Lines {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "lines";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[
        ("change", super::THIS_CHANGE),
        ("paths", Given::Anything),
        ("except", Given::Anything),
        ("rules", Given::Anything),
    ]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        if arguments.rules.len() > RULES {
            return Err(Unknown(format!("the check has more than {RULES} rules")));
        }
        let paths = Paths::of(&arguments.paths, &arguments.except)?;
        let rules: Vec<_> = arguments.rules.iter().map(Compiled::of).collect::<Result<_, _>>()?;
        let (tree, wanted) = arguments.change.wanted()?;
        let patch = world.git.patch(&tree, &wanted).map_err(unknown)?;
        let (mut looked, mut files, mut more) = (0, Vec::new(), 0);
        for file in patch.files.iter().filter(|file| paths.include(&file.change.file)) {
            let applies = |rule: &&Compiled<'_>| rule.paths.include(&file.change.file);
            let rules: Vec<_> = rules.iter().filter(applies).collect();
            let text = file.text.is_some() || file.traits.unread.is_some();
            if text && !rules.is_empty() {
                looked += 1;
                let hits = look(file, &rules);
                if files.len() < FILES {
                    files.extend(hits);
                } else {
                    more += usize::from(!hits.is_empty());
                }
            }
        }
        files.extend(beyond(more).map(|reason| Hit::unread(MORE, None, Some(reason))));
        Ok(Found { present: true, base: patch.base.clone(), looked, files })
    }
}

struct Compiled<'a> {
    name: &'a str,
    pattern: Regex,
    unless: Option<Regex>,
    paths: Paths,
}

impl<'a> Compiled<'a> {
    fn of(rule: &'a Rule) -> Result<Self, Unknown> {
        Ok(Self {
            name: &rule.name,
            pattern: compile(&rule.pattern)?,
            unless: rule.unless.as_deref().map(compile).transpose()?,
            paths: Paths::of(&rule.paths, &rule.except)?,
        })
    }

    fn finds(&self, line: &[u8]) -> bool {
        self.pattern.is_match(line)
            && !self.unless.as_ref().is_some_and(|unless| unless.is_match(line))
    }
}

fn compile(pattern: &str) -> Result<Regex, Unknown> {
    let built = RegexBuilder::new(pattern).size_limit(1 << 20).build();
    built.map_err(|error| Unknown(format!("the check's pattern cannot be read: {error}")))
}

/// What the rules find in a file, or that it could not be looked through.
fn look(file: &Patched, rules: &[&Compiled<'_>]) -> Vec<Hit> {
    let added = file.text.as_ref().and_then(|text| text.added.as_ref().err());
    let unread = file.traits.unread.as_ref().or(added).cloned();
    let empty = Hit::unread(&file.change.file, file.change.commit.clone(), unread);
    let mut hits: Vec<Hit> = Vec::new();
    for (number, line) in file.text.iter().flat_map(|text| text.added_lines()) {
        let finding = rules.iter().filter(|rule| rule.finds(line));
        for name in finding.map(|rule| rule.name).collect::<BTreeSet<_>>() {
            let known = hits.iter().position(|hit| hit.rule.as_deref() == Some(name));
            let at = known.unwrap_or_else(|| {
                hits.push(Hit { rule: Some(name.to_owned()), ..empty.clone() });
                hits.len() - 1
            });
            hits[at].add(number);
        }
    }
    if hits.is_empty() && empty.unread.is_some() { vec![empty] } else { hits }
}
