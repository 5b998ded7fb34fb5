//! The rows of a job's matrix: how often it runs, and with which values. What only a run can work
//! out is one row of unknown values. Bounded as GitHub bounds it.

use std::collections::BTreeMap;

use super::node::{Node, Value};

/// Most rows; GitHub allows no more.
const ROWS: usize = 256;

/// One row: values by the name of their axis.
pub type Row = BTreeMap<String, String>;

/// The rows of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// These; a job without a matrix has one without values.
    Known(Vec<Row>),
    /// A run computes them.
    Computed,
}

impl Rows {
    /// How many, where that is known.
    #[must_use]
    pub fn count(&self) -> Option<usize> {
        match self {
            Self::Known(rows) => Some(rows.len()),
            Self::Computed => None,
        }
    }

    /// The rows; one without values for those that are not known.
    #[must_use]
    pub fn all(&self) -> Vec<Row> {
        match self {
            Self::Known(rows) => rows.clone(),
            Self::Computed => vec![Row::new()],
        }
    }
}

/// The rows of a job's `strategy`.
#[must_use]
pub fn rows(strategy: Option<&Node>) -> Rows {
    let Some(matrix) = strategy.and_then(|strategy| strategy.get("matrix")) else {
        return Rows::Known(vec![Row::new()]);
    };
    let computed = |node: &Node| node.text().is_some_and(|text| text.contains("${{"));
    if matrix.entries().iter().any(|(_, axis)| computed(axis)) || computed(matrix) {
        return Rows::Computed;
    }
    let mut rows = vec![Row::new()];
    let named = |name: &&str| *name == "include" || *name == "exclude";
    for (name, axis) in matrix.entries().iter().filter(|(name, _)| !named(&name.as_str())) {
        rows = crossed(&rows, name, axis);
    }
    let excluded = table(matrix.get("exclude"));
    rows.retain(|row| !excluded.iter().any(|out| !out.is_empty() && covers(row, out)));
    let has_axes = matrix.entries().iter().any(|(name, _)| !named(&name.as_str()));
    Rows::Known(included(if has_axes { rows } else { Vec::new() }, &table(matrix.get("include"))))
}

fn crossed(rows: &[Row], name: &str, axis: &Node) -> Vec<Row> {
    let one = std::slice::from_ref(axis);
    let items = if matches!(axis.value, Value::List(_)) { axis.items() } else { one };
    let with = |row: &Row, item: &Node| {
        let mut row = row.clone();
        row.insert(name.to_owned(), item.flat());
        row
    };
    let all = rows.iter().flat_map(|row| items.iter().map(move |item| with(row, item)));
    all.take(ROWS).collect()
}

fn table(rows: Option<&Node>) -> Vec<Row> {
    let items = rows.map(Node::items).unwrap_or_default();
    let row = |item: &Node| -> Row {
        item.entries().iter().map(|(name, value)| (name.clone(), value.flat())).collect()
    };
    items.iter().take(ROWS).map(row).collect()
}

fn covers(row: &Row, part: &Row) -> bool {
    part.iter().all(|(name, value)| row.get(name) == Some(value))
}

/// An included row adds to every row of the axes that it does not contradict; where there is none
/// it stands by itself.
fn included(axes: Vec<Row>, more: &[Row]) -> Vec<Row> {
    let mut rows = axes.clone();
    for include in more {
        let mut taken = false;
        for (row, original) in rows.iter_mut().zip(&axes) {
            let agrees = include
                .iter()
                .all(|(name, value)| original.get(name).is_none_or(|original| original == value));
            if agrees {
                row.extend(include.clone());
                taken = true;
            }
        }
        if !taken && rows.len() < ROWS {
            rows.push(include.clone());
        }
    }
    rows
}
