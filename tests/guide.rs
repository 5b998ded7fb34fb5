//! What the guide for authors says is so: its list of probes is made here from their schemas and
//! compared, and the words it names are there. `SNAPSHOTS=overwrite ./dev test guide` writes the
//! list anew.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use onramp::pack::Engine;
use onramp::plan::STAGES;
use onramp::probe;
use serde_json::Value;

const PROBES: [&str; 2] = ["<!-- probes:begin -->\n", "<!-- probes:end -->"];
const WORDS: [&str; 2] = ["<!-- words:begin -->\n", "<!-- words:end -->"];

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("checks/README.md")
}

fn guide() -> String {
    std::fs::read_to_string(path()).unwrap()
}

/// What stands before, between and after two marks.
fn parted<'a>(guide: &'a str, [begin, end]: [&str; 2]) -> [&'a str; 3] {
    let from = guide.find(begin).expect("the beginning is marked") + begin.len();
    let to = guide.find(end).expect("the end is marked");
    [&guide[..from], &guide[from..to], &guide[to..]]
}

#[test]
fn the_probes_are_those_of_the_schemas() {
    let guide = guide();
    let [before, _, after] = parted(&guide, PROBES);
    let listed: String = probe::ALL.iter().map(listed).collect();
    let wanted = format!("{before}\n{listed}{after}");
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        std::fs::write(path(), &wanted).unwrap();
    }
    assert!(
        self::guide() == wanted,
        "the list of probes is stale: SNAPSHOTS=overwrite ./dev test guide"
    );
}

/// One probe: what it is, takes and brings back.
fn listed(probe: &probe::Probe) -> String {
    let (arguments, found) = ((probe.arguments)().to_value(), (probe.found)().to_value());
    let mut text = format!("### `{}`\n\n", probe.name);
    let mut rows = Vec::new();
    Schema { root: &arguments, label: "takes " }.rows(&arguments, "", 3, &mut rows);
    let needed = arguments["required"].as_array().cloned().unwrap_or_default();
    for (name, what) in &mut rows {
        if needed.iter().filter_map(Value::as_str).any(|key| *name == format!("takes `{key}`")) {
            *what = format!("{what} (needed)");
        }
    }
    Schema { root: &found, label: "" }.rows(&found, "found", 4, &mut rows);
    text.push_str("| name | what it is |\n| --- | --- |\n");
    for (name, what) in rows {
        writeln!(text, "| {name} | {what} |").unwrap();
    }
    text + "\n"
}

struct Schema<'a> {
    root: &'a Value,
    label: &'a str,
}

impl Schema<'_> {
    /// A row for every field below this one, a list's items marked as such.
    fn rows(&self, schema: &Value, above: &str, depth: usize, rows: &mut Vec<(String, String)>) {
        let schema = self.resolved(schema);
        if depth == 0 {
            return;
        }
        if let Some(items) = schema.get("items") {
            return self.rows(items, &format!("{above}[]"), depth, rows);
        }
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let name = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
            let told = field.get("description").or_else(|| self.resolved(field).get("description"));
            let told = told.and_then(Value::as_str).unwrap_or_default();
            let told = told.split("\n\n").next().unwrap_or_default().replace('\n', " ");
            let told = told.trim_end_matches('.').replace('|', "\\|");
            rows.push((format!("{}`{name}`", self.label), told));
            self.rows(field, &name, depth - 1, rows);
        }
    }

    /// What a reference, or a value that may be none, leads to.
    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
            return self.resolved(&self.root["$defs"][name]);
        }
        let options = schema["anyOf"].as_array().into_iter().flatten();
        match options.filter(|option| option["type"] != "null").collect::<Vec<_>>().as_slice() {
            [only] => self.resolved(only),
            _ => schema,
        }
    }
}

#[test]
fn the_words_are_there() {
    let guide = guide();
    let [_, words, _] = parted(&guide, WORDS);
    let engine = Engine::default();
    let mut named = 0;
    for (part, before) in words.split("\n\n").zip(["none is", "none |"]) {
        for word in part.split('`').skip(1).step_by(2).filter(|word| !word.contains('(')) {
            if ["is", "|"].contains(&word) {
                continue;
            }
            assert_eq!(engine.unknown_words(&format!("{before} {word}")), [], "{word}");
            named += 1;
        }
    }
    assert!(named > 30, "{named}");
}

#[test]
fn the_stages_are_named() {
    let guide = guide();
    for stage in STAGES {
        assert!(guide.contains(&format!("`{stage}`")), "{stage}");
    }
}
