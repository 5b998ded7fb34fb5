//! Every value of a project with its origin, one a line: what `onramp config` lists. Pure.

use serde_json::Value;

use super::project::{Asked, Project};

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valued {
    /// Its dotted name, such as `jdk.accepted`.
    pub name: String,
    /// Itself, as people write it.
    pub value: String,
    /// Where it comes from: `pom.xml:64@1a2b3c4d, <cs.jdk.version>11`, or `table of cloudstack,
    /// seen 2026-07-24`; several places joined by `; `.
    pub origin: String,
}

/// Names that tell about values, and are none themselves.
const ABOUT: [&str; 4] = ["origins", "stated", "name", "release"];

/// Parts of a value that tell who gives it, or what nobody tells.
const WHO: [&str; 3] = ["asked_by", "says", "untold"];

/// Values in bytes.
const SIZES: [&str; 2] = ["memory", "disk"];

/// Every value of a project, in the order of its fields.
#[must_use]
pub fn values(project: &Project) -> Vec<Valued> {
    let mut values = Vec::new();
    if let Ok(Value::Object(fields)) = serde_json::to_value(project) {
        for (name, field) in fields.iter().filter(|(name, _)| !ABOUT.contains(&name.as_str())) {
            collect(project, name, field, &mut values);
        }
    }
    values
}

fn collect(project: &Project, name: &str, value: &Value, values: &mut Vec<Valued>) {
    match value {
        Value::Null => {}
        Value::Array(items) if items.is_empty() => {}
        Value::Object(fields) => {
            for (part, field) in fields.iter().filter(|(part, _)| !WHO.contains(&part.as_str())) {
                collect(project, &format!("{name}.{part}"), field, values);
            }
        }
        _ => values.push(Valued {
            name: name.to_owned(),
            value: match (name.split_once('.'), value.as_u64()) {
                (Some((what, _)), Some(bytes)) if SIZES.contains(&what) => crate::text::size(bytes),
                _ => shown(value),
            },
            origin: origin(project, name),
        }),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let numbers: Option<Vec<u64>> = items.iter().map(Value::as_u64).collect();
            let texts = || items.iter().map(shown).collect::<Vec<_>>().join(", ");
            numbers.map_or_else(texts, |numbers| crate::text::releases(&numbers))
        }
        other => other.to_string(),
    }
}

fn origin(project: &Project, name: &str) -> String {
    let asked = match name.split_once('.') {
        Some(("jdk", _)) => &project.jdk.asked_by[..],
        Some(("maven", _)) => &project.maven.asked_by,
        Some(("node", _)) => &project.node.asked_by,
        Some(("python", _)) => &project.python.asked_by,
        _ => &[],
    };
    let given = match name {
        "version" | "parent" => Some("pom.xml of this work tree".to_owned()),
        "repository" if !project.origins.contains_key(name) => {
            Some("pom.xml of this work tree, <scm>".to_owned())
        }
        "chosen_by" => Some("onramp".to_owned()),
        _ => project.origins.get(name).cloned(),
    };
    let counting = Some(places(asked)).filter(|places| !places.is_empty());
    given.or(counting).unwrap_or_else(|| format!("table of {}", project.name))
}

/// The places that count, as one text.
pub(super) fn places(asked: &[Asked]) -> String {
    let counting = asked.iter().filter(|asked| asked.counts).map(place);
    counting.collect::<Vec<_>>().join("; ")
}

/// A place as `file:line@revision`, with what it says.
#[must_use]
pub fn place(asked: &Asked) -> String {
    let line = asked.line.map(|line| format!(":{line}")).unwrap_or_default();
    let short = asked.revision.as_ref().and_then(|revision| revision.get(..10));
    let revision = short.map(|revision| format!("@{revision}")).unwrap_or_default();
    format!("{}{line}{revision}, {}", asked.file, asked.text)
}
