//! What a pom has the enforcer plug-in insist on, and how its version ranges read. Plain data from
//! one file; nothing is enforced here, and a rule that cannot be read is left out, never guessed.

use std::cmp::Ordering;

use super::xml::Element;

/// Longest range read: a longer one is no range a person wrote.
const LONGEST: usize = 1000;

/// One rule with a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its element, such as `requireJavaVersion`.
    pub name: String,
    /// The range as written, properties expanded.
    pub version: String,
    /// One-based line of the version.
    pub line: u64,
}

/// The rules of a pom, or of one of its profiles, that are not switched off.
pub(super) fn rules(from: &Element, expand: &dyn Fn(&str) -> String) -> Vec<Rule> {
    let Some(build) = from.child("build") else { return Vec::new() };
    let places = std::iter::once(build).chain(build.child("pluginManagement"));
    let plugins = places.flat_map(|place| place.items("plugins", "plugin"));
    let own = |plugin: &&Element| plugin.text_of("artifactId") == Some("maven-enforcer-plugin");
    let mut found = Vec::new();
    for plugin in plugins.filter(own) {
        let executions = plugin.items("executions", "execution");
        let on = executions.filter(|execution| execution.text_of("phase") != Some("none"));
        let configured = std::iter::once(plugin).chain(on);
        for configuration in configured.filter_map(|place| place.child("configuration")) {
            let off = configuration.text_of("skip").is_some_and(|text| expand(text) == "true");
            let rules = configuration.child("rules").filter(|_| !off);
            for rule in rules.map_or(&[][..], |rules| &rules.children) {
                found.extend(read(rule, expand));
            }
        }
    }
    found
}

fn read(rule: &Element, expand: &dyn Fn(&str) -> String) -> Option<Rule> {
    let version = rule.child("version")?;
    let text = expand(&version.text);
    Some(Rule { name: rule.name.clone(), version: text, line: version.line })
}

/// A version range of Maven's: `3.6.3` is that or newer, `[11,18)` has ends, `[1.8,9),[11,)` gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range(Vec<Span>);

/// Ends of one part of a range, with whether the end itself belongs to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Span {
    low: Option<(Vec<u64>, bool)>,
    high: Option<(Vec<u64>, bool)>,
}

impl Range {
    /// Reads a range; `None` where it holds anything but numbers and brackets.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > LONGEST {
            return None;
        }
        if !text.starts_with(['[', '(']) {
            return Some(Self(vec![Span { low: Some((numbers(text)?, true)), high: None }]));
        }
        let mut spans = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find([']', ')'])?;
            spans.push(Span::read(&rest[..=end])?);
            rest = rest[end + 1..].trim_start().trim_start_matches(',').trim_start();
        }
        Some(Self(spans))
    }

    /// Whether some update of this Java feature release lies in the range: a JDK in use is past the
    /// first update, so `[11,17]` leaves out 17 as Maven itself does.
    #[must_use]
    pub fn admits_java(&self, feature: u64) -> bool {
        let update = |number| {
            if feature < 9 { vec![1, feature, 0, number] } else { vec![feature, 0, number] }
        };
        let (first, last) = (update(1), update(9999));
        self.0.iter().any(|span| span.reaches(&last) && span.holds(&first))
    }

    /// Whether a version lies in the range: a Java release by its number alone, such as `17`, where
    /// some update of it does.
    #[must_use]
    pub fn admits(&self, version: &str) -> bool {
        match (version.parse(), numbers(version)) {
            (Ok(feature), _) => self.admits_java(feature),
            (_, Some(version)) => {
                self.0.iter().any(|span| span.reaches(&version) && span.holds(&version))
            }
            _ => false,
        }
    }

    /// The range as a requirement such as `>=3.6.3, <4.0.0`; gaps are left out of it.
    #[must_use]
    pub fn requirement(&self) -> Option<String> {
        let (first, last) = (self.0.first()?, self.0.last()?);
        let low =
            first.low.as_ref().map(|(version, with)| (if *with { ">=" } else { ">" }, version));
        let high =
            last.high.as_ref().map(|(version, with)| (if *with { "<=" } else { "<" }, version));
        let ends = low.into_iter().chain(high);
        let written: Vec<String> =
            ends.map(|(sign, version)| format!("{sign}{}", dotted(version))).collect();
        (!written.is_empty()).then(|| written.join(", "))
    }
}

impl Span {
    fn read(text: &str) -> Option<Self> {
        let inner = text.get(1..text.len() - 1)?;
        let (from, to) = (text.starts_with('['), text.ends_with(']'));
        let end = |text: &str, with| match text.trim() {
            "" => Some(None),
            text => Some(Some((numbers(text)?, with))),
        };
        match inner.split_once(',') {
            Some((low, high)) => Some(Self { low: end(low, from)?, high: end(high, to)? }),
            None => {
                let only = Some((numbers(inner)?, true));
                Some(Self { low: only.clone(), high: only })
            }
        }
    }

    fn reaches(&self, version: &[u64]) -> bool {
        self.low.as_ref().is_none_or(|(low, with)| match compare(version, low) {
            Ordering::Greater => true,
            Ordering::Equal => *with,
            Ordering::Less => false,
        })
    }

    fn holds(&self, version: &[u64]) -> bool {
        self.high.as_ref().is_none_or(|(high, with)| match compare(version, high) {
            Ordering::Less => true,
            Ordering::Equal => *with,
            Ordering::Greater => false,
        })
    }
}

/// The leading numbers of a version; a qualifier such as `-rc-4` is dropped.
fn numbers(text: &str) -> Option<Vec<u64>> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let numbers: Option<Vec<u64>> = text[..end].split('.').map(|part| part.parse().ok()).collect();
    numbers.filter(|numbers| {
        text[end..].is_empty() || (!numbers.is_empty() && text[end..].starts_with(['-', '_', '+']))
    })
}

fn dotted(version: &[u64]) -> String {
    let part = |at: usize| version.get(at).copied().unwrap_or(0);
    format!("{}.{}.{}", part(0), part(1), part(2))
}

fn compare(one: &[u64], other: &[u64]) -> Ordering {
    let length = one.len().max(other.len());
    let at = |version: &[u64], index: usize| version.get(index).copied().unwrap_or(0);
    let mut parts = (0..length).map(|index| at(one, index).cmp(&at(other, index)));
    parts.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}
