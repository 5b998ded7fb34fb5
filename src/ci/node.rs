//! YAML with its lines: what a workflow says, whatever keys it uses. Tolerant of all that YAML can
//! say and strict about size and depth; interprets nothing.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Error, Spanned};

use crate::pack::yaml;

/// Values that anchors may add: whole lists of steps are shared between jobs.
const REPEATED: usize = 10_000;

/// A value and the line it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// One-based line; 0 where it is not known.
    pub line: u64,
    /// What stands there.
    pub value: Value,
}

/// What YAML can say, as far as workflows care.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Nothing,
    /// Text, a number or yes and no.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in its order.
    Map(Vec<(String, Node)>),
}

/// Reads one file.
///
/// # Errors
/// The first mistake as one line: YAML that cannot be read, too large, or too deep.
pub fn read(text: &str) -> Result<Node, String> {
    yaml::read_repeating::<Node>(text, REPEATED).map_err(|error| {
        if let Error::Budget { .. } = error.without_snippet() {
            return "it holds more values, or deeper ones, than onramp reads".to_owned();
        }
        let told = error.without_snippet().to_string();
        told.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
    })
}

impl Node {
    /// The value of a key; `None` where this is no map or has no such key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Its keys and values; none where it is no map.
    #[must_use]
    pub fn entries(&self) -> &[(String, Self)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Its items; none where it is no list.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// Its text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a key, where it has one.
    #[must_use]
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// A text alone, or the texts of a list.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        match &self.value {
            Value::Text(text) => vec![text],
            Value::List(items) => items.iter().filter_map(Self::text).collect(),
            Value::Nothing | Value::Map(_) => Vec::new(),
        }
    }

    /// All of it on one line, for telling two values apart.
    #[must_use]
    pub fn flat(&self) -> String {
        match &self.value {
            Value::Nothing => String::new(),
            Value::Text(text) => text.clone(),
            Value::List(items) => items.iter().map(Self::flat).collect::<Vec<_>>().join(", "),
            Value::Map(entries) => {
                let parts = entries.iter().map(|(key, value)| format!("{key}: {}", value.flat()));
                parts.collect::<Vec<_>>().join(", ")
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(from)?;
        Ok(Self { line: spanned.referenced.line(), value: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        Value::deserialize(from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Value::Map(entries))
    }
}
