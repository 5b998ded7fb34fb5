//! Lays one project as written over another, value by value, and keeps who gives each value. A list
//! is one value. Nothing here looks at a machine.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::model::RawProject;

/// Who gives each value, by its dotted name.
type Origins = BTreeMap<String, String>;

/// A project's values laid open, and who gives each: to lay others over them, as often as there are
/// any, before it is read once as a project.
#[derive(Debug, Clone)]
pub struct Open {
    fields: Map<String, Value>,
    origins: Origins,
}

impl Open {
    /// The values that are given, in the name of whom they are given by.
    ///
    /// # Errors
    /// Where they cannot be written as plain data.
    pub fn of(project: &RawProject) -> Result<Self, String> {
        let (fields, origins) = project.laid_open()?;
        Ok(Self { fields, origins })
    }

    /// Takes over from `parent` what is not given here.
    ///
    /// # Errors
    /// Where its values cannot be written as plain data.
    pub fn inherit(self, parent: &RawProject) -> Result<Self, String> {
        let (mut fields, mut origins) = parent.laid_open()?;
        origins.extend(self.origins);
        // How a tree is recognised, and by whom it is inherited, are a project's own.
        fields.remove("detect");
        fields.remove("extends");
        lay_over(&mut fields, self.fields);
        Ok(Self { fields, origins })
    }

    /// Lays the values of `over` on these, in the name of `origin`: a part of a project in the shape
    /// of `_project.yaml`. Whether they fit that shape is told by [`Self::closed`].
    ///
    /// # Errors
    /// Anything but values by name.
    pub fn overlay(mut self, over: Value, origin: &str) -> Result<Self, String> {
        let Value::Object(over) = over else {
            return Err("values for a project are written as `name: value`".to_owned());
        };
        mark(&over, "", origin, &mut self.origins);
        lay_over(&mut self.fields, over);
        Ok(self)
    }

    /// The policy that the project is judged by where nobody names another.
    #[must_use]
    pub fn policy(&self) -> Option<&str> {
        self.fields.get("policy").and_then(Value::as_str)
    }

    /// The project with these values.
    ///
    /// # Errors
    /// The value that does not fit the shape of a project.
    pub fn closed(&self) -> Result<RawProject, String> {
        let project = RawProject::deserialize(&self.fields).map_err(|error| error.to_string())?;
        Ok(RawProject { origins: self.origins.clone(), ..project })
    }
}

impl RawProject {
    /// Notes who gives every value that is given here.
    #[must_use]
    pub fn given_by(self, origin: &str) -> Self {
        let origin = match &self.seen {
            Some(day) => format!("{origin}, seen {day}"),
            None => origin.to_owned(),
        };
        Self { giver: Some(origin), ..self }
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
