//! Which profiles of a pom are on: those that a command line asks for, those whose property it sets,
//! else those that are on by themselves. Told from text alone; what a profile asks of the machine,
//! such as an operating system, is never looked at, and such a profile counts as off.

use std::collections::{BTreeMap, BTreeSet};

use super::xml::Element;

/// A profile of a pom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its id.
    pub id: String,
    /// Whether it is on when nobody asks for it: active by default, or on unless a property is set.
    pub active: bool,
    /// It is active by default: only where no other profile of the same pom is on.
    pub by_default: bool,
    /// The property that switches it on.
    pub property: Option<Switch>,
}

/// A property that switches a profile on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// Its name.
    pub name: String,
    /// It is to be missing; says nothing beside a value.
    pub missing: bool,
    /// The value it is to have, where that matters; with a `!` in front, not to have.
    pub value: Option<String>,
}

/// Reads a profile's id and what switches it on.
pub(super) fn profile(element: &Element) -> Profile {
    let id = element.text_of("id").unwrap_or("default").to_owned();
    let activation = element.child("activation");
    let by_default =
        activation.is_some_and(|activation| activation.text_of("activeByDefault") == Some("true"));
    let property = activation.and_then(|activation| {
        let property = activation.child("property")?;
        let name = property.text_of("name")?;
        let bare = name.strip_prefix('!');
        let value = property.text_of("value").filter(|value| !value.is_empty());
        let value = value.map(str::to_owned);
        Some(Switch { name: bare.unwrap_or(name).to_owned(), missing: bare.is_some(), value })
    });
    let nothing = Asked::default();
    let active = by_default || property.as_ref().is_some_and(|property| nothing.meets(property));
    Profile { id, active, by_default, property }
}

/// What a command line says of profiles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    on: BTreeSet<String>,
    off: BTreeSet<String>,
    set: BTreeMap<String, String>,
}

impl Asked {
    /// Reads Maven's words, the last of which win.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut asked = Self::default();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if ["-P", "--activate-profiles"].contains(&word) {
                asked.profiles(words.next().unwrap_or_default());
            } else if ["-D", "--define"].contains(&word) {
                asked.define(words.next().unwrap_or_default());
            } else if let Some(list) = rest(word, "-P", "--activate-profiles=") {
                asked.profiles(list);
            } else if let Some(text) = rest(word, "-D", "--define=") {
                asked.define(text);
            }
        }
        asked
    }

    fn profiles(&mut self, list: &str) {
        for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let (off, name) = match name.strip_prefix(['!', '-']) {
                Some(name) => (true, name),
                None => (false, name.strip_prefix('+').unwrap_or(name)),
            };
            // Maven 4 takes a name with a question mark only where there is such a profile.
            let name = name.strip_prefix('?').unwrap_or(name).to_owned();
            if off {
                self.off.insert(name)
            } else {
                self.on.insert(name)
            };
        }
    }

    fn define(&mut self, text: &str) {
        let (name, value) = text.split_once('=').unwrap_or((text, "true"));
        self.set.insert(name.to_owned(), value.to_owned());
    }

    /// The profiles of one pom that are on, by id.
    #[must_use]
    pub fn among<'a>(&self, profiles: &'a [Profile]) -> BTreeSet<&'a str> {
        let allowed = || profiles.iter().filter(|profile| !self.off.contains(&profile.id));
        let ids = |profile: &'a Profile| profile.id.as_str();
        let asked: BTreeSet<_> = allowed().filter(|it| self.switches(it)).map(ids).collect();
        if !asked.is_empty() {
            return asked;
        }
        allowed().filter(|profile| profile.by_default).map(ids).collect()
    }

    fn switches(&self, profile: &Profile) -> bool {
        self.on.contains(&profile.id)
            || profile.property.as_ref().is_some_and(|property| self.meets(property))
    }

    fn meets(&self, property: &Switch) -> bool {
        let set = self.set.get(&property.name).filter(|set| !set.is_empty());
        // With a value it alone counts, as Maven has it.
        match property.value.as_deref().map(|value| (value.strip_prefix('!'), value)) {
            None => set.is_none() == property.missing,
            Some((Some(value), _)) => set.is_none_or(|set| set != value),
            Some((None, value)) => set.is_some_and(|set| set == value),
        }
    }
}

fn rest<'a>(word: &'a str, short: &str, long: &str) -> Option<&'a str> {
    word.strip_prefix(short).or_else(|| word.strip_prefix(long))
}
