//! The shape of data that an expression may look into, read from a JSON Schema, so that a name
//! nobody provides is found when the pack is read and not when a newcomer runs it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What lies behind a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Anything: free data, whose names are known only at run time.
    Free,
    /// A number, a text, true or false.
    Leaf,
    /// Named fields.
    Fields(BTreeMap<String, Self>),
    /// A list of things of one shape.
    List(Box<Self>),
}

/// Schemas nest at most this deep; beyond it a recursive one counts as free data.
const DEPTH: usize = 12;
/// Fields and lists of one schema; beyond them the rest counts as free data, for a schema that
/// names itself in many places would unfold without end.
const PARTS: usize = 10_000;

impl Shape {
    /// Reads a schema as `schemars` writes it.
    #[must_use]
    pub fn of(schema: &Value) -> Self {
        let empty = Map::new();
        let definitions = schema.get("$defs").and_then(Value::as_object).unwrap_or(&empty);
        Reader { definitions, left: PARTS }.read(schema, DEPTH)
    }

    /// Follows a dotted name from here.
    ///
    /// # Errors
    /// The first part that nobody provides, with the names that are there.
    pub fn follow(&self, name: &str) -> Result<&Self, (String, Vec<String>)> {
        let mut shape = self;
        for part in name.split('.') {
            shape = match shape {
                Self::Free => return Ok(&Self::Free),
                Self::Fields(fields) => fields
                    .get(part)
                    .ok_or_else(|| (part.to_owned(), fields.keys().cloned().collect()))?,
                Self::Leaf | Self::List(_) => return Err((part.to_owned(), Vec::new())),
            };
        }
        Ok(shape)
    }
}

struct Reader<'a> {
    definitions: &'a Map<String, Value>,
    left: usize,
}

impl Reader<'_> {
    fn read(&mut self, schema: &Value, depth: usize) -> Shape {
        let schema = schema.as_object().filter(|_| depth > 0 && self.left > 0);
        let Some(schema) = schema else { return Shape::Free };
        self.left -= 1;
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let definitions = self.definitions;
            let target = name.rsplit('/').next().and_then(|name| definitions.get(name));
            return target.map_or(Shape::Free, |target| self.read(target, depth - 1));
        }
        if let Some(options) = schema.get("anyOf").and_then(Value::as_array) {
            let mut real =
                options.iter().filter(|option| option.get("type") != Some(&"null".into()));
            return match (real.next(), real.next()) {
                (Some(only), None) => self.read(only, depth - 1),
                _ => Shape::Free,
            };
        }
        if let Some(fields) = schema.get("properties").and_then(Value::as_object) {
            let fields = fields.iter();
            let fields = fields.map(|(name, field)| (name.clone(), self.read(field, depth - 1)));
            return Shape::Fields(fields.collect());
        }
        match (schema.get("items"), kind(schema)) {
            (Some(items), _) => Shape::List(Box::new(self.read(items, depth - 1))),
            (None, Some("string" | "integer" | "number" | "boolean")) => Shape::Leaf,
            (None, _) if schema.contains_key("enum") || schema.contains_key("const") => Shape::Leaf,
            (None, _) if schema.contains_key("oneOf") => Shape::Leaf,
            _ => Shape::Free,
        }
    }
}

fn kind(schema: &Map<String, Value>) -> Option<&str> {
    match schema.get("type")? {
        Value::String(kind) => Some(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        _ => None,
    }
}
