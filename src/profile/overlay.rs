//! Lays one project as written over another, value by value, and keeps who gives each value. A list
//! is one value. Nothing here looks at a machine.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::model::RawProject;

/// Who gives each value, by its dotted name.
type Origins = BTreeMap<String, String>;

impl RawProject {
    /// Takes over from `parent` what this one does not give.
    ///
    /// # Errors
    /// The value that does not fit the shape of a project.
    pub fn inherit(self, parent: &Self) -> Result<Self, String> {
        let (own, own_origins) = self.laid_open()?;
        let (mut joined, mut origins) = parent.laid_open()?;
        origins.extend(own_origins);
        // How a tree is recognised, and by whom it is inherited, are a project's own.
        joined.remove("detect");
        joined.remove("extends");
        lay_over(&mut joined, own);
        parsed(joined, origins)
    }

    /// Lays the values of `over` on this project's, in the name of `origin`: a part of a project in
    /// the shape of `_project.yaml`.
    ///
    /// # Errors
    /// The value that does not fit the shape of a project.
    pub fn overlay(self, over: Value, origin: &str) -> Result<Self, String> {
        let Value::Object(over) = over else {
            return Err("values for a project are written as `name: value`".to_owned());
        };
        let (mut joined, mut origins) = self.laid_open()?;
        mark(&over, "", origin, &mut origins);
        lay_over(&mut joined, over);
        parsed(joined, origins)
    }

    /// Notes who gives every value that is given here.
    #[must_use]
    pub fn given_by(self, origin: &str) -> Self {
        let origin = match &self.seen {
            Some(day) => format!("{origin}, seen {day}"),
            None => origin.to_owned(),
        };
        Self { giver: Some(origin), ..self }
    }

    /// The same with the giver of each value noted, where it was joined with nothing that did so.
    #[must_use]
    pub fn marked(mut self) -> Self {
        if self.giver.is_some() {
            self.origins = self.laid_open().map(|(_, origins)| origins).unwrap_or_default();
            self.giver = None;
        }
        self
    }

    /// The values that are given, and who gives each.
    fn laid_open(&self) -> Result<(Map<String, Value>, Origins), String> {
        let (own, mut origins) = (written(self)?, self.origins.clone());
        if let Some(giver) = &self.giver {
            mark(&own, "", giver, &mut origins);
        }
        Ok((own, origins))
    }
}

/// The values that are given, as plain data.
fn written(project: &RawProject) -> Result<Map<String, Value>, String> {
    let mut value = serde_json::to_value(project).map_err(|error| error.to_string())?;
    drop_nothing(&mut value);
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

/// Removes fields that say nothing, so that they cover no other's.
fn drop_nothing(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.retain(|_, field| !field.is_null());
        fields.values_mut().for_each(drop_nothing);
    }
}

fn parsed(
    fields: Map<String, Value>,
    origins: BTreeMap<String, String>,
) -> Result<RawProject, String> {
    let project: RawProject =
        serde_json::from_value(Value::Object(fields)).map_err(|error| error.to_string())?;
    Ok(RawProject { origins, ..project })
}

fn lay_over(under: &mut Map<String, Value>, over: Map<String, Value>) {
    for (name, value) in over {
        match (under.get_mut(&name), value) {
            (_, Value::Null) => {}
            (Some(Value::Object(under)), Value::Object(over)) => lay_over(under, over),
            (_, value) => {
                under.insert(name, value);
            }
        }
    }
}

fn mark(
    fields: &Map<String, Value>,
    above: &str,
    origin: &str,
    origins: &mut BTreeMap<String, String>,
) {
    for (name, value) in fields {
        let dotted = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        match value {
            Value::Null => {}
            Value::Object(fields) => mark(fields, &dotted, origin, origins),
            _ => {
                origins.insert(dotted, origin.to_owned());
            }
        }
    }
}
